#include "server/doors/http/handle_api/session_resource.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "proto/base64.h"
#include "proto/handle/key.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/handle/site.h"
#include "server/doors/http/content_type.h"
#include "server/doors/http/handle_api/json_fields.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMethods = "POST";
constexpr std::string_view kMethodsOfThis = "GET, HEAD, PUT, DELETE";
constexpr size_t kClientNonceBytesMax = 64;

bool IsKnown(const Administrator& owner) { return owner.caller.role != Role::kAnonymous; }

// What the body of a PUT says, over what the header says.
absl::Status ReadBody(const HttpRequest& request, SessionWords* words) {
  if (request.body.empty()) return absl::OkStatus();
  if (ContentType(request) != kJsonType) return ApiMalformed("Content-Type", "is not JSON's");
  GUSU_ASSIGN_OR_RETURN(const Json json, ParseApiJson(request.body));
  if (!json.is_object()) return ApiMalformed("body", "is no object");
  for (const auto& [name, word] : words->Named()) {
    if (word == &words->session_id) continue;  // is the header's to say
    GUSU_ASSIGN_OR_RETURN(*word, TextMember(json, name, std::string_view(*word)));
  }
  return absl::OkStatus();
}

}  // namespace

ApiSessionResource::ApiSessionResource(const HttpCore* core, ApiAuthentication* authentication,
                                       ApiSessions* sessions)
    : core_(*core), authentication_(*authentication), sessions_(*sessions) {}

void ApiSessionResource::Answer(bool is_this, const ApiReply& reply) const {
  const HttpRequest& request = *reply.call().request;
  const bool is_post = request.method == "POST";
  const bool is_known_method =
      request.method == "GET" || request.method == "PUT" || request.method == "DELETE";
  if (is_this ? !is_known_method : !is_post) {
    return reply.RefuseMethod(is_this ? kMethodsOfThis : kMethods);
  }
  absl::Status status = HttpCore::CheckMaySendSecret(request);
  if (status.ok()) status = is_this ? Use(reply) : Make(reply);
  if (!status.ok()) reply.Refuse(status);
}

absl::Status ApiSessionResource::Make(const ApiReply& reply) const {
  const HttpRequest& request = *reply.call().request;
  ApiSessions::Fresh session = sessions_.New();
  SessionWords words;
  Administrator owner;
  owner.caller.peer = request.peer;
  if (const auto parameters = ApiAuthentication::Scheme(request, "Handle")) {
    GUSU_ASSIGN_OR_RETURN(words, ReadSessionWords(*parameters));
  } else {
    GUSU_ASSIGN_OR_RETURN(owner, authentication_.Authenticate(request));
    if (!owner.handle.empty()) {
      sessions_.SetOwner(session.id, {owner.handle, owner.index, owner.caller.proof_key,
                                      owner.caller.proof_revision});
    }
  }
  return Show(session, owner, words.client_nonce, /*is_new=*/true, reply);
}

absl::Status ApiSessionResource::Use(const ApiReply& reply) const {
  const HttpRequest& request = *reply.call().request;
  const auto parameters = ApiAuthentication::Scheme(request, "Handle");
  if (!parameters.has_value()) {
    return ApiMalformed("Authorization", "names no session, as: Handle sessionId=\"…\"");
  }
  GUSU_ASSIGN_OR_RETURN(SessionWords words, ReadSessionWords(*parameters));
  if (request.method == "DELETE") {
    // A session that is none is ended as well as can be.
    sessions_.End(words.session_id);
    reply.AnswerBare(Json::object(), 200);
    return absl::OkStatus();
  }
  if (request.method == "PUT") GUSU_RETURN_IF_ERROR(ReadBody(request, &words));
  Administrator owner;
  if (words.is_proof()) {
    GUSU_ASSIGN_OR_RETURN(owner, authentication_.ProveSession(words, request.peer));
  } else {
    GUSU_ASSIGN_OR_RETURN(owner, authentication_.OwnerOf(words.session_id, request.peer));
  }
  const auto nonce = sessions_.NonceOf(words.session_id);
  return Show({words.session_id, nonce.value_or("")}, owner,
              words.is_proof() ? "" : words.client_nonce, /*is_new=*/false, reply);
}

absl::Status ApiSessionResource::Show(const ApiSessions::Fresh& session, const Administrator& owner,
                                      const std::string& client_nonce, bool is_new,
                                      const ApiReply& reply) const {
  Json json = {{"sessionId", session.id}, {"nonce", Base64Encode(session.nonce)}};
  if (IsKnown(owner) && !owner.handle.empty()) {
    json["authenticated"] = true;
    json["id"] = Concat(owner.index, ":", owner.handle);
  }
  const HandleSite* site = core_.rules().handle_site;
  if (!client_nonce.empty() && site != nullptr) {
    const auto octets = Base64Decode(client_nonce);
    if (!octets.has_value() || octets->size() > kClientNonceBytesMax) {
      return ApiMalformed("cnonce", "is not base64 of at most 64 bytes");
    }
    Caller asking = owner.caller;
    asking.peer = reply.call().request->peer;
    GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, asking, kSignatureCost));
    json["serverAlg"] = "SHA256";
    json["serverSignature"] =
        Base64Encode(site->key().Sign(handle::HashAlgorithm::kSha256, {session.nonce, *octets}));
  }
  std::vector<HttpHeader> headers;
  if (is_new) headers.push_back({"Location", "/api/sessions/this"});
  reply.AnswerBare(json, is_new ? 201 : 200, std::move(headers));
  return absl::OkStatus();
}

}  // namespace gusu::server
