// Resolver's other half: records as their holder sees them, lists of them and their history.
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/ownership.h"
#include "server/page_secret.h"
#include "server/page_token.h"
#include "server/ranges/range_lookup.h"
#include "server/readable_record.h"
#include "server/record_list_token.h"
#include "server/record_listing.h"
#include "server/resolver.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/value_selection.h"

namespace gusu::server {
namespace {

using ViewPointer = std::shared_ptr<const storage::View>;

constexpr std::string_view kPrefixNameBeginning = "prefixes/";

// The current record that `name` names, or what the code has of its serial range, whose name it
// sets then, for callers who may see it whole.
absl::StatusOr<StoredRecord> ReadWhole(const storage::View& view, const Identifier& identifier,
                                       const Caller& caller, std::string* serial_range) {
  const uint64_t now = view.last_revision();
  GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> record,
                        ReadRecord(view, identifier.key(), now));
  StoredRecord found;
  if (record) {
    found = *record;
  } else {
    GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                          FindRangeCode(view, identifier, now));
    if (!code) return RecordNotFound(view, identifier, now);
    found = {code->revision, code->leaf_index, code->record};
    *serial_range = code->resource_name;
  }
  GUSU_RETURN_IF_ERROR(CheckMaySeeHistory(caller, *found.row,
                                          PrefixHolder(view.directory(), identifier.prefix_key())));
  return found;
}

// The comparison key of the prefix that `parent` names; empty for prefixes/-.
absl::StatusOr<std::string> ParseParent(const v1::ListRecordsRequest& request) {
  const std::string& parent = request.parent();
  if (parent.compare(0, kPrefixNameBeginning.size(), kPrefixNameBeginning) != 0) {
    return FieldInvalid("parent", Quote(parent), "it must be prefixes/{prefix}");
  }
  const std::string_view name = std::string_view(parent).substr(kPrefixNameBeginning.size());
  if (name == "-") {
    if (request.owner().empty() && request.custodian().empty()) {
      return FieldInvalid("parent", Quote(parent), "only with owner or custodian");
    }
    if (request.has_as_of_time()) {
      return FieldInvalid("as_of_time", "given with parent prefixes/-",
                          "the past is listed of one prefix at a time");
    }
    return std::string();
  }
  GUSU_ASSIGN_OR_RETURN(const std::string prefix, ParsePrefix(name));
  return ToKey(prefix);
}

// Whoever holds the prefix, owns or keeps what is listed, and the bureau.
absl::Status CheckMayList(const storage::View& view, const std::string& prefix_key,
                          const RecordFilter& filter, const Caller& caller) {
  const bool is_all = prefix_key.empty();
  const auto* prefix = view.directory().FindPrefix(prefix_key);
  if (!is_all && prefix == nullptr) {
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", prefix_key, " is not granted"), {{"prefix", prefix_key}});
  }
  const std::string& id = caller.registrant;
  if (caller.is_bureau() || id == filter.owner || id == filter.custodian) return absl::OkStatus();
  if (!is_all && id == prefix->row->holder()) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
               Concat("the records of ", is_all ? "all prefixes" : Concat("prefix ", prefix_key),
                      " are listed for the prefix's holder, for the registrant that owner or "
                      "custodian names, and for the bureau"),
               {{"prefix", is_all ? "-" : prefix_key}, {"registrant", id}});
}

// All that two pages of one list have in common.
std::string ListOf(const v1::ListRecordsRequest& request, const std::string& prefix_key) {
  v1::ListRecordsRequest list = request;
  list.set_parent(prefix_key);
  list.clear_page_size();
  list.clear_page_token();
  list.clear_reason();
  return list.SerializeAsString();
}

absl::StatusOr<uint64_t> ReadRevisionPosition(std::string_view position) {
  uint64_t revision = 0;
  if (position.size() != sizeof(revision)) return PageTokenInvalid();
  for (const char c : position) revision = revision << 8 | static_cast<uint8_t>(c);
  return revision;
}

std::string RevisionPosition(uint64_t revision) {
  std::string position;
  for (int shift = 56; shift >= 0; shift -= 8) position += static_cast<char>(revision >> shift);
  return position;
}

