// The registrar's part on prefixes that pass to another holder: one by one, or all of a registrant
// that closes. Whatever counts only while its holder gave it (grants, offers) ends in the commit
// that passes the prefix on.
#include <algorithm>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar.h"
#include "server/registrar_changes.h"
#include "server/registrar_index.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using PrefixEntry = storage::Directory::PrefixEntry;
using storage::v1::PrefixRow;
using storage::v1::RegistrantRow;

Change PassOn(const PrefixEntry& prefix, const std::string& holder, const Acting& acting,
              const Caller& caller) {
  PrefixRow row = *prefix.row;
  // Each former holder once, at the place of its last time: no more than there are registrants.
  auto* former = row.mutable_former_holders();
  const auto earlier = std::find(former->begin(), former->end(), row.holder());
  if (earlier != former->end()) former->erase(earlier);
  *former->Add() = row.holder();
  row.set_holder(holder);
  row.set_passing_count(row.passing_count() + 1);
  return ChangeOfPrefix(Operation::kTransferPrefix, prefix, std::move(row), acting, caller);
}

absl::StatusOr<PlannedWrite> PlanTransfer(const storage::View& view, const Caller& caller,
                                          const std::string& prefix, const std::string& holder,
                                          const std::string& etag, const Acting& acting) {
  GUSU_ASSIGN_OR_RETURN(const auto* entry, RequirePrefix(view.directory(), prefix));
  if (entry->row->holder() == holder) {
    GUSU_ASSIGN_OR_RETURN(const bool repeated,
                          WasLast(view, entry->leaf_index, Operation::kTransferPrefix, acting));
    if (repeated) return storage::Receipt{entry->leaf_index, entry->revision};
    return FieldInvalid("holder", RegistrantName(holder), "it holds the prefix already");
  }
  GUSU_RETURN_IF_ERROR(
      CheckEtag("prefix", Concat("prefixes/", entry->row->prefix()), etag, entry->revision));
  Change change = PassOn(*entry, holder, acting, caller);
  GUSU_RETURN_IF_ERROR(CheckMayHoldPrefix(view.directory(), holder, &change));
  return SetOf(std::move(change), caller);
}

// A closing, as it is asked for.
struct Closing {
  std::string id;
  std::string successor;  // id; empty: none
  std::string etag;
  Acting acting;
};

// The keys of all prefixes that the registrant holds. That it holds no others becomes a
// precondition: what stands between those that were found is empty.
absl::StatusOr<std::vector<std::string>> PrefixesOf(const storage::View& view,
                                                    const std::string& id, Change* change) {
  const std::string beginning = PrefixesOfHolder(id);
  const std::string end = storage::AfterBeginning(beginning);
  std::vector<std::string> prefix_keys;
  std::string gap = beginning;
  GUSU_RETURN_IF_ERROR(view.ScanStored(beginning, end, [&](std::string_view key, std::string_view) {
    prefix_keys.emplace_back(key.substr(beginning.size()));
    change->preconditions.push_back(EmptyInterval(gap, std::string(key)));
    gap = std::string(key) + '\0';
    return prefix_keys.size() <= Registrar::kPassingPrefixesMax;
  }));
  if (prefix_keys.size() > Registrar::kPassingPrefixesMax) {
    return Error(absl::StatusCode::kFailedPrecondition, "PREFIXES_TOO_MANY",
                 Concat("registrant ", id, " holds more than ", Registrar::kPassingPrefixesMax,
                        " prefixes; transfer some of them first"),
                 {{"registrant", RegistrantName(id)},
                  {"prefixes_max", std::to_string(Registrar::kPassingPrefixesMax)}});
  }
  change->preconditions.push_back(EmptyInterval(gap, end));
  return prefix_keys;
}

absl::Status CheckSuccessor(const Closing& closing, const storage::Directory& directory,
                            const std::vector<std::string>& prefix_keys, Change* change) {
  if (!closing.successor.empty()) {
    if (!prefix_keys.empty()) return CheckMayHoldPrefix(directory, closing.successor, change);
    GUSU_ASSIGN_OR_RETURN(const auto* successor, RequireRegistrant(directory, closing.successor));
    change->preconditions.push_back(
        AtRevision(storage::RegistrantKey(closing.successor), successor->revision));
    return CheckIsActive(closing.successor, *successor->row);
  }
  if (prefix_keys.empty()) return absl::OkStatus();
  const std::string& prefix = directory.FindPrefix(prefix_keys.front())->row->prefix();
  return Error(absl::StatusCode::kFailedPrecondition, "SUCCESSOR_MISSING",
               Concat("registrant ", closing.id, " holds prefix ", prefix,
                      ": a successor must be named, to whom it passes"),
               {{"registrant", RegistrantName(closing.id)}, {"prefix", prefix}});
}

