// Bytes that others wrote: captured traffic, keys and signatures of OpenSSL.
#include <catch2/catch.hpp>
#include <set>

#include "handle_again.h"
#include "handle_bytes.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/challenge.h"
#include "proto/handle/message.h"
#include "proto/handle/private_key_file.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"
#include "proto/handle/site.h"
#include "proto/hash.h"

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at
using gusu::test::Captured;
using gusu::test::FromHex;
using gusu::test::MessageAgain;
using gusu::test::ReadCaptured;

namespace {

struct Exchange {
  std::string request;
  std::string answer;
};

Exchange ExchangeOf(const std::string& section) {
  Exchange exchange;
  for (const Captured& captured : ReadCaptured()) {
    if (captured.section != section) continue;
    (captured.sent ? exchange.request : exchange.answer) = captured.bytes;
  }
  REQUIRE(!exchange.answer.empty());
  return exchange;
}

struct Decoded {
  Envelope envelope;
  Message message;
};

Decoded Decode(std::string_view bytes) {
  const auto envelope = DecodeEnvelope(bytes);
  REQUIRE(envelope);
  const auto message = DecodeMessage(*envelope, bytes.substr(kEnvelopeBytes));
  REQUIRE(message.ok());
  return {*envelope, *message};
}

const char* const kAll = "UDP resolve 88.118.8/ABC000123 all public";

}  // namespace

TEST_CASE("every captured message is read, and written again to the byte") {
  std::set<std::string> sections;
  for (const Captured& captured : ReadCaptured()) {
    INFO(captured.section);
    const auto again = MessageAgain(captured.bytes);
    REQUIRE(again);
    CHECK(gusu::HexEncode(*again) == gusu::HexEncode(captured.bytes));
    sections.insert(captured.section);
  }
  CHECK(sections.size() == 14);
}

TEST_CASE("a captured resolve of everything has its facts") {
  const Exchange exchange = ExchangeOf(kAll);
  const auto [envelope, message] = Decode(exchange.request);
  CHECK(envelope == Envelope{{2, 3}, {2, 11}, 0, 0, 0x11223344, 0, 58});
  CHECK(message.header ==
        Header{Operation::kResolve, ResponseCode::kNone, 0x19000000, 0xffff, 0, 0x6b046536});
  const auto request = DecodeResolveRequest(message.body);
  REQUIRE(request.ok());
  CHECK(request->handle == "88.118.8/ABC000123");
  CHECK((request->indexes.empty() && request->types.empty()));
  CHECK(request->AsksFor(7, "URL"));

  const auto [answer_envelope, answer] = Decode(exchange.answer);
  CHECK(answer_envelope == Envelope{{2, 11}, {2, 11}, 0, 0, 0x11223344, 0, 265});
  CHECK(answer.header ==
        Header{Operation::kResolve, ResponseCode::kSuccess, 0x99000000, 1, 0, 0x6b046536});
  CHECK(answer.credential.empty());
  const auto response = DecodeResolveResponse(answer.body);
  REQUIRE(response.ok());
  CHECK(response->handle == "88.118.8/ABC000123");
  const std::vector<Value> values(response->values.begin(), response->values.end());
  REQUIRE(values.size() == 3);
  CHECK((values[0].index == 1 && values[0].type == "URL"));
  CHECK(values[0].data == "https://registry.example.com/products/88.118.8/ABC000123");
  CHECK((values[1].index == 2 && values[1].type == "DESC"));
  CHECK(values[1].data == "Hydraulic pump model HP-123 serial 123");
  CHECK((values[2].index == 100 && values[2].type == "HS_ADMIN"));
  for (const Value& value : values) {
    CHECK(value.timestamp_s == 0x6b03baa1);
    CHECK((value.ttl_type == TtlType::kRelative && value.ttl == kDefaultTtlSeconds));
    CHECK((value.permissions == kDefaultPermissions && value.references.empty()));
  }
  const auto admin = DecodeAdminValue(values[2].data);
  REQUIRE(admin.ok());
  CHECK(*admin == AdminValue{kAllRights, {"88.118.8/ADMIN", 300}});
}

