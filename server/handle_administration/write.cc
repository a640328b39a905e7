#include "server/handle_administration/write.h"

#include <memory>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/handle_administrators.h"
#include "server/registry.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using Kind = AdminRequest::Kind;

constexpr char kCreatedAgain[] = "created again over the Handle protocol";

bool IsAdmin(std::string_view type) { return ToKey(type) == "HS_ADMIN"; }

const storage::v1::ValueRow* FindValue(const storage::v1::RecordRow& record, uint32_t index) {
  for (const storage::v1::ValueRow& value : record.values()) {
    if (value.index() == index) return &value;
  }
  return nullptr;
}

absl::Status ValueTaken(std::string_view handle, uint32_t index) {
  return Error(absl::StatusCode::kAlreadyExists, "VALUE_INDEX_DUPLICATE",
               Concat("handle ", Quote(handle), " has a value of index ", index),
               {{"identifier", std::string(handle)}, {"index", std::to_string(index)}});
}

// What the request does not say of a value stays as it was: who may read it, and for how long. So
// does what the protocol has no word for: the language of a text, that some partners may read, and
// that data is the digest of what is disclosed elsewhere.
void KeepUnsaid(const storage::v1::ValueRow& old, v1::Value* value) {
  if (ToKey(value->type()) != ToKey(old.type())) return;
  if (value->tier() == v1::TIER_UNSPECIFIED) value->set_tier(static_cast<v1::Tier>(old.tier()));
  if (value->lifetime_case() == v1::Value::LIFETIME_NOT_SET) {
    if (old.ttl_absolute()) {
      value->mutable_cache_until()->set_seconds(static_cast<int64_t>(old.ttl()));
    } else {
      value->set_ttl_seconds(static_cast<uint32_t>(old.ttl()));
    }
  }
  value->set_language(old.language());
  if (value->tier() == v1::OWNER && old.tier() == v1::PARTNER) value->set_tier(v1::PARTNER);
  if (value->data() == old.data()) value->set_is_digest(old.is_digest());
}

// Keeps itself until it has answered.
class AdminWrite : public std::enable_shared_from_this<AdminWrite> {
 public:
  AdminWrite(const AdminWriting& writing, AdminRequest request, Administrator administrator,
             AdminWriting::Done done)
      : writing_(writing),
        request_(std::move(request)),
        administrator_(std::move(administrator)),
        done_(std::move(done)) {}

  void Run() {
    const absl::Status status = Attempt();
    if (!status.ok()) Finish(status);
  }

