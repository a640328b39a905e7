#include "server/registrar_changes.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/registrar_index.h"
#include "server/registrar_messages.h"
#include "server/resource_fields.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;
using storage::v1::RegistrantRow;

Change By(Operation operation, const Acting& acting, const Caller& caller) {
  Change change;
  change.operation = operation;
  change.actor = acting.actor;
  change.credential = caller.credential;
  change.on_behalf_of = acting.on_behalf_of;
  change.reason = acting.reason;
  return change;
}

absl::StatusOr<v1::RegistrantResponse> RegistrantAnswer(const std::string& id,
                                                        const absl::StatusOr<storage::Row>& row) {
  if (!row.ok()) return row.status();
  GUSU_ASSIGN_OR_RETURN(const auto registrant, PayloadOf<RegistrantRow>(*row));
  v1::RegistrantResponse response;
  FillRegistrant(id, registrant, row->revision, ShownTo::kItself, response.mutable_registrant());
  FillReceipt({row->leaf_index, row->revision}, response.mutable_receipt());
  return response;
}

absl::StatusOr<v1::PrefixResponse> PrefixAnswer(const absl::StatusOr<storage::Row>& row) {
  if (!row.ok()) return row.status();
  GUSU_ASSIGN_OR_RETURN(const auto prefix, PayloadOf<PrefixRow>(*row));
  v1::PrefixResponse response;
  FillPrefix(prefix, row->revision, response.mutable_prefix());
  FillReceipt({row->leaf_index, row->revision}, response.mutable_receipt());
  return response;
}

}  // namespace

RegistrantRow NextRow(const storage::Directory::RegistrantEntry& before) {
  RegistrantRow row = *before.row;
  KeepCreation(before.revision, before.leaf_index, &row);
  if (row.has_amendment() && row.amendment().submit_revision() == 0) {
    row.mutable_amendment()->set_submit_revision(before.revision);
  }
  return row;
}

Change ChangeOfRegistrant(Operation operation, const std::string& id,
                          const storage::Directory::RegistrantEntry& before, RegistrantRow row,
                          const Acting& acting, const Caller& caller) {
  Change change = By(operation, acting, caller);
  change.resource = RegistrantName(id);
  change.registrant = id;
  const std::string key = storage::RegistrantKey(id);
  change.preconditions.push_back(AtRevision(key, before.revision));
  IndexRegistrant(id, before.row.get(), row, &change);
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return change;
}

Change ChangeOfPrefix(Operation operation, const storage::Directory::PrefixEntry& before,
                      PrefixRow row, const Acting& acting, const Caller& caller) {
  Change change = By(operation, acting, caller);
  change.resource = Concat("prefixes/", row.prefix());
  change.prefix_key = ToKey(row.prefix());
  change.registrant = before.row->holder();
  const std::string key = storage::PrefixKey(change.prefix_key);
  change.preconditions.push_back(AtRevision(key, before.revision));
  KeepCreation(before.revision, before.leaf_index, &row);
  IndexPrefix(change.prefix_key, before.row.get(), row, &change);
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return change;
}

Hash RequestDigest(std::string_view what, std::initializer_list<std::string_view> fields) {
  CanonicalWriter writer(1);
  uint8_t tag = 0;
  for (const std::string_view field : fields) writer.Text(++tag, field);
  return Sha256({what, "\n", std::move(writer).Take()});
}

void WriteRegistrant(storage::Ledger* ledger, const std::string& id,
                     std::optional<storage::ChangeSet::Request> request, PlanWrite plan,
                     Done<v1::RegistrantResponse> done) {
  SubmitWrite(ledger, storage::RegistrantKey(id), std::move(request), std::move(plan),
              [id, done = std::move(done)](absl::StatusOr<storage::Row> written) {
                done(RegistrantAnswer(id, written));
              });
}

void WritePrefix(storage::Ledger* ledger, const std::string& prefix_key,
                 std::optional<storage::ChangeSet::Request> request, PlanWrite plan,
                 Done<v1::PrefixResponse> done) {
  SubmitWrite(ledger, storage::PrefixKey(prefix_key), std::move(request), std::move(plan),
              [done = std::move(done)](absl::StatusOr<storage::Row> written) {
                done(PrefixAnswer(written));
              });
}

}  // namespace gusu::server