absl::Status CheckCanBeClosed(const std::string& id, const RegistrantRow& row) {
  if (row.state() == v1::Registrant::SUSPENDED) return absl::OkStatus();
  return CheckIsActive(id, row);
}

absl::StatusOr<PlannedWrite> PlanClosing(const storage::View& view, const Caller& caller,
                                         const Closing& closing) {
  const storage::Directory& directory = view.directory();
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(directory, closing.id));
  if (registrant->row->state() == v1::Registrant::CLOSED &&
      registrant->row->successor() == closing.successor) {
    GUSU_ASSIGN_OR_RETURN(
        const bool repeated,
        WasLast(view, registrant->leaf_index, Operation::kCloseRegistrant, closing.acting));
    if (repeated) return storage::Receipt{registrant->leaf_index, registrant->revision};
  }
  GUSU_RETURN_IF_ERROR(CheckCanBeClosed(closing.id, *registrant->row));
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(closing.id), closing.etag, registrant->revision));
  RegistrantRow row = NextRow(*registrant);
  row.set_state(v1::Registrant::CLOSED);
  row.set_state_reason(closing.acting.reason);
  row.set_successor(closing.successor);
  row.clear_amendment();
  Change change = ChangeOfRegistrant(Operation::kCloseRegistrant, closing.id, *registrant,
                                     std::move(row), closing.acting, caller);
  GUSU_ASSIGN_OR_RETURN(const std::vector<std::string> prefix_keys,
                        PrefixesOf(view, closing.id, &change));
  GUSU_RETURN_IF_ERROR(CheckSuccessor(closing, directory, prefix_keys, &change));
  storage::ChangeSet set = SetOf(std::move(change), caller);
  for (const std::string& key : prefix_keys) {
    set.changes.push_back(
        PassOn(*directory.FindPrefix(key), closing.successor, closing.acting, caller));
  }
  return set;
}

absl::StatusOr<Closing> ReadClosing(const v1::CloseRegistrantRequest& request,
                                    const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kCloseRegistrant, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  Closing closing;
  GUSU_ASSIGN_OR_RETURN(closing.id, ParseRegistrantName(request.name(), "name"));
  if (!request.successor().empty()) {
    GUSU_ASSIGN_OR_RETURN(closing.successor, ParseRegistrantName(request.successor(), "successor"));
    if (closing.successor == closing.id) {
      return FieldInvalid("successor", request.successor(), "nobody succeeds itself");
    }
  }
  closing.etag = request.etag();
  closing.acting = ActingBureau(request.reason());
  return closing;
}

}  // namespace

void Registrar::CloseRegistrant(const v1::CloseRegistrantRequest& request, const Caller& caller,
                                Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<Closing> closing = ReadClosing(request, caller);
  if (!closing.ok()) return done(std::move(closing).status());
  const Hash digest = RequestDigest(
      "gusu.closing.v1", {request.name(), request.reason(), request.successor(), request.etag()});
  WriteRegistrant(
      ledger_, closing->id, RequestOf(request.request_id(), "", digest),
      [caller, closing = *closing](const storage::View& view) {
        return PlanClosing(view, caller, closing);
      },
      std::move(done));
}

void Registrar::TransferPrefix(const v1::TransferPrefixRequest& request, const Caller& caller,
                               Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::Status allowed = CheckRole(Method::kTransferPrefix, caller);
  if (allowed.ok()) allowed = CheckReason(request.reason(), true);
  if (allowed.ok()) allowed = CheckRequestId(request.request_id());
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<std::string> prefix = ParsePrefixName(request.name(), "name");
  if (!prefix.ok()) return done(std::move(prefix).status());
  absl::StatusOr<std::string> holder = ParseRegistrantName(request.holder(), "holder");
  if (!holder.ok()) return done(std::move(holder).status());
  const Hash digest = RequestDigest("gusu.prefix-transfer.v1", {ToKey(*prefix), request.reason(),
                                                                request.holder(), request.etag()});
  WritePrefix(
      ledger_, ToKey(*prefix), RequestOf(request.request_id(), "", digest),
      [caller, prefix = *prefix, holder = *holder, etag = request.etag(),
       acting = ActingBureau(request.reason())](const storage::View& view) {
        return PlanTransfer(view, caller, prefix, holder, etag, acting);
      },
      std::move(done));
}

}  // namespace gusu::server
