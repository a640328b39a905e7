#include "server/doors/http/handle_api/prefixes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "gusu/v1/registrar.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "server/doors/handle/prefix_record.h"
#include "server/doors/http/handle_api/parameters.h"
#include "server/handle_administration/request.h"
#include "server/page_token.h"
#include "server/registrar.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;
using Json = nlohmann::ordered_json;

constexpr std::string_view kMethods = "GET, HEAD";
constexpr std::string_view kNotHomed =
    "prefixes are granted, delegated and retired by the bureau, over the registry's own API";
constexpr std::string_view kWhoAsks = "prefixes are listed for those with a credential";

}  // namespace

ApiPrefixes::ApiPrefixes(const HttpCore* core, ApiAuthentication* authentication)
    : core_(*core), authentication_(*authentication) {}

void ApiPrefixes::Answer(const std::string& prefix, ApiReply reply) const {
  const std::string& method = reply.call().request->method;
  if (!prefix.empty()) reply.About("prefix", prefix);
  if (method == "POST" || method == "PUT" || method == "DELETE") {
    return reply.Refuse(ResponseCode::kOperationNotSupported, kNotHomed);
  }
  if (method != "GET") return reply.RefuseMethod(kMethods);
  const auto parameters = ApiParameters::Read(reply.call());
  absl::Status status = parameters.status();
  if (status.ok()) status = reply.Format(*parameters);
  if (status.ok()) status = prefix.empty() ? List(reply) : ShowOne(prefix, reply);
  if (!status.ok()) reply.Refuse(status);
}

absl::Status ApiPrefixes::ShowOne(const std::string& prefix, const ApiReply& reply) const {
  GUSU_ASSIGN_OR_RETURN(const std::string named,
                        ParsePrefix(PrefixOfPrefixHandle(prefix).value_or(prefix)));
  Caller anybody;
  anybody.door = Door::kHttp;
  anybody.peer = reply.call().request->peer;
  GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, anybody, 1));
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  GUSU_RETURN_IF_ERROR(CheckPrefixIsHere(*view, named));
  reply.Answer(Json::object());
  return absl::OkStatus();
}

absl::Status ApiPrefixes::List(const ApiReply& reply) const {
  GUSU_ASSIGN_OR_RETURN(const Administrator administrator,
                        authentication_.Authenticate(*reply.call().request));
  if (administrator.caller.role == Role::kAnonymous) {
    reply.Refuse(ResponseCode::kAuthenticationNeeded, kWhoAsks);
    return absl::OkStatus();
  }
  v1::ListPrefixesRequest request;
  request.set_page_size(kPageSizeMax);
  Json prefixes = Json::array();
  do {
    v1::ListPrefixesResponse page;
    GUSU_RETURN_IF_ERROR(
        core_.rules().registrar->ListPrefixes(request, administrator.caller, &page));
    for (const v1::Prefix& prefix : page.prefixes()) {
      const bool is_here = prefix.sites().empty() && prefix.state() != v1::Prefix::RETIRED;
      if (is_here) prefixes.push_back(PrefixHandle(prefix.prefix()));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && prefixes.size() < kPrefixesMax);
  reply.Answer({{"prefixes", std::move(prefixes)}});
  return absl::OkStatus();
}

}  // namespace gusu::server