TEST_CASE("an answer's envelope and header follow from the request's as in the captured ones") {
  for (const char* section :
       {kAll, "UDP not found", "UDP not responsible", "UDP resolve with request digest",
        "TCP resolve", "TCP get site info"}) {
    INFO(section);
    const Exchange exchange = ExchangeOf(section);
    const auto [envelope, message] = Decode(exchange.request);
    const auto [answer_envelope, answer] = Decode(exchange.answer);
    Envelope expected = AnswerEnvelope(envelope);
    expected.message_bytes = answer_envelope.message_bytes;
    CHECK(expected == answer_envelope);
    Header header = AnswerHeader(message.header, answer.header.response_code);
    header.site_serial = 1;
    if (message.header.operation == Operation::kResolve) CHECK(header == answer.header);
  }
}

TEST_CASE("captured filters of a resolve are read") {
  const Exchange by_type = ExchangeOf("UDP resolve lower-case, type URL");
  const auto type = DecodeResolveRequest(Decode(by_type.request).message.body);
  REQUIRE(type.ok());
  CHECK(type->handle == "88.118.8/abc000123");
  CHECK((type->AsksFor(1, "URL") && !type->AsksFor(1, "DESC")));
  CHECK(DecodeResolveResponse(Decode(by_type.answer).message.body)->handle == "88.118.8/abc000123");

  const Exchange by_index = ExchangeOf("UDP resolve index 2");
  const auto index = DecodeResolveRequest(Decode(by_index.request).message.body);
  REQUIRE(index.ok());
  CHECK((index->AsksFor(2, "DESC") && !index->AsksFor(1, "URL")));

  const Exchange by_both = ExchangeOf("UDP values not found");
  const auto both = DecodeResolveRequest(Decode(by_both.request).message.body);
  REQUIRE(both.ok());
  CHECK((both->AsksFor(9, "EMAIL") && !both->AsksFor(9, "URL")));
}

TEST_CASE("captured refusals have their codes and texts") {
  const auto refusal = [](const char* section, ResponseCode code, std::string_view text) {
    INFO(section);
    const std::string bytes = ExchangeOf(section).answer;
    const Message message = Decode(bytes).message;
    CHECK(message.header.response_code == code);
    CHECK(*DecodeErrorResponse(message.body) == text);
  };
  refusal("UDP not found", ResponseCode::kHandleNotFound, "");
  refusal("UDP values not found", ResponseCode::kValuesNotFound, "");
  refusal("UDP not responsible", ResponseCode::kServerNotResponsible,
          "That prefix doesn't live here");
}

TEST_CASE("the digest in a captured answer is of its request") {
  const Exchange exchange = ExchangeOf("UDP resolve with request digest");
  const Message request = Decode(exchange.request).message;
  const auto [envelope, answer] = Decode(exchange.answer);
  const auto parts = SplitDigest(answer);
  REQUIRE(parts.ok());
  CHECK(parts->digest == DigestOf(request.header_and_body, FormatVersion(envelope)));
  CHECK(DecodeResolveResponse(parts->body)->values.size() == 3);
}

