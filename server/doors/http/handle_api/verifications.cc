#include "server/doors/http/handle_api/verifications.h"

#include <nlohmann/json.hpp>

#include "proto/base64.h"
#include "proto/handle/challenge.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/handle_administration/request.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST";

absl::StatusOr<std::string> Octets(const ApiParameters& parameters, const char* name) {
  const auto text = parameters.Text(name);
  if (!text.has_value()) return ApiMalformed(name, "is not given");
  auto octets = Base64Decode(*text);
  if (!octets.has_value()) return ApiMalformed(name, Concat(Quote(*text), " is not base64"));
  return *std::move(octets);
}

}  // namespace

ApiVerifications::ApiVerifications(const HttpCore* core, ApiAuthentication* authentication)
    : core_(*core), authentication_(*authentication) {}

void ApiVerifications::Answer(const std::string& identity, ApiReply reply) const {
  const std::string& method = reply.call().request->method;
  if (method != "GET" && method != "POST") return reply.RefuseMethod(kMethods);
  reply.About("id", identity);
  const auto parameters = ApiParameters::Read(reply.call());
  absl::Status status = parameters.status();
  if (status.ok()) status = reply.Format(*parameters);
  if (status.ok()) status = Verify(identity, *parameters, reply);
  if (!status.ok()) reply.Refuse(status);
}

absl::Status ApiVerifications::Verify(const std::string& identity, const ApiParameters& parameters,
                                      const ApiReply& reply) const {
  const auto text = [&parameters](const char* name) {
    return std::string(parameters.Text(name).value_or(""));
  };
  GUSU_ASSIGN_OR_RETURN(const auto named, ReadApiIdentity(identity));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(named.handle));
  GUSU_ASSIGN_OR_RETURN(const std::string nonce, Octets(parameters, "nonce"));
  GUSU_ASSIGN_OR_RETURN(const std::string client_nonce, Octets(parameters, "cnonce"));
  SessionWords words;
  words.type = handle::kSecretKeyType;
  words.algorithm = text("alg");
  words.signature = text("signature");
  words.salt = text("salt");
  words.iterations = text("iterations");
  words.length = text("length");
  GUSU_ASSIGN_OR_RETURN(const std::string answer, SignedResponse(words));
  GUSU_ASSIGN_OR_RETURN(
      const bool is_right,
      authentication_.IsAnswerOfIdentity({{named.handle, named.index}, nonce, client_nonce, answer},
                                         reply.call().request->peer));
  if (!is_right) {
    GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
    GUSU_RETURN_IF_ERROR(CheckPrefixIsHere(*view, identifier.prefix()));
  }
  reply.Answer({{"verificationResult", is_right}});
  return absl::OkStatus();
}

}  // namespace gusu::server
