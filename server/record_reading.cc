// Resolver's other half: records as their holder sees them, lists of them and their history.
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/page.h"
#include "server/record_message.h"
#include "server/resolver.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/value_selection.h"

namespace gusu::server {
namespace {

using ViewPointer = std::shared_ptr<const storage::View>;

constexpr std::string_view kPrefixNameBeginning = "prefixes/";

std::string HolderOf(const storage::Directory& directory, std::string_view prefix_key) {
  const auto* prefix = directory.FindPrefix(prefix_key);
  return prefix == nullptr ? std::string() : prefix->row->holder();
}

// The record with those of its own values that the caller may read.
void FillReadable(const StoredRecord& stored, const Caller& caller, v1::Record* record) {
  FillRecord(*stored.row, stored.revision, stored.leaf_index, record);
  const ReadRight right(caller, *stored.row);
  for (const storage::v1::ValueRow& value : stored.row->values()) {
    if (right.Covers(value)) FillValue(value, stored.revision, record->add_values());
  }
}

// The current record that `name` names, for callers who may see it whole.
absl::StatusOr<StoredRecord> ReadWhole(const storage::View& view, const Identifier& identifier,
                                       const Caller& caller) {
  const uint64_t now = view.last_revision();
  GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> record,
                        ReadRecord(view, identifier.key(), now));
  if (!record) return RecordNotFound(view, identifier, now);
  GUSU_RETURN_IF_ERROR(CheckMaySeeHistory(caller, *record->row,
                                          HolderOf(view.directory(), identifier.prefix_key())));
  return *record;
}

// The comparison key of the prefix that `parent` names, if the caller may list its records.
absl::StatusOr<std::string> ListablePrefix(const storage::View& view, const std::string& parent,
                                           const Caller& caller) {
  if (parent.compare(0, kPrefixNameBeginning.size(), kPrefixNameBeginning) != 0) {
    return FieldInvalid("parent", Quote(parent), "it must be prefixes/{prefix}");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string prefix,
                        ParsePrefix(std::string_view(parent).substr(kPrefixNameBeginning.size())));
  const std::string prefix_key = ToKey(prefix);
  if (view.directory().FindPrefix(prefix_key) == nullptr) {
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", prefix, " is not granted"), {{"prefix", prefix}});
  }
  if (!caller.is_bureau() && caller.registrant != HolderOf(view.directory(), prefix_key)) {
    return Error(
        absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
        Concat("the records of prefix ", prefix, " are listed for its holder and the bureau only"),
        {{"prefix", prefix}, {"registrant", caller.registrant}});
  }
  return prefix_key;
}

bool IsWanted(const storage::v1::RecordRow& record, const v1::ListRecordsRequest& request) {
  const auto state = static_cast<uint32_t>(request.state());
  const auto level = static_cast<uint32_t>(request.level());
  return (state == 0 || record.state() == state) && (level == 0 || record.level() == level);
}

absl::StatusOr<uint64_t> ReadRevisionPosition(std::string_view position) {
  uint64_t revision = 0;
  if (position.size() != sizeof(revision)) {
    return Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                 "page_token is not one that this list gave", {{"field", "page_token"}});
  }
  for (const char c : position) revision = revision << 8 | static_cast<uint8_t>(c);
  return revision;
}

std::string RevisionPosition(uint64_t revision) {
  std::string position;
  for (int shift = 56; shift >= 0; shift -= 8) position += static_cast<char>(revision >> shift);
  return position;
}

absl::Status FillRevision(const storage::View& view, const StoredRecord& stored,
                          const Caller& caller, v1::RecordRevision* revision) {
  GUSU_ASSIGN_OR_RETURN(const Change change, view.ReadChange(stored.leaf_index));
  FillReadable(stored, caller, revision->mutable_record());
  FillReceipt({stored.leaf_index, stored.revision}, revision->mutable_receipt());
  revision->set_operation(std::string(OperationName(change.operation)));
  revision->set_actor(change.actor);
  revision->set_on_behalf_of(change.on_behalf_of);
  revision->set_reason(change.reason);
  revision->set_credential(change.credential);
  return absl::OkStatus();
}

}  // namespace

absl::Status Resolver::GetRecord(const v1::GetRecordRequest& request, const Caller& caller,
                                 v1::Record* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetRecord, caller));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const StoredRecord record, ReadWhole(*view, identifier, caller));
  FillReadable(record, caller, response);
  return absl::OkStatus();
}

absl::Status Resolver::ListRecords(const v1::ListRecordsRequest& request, const Caller& caller,
                                   v1::ListRecordsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRecords, caller));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const std::string prefix_key,
                        ListablePrefix(*view, request.parent(), caller));
  const PageScope scope("ListRecords", {prefix_key, std::to_string(request.state()),
                                        std::to_string(request.level())});
  Page page(scope, storage::RecordKey(Concat(prefix_key, "/")), request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  const auto take = [&](std::string_view suffix_key,
                        const storage::Row& row) -> absl::StatusOr<bool> {
    GUSU_ASSIGN_OR_RETURN(const StoredRecord stored,
                          DecodeRecord(row, Concat(prefix_key, "/", suffix_key)));
    if (!IsWanted(*stored.row, request)) return false;
    v1::Record* shown = response->add_records();
    FillReadable(stored, caller, shown);
    page.AddBytes(shown->ByteSizeLong());
    return true;
  };
  GUSU_RETURN_IF_ERROR(page.Scan(*view, take));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

absl::Status Resolver::ListRevisions(const v1::ListRevisionsRequest& request, const Caller& caller,
                                     v1::ListRevisionsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRevisions, caller));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(ReadWhole(*view, identifier, caller).status());
  const PageScope scope("ListRevisions", {identifier.key()});
  GUSU_ASSIGN_OR_RETURN(const std::string position, scope.Read(request.page_token()));
  uint64_t newest = view->last_revision();
  if (!position.empty()) {
    GUSU_ASSIGN_OR_RETURN(newest, ReadRevisionPosition(position));
  }
  const size_t page_size = PageSize(request.page_size());
  size_t bytes = 0;
  absl::Status status;
  const auto visit = [&](const storage::Row& row) {
    if (static_cast<size_t>(response->revisions_size()) == page_size || bytes >= kPageBytesMax) {
      response->set_next_page_token(scope.Token(RevisionPosition(row.revision)));
      return false;
    }
    const absl::StatusOr<StoredRecord> stored = DecodeRecord(row, identifier.written());
    status = stored.ok() ? FillRevision(*view, *stored, caller, response->add_revisions())
                         : stored.status();
    if (!status.ok()) return false;
    bytes += response->revisions().rbegin()->ByteSizeLong();
    return true;
  };
  GUSU_RETURN_IF_ERROR(view->ScanRevisions(storage::RecordKey(identifier.key()), newest, visit));
  return status;
}

}  // namespace gusu::server
