#include "server/doors/handle/admin_write.h"

#include <memory>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/response.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "server/handle_administrators.h"
#include "server/registry.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using handle::Operation;
using handle::ResponseCode;

constexpr char kCreatedAgain[] = "created again over the Handle protocol";

bool IsAdmin(std::string_view type) { return ToKey(type) == "HS_ADMIN"; }

const storage::v1::ValueRow* FindValue(const storage::v1::RecordRow& record, uint32_t index) {
  for (const storage::v1::ValueRow& value : record.values()) {
    if (value.index() == index) return &value;
  }
  return nullptr;
}

// Keeps itself until it has answered.
class AdminWrite : public std::enable_shared_from_this<AdminWrite> {
 public:
  AdminWrite(const AdminWriting& writing, AdminRequest request, Administrator administrator,
             LateAnswer answer)
      : writing_(writing),
        request_(std::move(request)),
        administrator_(std::move(administrator)),
        answer_(std::move(answer)) {}

  void Run() {
    const absl::Status status = Attempt();
    if (!status.ok()) Finish(status);
  }

 private:
  absl::Status Attempt() {
    GUSU_ASSIGN_OR_RETURN(const auto view, writing_.ledger->Latest());
    handle_ = request_.mints ? MintHandle(request_.handle) : request_.handle;
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(handle_));
    if (request_.operation == Operation::kCreateHandle) return Create(*view, identifier);
    GUSU_ASSIGN_OR_RETURN(const StoredRecord record, FindHandleRecord(*view, identifier));
    GUSU_RETURN_IF_ERROR(CheckHandleRights(*view, *record.row, administrator_.identity(),
                                           RightsNeeded(*record.row)));
    const std::string etag = EtagOf(record.revision);
    if (request_.operation == Operation::kDeleteHandle) {
      Delete(etag);
    } else {
      ModifyValues(*record.row, etag);
    }
    return absl::OkStatus();
  }

  absl::Status Create(const storage::View& view, const Identifier& identifier) {
    GUSU_ASSIGN_OR_RETURN(const auto record,
                          ReadRecord(view, identifier.key(), view.last_revision()));
    if (!record.has_value()) {
      Register();
      return absl::OkStatus();
    }
    const std::string etag = EtagOf(record->revision);
    if (IsDeletedHandle(*record->row)) {
      Reinstate(etag);
      return absl::OkStatus();
    }
    if (!request_.overwrites) return HandleTaken(handle_);
    GUSU_RETURN_IF_ERROR(
        CheckHandleRights(view, *record->row, administrator_.identity(), handle::kDeleteHandle));
    Replace(etag);
    return absl::OkStatus();
  }

  // What an operation on values needs: another right where it touches who administers.
  uint16_t RightsNeeded(const storage::v1::RecordRow& record) const {
    uint16_t rights = 0;
    switch (request_.operation) {
      case Operation::kAddValue:
        for (const v1::Value& value : request_.row->values()) {
          rights |= IsAdmin(value.type()) ? handle::kAddAdmin : handle::kAddValueRight;
        }
        return rights;
      case Operation::kModifyValue:
        for (const v1::Value& value : request_.row->values()) {
          const auto* old = FindValue(record, value.index());
          const bool is_admin = IsAdmin(value.type()) || (old != nullptr && IsAdmin(old->type()));
          rights |= is_admin ? handle::kModifyAdmin : handle::kModifyValueRight;
        }
        return rights;
      case Operation::kRemoveValue:
        for (const uint32_t index : request_.removed_indexes) {
          const auto* old = FindValue(record, index);
          const bool is_admin = old != nullptr && IsAdmin(old->type());
          rights |= is_admin ? handle::kRemoveAdmin : handle::kRemoveValueRight;
        }
        return rights;
      default:
        return handle::kDeleteHandle;
    }
  }

  template <typename Request>
  std::shared_ptr<Request> Named(const std::string& etag) const {
    auto request = std::make_shared<Request>();
    request->set_name(handle_);
    request->set_etag(etag);
    return request;
  }

  void Register() {
    auto request = std::make_shared<v1::RegisterRequest>();
    *request->mutable_row() = *request_.row;
    request->mutable_row()->set_identifier(handle_);
    const auto done = [self = shared_from_this(),
                       request](const absl::StatusOr<v1::RegisterResponse>& response) {
      if (!response.ok()) return self->Finish(response.status());
      // To register the same again is no fault elsewhere; to create it again is one here.
      const bool created = response->result().outcome() == v1::RegisterResult::CREATED;
      self->Finish(created ? absl::OkStatus() : HandleTaken(self->handle_));
    };
    writing_.registry->Register(*request, administrator_.caller, done);
  }

  void Reinstate(const std::string& etag) {
    auto request = Named<v1::ReinstateRecordRequest>(etag);
    request->set_reason(kCreatedAgain);
    *request->mutable_content()->mutable_values() = request_.row->values();
    Send(&Registry::ReinstateRecord, std::move(request));
  }

  void Replace(const std::string& etag) {
    auto request = Named<v1::UpdateRecordRequest>(etag);
    *request->mutable_values() = request_.row->values();
    Send(&Registry::UpdateRecord, std::move(request));
  }

  void Delete(const std::string& etag) {
    auto request = Named<v1::RetireRecordRequest>(etag);
    request->mutable_retirement()->set_reason(v1::Retirement::DELETED);
    Send(&Registry::RetireRecord, std::move(request));
  }

  void ModifyValues(const storage::v1::RecordRow& record, const std::string& etag) {
    auto request = Named<v1::ModifyValuesRequest>(etag);
    if (request_.operation == Operation::kAddValue) {
      *request->mutable_add() = request_.row->values();
    } else if (request_.operation == Operation::kRemoveValue) {
      for (const uint32_t index : request_.removed_indexes) request->add_remove_indexes(index);
    } else {
      *request->mutable_modify() = request_.row->values();
      for (v1::Value& value : *request->mutable_modify()) {
        // The protocol has no word for what some partners may read: it stays so.
        const auto* old = FindValue(record, value.index());
        const bool is_partners = old != nullptr && old->tier() == v1::PARTNER;
        if (is_partners && value.tier() == v1::OWNER) value.clear_tier();
      }
    }
    Send(&Registry::ModifyValues, std::move(request));
  }

  template <typename Request>
  void Send(void (Registry::*method)(const Request&, const Caller&, Done<v1::RecordResponse>),
            std::shared_ptr<const Request> request) {
    const auto done = [self = shared_from_this(),
                       request](const absl::StatusOr<v1::RecordResponse>& response) {
      self->OnWritten(response.status());
    };
    (writing_.registry->*method)(*request, administrator_.caller, done);
  }
  template <typename Request>
  void Send(void (Registry::*method)(const Request&, const Caller&, Done<v1::RecordResponse>),
            std::shared_ptr<Request> request) {
    Send(method, std::shared_ptr<const Request>(std::move(request)));
  }

  void OnWritten(const absl::Status& status) {
    const bool lost_race = ErrorReason(status) == "ETAG_MISMATCH";
    if (lost_race && ++attempts_ < AdminWriting::kAttemptsMax) return Run();
    Finish(status);
  }

  // On the ledger's thread, which others wait for: signing, which takes long, is done elsewhere.
  void Finish(const absl::Status& status) {
    if (answer_.form.is_certified() && writing_.pool != nullptr) {
      auto task = [self = shared_from_this(), status] { self->Answer(status); };
      if (writing_.pool->Submit(std::move(task))) return;
      answer_.form.LeaveUnsigned();
    }
    Answer(status);
  }

  void Answer(const absl::Status& status) const {
    if (!status.ok()) return answer_.Refuse(status);
    answer_.Answer(ResponseCode::kSuccess, [this](handle::Writer& body) {
      if (request_.operation == Operation::kCreateHandle) {
        handle::WriteCreateResponse(body, handle_, answer_.form.version());
      }
    });
  }

  const AdminWriting writing_;
  const AdminRequest request_;
  const Administrator administrator_;
  LateAnswer answer_;
  std::string handle_;  // as it is written to
  int attempts_ = 0;
};

}  // namespace

void AdminWriting::Write(AdminRequest request, Administrator administrator,
                         LateAnswer answer) const {
  std::make_shared<AdminWrite>(*this, std::move(request), std::move(administrator),
                               std::move(answer))
      ->Run();
}

}  // namespace gusu::server
