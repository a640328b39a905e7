#include "server/doors/http/handle_api/handle_api.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "server/doors/handle/site.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/handle_list.h"
#include "server/doors/http/handle_api/handles.h"
#include "server/doors/http/handle_api/prefixes.h"
#include "server/doors/http/handle_api/session_resource.h"
#include "server/doors/http/handle_api/site_data_json.h"
#include "server/doors/http/handle_api/verifications.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;

constexpr std::string_view kNothingHere = "there is nothing at this path of the Handle API";
constexpr std::string_view kNoSite = "this server has no interface of the Handle protocol";
constexpr std::string_view kEmptyHandle = "Empty handle invalid";

// What stands behind /api/{area}/, decoded as a whole: identifiers have "/", sent as it is or
// percent-encoded.
absl::StatusOr<std::string> Rest(const HttpTarget& target) {
  const size_t length =
      std::string_view("/").size() * 3 + target.segments[0].size() + target.segments[1].size();
  return gusu::server::PercentDecode(std::string_view(target.raw_path).substr(length));
}

}  // namespace

struct HandleApi::Parts {
  explicit Parts(const HttpCore& own_core)
      : core(own_core),
        authentication(&core, sessions.get()),
        handles(&core, &authentication),
        list(&core, &authentication),
        prefixes(&core, &authentication),
        verifications(&core, &authentication),
        session_resource(&core, &authentication, sessions.get()) {}

  void Answer(const HttpCall& call) {
    ApiReply reply(call, sessions);
    const auto& segments = call.target.segments;
    const std::string area = segments.size() > 1 ? segments[1] : "";
    if (segments.size() < 3) return AnswerArea(area, std::move(reply));
    const auto rest = Rest(call.target);
    if (!rest.ok()) return reply.Refuse(rest.status());
    if (area == "handles") {
      if (!rest->empty()) return handles.Answer(*rest, std::move(reply));
      return AnswerArea(area, std::move(reply));
    }
    if (area == "prefixes" && !rest->empty()) return prefixes.Answer(*rest, std::move(reply));
    if (area == "verifications") return verifications.Answer(*rest, std::move(reply));
    if (area == "sessions" && *rest == "this") return session_resource.Answer(true, reply);
    AnswerNothing(reply);
  }

  void AnswerArea(const std::string& area, ApiReply reply) {
    if (area == "handles") {
      // With no prefix either, a handle was meant.
      if (reply.call().target.segments.size() < 3 ||
          reply.call().target.Parameter("prefix").has_value()) {
        return list.Answer(std::move(reply));
      }
      return reply.Refuse(ResponseCode::kInvalidHandle, kEmptyHandle);
    }
    if (area == "prefixes") return prefixes.Answer("", std::move(reply));
    if (area == "sessions") return session_resource.Answer(false, reply);
    if (area == "site") return AnswerSite(std::move(reply));
    AnswerNothing(reply);
  }

  void AnswerSite(ApiReply reply) {
    if (reply.call().request->method != "GET") return reply.RefuseMethod("GET, HEAD");
    const auto parameters = ApiParameters::Read(reply.call());
    absl::Status status = parameters.status();
    if (status.ok()) status = reply.Format(*parameters);
    if (!status.ok()) return reply.Refuse(status);
    const HandleSite* site = core.rules().handle_site;
    const auto json =
        site == nullptr ? std::optional<nlohmann::ordered_json>() : SiteDataJson(site->bytes());
    if (!json.has_value()) return reply.Refuse(ResponseCode::kOperationNotSupported, kNoSite);
    reply.Answer({{"site", *json}});
  }

  static void AnswerNothing(const ApiReply& reply) {
    reply.Refuse(ResponseCode::kProtocolError, 404, kNothingHere, nlohmann::ordered_json::object());
  }

  const HttpCore core;
  const std::shared_ptr<ApiSessions> sessions = std::make_shared<ApiSessions>();
  ApiAuthentication authentication;
  ApiHandles handles;
  ApiHandleList list;
  ApiPrefixes prefixes;
  ApiVerifications verifications;
  ApiSessionResource session_resource;
};

HandleApi::HandleApi(const HttpCore* core) : core_(*core), parts_(std::make_shared<Parts>(*core)) {}

HandleApi::~HandleApi() = default;

void HandleApi::Answer(const HttpCall& call) {
  const absl::Status status = core_.Run([parts = parts_, call] { parts->Answer(call); });
  if (!status.ok()) ApiReply(call, parts_->sessions).Refuse(status);
}

}  // namespace gusu::server