TEST_CASE("the captured site has its facts, and its key is one") {
  const std::string answer = ExchangeOf("TCP get site info").answer;
  const auto site = DecodeSite(Decode(answer).message.body);
  REQUIRE(site.ok());
  CHECK((site->format == 1 && site->version == Version{2, 11} && site->serial == 1));
  CHECK((site->primary && !site->multi_primary && site->hash == SiteHash::kWhole));
  CHECK(site->attributes ==
        std::vector<std::pair<std::string, std::string>>{{"desc", "local test"}});
  REQUIRE(site->servers.size() == 1);
  const SiteServer& server = site->servers[0];
  CHECK(server.id == 1);
  CHECK(server.interfaces == std::vector<SiteInterface>{{3, Transport::kTcp, 26'410},
                                                        {2, Transport::kUdp, 26'410},
                                                        {3, Transport::kHttp, 28'000}});
  const auto key = PublicKey::Decode(server.public_key);
  REQUIRE(key.ok());
  CHECK(server.public_key == key->Encode() + FromHex("00000000"));
}

TEST_CASE("a captured challenge is proved by the answer that was captured with it") {
  const std::string bytes = ExchangeOf("TCP challenge of a create of 88.118.8/NEW1").answer;
  const auto [envelope, message] = Decode(bytes);
  CHECK((envelope.session_id == 11 && message.header.operation == Operation::kCreateHandle));
  CHECK(message.header.response_code == ResponseCode::kAuthenticationNeeded);
  const auto parts = SplitDigest(message);
  REQUIRE(parts.ok());
  const auto nonce = DecodeChallenge(parts->body);
  REQUIRE(nonce.ok());
  CHECK(nonce->size() == kNonceBytes);

  const std::string body = FromHex(
      "00000009 48535f5345434b4559 0000000e 38382e3131382e382f41444d494e 0000012d 00000035 22"
      "00000010 99b5a71ffa728e0b6e510cb1377de24e 00002710 000000a0"
      "00000014 b844432392c9e1086e7b465044c8dfa31672a4a8");
  const auto answer = DecodeChallengeAnswerRequest(body);
  REQUIRE(answer.ok());
  CHECK(answer->authentication_type == kSecretKeyType);
  CHECK(answer->user == Reference{"88.118.8/ADMIN", 301});
  const Challenge challenge{*nonce, parts->digest.bytes};
  CHECK(*IsAnswerOfSecret(challenge, answer->signed_response, "secret301"));
  CHECK_FALSE(*IsAnswerOfSecret(challenge, answer->signed_response, "secret302"));
  CHECK(AnswerWithSecret(challenge, "secret301", FromHex("99b5a71ffa728e0b6e510cb1377de24e")) ==
        answer->signed_response);
  std::string again;
  Writer writer(again);
  WriteChallengeAnswerRequest(writer, *answer);
  CHECK(again == body);
}

TEST_CASE("signatures of OpenSSL are verified, and nothing else is") {
  auto golden = gusu::test::ReadGoldenKeys();
  for (const std::string kind : {"rsa", "dsa"}) {
    INFO(kind);
    const auto key = PublicKey::Decode(golden[kind + "_public"]);
    REQUIRE(key.ok());
    CHECK(key->Encode() == golden[kind + "_public"]);
    const std::string sha256 = golden[kind + "_sha256"];
    CHECK(key->Verify(HashAlgorithm::kSha256, {"what is ", "signed"}, sha256));
    CHECK(key->Verify(HashAlgorithm::kSha1, {"what is signed"}, golden[kind + "_sha1"]));
    CHECK_FALSE(key->Verify(HashAlgorithm::kSha1, {"what is signed"}, sha256));
    CHECK_FALSE(key->Verify(HashAlgorithm::kSha256, {"what is Signed"}, sha256));
    CHECK_FALSE(key->Verify(HashAlgorithm::kSha256, {"what is signed"}, ""));
    CHECK_FALSE(key->Verify(HashAlgorithm::kSha256, {"what is signed"},
                            sha256.substr(0, sha256.size() - 1)));
  }
}

TEST_CASE("key files that other tools wrote are read, and signed with") {
  auto golden = gusu::test::ReadGoldenKeys();
  const auto check = [&golden](const std::string& file, const std::string& public_key,
                               std::string_view passphrase) {
    INFO(file);
    const auto key = DecodePrivateKeyFile(golden[file], passphrase);
    REQUIRE(key.ok());
    CHECK(key->public_key().Encode() == golden[public_key]);
    CHECK(key->public_key().Verify(HashAlgorithm::kSha256, {"x"},
                                   key->Sign(HashAlgorithm::kSha256, {"x"})));
  };
  check("rsa_file_plain", "rsa_public", "");
  check("rsa_short_file", "rsa_public", "");
  check("rsa_file_encrypted", "rsa_public", "correct horse");
  check("dsa_file_plain", "dsa_public", "");
  CHECK_FALSE(DecodePrivateKeyFile(golden["rsa_file_encrypted"], "wrong horse").ok());
  CHECK_FALSE(DecodePrivateKeyFile(golden["rsa_file_encrypted"], "").ok());
  const auto key = DecodePrivateKeyFile(golden["rsa_file_plain"], "");
  CHECK(EncodePrivateKeyFile(*key, "") == golden["rsa_file_plain"]);
}
