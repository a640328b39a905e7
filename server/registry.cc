#include "server/registry.h"

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/batch_registration.h"
#include "server/record_write.h"
#include "server/resource_fields.h"
#include "server/row_registration.h"
#include "server/stream_registration.h"
#include "server/submission.h"

namespace gusu::server {
namespace {

absl::StatusOr<std::shared_ptr<const Actor>> ActorFor(Method method, const Caller& caller,
                                                      const v1::OnBehalfOf& on_behalf_of) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_ASSIGN_OR_RETURN(Acting acting, ActingFor(caller, on_behalf_of));
  return std::make_shared<const Actor>(Actor{caller, std::move(acting)});
}

absl::Status CheckRowCount(int rows, int rows_max) {
  if (rows == 0) return FieldMissing("rows");
  if (rows <= rows_max) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
               Concat(rows, " rows; at most ", rows_max),
               {{"rows", std::to_string(rows)}, {"rows_max", std::to_string(rows_max)}});
}

absl::Status CheckBatch(const v1::BatchRegisterRequest& request) {
  GUSU_RETURN_IF_ERROR(CheckRowCount(request.rows_size(), Registry::kBatchRowsMax));
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

// The same request has the same digest, however it names the record and whatever its id.
template <typename Request>
Hash DigestOf(Operation operation, const Identifier& identifier, const Request& request) {
  Request normal = request;
  normal.set_name(identifier.key());
  normal.clear_request_id();
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

template <typename Request>
absl::StatusOr<RecordRequest> RecordRequestOf(Operation operation, const Request& request) {
  GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(request.name()));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  std::optional<uint64_t> effective_time_us;
  if (request.has_effective_time()) {
    GUSU_ASSIGN_OR_RETURN(effective_time_us, TimeOf(request.effective_time(), "effective_time"));
  }
  Hash digest{};
  if (!request.request_id().empty()) digest = DigestOf(operation, identifier, request);
  return RecordRequest{
      operation,
      std::move(identifier),
      request.etag(),
      request.request_id(),
      digest,
      ReasonOf(request),
      effective_time_us,
      [&request](const RecordUnderChange& change) { return Apply(request, change); }};
}

template <typename Request>
void Write(storage::Ledger* ledger, Method method, Operation operation, const Request& request,
           const Caller& caller, Done<v1::RecordResponse> done) {
  auto actor = ActorFor(method, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::StatusOr<RecordRequest> asked = RecordRequestOf(operation, request);
  if (!asked.ok()) return done(std::move(asked).status());
  std::make_shared<RecordWrite>(ledger, *std::move(actor), *std::move(asked), std::move(done))
      ->Submit();
}

}  // namespace

Registry::Registry(storage::Ledger* ledger) : ledger_(ledger) {}

void Registry::Register(const v1::RegisterRequest& request, const Caller& caller,
                        Done<v1::RegisterResponse> done) {
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
  auto actor = ActorFor(Method::kBatchRegister, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::Status status = CheckBatch(request);
  if (!status.ok()) return done(std::move(status));
  std::make_shared<BatchRegistration>(ledger_, *std::move(actor), &request, std::move(done))
      ->Submit();
}

void Registry::RegisterRows(const v1::StreamRegisterRequest& request, uint64_t first_row_index,
                            const Caller& caller, Done<v1::StreamRegisterResponse> done) {
  auto actor = ActorFor(Method::kStreamRegister, caller, request.on_behalf_of());
  if (!actor.ok()) return done(std::move(actor).status());
  absl::Status status = CheckRowCount(request.rows_size(), kStreamMessageRowsMax);
  if (!status.ok()) return done(std::move(status));
  std::make_shared<StreamRegistration>(ledger_, *std::move(actor), &request, first_row_index,
                                       std::move(done))
      ->Start();
}

void Registry::UpdateRecord(const v1::UpdateRecordRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kUpdateRecord, Operation::kUpdate, request, caller, std::move(done));
}

void Registry::ModifyValues(const v1::ModifyValuesRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kModifyValues, Operation::kModifyValues, request, caller, std::move(done));
}

void Registry::SuspendRecord(const v1::SuspendRecordRequest& request, const Caller& caller,
                             Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kSuspendRecord, Operation::kSuspend, request, caller, std::move(done));
}

void Registry::ActivateRecord(const v1::ActivateRecordRequest& request, const Caller& caller,
                              Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kActivateRecord, Operation::kActivate, request, caller, std::move(done));
}

void Registry::RetireRecord(const v1::RetireRecordRequest& request, const Caller& caller,
                            Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kRetireRecord, Operation::kRetire, request, caller, std::move(done));
}

void Registry::ReinstateRecord(const v1::ReinstateRecordRequest& request, const Caller& caller,
                               Done<v1::RecordResponse> done) {
  Write(ledger_, Method::kReinstateRecord, Operation::kReinstate, request, caller, std::move(done));
}

}  // namespace gusu::server