 private:
  absl::Status Attempt() {
    GUSU_ASSIGN_OR_RETURN(const auto view, writing_.ledger->Latest());
    handle_ = request_.mints ? MintHandle(request_.handle) : request_.handle;
    created_ = false;
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(handle_));
    if (request_.kind == Kind::kCreate) return Create(*view, identifier);
    GUSU_ASSIGN_OR_RETURN(const StoredRecord record, FindHandleRecord(*view, identifier));
    GUSU_RETURN_IF_ERROR(CheckRights(*view, *record.row, RightsNeeded(*record.row)));
    const std::string etag = EtagOf(record.revision);
    if (request_.kind != Kind::kDelete) return ModifyValues(*record.row, etag);
    Delete(etag);
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
    GUSU_RETURN_IF_ERROR(CheckRights(view, *record->row, handle::kDeleteHandle));
    Replace(*record->row, etag);
    return absl::OkStatus();
  }

  absl::Status CheckRights(const storage::View& view, const storage::v1::RecordRow& record,
                           uint16_t rights) const {
    if (!administrator_.is_bound_by_handle()) return absl::OkStatus();
    return CheckHandleRights(view, record, administrator_.identity(), rights);
  }

  // Another right where it touches who administers.
  uint16_t RightsNeeded(const storage::v1::RecordRow& record) const {
    if (request_.kind == Kind::kDelete) return handle::kDeleteHandle;
    uint16_t rights = 0;
    for (const uint32_t index : request_.removed_indexes) {
      const auto* old = FindValue(record, index);
      const bool is_admin = old != nullptr && IsAdmin(old->type());
      rights |= is_admin ? handle::kRemoveAdmin : handle::kRemoveValueRight;
    }
    if (request_.row == nullptr) return rights;
    for (const v1::Value& value : request_.row->values()) {
      const auto* old = FindValue(record, value.index());
      const bool is_admin = IsAdmin(value.type()) || (old != nullptr && IsAdmin(old->type()));
      if (Adds(old)) {
        rights |= is_admin ? handle::kAddAdmin : handle::kAddValueRight;
      } else {
        rights |= is_admin ? handle::kModifyAdmin : handle::kModifyValueRight;
      }
    }
    return rights;
  }

  // Whether a value is added where `old` stands.
  bool Adds(const storage::v1::ValueRow* old) const {
    return request_.kind == Kind::kAddValues ||
           (request_.kind == Kind::kPutValues && old == nullptr);
  }

  template <typename Request>
  std::shared_ptr<Request> Named(const std::string& etag) const {
    auto request = std::make_shared<Request>();
    request->set_name(handle_);
    request->set_etag(etag);
    return request;
  }

  void Register() {
    created_ = true;
    auto request = std::make_shared<v1::RegisterRequest>();
    *request->mutable_row() = *request_.row;
    request->mutable_row()->set_identifier(handle_);
    const auto done = [self = shared_from_this(),
                       request](const absl::StatusOr<v1::RegisterResponse>& response) {
      if (!response.ok()) return self->OnWritten(response.status());
      // To register the same again is no fault elsewhere; to create it again is one here.
      const bool created = response->result().outcome() == v1::RegisterResult::CREATED;
      self->Finish(created ? absl::OkStatus() : HandleTaken(self->handle_));
    };
    writing_.registry->Register(*request, administrator_.caller, done);
  }

  void Reinstate(const std::string& etag) {
    created_ = true;
    auto request = Named<v1::ReinstateRecordRequest>(etag);
    request->set_reason(kCreatedAgain);
    *request->mutable_content()->mutable_values() = request_.row->values();
    Send(&Registry::ReinstateRecord, std::move(request));
  }

  void Replace(const storage::v1::RecordRow& record, const std::string& etag) {
    auto request = Named<v1::UpdateRecordRequest>(etag);
    *request->mutable_values() = request_.row->values();
    for (v1::Value& value : *request->mutable_values()) {
      if (const auto* old = FindValue(record, value.index())) KeepUnsaid(*old, &value);
    }
    Send(&Registry::UpdateRecord, std::move(request));
  }

  void Delete(const std::string& etag) {
    auto request = Named<v1::RetireRecordRequest>(etag);
    request->mutable_retirement()->set_reason(v1::Retirement::DELETED);
    Send(&Registry::RetireRecord, std::move(request));
  }

  absl::Status ModifyValues(const storage::v1::RecordRow& record, const std::string& etag) {
    auto request = Named<v1::ModifyValuesRequest>(etag);
    for (const uint32_t index : request_.removed_indexes) request->add_remove_indexes(index);
    if (request_.row != nullptr) {
      for (const v1::Value& value : request_.row->values()) {
        const auto* old = FindValue(record, value.index());
        if (Adds(old)) {
          if (old != nullptr) return ValueTaken(handle_, value.index());
          *request->add_add() = value;
          continue;
        }
        v1::Value* modified = request->add_modify();
        *modified = value;
        if (old != nullptr) KeepUnsaid(*old, modified);
      }
    }
    Send(&Registry::ModifyValues, std::move(request));
    return absl::OkStatus();
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
    const std::string reason = ErrorReason(status);
    const bool lost_race =
        reason == "ETAG_MISMATCH" || (reason == "IDENTIFIER_TAKEN" && request_.overwrites);
    if (!lost_race) return Finish(status);
    if (++attempts_ < AdminWriting::kAttemptsMax) return Run();
    // No client of the protocol has an etag.
    Finish(Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                 Concat("handle ", Quote(handle_), " is being written by others: ask again"),
                 {{"identifier", handle_}}));
  }

  void Finish(const absl::Status& status) const { done_({status, handle_, created_}); }

  const AdminWriting writing_;
  const AdminRequest request_;
  const Administrator administrator_;
  const AdminWriting::Done done_;
  std::string handle_;    // as it is written to
  bool created_ = false;  // where the attempt under way succeeds
  int attempts_ = 0;
};

}  // namespace

void AdminWriting::Write(AdminRequest request, Administrator administrator, Done done) const {
  std::make_shared<AdminWrite>(*this, std::move(request), std::move(administrator), std::move(done))
      ->Run();
}

}  // namespace gusu::server
