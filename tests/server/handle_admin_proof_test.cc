// Who proves to be somebody over the Handle protocol, and who does not.
#include <catch2/catch.hpp>
#include <string>

#include "proto/handle/credential.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "tests/server/handle_admin_world.h"
#include "tests/server/handle_world.h"

namespace gusu::server {
namespace {

using World = HandleAdminWorld;
using handle::Operation;
using test::ReadAnswer;

constexpr char kWrong[] = "403 the credential is unknown, revoked or expired";
constexpr char kNone[] = "500 there is no such challenge: send the request again";
constexpr char kBusy[] = "3 too many wrong answers from this address; wait a minute";

std::string CreateA() { return World::Create("88.118.8/A", {{1, "URL", "http://a/"}}); }

TEST_CASE("a challenge is of the request's digest, under an id and with a nonce of its own") {
  World world;
  const std::string request = CreateA();
  const WireAnswer first = world.Ask(request), second = world.Ask(request);
  const ReadAnswer one(first.bytes), two(second.bytes);
  CHECK(one.code() == 402);
  CHECK(one.message.header.operation == Operation::kCreateHandle);
  CHECK(one.message.header.Has(handle::kReturnRequestDigest));
  CHECK(one.envelope.session_id != 0);
  CHECK(one.envelope.session_id != two.envelope.session_id);
  CHECK(one.body.body.size() == 4 + handle::kNonceBytes);
  CHECK(one.body.body != two.body.body);
  const std::string_view header_and_body =
      std::string_view(request).substr(handle::kEnvelopeBytes, request.size() - 20 - 4);
  CHECK(one.body.digest == handle::DigestOf(header_and_body, {2, 11}));
}

TEST_CASE("the answer has the first request's operation, the second one's id and no session") {
  World world;
  const WireAnswer challenge = world.Ask(CreateA());
  const WireAnswer done = world.Ask(World::AnswerTo(challenge.bytes, world.pumps));
  const ReadAnswer read(done.bytes);
  CHECK(read.message.header.operation == Operation::kCreateHandle);
  CHECK(read.envelope.session_id == 0);
  CHECK(read.envelope.request_id == 0x249c69d1);
}

TEST_CASE("what the answer asks for is done: the digest of it, and the server's signature") {
  World world;
  const WireAnswer challenge = world.Ask(CreateA());
  std::string answer = World::AnswerTo(challenge.bytes, world.pumps);
  handle::Writer(answer).PutInt(handle::kEnvelopeBytes + 8,
                                handle::kCertify | handle::kReturnRequestDigest);
  const WireAnswer done = world.Ask(answer);
  const ReadAnswer read(done.bytes);
  CHECK(World::Text(done.bytes) == "1 88.118.8/A");
  CHECK(handle::IsSignedBy(read.envelope, read.message, World::Key().public_key()));
  const std::string_view header_and_body =
      std::string_view(answer).substr(handle::kEnvelopeBytes, answer.size() - 20 - 4);
  CHECK(read.body.digest == handle::DigestOf(header_and_body, {2, 11}));
}

TEST_CASE("a wrong secret, key or identity is refused in one way, and nothing is written") {
  World world;
  const uint64_t leaves = world.Leaves();
  const auto with = [&](const std::string& handle, uint32_t index, const std::string& secret) {
    return world.Do({handle, index, secret}, CreateA());
  };
  CHECK(with("88.118.8/ADMIN", 300, "a wrong secret of theirs") == kWrong);
  CHECK(with("88.118.8/ADMIN", 301, world.pumps.secret) == kWrong);
  CHECK(with("88.118.8/ADMIN", 999, world.pumps.secret) == kWrong);
  CHECK(with("88.118.8/ADMIN", 0, world.pumps.secret) == kWrong);
  CHECK(with("88.118.9/ADMIN", 300, world.pumps.secret) == kWrong);
  CHECK(with("99.999/ADMIN", 300, world.pumps.secret) == kWrong);
  // The identity of a key cannot be proved by a secret, nor that of a secret by a key.
  CHECK(with("88.118.8/ADMIN", 303, world.pumps.secret) == kWrong);
  world.Pass(absl::Minutes(5));
  const auto with_key = [&](uint32_t index, const handle::PrivateKey& key) {
    const WireAnswer challenge = world.Ask(CreateA());
    return World::Text(
        world.Ask(World::AnswerWithKeyTo(challenge.bytes, "88.118.8/ADMIN", index, key)).bytes);
  };
  CHECK(with_key(300, World::Key()) == kWrong);
  CHECK(with_key(304, World::Key()) == kWrong);
  CHECK(with_key(303, handle::PrivateKey::GenerateRsa(2048)) == kWrong);
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("an identity whose credential is revoked proves nothing any more") {
  World world;
  const WireAnswer challenge = world.Ask(CreateA());
  const std::string answer = World::AnswerTo(challenge.bytes, world.pumps);
  v1::ListCredentialsRequest list;
  list.set_parent("registrants/pumps");
  const auto listed = world.Read(&Registrar::ListCredentials, World::AdminOf("pumps"), list);
  REQUIRE(listed.ok());
  for (const v1::Credential& credential : listed->credentials()) {
    if (credential.handle_identity() != "300:88.118.8/ADMIN") continue;
    REQUIRE(world.Revoke(World::AdminOf("pumps"), credential.name()).ok());
  }
  CHECK(World::Text(world.Ask(answer).bytes) == kWrong);
  CHECK(world.Do(world.pumps_other, CreateA()) == "1 88.118.8/A");
}

TEST_CASE("a challenge is spent by its first answer, right or wrong") {
  World world;
  const WireAnswer challenge = world.Ask(CreateA());
  const std::string answer = World::AnswerTo(challenge.bytes, world.pumps);
  CHECK(World::Text(world.Ask(answer).bytes) == "1 88.118.8/A");
  CHECK(World::Text(world.Ask(answer).bytes) == kNone);

  const WireAnswer another = world.Ask(World::Delete("88.118.8/A"));
  const HandleIdentityOf impostor{"88.118.8/ADMIN", 300, "a wrong secret of theirs"};
  CHECK(World::Text(world.Ask(World::AnswerTo(another.bytes, impostor)).bytes) == kWrong);
  CHECK(World::Text(world.Ask(World::AnswerTo(another.bytes, world.pumps)).bytes) == kNone);
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 1 URL http://a/ 0e;");
}

TEST_CASE("an answer proves nothing for another challenge than its own") {
  World world;
  REQUIRE(world.Do(world.pumps, CreateA()) == "1 88.118.8/A");
  const WireAnswer harmless = world.Ask(World::List("0.NA/88.118.8"));
  const WireAnswer harmful = world.Ask(World::Delete("88.118.8/A"));
  const uint32_t harmful_id = ReadAnswer(harmful.bytes).envelope.session_id;
  CHECK(World::Text(world.Ask(World::AnswerTo(harmless.bytes, world.pumps, harmful_id)).bytes) ==
        kWrong);
  CHECK(World::Text(world.Ask(World::AnswerTo(harmless.bytes, world.pumps, 77)).bytes) == kNone);
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 1 URL http://a/ 0e;");
}

TEST_CASE("nobody answers, or spends, the challenge of another address") {
  World world;
  const WireAnswer challenge = world.Ask(CreateA(), "192.0.2.9");
  const std::string answer = World::AnswerTo(challenge.bytes, world.pumps);
  CHECK(World::Text(world.Ask(answer, "198.51.100.1").bytes) == kNone);
  CHECK(World::Text(world.Ask(answer, "192.0.2.9").bytes) == "1 88.118.8/A");
}

TEST_CASE("a challenge is good for a minute") {
  World world;
  const WireAnswer in_time = world.Ask(CreateA());
  world.Pass(absl::Seconds(60));
  CHECK(World::Text(world.Ask(World::AnswerTo(in_time.bytes, world.pumps)).bytes) ==
        "1 88.118.8/A");
  const WireAnswer too_late = world.Ask(World::Delete("88.118.8/A"));
  world.Pass(absl::Seconds(61));
  const std::string answer = World::AnswerTo(too_late.bytes, world.pumps);
  CHECK(World::Text(world.Ask(answer).bytes) ==
        "405 the challenge has expired: send the request again");
  CHECK(World::Text(world.Ask(answer).bytes) == kNone);
}

TEST_CASE("secrets are guessed ten times a minute from an address, and right ones do not count") {
  World world;
  const HandleIdentityOf guess{"88.118.8/ADMIN", 300, "a guess at the secret"};
  for (int i = 0; i < 3; ++i) {
    CHECK(world.Do(world.pumps, World::List("0.NA/88.118.8")).starts_with("1"));
  }
  for (int i = 0; i < ChallengedAdministration::kGuessesMax; ++i) {
    CHECK(world.Do(guess, CreateA()) == kWrong);
  }
  CHECK(world.Do(guess, CreateA()) == kBusy);
  CHECK(world.Do(world.pumps, CreateA()) == kBusy);
  const WireAnswer challenge = world.Ask(CreateA(), "198.51.100.1");
  const std::string elsewhere = World::AnswerTo(challenge.bytes, world.pumps);
  CHECK(World::Text(world.Ask(elsewhere, "198.51.100.1").bytes) == "1 88.118.8/A");
  world.Pass(absl::Seconds(6));
  CHECK(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
}

TEST_CASE("an answer of a form that is not known is malformed, and counts as a guess") {
  World world;
  const auto answer = [&](std::string_view type, std::string_view signed_response) {
    const WireAnswer challenge = world.Ask(CreateA());
    return World::CodeOf(world
                             .Ask(World::Request(
                                 Operation::kChallengeAnswer,
                                 [&](handle::Writer& body) {
                                   handle::WriteChallengeAnswerRequest(
                                       body, {type, {"88.118.8/ADMIN", 300}, signed_response});
                                 },
                                 0, ReadAnswer(challenge.bytes).envelope.session_id))
                             .bytes);
  };
  CHECK(answer("HS_SECKEY", "") == 4);
  CHECK(answer("HS_SECKEY", "\x77") == 4);
  CHECK(answer("HS_PUBKEY", "\x22") == 4);
  CHECK(answer("HS_OTHER", "\x22") == 403);
  std::string many_iterations = "\x22";
  handle::Writer(many_iterations).Bytes("saltsaltsaltsalt").Int(100'001).Int(160).Bytes("mac");
  CHECK(answer("HS_SECKEY", many_iterations) == 4);
  for (int i = 0; i < 5; ++i) CHECK(answer("HS_SECKEY", "") == 4);
  CHECK(answer("HS_SECKEY", "") == 3);
}

TEST_CASE("a resolve over UDP that is sent again has one challenge") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", {{2, "NOTE", "inner", 0x0c}})) ==
          "1 88.118.8/A");
  const std::string request = World::Resolve("88.118.8/A");
  const auto ask = [&](const std::string& message) {
    return world.Ask(message, "192.0.2.9", handle::Transport::kUdp).bytes;
  };
  const std::string challenge = ask(request);
  CHECK(ask(request) == challenge);
  CHECK(world.administration().challenges().size() == 1);
  CHECK(World::Text(ask(World::AnswerTo(challenge, world.pumps))) ==
        "1 88.118.8/A: 2 NOTE inner 0c;");
  CHECK(ask(request) != challenge);
}

TEST_CASE("a request that only TCP may bring is not run by an answer over UDP") {
  World world;
  const uint64_t leaves = world.Leaves();
  const std::string answer = World::AnswerTo(world.Ask(CreateA()).bytes, world.pumps);
  CHECK(World::Text(world.Ask(answer, "192.0.2.9", handle::Transport::kUdp).bytes) ==
        "5 this operation is answered over TCP only");
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("a refused proof is an answer to the request that was challenged") {
  World world;
  HandleIdentityOf guess = world.pumps;
  guess.secret = "not the secret at all";
  const WireAnswer refusal = world.Prove(guess, CreateA());
  CHECK(World::Text(refusal.bytes) == kWrong);
  CHECK(ReadAnswer(refusal.bytes).message.header.operation == Operation::kCreateHandle);
}

// Op 201: another server asks whether an answer is of a secret that is kept here.
std::string VerifyRequest(const handle::Reference& key, std::string_view secret,
                          std::string_view nonce) {
  const std::string digest(32, 'd');
  const std::string answer =
      handle::AnswerWithSecret({"sixteen byte non", digest}, secret, RandomBytes(16));
  return World::Request(Operation::kVerifyChallenge, [&](handle::Writer& body) {
    handle::WriteVerifyChallengeRequest(body, {key, nonce, digest, answer});
  });
}

TEST_CASE("other servers are told whether an answer is of a secret that is kept here") {
  World world;
  const std::string nonce = "sixteen byte non";
  const auto verify = [&](const std::string& handle, uint32_t index, const std::string& secret) {
    return world.AskInWords(VerifyRequest({handle, index}, secret, nonce));
  };
  CHECK(verify("88.118.8/ADMIN", 300, world.pumps.secret) == "1 valid");
  CHECK(verify("88.118.8/ADMIN", 300, world.valves.secret) == "1 wrong");
  CHECK(verify("88.118.8/ADMIN", 303, world.pumps.secret) == "1 wrong");
  CHECK(verify("88.118.8/X", 300, world.pumps.secret) == "1 wrong");
  CHECK(world.AskInWords(VerifyRequest({"88.118.8/ADMIN", 300}, world.pumps.secret,
                                       "another 16 bytes")) == "1 wrong");
  CHECK(verify("99.999/ADMIN", 300, world.pumps.secret) == "301 That prefix doesn't live here");
  CHECK(verify("nothing", 300, world.pumps.secret).starts_with("102 "));
  for (int i = 0; i < 5; ++i) CHECK(verify("88.118.8/ADMIN", 300, "a guess here") == "1 wrong");
  CHECK(verify("88.118.8/ADMIN", 300, world.pumps.secret) == kBusy);
}

TEST_CASE("checks for other servers over UDP are answered as far as their number is bounded") {
  World world;
  const std::string request =
      VerifyRequest({"88.118.8/ADMIN", 300}, world.pumps.secret, "sixteen byte non");
  const auto ask = [&] {
    return World::Text(world.Ask(request, "192.0.2.9", handle::Transport::kUdp).bytes);
  };
  for (int i = 0; i < ChallengedAdministration::kDatagramChecksPerSecond; ++i) {
    CHECK(ask() == "1 valid");
  }
  CHECK(ask() == "nothing");
  CHECK(world.AskInWords(request) == "1 valid");
  world.Pass(absl::Seconds(1));
  CHECK(ask() == "1 valid");
}

}  // namespace
}  // namespace gusu::server
