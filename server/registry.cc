#include "server/registry.h"

#include <algorithm>
#include <type_traits>

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/batch_registration.h"
#include "server/record_hold.h"
#include "server/record_write.h"
#include "server/resource_fields.h"
#include "server/row_registration.h"
#include "server/stream_registration.h"
#include "server/submission.h"
#include "server/value_erasure.h"

namespace gusu::server {
namespace {

absl::StatusOr<std::shared_ptr<const Actor>> ActorFor(Method method, const Caller& caller,
                                                      const v1::OnBehalfOf& on_behalf_of) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_ASSIGN_OR_RETURN(Acting acting, ActingFor(caller, on_behalf_of));
  return std::make_shared<const Actor>(Actor{caller, std::move(acting)});
}

absl::Status CheckRowCount(int rows, int rows_max, bool include_proof) {
  if (include_proof) rows_max = std::min(rows_max, kProvenRowsMax);
  if (rows == 0) return FieldMissing("rows");
  if (rows <= rows_max) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
               Concat(rows, " rows; at most ", rows_max),
               {{"rows", std::to_string(rows)}, {"rows_max", std::to_string(rows_max)}});
}

absl::Status CheckBatch(const v1::BatchRegisterRequest& request) {
  GUSU_RETURN_IF_ERROR(
      CheckRowCount(request.rows_size(), Registry::kBatchRowsMax, request.include_proof()));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  if (!request.request_id().empty()) return absl::OkStatus();
  for (int i = 0; i < request.rows_size(); ++i) {
    if (!request.rows(i).has_mint()) continue;
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_MISSING",
                 Concat("rows[", i, "] is minted, so the batch needs a request_id"),
                 {{"field", "request_id"}, {"row", Concat("rows[", i, "]")}});
  }
  return absl::OkStatus();
}

// Who holds and lifts: as everywhere, or the bureau for itself.
absl::StatusOr<std::shared_ptr<const Actor>> HoldingActor(Method method, const Caller& caller,
                                                          const v1::OnBehalfOf& on_behalf_of) {
  const bool is_named = !on_behalf_of.registrant().empty() || !on_behalf_of.reason().empty();
  if (caller.role != Role::kBureauAdmin || is_named) {
    return ActorFor(method, caller, on_behalf_of);
  }
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  Acting bureau;
  bureau.actor = "bureau";
  return std::make_shared<const Actor>(Actor{caller, std::move(bureau)});
}

// What two requests may differ in and yet ask for the same, beyond their record's name.
template <typename Request>
void Normalize(Request*) {}

void Normalize(v1::EraseValuesRequest* request) {
  auto* revisions = request->mutable_revisions();
  std::sort(revisions->begin(), revisions->end());
  revisions->erase(std::unique(revisions->begin(), revisions->end()), revisions->end());
}

// The same request has the same digest, however it names the record and whatever its id.
template <typename Request>
Hash DigestOf(Operation operation, const Identifier& identifier, const Request& request) {
  Request normal = request;
  normal.set_name(identifier.key());
  normal.clear_request_id();
  normal.clear_include_proof();
  Normalize(&normal);
  return Sha256(
      {"gusu.record_request.v1\n", OperationName(operation), "\n", normal.SerializeAsString()});
}

template <typename Request>
const std::string& ReasonOf(const Request& request) {
  return request.reason();
}

std::string ReasonOf(const v1::RetireRecordRequest& request) {
  const v1::Retirement& retirement = request.retirement();
  const std::string& reason = v1::Retirement::Reason_Name(retirement.reason());
  return retirement.text().empty() ? reason : Concat(reason, ": ", retirement.text());
}

// Business time, of the verbs that have one.
template <typename Request>
auto EffectiveTimeOf(const Request& request, int)
    -> decltype(request.has_effective_time(), absl::StatusOr<std::optional<uint64_t>>()) {
  if (!request.has_effective_time()) return std::nullopt;
  GUSU_ASSIGN_OR_RETURN(const uint64_t time_us, TimeOf(request.effective_time(), "effective_time"));
  return time_us;
}

template <typename Request>
absl::StatusOr<std::optional<uint64_t>> EffectiveTimeOf(const Request&, long) {
  return std::nullopt;
}

template <typename Request>
absl::StatusOr<RecordRequest> RecordRequestOf(Operation operation, const Request& request) {
  GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  GUSU_ASSIGN_OR_RETURN(std::optional<uint64_t> effective_time_us, EffectiveTimeOf(request, 0));
  // What is erased is not found a second time, so a repetition without an id is told by its hash;
  // the other verbs find that nothing would change.
  constexpr bool kToldByHash = std::is_same_v<Request, v1::EraseValuesRequest>;
  std::string request_id = request.request_id();
  Hash digest{};
  if (kToldByHash || !request_id.empty()) digest = DigestOf(operation, identifier, request);
  if (kToldByHash && request_id.empty()) request_id = HexEncode(AsBytes(digest));
  return RecordRequest{
      operation,
      std::move(identifier),
      request.etag(),
      std::move(request_id),
      digest,
      ReasonOf(request),
      effective_time_us,
      [&request](const RecordUnderChange& change) { return Apply(request, change); }};
}

