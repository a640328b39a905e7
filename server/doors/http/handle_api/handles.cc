#include "server/doors/http/handle_api/handles.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gusu/v1/registry.pb.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/content_type.h"
#include "server/doors/http/handle_api/data_json.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/handle_api/value_json.h"
#include "server/handle_administrators.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;
using Json = nlohmann::ordered_json;

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, DELETE";
// In place of an index: any that the body has.
constexpr std::string_view kAnyIndex = "various";
constexpr std::string_view kWhoAsks = "this needs to know who asks";
constexpr int kCreated = 201;

Json ValuesJson(std::span<const handle::Value> values) {
  Json json = Json::array();
  for (const handle::Value& value : values) json.push_back(ValueJson(value));
  return json;
}

bool IsPublic(const handle::Value& value) { return (value.permissions & handle::kPublicRead) != 0; }

// What was read, as JSON; what is not public only for whom HS_ADMIN lets read it.
class ReadAnswer final : public HandleReadingAnswer {
 public:
  ReadAnswer(const ApiReply& reply, const std::string& handle, const Administrator& administrator,
             const storage::Ledger& ledger)
      : reply_(reply), handle_(handle), administrator_(administrator), ledger_(ledger) {}

  void Values(std::span<const handle::Value> values) override {
    if (!std::all_of(values.begin(), values.end(), IsPublic)) {
      const absl::Status status = CheckMayRead();
      if (!status.ok()) return reply_.Refuse(status);
    }
    reply_.Answer({{"values", ValuesJson(values)}});
  }
  void Referral(std::string_view handle, std::span<const handle::Value> sites) override {
    const Json referral = {{"handle", ToShown(handle)}, {"values", ValuesJson(sites)}};
    reply_.Refuse(ResponseCode::kPrefixReferral, HttpStatusOfCode(ResponseCode::kPrefixReferral),
                  {}, {{"referral", referral}});
  }
  void Refuse(ResponseCode code, std::string_view text) override {
    if (code != ResponseCode::kValuesNotFound) return reply_.Refuse(code, text);
    // Nothing to be read is no fault of who reads.
    reply_.Refuse(code, 200, {}, {{"values", Json::array()}});
  }
  void Refuse(const absl::Status& status) override { reply_.Refuse(status); }
  void AskWho() override { reply_.Refuse(ResponseCode::kAuthenticationNeeded, kWhoAsks); }

 private:
  absl::Status CheckMayRead() const {
    if (!administrator_.is_bound_by_handle()) return absl::OkStatus();
    GUSU_ASSIGN_OR_RETURN(const auto view, ledger_.Latest());
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(handle_));
    GUSU_ASSIGN_OR_RETURN(const StoredRecord record, FindHandleRecord(*view, identifier));
    return CheckHandleRights(*view, *record.row, administrator_.identity(), handle::kReadValue);
  }

  const ApiReply& reply_;
  const std::string& handle_;
  const Administrator& administrator_;
  const storage::Ledger& ledger_;
};

