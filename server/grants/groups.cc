// Grants' part on groups.
#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/grant_canonical.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/grants/grant_check.h"
#include "server/grants/grant_message.h"
#include "server/grants/grant_names.h"
#include "server/grants/grant_request.h"
#include "server/grants/grants.h"
#include "server/page.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::GroupRow;

// A group as it is to be, by whom and why.
struct Setting {
  Caller caller;
  Acting acting;
  GroupRow row;
  std::string etag;
};

absl::StatusOr<Setting> ReadSetting(const v1::SetGroupRequest& request, const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kSetGroup, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  Setting setting;
  setting.caller = caller;
  GUSU_ASSIGN_OR_RETURN(setting.acting, ActingFor(caller, request.on_behalf_of()));
  GUSU_ASSIGN_OR_RETURN(setting.row, ReadGroup(request.group()));
  setting.etag = request.etag();
  if (!request.reason().empty()) setting.acting.reason = request.reason();
  if (setting.acting.registrant == setting.row.registrant()) return setting;
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_OWN_REGISTRANT",
      Concat("group ", request.group().name(), " is not of registrant ", setting.acting.registrant),
      {{"registrant", RegistrantName(setting.acting.registrant)},
       {"name", request.group().name()}});
}

Hash DigestOf(const v1::SetGroupRequest& request, const GroupRow& row) {
  CanonicalWriter writer(1);
  writer.Text(1, CanonicalBody(row))
      .Text(2, request.reason())
      .Text(3, request.on_behalf_of().registrant())
      .Text(4, request.on_behalf_of().reason())
      .Text(5, request.etag());
  return Sha256({"gusu.group.set.v1\n", std::move(writer).Take()});
}

// That no others come becomes a precondition: what stands between those that there are is empty.
absl::Status CheckGroupCount(const storage::View& view, const std::string& registrant,
                             std::vector<Precondition>* preconditions) {
  const std::string beginning = storage::GroupKey(registrant, "");
  const std::string end = storage::AfterBeginning(beginning);
  size_t count = 0;
  std::string gap = beginning;
  GUSU_RETURN_IF_ERROR(view.Scan(beginning, end, [&](std::string_view key, const storage::Row&) {
    preconditions->push_back(EmptyInterval(gap, std::string(key)));
    gap = std::string(key) + '\0';
    return ++count < Grants::kGroupsMax;
  }));
  preconditions->push_back(EmptyInterval(gap, end));
  if (count < Grants::kGroupsMax) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "GROUPS_TOO_MANY",
               Concat("registrant ", registrant, " has ", count, " groups; use one of them"),
               {{"registrant", RegistrantName(registrant)},
                {"groups_max", std::to_string(Grants::kGroupsMax)}});
}

// New members are active, and still are when the group is written; those that were there before
// stay, whatever became of them.
absl::Status CheckMembers(const storage::Directory& directory, const GroupRow& row,
                          const GroupRow* before, std::vector<Precondition>* preconditions) {
  for (const std::string& member : row.members()) {
    if (before != nullptr &&
        std::binary_search(before->members().begin(), before->members().end(), member)) {
      continue;
    }
    GUSU_ASSIGN_OR_RETURN(const auto* entry, RequireRegistrant(directory, member));
    GUSU_RETURN_IF_ERROR(CheckIsActive(member, *entry->row));
    preconditions->push_back(AtRevision(storage::RegistrantKey(member), entry->revision));
  }
  return absl::OkStatus();
}

absl::Status CheckIsAsKnown(const Setting& setting, const storage::Directory::GroupEntry* group) {
  const GroupRow& row = setting.row;
  if (setting.etag.empty()) return absl::OkStatus();
  if (group == nullptr) return GroupNotFound(row.registrant(), row.id());
  return CheckEtag("group", GroupName(row.registrant(), row.id()), setting.etag, group->revision);
}

absl::StatusOr<PlannedWrite> PlanGroup(const storage::View& view, const Setting& setting) {
  const storage::Directory& directory = view.directory();
  GroupRow row = setting.row;
  GUSU_ASSIGN_OR_RETURN(const auto* owner, RequireRegistrant(directory, row.registrant()));
  GUSU_RETURN_IF_ERROR(CheckIsActive(row.registrant(), *owner->row));
  const std::string key = storage::GroupKey(row.registrant(), row.id());
  const auto* existing = directory.FindGroup(row.registrant(), row.id());
  if (existing != nullptr && CanonicalBody(*existing->row) == CanonicalBody(row)) {
    return storage::Receipt{existing->leaf_index, existing->revision};
  }
  GUSU_RETURN_IF_ERROR(CheckIsAsKnown(setting, existing));
  storage::ChangeSet set;
  GUSU_RETURN_IF_ERROR(CheckMembers(
      directory, row, existing == nullptr ? nullptr : existing->row.get(), &set.preconditions));
  if (existing == nullptr) {
    GUSU_RETURN_IF_ERROR(CheckGroupCount(view, row.registrant(), &set.preconditions));
  }
  AddActingPreconditions(directory, setting.acting, setting.caller, &set.preconditions);
  Change& change = set.changes.emplace_back();
  change.operation = Operation::kSetGroup;
  change.resource = GroupName(row.registrant(), row.id());
  change.registrant = setting.acting.registrant;
  change.actor = setting.acting.actor;
  change.credential = setting.caller.credential;
  change.on_behalf_of = setting.acting.on_behalf_of;
  change.reason = setting.acting.reason;
  change.preconditions.push_back(existing == nullptr ? Absent(key)
                                                     : AtRevision(key, existing->revision));
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return set;
}

absl::StatusOr<v1::GroupResponse> AnswerWith(const absl::StatusOr<storage::Row>& written) {
  if (!written.ok()) return written.status();
  GUSU_ASSIGN_OR_RETURN(const auto row, PayloadOf<GroupRow>(*written));
  v1::GroupResponse response;
  FillGroup(row, written->revision, response.mutable_group());
  FillReceipt({written->leaf_index, written->revision}, response.mutable_receipt());
  return response;
}

}  // namespace

void Grants::SetGroup(const v1::SetGroupRequest& request, const Caller& caller,
                      Done<v1::GroupResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<Setting> setting = ReadSetting(request, caller);
  if (!setting.ok()) return done(std::move(setting).status());
  const GroupRow& row = setting->row;
  const std::string key = storage::GroupKey(row.registrant(), row.id());
  const auto scope = RequestOf(request.request_id(), row.registrant(), DigestOf(request, row));
  SubmitWrite(
      ledger_, key, scope,
      [setting = *std::move(setting)](const storage::View& view) {
        return PlanGroup(view, setting);
      },
      [done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(written));
      });
}

absl::Status Grants::ListGroups(const v1::ListGroupsRequest& request, const Caller& caller,
                                v1::ListGroupsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListGroups, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string registrant,
                        ParseRegistrantName(request.parent(), "parent"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, registrant));
  const PageScope scope("ListGroups", {registrant});
  Page page(scope, storage::GroupKey(registrant, ""), request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(RequireRegistrant(view->directory(), registrant).status());
  const auto take = [&](std::string_view, const storage::Row& stored) -> absl::StatusOr<bool> {
    GUSU_ASSIGN_OR_RETURN(const auto row, PayloadOf<GroupRow>(stored));
    v1::Group* shown = response->add_groups();
    FillGroup(row, stored.revision, shown);
    page.AddBytes(shown->ByteSizeLong());
    return true;
  };
  GUSU_RETURN_IF_ERROR(page.Scan(*view, take));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