using FindActor = absl::StatusOr<std::shared_ptr<const Actor>>(Method, const Caller&,
                                                               const v1::OnBehalfOf&);

template <typename Request>
void Write(storage::Ledger* ledger, const Proofs* proofs, Method method, Operation operation,
           const Request& request, const Caller& caller, Done<v1::RecordResponse> done,
           FindActor* find_actor = ActorFor) {
  done = WithProofs(proofs, request.include_proof(), caller, std::move(done));
  auto actor = find_actor(method, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::StatusOr<RecordRequest> asked = RecordRequestOf(operation, request);
  if (!asked.ok()) return done(std::move(asked).status());
  std::make_shared<RecordWrite>(ledger, *std::move(actor), *std::move(asked), std::move(done))
      ->Submit();
}

}  // namespace

Registry::Registry(storage::Ledger* ledger, const Proofs* proofs)
    : ledger_(ledger), proofs_(proofs) {}

void Registry::Register(const v1::RegisterRequest& request, const Caller& caller,
                        Done<v1::RegisterResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto actor = ActorFor(Method::kRegister, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  auto view = ledger_->Latest();
  if (!view.ok()) return done(std::move(view).status());
  Registrations registrations(**view, (*actor)->acting, (*actor)->caller);
  auto registration = std::make_shared<RowRegistration>(
      ledger_, *actor, &request.row(), RowRegistration::RequestId::kRequestRow,
      [done](absl::StatusOr<v1::RegisterResult> result) {
        if (!result.ok()) return done(std::move(result).status());
        v1::RegisterResponse response;
        *response.mutable_result() = *std::move(result);
        done(std::move(response));
      });
  absl::Status status = registration->Submit(**view, registrations);
  if (!status.ok()) done(std::move(status));
}

void Registry::BatchRegister(const v1::BatchRegisterRequest& request, const Caller& caller,
                             Done<v1::BatchRegisterResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto actor = ActorFor(Method::kBatchRegister, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::Status status = CheckBatch(request);
  if (!status.ok()) return done(std::move(status));
  std::make_shared<BatchRegistration>(ledger_, *std::move(actor), &request, std::move(done))
      ->Submit();
}

void Registry::RegisterRows(const v1::StreamRegisterRequest& request, uint64_t first_row_index,
                            const Caller& caller, Done<v1::StreamRegisterResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto actor = ActorFor(Method::kStreamRegister, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::Status status =
      CheckRowCount(request.rows_size(), kStreamMessageRowsMax, request.include_proof());
  if (!status.ok()) return done(std::move(status));
  std::make_shared<StreamRegistration>(ledger_, *std::move(actor), &request, first_row_index,
                                       std::move(done))
      ->Start();
}

void Registry::UpdateRecord(const v1::UpdateRecordRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kUpdateRecord, Operation::kUpdate, request, caller,
        std::move(done));
}

void Registry::ModifyValues(const v1::ModifyValuesRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kModifyValues, Operation::kModifyValues, request, caller,
        std::move(done));
}

void Registry::SuspendRecord(const v1::SuspendRecordRequest& request, const Caller& caller,
                             Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kSuspendRecord, Operation::kSuspend, request, caller,
        std::move(done));
}

void Registry::ActivateRecord(const v1::ActivateRecordRequest& request, const Caller& caller,
                              Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kActivateRecord, Operation::kActivate, request, caller,
        std::move(done));
}

void Registry::RetireRecord(const v1::RetireRecordRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kRetireRecord, Operation::kRetire, request, caller,
        std::move(done));
}

void Registry::ReinstateRecord(const v1::ReinstateRecordRequest& request, const Caller& caller,
                               Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kReinstateRecord, Operation::kReinstate, request, caller,
        std::move(done));
}

void Registry::HoldRecord(const v1::HoldRecordRequest& request, const Caller& caller,
                          Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kHoldRecord, Operation::kHold, request, caller, std::move(done),
        HoldingActor);
}

void Registry::UnholdRecord(const v1::UnholdRecordRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kUnholdRecord, Operation::kUnhold, request, caller,
        std::move(done), HoldingActor);
}

void Registry::EraseValues(const v1::EraseValuesRequest& request, const Caller& caller,
                           Done<v1::RecordResponse> done) {
  Write(ledger_, proofs_, Method::kEraseValues, Operation::kEraseValues, request, caller,
        std::move(done));
}

}  // namespace gusu::server