std::vector<uint32_t> Sorted(std::vector<uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// The values that `index` names, and no others, must be those of the body.
absl::Status CheckIndexes(const ApiParameters& parameters, const AdminRequest& request) {
  if (request.row->values().empty()) return ApiMalformed("values", "are none");
  const auto named = parameters.All("index");
  if (std::find(named.begin(), named.end(), kAnyIndex) != named.end()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(std::vector<uint32_t> indexes, parameters.Numbers("index"));
  indexes = Sorted(std::move(indexes));
  std::vector<uint32_t> sent;
  for (const v1::Value& value : request.row->values()) sent.push_back(value.index());
  if (Sorted(std::move(sent)) == indexes) return absl::OkStatus();
  return ApiMalformed("index", "names other values than the body has");
}

absl::StatusOr<AdminRequest> ReadPut(const std::string& handle, const ApiParameters& parameters,
                                     const HttpRequest& request) {
  const std::string type = ContentType(request);
  if (type.empty()) {
    return ApiMalformed("Content-Type", Concat("is not given; it is ", kJsonType));
  }
  if (type != kJsonType) {
    return ApiMalformed("Content-Type", Concat("is ", Quote(type), ", not ", kJsonType));
  }
  AdminRequest write;
  write.handle = handle;
  GUSU_ASSIGN_OR_RETURN(write.overwrites, parameters.Flag("overwrite", true));
  GUSU_ASSIGN_OR_RETURN(write.mints, parameters.Flag("mintNewSuffix", false));
  GUSU_RETURN_IF_ERROR(ReadValues(request.body, &write));
  if (!parameters.Text("index").has_value()) return write;
  if (write.mints) return ApiMalformed("mintNewSuffix", "does not go with index");
  write.kind = write.overwrites ? AdminRequest::Kind::kPutValues : AdminRequest::Kind::kAddValues;
  GUSU_RETURN_IF_ERROR(CheckIndexes(parameters, write));
  return write;
}

absl::StatusOr<AdminRequest> ReadDelete(const std::string& handle,
                                        const ApiParameters& parameters) {
  AdminRequest write;
  write.handle = handle;
  write.kind = AdminRequest::Kind::kDelete;
  if (!parameters.Text("index").has_value()) return write;
  write.kind = AdminRequest::Kind::kRemoveValues;
  GUSU_ASSIGN_OR_RETURN(std::vector<uint32_t> indexes, parameters.Numbers("index"));
  write.removed_indexes = Sorted(std::move(indexes));
  return write;
}

HandleReading::Sources SourcesOf(const DoorRules& rules) {
  HandleReading::Sources sources;
  sources.resolver = rules.resolver;
  sources.ledger = rules.ledger;
  sources.site = rules.handle_site;
  sources.identities = rules.identities;
  return sources;
}

}  // namespace

ApiHandles::ApiHandles(const HttpCore* core, ApiAuthentication* authentication)
    : core_(*core),
      authentication_(*authentication),
      reading_(SourcesOf(core->rules())),
      writing_{core->rules().registry, core->rules().ledger} {}

void ApiHandles::Answer(const std::string& handle, ApiReply reply) const {
  const HttpRequest& request = *reply.call().request;
  reply.About("handle", handle);
  const auto parameters = ApiParameters::Read(reply.call());
  if (!parameters.ok()) return reply.Refuse(parameters.status());
  absl::Status status = reply.Format(*parameters);
  if (!status.ok()) return reply.Refuse(status);
  if (request.method == "GET" || request.method == "POST") {
    status = Get(handle, *parameters, reply);
  } else if (request.method == "PUT" || request.method == "DELETE") {
    auto write = request.method == "PUT" ? ReadPut(handle, *parameters, request)
                                         : ReadDelete(handle, *parameters);
    status = write.ok() ? Write(*std::move(write), reply) : write.status();
  } else {
    return reply.RefuseMethod(kMethods);
  }
  if (!status.ok()) reply.Refuse(status);
}

absl::Status ApiHandles::Get(const std::string& handle, const ApiParameters& parameters,
                             const ApiReply& reply) const {
  // `auth` and `cert` are of other servers: this one is always asked itself, and signs no JSON.
  for (const char* flag : {"auth", "cert"}) {
    GUSU_RETURN_IF_ERROR(parameters.Flag(flag, false).status());
  }
  GUSU_ASSIGN_OR_RETURN(const std::vector<uint32_t> indexes, parameters.Numbers("index"));
  const std::vector<std::string_view> types = parameters.All("type");
  for (const std::string_view type : types) {
    if (type.size() > kTypeBytesMax) return ApiMalformed("type", "is longer than 255 bytes");
  }
  GUSU_ASSIGN_OR_RETURN(const bool refuses_referrals, parameters.Flag("doNotRefer", false));
  GUSU_ASSIGN_OR_RETURN(const Administrator administrator,
                        authentication_.Authenticate(*reply.call().request));
  const bool is_known = administrator.caller.role != Role::kAnonymous;
  GUSU_ASSIGN_OR_RETURN(const bool public_only, parameters.Flag("publicOnly", !is_known));
  GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, administrator.caller, 1));
  Caller caller = administrator.caller;
  if (public_only) {
    caller = Caller();
    caller.door = Door::kHttp;
    caller.peer = administrator.caller.peer;
  }
  std::string index_bytes, type_bytes;
  const handle::ResolveRequest request{handle, handle::NumberList(indexes, index_bytes),
                                       handle::TextList(types, type_bytes)};
  HandleReading::Question question{request, caller};
  question.refers = !refuses_referrals;
  question.asks_who = !public_only && !is_known;
  question.shows_identities = true;
  ReadAnswer answer(reply, handle, administrator, *core_.rules().ledger);
  reading_.Ask(question, &answer);
  return absl::OkStatus();
}

absl::Status ApiHandles::Write(AdminRequest request, const ApiReply& reply) const {
  GUSU_RETURN_IF_ERROR(CheckHandleNamed(request));
  GUSU_ASSIGN_OR_RETURN(Administrator administrator,
                        authentication_.Authenticate(*reply.call().request));
  GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, administrator.caller, 1));
  {
    GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
    GUSU_RETURN_IF_ERROR(CheckBeforeAsking(*view, request));
  }
  if (administrator.caller.role == Role::kAnonymous) {
    reply.Refuse(ResponseCode::kAuthenticationNeeded, kWhoAsks);
    return absl::OkStatus();
  }
  const auto done = [told = reply](const AdminOutcome& outcome) {
    ApiReply late = told;
    if (!outcome.handle.empty()) late.About("handle", outcome.handle);
    if (!outcome.status.ok()) return late.Refuse(outcome.status);
    late.Answer(Json::object(), outcome.created ? kCreated : 200);
  };
  writing_.Write(std::move(request), std::move(administrator), done);
  return absl::OkStatus();
}

}  // namespace gusu::server
