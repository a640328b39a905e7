#include "server/ranges/serial_ranges.h"

#include <memory>
#include <string>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/ownership.h"
#include "server/ranges/range_allocation.h"
#include "server/ranges/range_fields.h"
#include "server/ranges/range_part.h"
#include "server/ranges/range_write.h"
#include "server/resource_fields.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

// The same request has the same digest, whatever its id. Without an id the digest is the id.
template <typename Request>
absl::StatusOr<storage::ChangeSet::Request> RequestOf(Operation operation, const Request& request,
                                                      const Acting& acting) {
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  Request normal = request;
  normal.clear_request_id();
  normal.clear_include_proof();
  const Hash digest = Sha256(
      {"gusu.range_request.v1\n", OperationName(operation), "\n", normal.SerializeAsString()});
  std::string id = request.request_id();
  if (id.empty()) id = HexEncode(AsBytes(digest));
  return storage::ChangeSet::Request{acting.registrant, std::move(id), digest};
}

template <typename Request, typename Plan>
void Write(storage::Ledger* ledger, const Proofs* proofs, Method method, Operation operation,
           const Request& request, const Caller& caller, absl::Time now,
           Done<v1::SerialRangeResponse> done, Plan plan) {
  done = WithProofs(proofs, request.include_proof(), caller, std::move(done));
  const absl::Status may_call = CheckRole(method, caller);
  if (!may_call.ok()) return done(may_call);
  absl::StatusOr<Acting> acting = ActingFor(caller, request.on_behalf_of());
  if (!acting.ok()) return done(std::move(acting).status());
  const auto actor = std::make_shared<const Actor>(Actor{caller, *std::move(acting)});
  auto asked = RequestOf(operation, request, actor->acting);
  if (!asked.ok()) return done(std::move(asked).status());
  std::make_shared<RangeWrite>(
      ledger, actor, *std::move(asked), now,
      [&request, actor, plan](const storage::View& view) { return plan(view, request, *actor); },
      std::move(done))
      ->Submit();
}

std::string StateName(uint32_t state) {
  return v1::Record::State_Name(static_cast<v1::Record::State>(state));
}

struct PartWanted {
  const std::string& first_identifier;
  const std::string& last_identifier;
};

// A part that is RESERVED becomes what `edit` makes of it: a released one by the range's owner
// alone, else by the prefix's holder, too.
absl::StatusOr<storage::ChangeSet> PlanPart(const storage::View& view, const PartWanted& wanted,
                                            const Actor& actor, Change change, Counter counter,
                                            const std::function<void(stored::RecordRow*)>& edit) {
  const Acting& acting = actor.acting;
  if (wanted.first_identifier.empty()) return FieldMissing("first_identifier");
  if (wanted.last_identifier.empty()) return FieldMissing("last_identifier");
  GUSU_ASSIGN_OR_RETURN(const Identifier first, Identifier::ParseName(wanted.first_identifier));
  GUSU_ASSIGN_OR_RETURN(const Identifier last, Identifier::ParseName(wanted.last_identifier));
  GUSU_ASSIGN_OR_RETURN(const WriteScope scope, FindWriteScope(view.directory(), acting,
                                                               first.prefix(), first.prefix_key()));
  const std::string& prefix_holder = scope.prefix->row->holder();
  absl::StatusOr<RangePart> part = FindRangePart(view, first, last);
  // Who may not act below the prefix learns nothing of its ranges.
  if (!part.ok() || OwnerOf(*part->first.record, prefix_holder) != acting.registrant) {
    GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, acting, first.prefix()));
  }
  GUSU_RETURN_IF_ERROR(part.status());
  const RangeCode& range = part->first;
  if (change.operation == Operation::kReleaseRange) {
    GUSU_RETURN_IF_ERROR(CheckIsOwner(*range.record, prefix_holder, acting));
  }
  if (range.record->state() != v1::Record::RESERVED) {
    const std::string state = StateName(range.record->state());
    return Error(absl::StatusCode::kFailedPrecondition, "RANGE_STATE",
                 Concat(range.resource_name, ", of which ", first.written(), " is, is ", state,
                        ", not RESERVED"),
                 {{"first_identifier", first.written()},
                  {"last_identifier", last.written()},
                  {"serial_range", range.resource_name},
                  {"state", state}});
  }
  change.counts.push_back({counter, part->count()});
  storage::ChangeSet set;
  set.changes = ChangesOfPart(*part, prefix_holder, std::move(change), edit);
  AddActingPreconditions(view.directory(), acting, actor.caller, &set.preconditions);
  AddPrefixPrecondition(scope, first.prefix_key(), &set.preconditions);
  return set;
}

absl::StatusOr<storage::ChangeSet> PlanActivation(const storage::View& view,
                                                  const v1::ActivateSerialRangeRequest& request,
                                                  const Actor& actor) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  Change change = ChangeBy(actor, request.reason());
  change.operation = Operation::kActivateRange;
  return PlanPart(view, {request.first_identifier(), request.last_identifier()}, actor,
                  std::move(change), kRangeCodesActivated,
                  [](stored::RecordRow* record) { record->set_state(v1::Record::ACTIVE); });
}

absl::StatusOr<storage::ChangeSet> PlanRelease(const storage::View& view,
                                               const v1::ReleaseSerialRangeRequest& request,
                                               const Actor& actor) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  Change change = ChangeBy(actor, request.reason());
  change.operation = Operation::kReleaseRange;
  return PlanPart(view, {request.first_identifier(), request.last_identifier()}, actor,
                  std::move(change), kRangeCodesReleased, [&request](stored::RecordRow* record) {
                    record->set_state(v1::Record::RETIRED);
                    stored::RetirementRow* retirement = record->mutable_retirement();
                    retirement->set_reason(v1::Retirement::NEVER_USED);
                    retirement->set_text(request.reason());
                  });
}

}  // namespace

SerialRanges::SerialRanges(storage::Ledger* ledger, const Proofs* proofs,
                           std::function<absl::Time()> clock)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)) {}

void SerialRanges::Allocate(const v1::AllocateSerialRangeRequest& request, const Caller& caller,
                            Done<v1::SerialRangeResponse> done) {
  Write(ledger_, proofs_, Method::kAllocateSerialRange, Operation::kAllocateRange, request, caller,
        clock_(), std::move(done), PlanAllocation);
}

void SerialRanges::Activate(const v1::ActivateSerialRangeRequest& request, const Caller& caller,
                            Done<v1::SerialRangeResponse> done) {
  Write(ledger_, proofs_, Method::kActivateSerialRange, Operation::kActivateRange, request, caller,
        clock_(), std::move(done), PlanActivation);
}

void SerialRanges::Release(const v1::ReleaseSerialRangeRequest& request, const Caller& caller,
                           Done<v1::SerialRangeResponse> done) {
  Write(ledger_, proofs_, Method::kReleaseSerialRange, Operation::kReleaseRange, request, caller,
        clock_(), std::move(done), PlanRelease);
}

}  // namespace gusu::server
