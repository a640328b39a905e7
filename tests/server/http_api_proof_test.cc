// Who asks over the Handle JSON API: Basic, Bearer, and sessions that prove an identity once.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/base64.h"
#include "proto/handle/challenge.h"
#include "proto/handle/message_hash.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/sessions.h"
#include "tests/server/http_api_world.h"

namespace gusu::server {
namespace {

using handle::HashAlgorithm;
using Json = nlohmann::ordered_json;

constexpr char kHandle[] = "/api/handles/88.118.8/NEW";
constexpr char kBody[] = R"({"index":1,"type":"URL","data":"x"})";
constexpr char kClientNonce[] = "0123456789abcdef";
constexpr char kSessions[] = "/api/sessions", kThis[] = "/api/sessions/this";

std::string Base64(std::string_view bytes) { return Base64Encode(bytes); }

struct Session {
  std::string id;
  std::string nonce;  // its bytes
};

Session Begin(ApiWorld& world) {
  const HttpResponse made = world.Ask("POST", kSessions);
  const Json json = Json::parse(made.body);
  REQUIRE(made.status == 201);
  CHECK(made.Header("Location") == "/api/sessions/this");
  return {json["sessionId"], Base64Decode(json["nonce"].get<std::string>()).value()};
}

HttpHeader HandleScheme(const std::string& parameters) {
  return {"Authorization", "Handle version=\"0\", " + parameters};
}
HttpHeader Of(const Session& session) {
  return HandleScheme(Concat("sessionId=\"", session.id, "\""));
}

HttpHeader ProofOf(const Session& session, std::string_view id, std::string_view type,
                   std::string_view algorithm, std::string_view signature,
                   std::string_view more = "") {
  return HandleScheme(Concat("sessionId=\"", session.id, "\", cnonce=\"", Base64(kClientNonce),
                             "\", id=\"", id, "\", type=\"", type, "\", alg=\"", algorithm,
                             "\", signature=\"", Base64(signature), "\"", more));
}

HttpHeader ProofByKey(const Session& session) {
  return ProofOf(session, "302%3A88.118.8/ADMIN", "HS_PUBKEY", "SHA256",
                 ApiWorld::Key().Sign(HashAlgorithm::kSha256, {session.nonce, kClientNonce}));
}

HttpHeader ProofBySecret(const Session& session, std::string_view secret) {
  return ProofOf(session, "300:88.118.8/ADMIN", "HS_SECKEY", "HMAC-SHA256",
                 handle::HmacBytes(HashAlgorithm::kSha256, secret, {session.nonce, kClientNonce}));
}

std::string PutAs(ApiWorld& world, const HttpHeader& who, const std::string& handle = kHandle) {
  return world.Do("PUT", handle, {who, ApiWorld::kJson}, kBody);
}

bool IsCode(const std::string& answer, int status, int code) {
  const std::string beginning = Concat(status, " {\"responseCode\":", code, ",");
  INFO(answer);
  return answer.substr(0, beginning.size()) == beginning;
}

}  // namespace

TEST_CASE("Basic is an identity and its secret, percent-encoded or as they are") {
  ApiWorld world;
  const auto basic = [](std::string_view text) {
    return HttpHeader{"Authorization", Concat("Basic ", Base64(text))};
  };
  CHECK(IsCode(PutAs(world, basic("300%3A88.118.8/ADMIN:the secret of the pumps")), 201, 1));
  CHECK(IsCode(PutAs(world, basic("300%3A88.118.8%2Fadmin:the%20secret%20of%20the%20pumps")), 200,
               1));
  CHECK(IsCode(PutAs(world, basic("300%3A88.118.8/ADMIN:the secret of the valves")), 403, 403));
  CHECK(IsCode(PutAs(world, basic("300%3A88.118.8/ADMIN:")), 403, 403));
  CHECK(IsCode(PutAs(world, basic("399%3A88.118.8/ADMIN:the secret of the pumps")), 403, 403));
  // That of a key is nobody's to say.
  CHECK(IsCode(PutAs(world, basic("302%3A88.118.8/ADMIN:no identity has this secret")), 403, 403));
  CHECK(IsCode(PutAs(world, basic("300:88.118.8/ADMIN:the secret of the pumps")), 400, 4));
  CHECK(IsCode(PutAs(world, basic("nobody")), 400, 4));
  CHECK(IsCode(PutAs(world, {"Authorization", "Basic ???"}), 400, 4));
  CHECK(IsCode(PutAs(world, {"Authorization", "Digest x"}), 403, 403));
}

TEST_CASE("a token proves a caller, too") {
  ApiWorld world;
  CHECK(IsCode(PutAs(world, ApiWorld::Bearer(HttpWorld::kPumpsWriter)), 201, 1));
  CHECK(IsCode(PutAs(world, ApiWorld::Bearer("gusu_nobody")), 403, 403));
  CHECK(IsCode(world.Do("PUT", kHandle,
                        {ApiWorld::PumpsWriter(), ApiWorld::PumpsWriter(), ApiWorld::kJson}, kBody),
               400, 4));
}

TEST_CASE("secrets are taken over TLS and from the server's own machine, and else not asked for") {
  ApiWorld world;
  HttpRequest request =
      HttpWorld::Request("PUT", kHandle, {ApiWorld::PumpsWriter(), ApiWorld::kJson}, kBody);
  request.peer = "192.0.2.9";
  const std::string refused =
      R"(403 {"responseCode":402,"handle":"88.118.8/NEW","message":"secrets are taken over TLS, and from the server's own machine: use https"})";
  CHECK(world.In(world.Ask(request)) == refused);
  HttpRequest anonymous = HttpWorld::Request("PUT", kHandle, {ApiWorld::kJson}, kBody);
  anonymous.peer = "192.0.2.9";
  const HttpResponse unasked = world.Ask(anonymous);
  CHECK(IsCode(world.In(unasked), 403, 402));
  CHECK(ApiWorld::ChallengesOf(unasked).empty());
  HttpRequest session = HttpWorld::Request("POST", kSessions);
  session.peer = "192.0.2.9";
  CHECK(IsCode(world.In(world.Ask(session)), 403, 402));
  request.tls = true;
  CHECK(IsCode(world.In(world.Ask(request)), 201, 1));
}

TEST_CASE("ten wrong secrets from an address, and it is not listened to for a while") {
  ApiWorld world;
  HttpRequest wrong = HttpWorld::Request(
      "PUT", kHandle, {ApiWorld::Basic("300:88.118.8/ADMIN", "wrong"), ApiWorld::kJson}, kBody);
  wrong.peer = "192.0.2.9";
  wrong.tls = true;
  for (int i = 0; i < 10; ++i) CHECK(IsCode(world.In(world.Ask(wrong)), 403, 403));
  HttpRequest right =
      HttpWorld::Request("PUT", kHandle, {ApiWorld::PumpsWriter(), ApiWorld::kJson}, kBody);
  right.peer = "192.0.2.9";
  right.tls = true;
  const HttpResponse held = world.Ask(right);
  CHECK(IsCode(world.In(held), 503, 3));
  CHECK(held.Header("Retry-After") == "60");
  right.peer = "192.0.2.10";
  CHECK(IsCode(world.In(world.Ask(right)), 201, 1));
}

TEST_CASE("a session is proved once by a key, and then its id is enough") {
  ApiWorld world;
  const Session session = Begin(world);
  CHECK(IsCode(PutAs(world, Of(session)), 401, 402));
  const Json unproved = Json::parse(world.Get(kThis, {Of(session)}).body);
  CHECK(unproved.dump() ==
        Json({{"sessionId", session.id}, {"nonce", Base64(session.nonce)}}).dump());
  CHECK(IsCode(PutAs(world, ProofByKey(session)), 201, 1));
  CHECK(IsCode(PutAs(world, Of(session)), 200, 1));
  const Json proved = Json::parse(world.Get(kThis, {Of(session)}).body);
  CHECK(proved["authenticated"] == true);
  CHECK(proved["id"] == "302:88.118.8/ADMIN");
  CHECK(world.Ask("DELETE", kThis, {Of(session)}).status == 200);
  CHECK(IsCode(PutAs(world, Of(session)), 401, 500));
  // What proved it once proves nothing more.
  CHECK(IsCode(PutAs(world, ProofByKey(session)), 401, 500));
}

TEST_CASE("a session is proved by a secret in every form that clients know") {
  ApiWorld world;
  const std::string secret = HttpWorld::kPumpsSecret;
  const auto proved = [&](std::string_view algorithm, const auto& sign,
                          std::string_view more = "") {
    const Session session = Begin(world);
    return PutAs(world, ProofOf(session, "300:88.118.8/ADMIN", "HS_SECKEY", algorithm,
                                sign(session.nonce), more));
  };
  for (const auto& [name, hash] :
       {std::pair{"SHA1", HashAlgorithm::kSha1}, std::pair{"SHA-1", HashAlgorithm::kSha1},
        std::pair{"SHA256", HashAlgorithm::kSha256},
        std::pair{"SHA-256", HashAlgorithm::kSha256}}) {
    INFO(name);
    const auto around = [&secret, hash = hash](const std::string& nonce) {
      return handle::HashBytes(hash, {secret, nonce, kClientNonce, secret});
    };
    CHECK(proved(name, around).find(R"("responseCode":1,)") != std::string::npos);
    const auto mac = [&secret, hash = hash](const std::string& nonce) {
      return handle::HmacBytes(hash, secret, {nonce, kClientNonce});
    };
    CHECK(proved(Concat("HMAC-", name), mac).find(R"("responseCode":1,)") != std::string::npos);
  }
  const auto derived = [&secret](const std::string& nonce) {
    return handle::HmacBytes(HashAlgorithm::kSha1, handle::DeriveKey(secret, "salt", 1'000, 20),
                             {nonce, kClientNonce});
  };
  const std::string_view words = ", salt=\"c2FsdA==\", iterations=\"1000\", length=\"160\"";
  CHECK(IsCode(proved("PBKDF2-HMAC-SHA1", derived, words), 200, 1));
  CHECK(IsCode(proved("PBKDF2WithHmacSHA1", derived, words), 200, 1));
  CHECK(IsCode(proved("PBKDF2-HMAC-SHA1", derived,
                      ", salt=\"c2FsdA==\", iterations=\"100001\", length=\"160\""),
               400, 4));
  CHECK(IsCode(proved("PBKDF2-HMAC-SHA1", derived, ", salt=\"x\""), 400, 4));
  CHECK(IsCode(proved("ROT13", derived), 400, 4));
}

TEST_CASE("a PUT of the session proves it, in the header or in its body") {
  ApiWorld world;
  const Session by_header = Begin(world);
  const HttpResponse proved =
      world.Ask("PUT", kThis, {ProofBySecret(by_header, HttpWorld::kPumpsSecret)});
  CHECK(proved.status == 200);
  CHECK(Json::parse(proved.body)["id"] == "300:88.118.8/ADMIN");
  const Session by_body = Begin(world);
  const Json body = {
      {"cnonce", Base64(kClientNonce)},
      {"id", "300:88.118.8/ADMIN"},
      {"type", "HS_SECKEY"},
      {"alg", "HMAC-SHA256"},
      {"signature", Base64(handle::HmacBytes(HashAlgorithm::kSha256, HttpWorld::kPumpsSecret,
                                             {by_body.nonce, kClientNonce}))}};
  CHECK(Json::parse(
            world.Ask("PUT", kThis, {Of(by_body), ApiWorld::kJson}, body.dump()).body)["id"] ==
        "300:88.118.8/ADMIN");
  CHECK(IsCode(PutAs(world, Of(by_body)), 201, 1));
  CHECK(world.Ask("PUT", kThis, {Of(by_body), ApiWorld::kJson}, "[]").status == 400);
  CHECK(world.Ask("PUT", kThis, {Of(by_body)}, "{}").status == 400);
  CHECK(world.Ask("PUT", kThis, {}).status == 400);
}

TEST_CASE("a session is made by who proves himself with it") {
  ApiWorld world;
  const HttpResponse made = world.Ask("POST", kSessions, {ApiWorld::PumpsWriter()});
  const Json json = Json::parse(made.body);
  CHECK(made.status == 201);
  CHECK(json["authenticated"] == true);
  CHECK(IsCode(PutAs(world, HandleScheme(Concat("sessionId=\"",
                                                json["sessionId"].get<std::string>(), "\""))),
               201, 1));
  CHECK(world.Ask("POST", kSessions, {ApiWorld::Basic("300:88.118.8/ADMIN", "wrong")}).status ==
        403);
}

TEST_CASE("a wrong proof proves nothing, and the session goes on without an owner") {
  ApiWorld world;
  const Session session = Begin(world), other = Begin(world);
  CHECK(IsCode(PutAs(world, ProofBySecret(session, "wrong")), 403, 403));
  CHECK(IsCode(PutAs(world, Of(session)), 401, 402));
  // Another session's nonce, another identity, another kind of key.
  Session stolen = other;
  stolen.nonce = session.nonce;
  CHECK(IsCode(PutAs(world, ProofByKey(stolen)), 403, 403));
  const std::string signature =
      ApiWorld::Key().Sign(HashAlgorithm::kSha256, {session.nonce, kClientNonce});
  CHECK(
      IsCode(PutAs(world, ProofOf(session, "300:88.118.8/ADMIN", "HS_PUBKEY", "SHA256", signature)),
             403, 403));
  CHECK(
      IsCode(PutAs(world, ProofOf(session, "302:88.118.8/ADMIN", "HS_SECKEY", "SHA256", signature)),
             403, 403));
  CHECK(IsCode(PutAs(world, ProofOf(session, "302:88.118.8/ADMIN", "HS_PUBKEY", "MD5", signature)),
               400, 4));
  CHECK(IsCode(PutAs(world, ProofOf(session, "nobody", "HS_PUBKEY", "SHA256", signature)), 400, 4));
  CHECK(IsCode(PutAs(world, ProofByKey(session)), 201, 1));
}

TEST_CASE("a session ends with the credential that proved it") {
  ApiWorld world;
  const Session session = Begin(world);
  REQUIRE(IsCode(PutAs(world, ProofByKey(session)), 201, 1));
  const auto credentials = world.Read(&Registrar::ListCredentials, HttpWorld::kPumpsAdmin,
                                      "parent: 'registrants/sz-pumps'");
  for (const v1::Credential& credential : credentials.credentials()) {
    if (credential.handle_identity() != "302:88.118.8/ADMIN") continue;
    world.Write(&Registrar::RevokeCredential, HttpWorld::kPumpsAdmin,
                Concat("name: '", credential.name(), "'"));
  }
  CHECK(IsCode(PutAs(world, Of(session)), 403, 403));
}

TEST_CASE("a header that cannot be read is code 4, and unknown sessions are told to begin again") {
  ApiWorld world;
  for (const char* parameters :
       {"sessionId", "sessionId=\"x", "sessionId=\"x\" cnonce=\"y\"", "version=\"1\"",
        "a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b, a=b"}) {
    INFO(parameters);
    CHECK(IsCode(PutAs(world, {"Authorization", Concat("Handle ", parameters)}), 400, 4));
  }
  CHECK(IsCode(PutAs(world, {"Authorization", "Handle clientCert=\"true\""}), 403, 403));
  CHECK(IsCode(PutAs(world, {"Authorization", "Handle version=\"0\""}), 401, 402));
  CHECK(IsCode(PutAs(world, HandleScheme("sessionId=\"x\"")), 401, 500));
  Session forged = Begin(world);
  forged.id.back() = forged.id.back() == '0' ? '1' : '0';
  CHECK(IsCode(PutAs(world, Of(forged)), 401, 500));
}

TEST_CASE("the server proves itself to who sends a nonce") {
  ApiWorld world;
  const HttpHeader nonce = HandleScheme(Concat("cnonce=\"", Base64(kClientNonce), "\""));
  const Json json = Json::parse(world.Ask("POST", kSessions, {nonce}).body);
  CHECK(json["serverAlg"] == "SHA256");
  const auto signature = Base64Decode(json["serverSignature"].get<std::string>());
  const auto server_nonce = Base64Decode(json["nonce"].get<std::string>());
  REQUIRE(signature.has_value());
  CHECK(world.site().key().public_key().Verify(HashAlgorithm::kSha256,
                                               {*server_nonce, kClientNonce}, *signature));
  CHECK(world.Ask("POST", kSessions, {HandleScheme("cnonce=\"?\"")}).status == 400);
}

TEST_CASE("the challenge of a refused request is a session that can be proved") {
  ApiWorld world;
  const std::string challenge =
      ApiWorld::ChallengesOf(world.Ask("PUT", kHandle, {ApiWorld::kJson}, kBody))[1];
  REQUIRE(challenge.substr(0, 18) == "Handle sessionId=\"");
  const size_t end = challenge.find('"', 18), nonce = challenge.find("nonce=\"") + 7;
  const Session session{
      challenge.substr(18, end - 18),
      Base64Decode(challenge.substr(nonce, challenge.size() - nonce - 1)).value()};
  CHECK(IsCode(PutAs(world, ProofByKey(session)), 201, 1));
}

TEST_CASE("other servers have answers to their challenges checked") {
  ApiWorld world;
  const std::string nonce = "a server's nonce", digest = "a request's digest";
  const auto ask = [&](std::string_view identity, std::string_view secret) {
    const std::string mac = handle::HmacBytes(HashAlgorithm::kSha1, secret, {nonce, digest});
    return world.Do("GET",
                    Concat("/api/verifications/", identity, "?nonce=", PercentEncode(Base64(nonce)),
                           "&cnonce=", PercentEncode(Base64(digest)),
                           "&alg=HMAC-SHA1&signature=", PercentEncode(Base64(mac))));
  };
  CHECK(ask("300:88.118.8/ADMIN", HttpWorld::kPumpsSecret) ==
        R"(200 {"responseCode":1,"id":"300:88.118.8/ADMIN","verificationResult":true})");
  CHECK(ask("300%3A88.118.8%2FADMIN", "wrong") ==
        R"(200 {"responseCode":1,"id":"300:88.118.8/ADMIN","verificationResult":false})");
  CHECK(ask("399:88.118.8/ADMIN", "wrong") ==
        R"(200 {"responseCode":1,"id":"399:88.118.8/ADMIN","verificationResult":false})");
  CHECK(IsCode(ask("300:99.999/ADMIN", "wrong"), 400, 301));
  CHECK(IsCode(ask("nobody", "wrong"), 400, 4));
  CHECK(IsCode(world.Do("GET", "/api/verifications/300:88.118.8/ADMIN"), 400, 4));
}

TEST_CASE("sessions that prove nothing are not kept, and of the others so many") {
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  ApiSessions sessions([&now] { return now; });
  const auto first = sessions.New();
  CHECK(sessions.NonceOf(first.id) == first.nonce);
  CHECK(sessions.size() == 0);
  sessions.SetOwner(first.id, {"88.118.8/ADMIN", 300, "row", 1});
  for (size_t i = 1; i < ApiSessions::kMax; ++i) {
    sessions.SetOwner(sessions.New().id, {"88.118.8/ADMIN", 300, "row", 1});
  }
  CHECK(sessions.size() == ApiSessions::kMax);
  REQUIRE(sessions.OwnerOf(first.id).has_value());
  // The one that was used longest ago is the second one now.
  sessions.SetOwner(sessions.New().id, {"88.118.8/ADMIN", 300, "row", 1});
  CHECK(sessions.size() == ApiSessions::kMax);
  CHECK(sessions.OwnerOf(first.id)->index == 300);
  now += ApiSessions::kIdleMax;
  CHECK(sessions.OwnerOf(first.id).has_value());
  now += ApiSessions::kIdleMax + absl::Seconds(1);
  CHECK_FALSE(sessions.OwnerOf(first.id).has_value());
  CHECK_FALSE(sessions.NonceOf(first.id).has_value());
  CHECK(sessions.size() == 0);
}

TEST_CASE("what was ended stays ended for as long as its nonce would be good") {
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  ApiSessions sessions([&now] { return now; });
  const auto session = sessions.New();
  sessions.SetOwner(session.id, {"88.118.8/ADMIN", 300, "row", 1});
  sessions.End(session.id);
  CHECK_FALSE(sessions.NonceOf(session.id).has_value());
  sessions.SetOwner(session.id, {"88.118.8/ADMIN", 300, "row", 1});
  CHECK_FALSE(sessions.OwnerOf(session.id).has_value());
  now += ApiSessions::kIdleMax;
  CHECK_FALSE(sessions.NonceOf(session.id).has_value());
  now += absl::Seconds(1);
  CHECK_FALSE(sessions.NonceOf(session.id).has_value());
  CHECK(sessions.size() == 0);
  sessions.End("no session");
  CHECK(sessions.size() == 0);
}

TEST_CASE("whoever proves nothing takes no session's place, also by ending his own") {
  ApiSessions sessions;
  const auto owned = sessions.New();
  sessions.SetOwner(owned.id, {"88.118.8/ADMIN", 300, "row", 1});
  for (size_t i = 0; i < ApiSessions::kMax; ++i) sessions.End(sessions.New().id);
  CHECK(sessions.size() == 1);
  CHECK(sessions.OwnerOf(owned.id).has_value());
}

}  // namespace gusu::server