absl::Status FillRevision(const storage::View& view, const StoredRecord& stored,
                          std::string_view prefix_key, const ReadRight& right,
                          v1::RecordRevision* revision) {
  GUSU_ASSIGN_OR_RETURN(const Change change, view.ReadChange(stored.leaf_index));
  GUSU_ASSIGN_OR_RETURN(const std::string holder,
                        PrefixHolderAsOf(view, prefix_key, stored.revision));
  FillReadable(stored, holder, right, revision->mutable_record());
  FillReceipt({stored.leaf_index, stored.revision}, revision->mutable_receipt());
  revision->set_operation(std::string(OperationName(change.operation)));
  revision->set_actor(change.actor);
  revision->set_on_behalf_of(change.on_behalf_of);
  revision->set_reason(change.reason);
  revision->set_credential(change.credential);
  return absl::OkStatus();
}

}  // namespace

std::string RecordListToken(const storage::View& view, const std::string& prefix,
                            std::string_view identifier_key) {
  const PageScope scope("ListRecords", {ListOf(v1::ListRecordsRequest(), ToKey(prefix))});
  return scope.Token(PageSecret(view.directory()).Conceal(storage::RecordKey(identifier_key)));
}

absl::Status Resolver::GetRecord(const v1::GetRecordRequest& request, const Caller& caller,
                                 v1::Record* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetRecord, caller));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  std::string serial_range;
  GUSU_ASSIGN_OR_RETURN(const StoredRecord record,
                        ReadWhole(*view, identifier, caller, &serial_range));
  const storage::Directory& directory = view->directory();
  const ReadRight right(directory, caller, *record.row, identifier.key(), clock_());
  FillReadable(record, PrefixHolder(directory, identifier.prefix_key()), right, response);
  response->set_serial_range(std::move(serial_range));
  return absl::OkStatus();
}

absl::Status Resolver::ListRecords(const v1::ListRecordsRequest& request, const Caller& caller,
                                   v1::ListRecordsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRecords, caller));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const std::string prefix_key, ParseParent(request));
  const absl::Time now = clock_();
  GUSU_ASSIGN_OR_RETURN(const RecordFilter filter, RecordFilter::Parse(request, *view, now));
  GUSU_RETURN_IF_ERROR(CheckMayList(*view, prefix_key, filter, caller));
  const PageScope scope("ListRecords", {ListOf(request, prefix_key)});
  const PageSecret secret(view->directory());
  GUSU_ASSIGN_OR_RETURN(const std::string concealed, scope.Read(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const std::string position, secret.Reveal(concealed));
  RecordListing listing(*view, caller, filter, prefix_key, now);
  GUSU_RETURN_IF_ERROR(listing.Run(position, PageSize(request.page_size()), response));
  if (!listing.NextPosition().empty()) {
    response->set_next_page_token(scope.Token(secret.Conceal(listing.NextPosition())));
  }
  return absl::OkStatus();
}

absl::Status Resolver::ListRevisions(const v1::ListRevisionsRequest& request, const Caller& caller,
                                     v1::ListRevisionsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRevisions, caller));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  std::string serial_range;
  GUSU_ASSIGN_OR_RETURN(const StoredRecord current,
                        ReadWhole(*view, identifier, caller, &serial_range));
  const ReadRight right(view->directory(), caller, *current.row, identifier.key(), clock_());
  const PageScope scope("ListRevisions", {identifier.key()});
  GUSU_ASSIGN_OR_RETURN(const std::string position, scope.Read(request.page_token()));
  uint64_t newest = view->last_revision();
  if (!position.empty()) {
    GUSU_ASSIGN_OR_RETURN(newest, ReadRevisionPosition(position));
  }
  const size_t page_size = PageSize(request.page_size());
  size_t bytes = 0;
  absl::Status status;
  const auto take = [&](const absl::StatusOr<StoredRecord>& stored) {
    status = stored.status();
    if (!status.ok()) return false;
    if (static_cast<size_t>(response->revisions_size()) == page_size || bytes >= kPageBytesMax) {
      response->set_next_page_token(scope.Token(RevisionPosition(stored->revision)));
      return false;
    }
    status =
        FillRevision(*view, *stored, identifier.prefix_key(), right, response->add_revisions());
    bytes += response->revisions().rbegin()->ByteSizeLong();
    newest = stored->revision - 1;
    return status.ok();
  };
  GUSU_RETURN_IF_ERROR(view->ScanRevisions(
      storage::RecordKey(identifier.key()), newest,
      [&](const auto& row) { return take(DecodeRecord(row, identifier.written())); }));
  // Before it had a record of its own, a code was what its serial range says.
  while (status.ok() && response->next_page_token().empty()) {
    GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                          FindRangeCode(*view, identifier, newest));
    if (!code || !take(StoredRecord{code->revision, code->leaf_index, code->record})) break;
  }
  return status;
}

}  // namespace gusu::server
