#include <catch2/catch.hpp>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/handle/credential.h"
#include "proto/handle/site.h"
#include "proto/hash.h"
#include "tests/random.h"
#include "tests/server/handle_world.h"

using namespace gusu;
using namespace gusu::test;

namespace {

std::string SiteRequest(uint32_t flags = kUsualFlags) {
  return HandleWorld::Request(handle::Operation::kGetSiteInfo, flags,
                              [](handle::Writer& body) { handle::WriteHandleRequest(body, "/"); });
}

std::string Empty(handle::Operation operation) {
  return HandleWorld::Request(operation, kUsualFlags,
                              [](handle::Writer& body) { handle::WriteHandleRequest(body, "x"); });
}

}  // namespace

TEST_CASE("an answer has the best version of both, the request's ids, and this server's serial") {
  HandleWorld world;
  const std::string bytes = world.Ask(HandleWorld::ResolveRequest("88.118.8/never"));
  CHECK(HexEncode(bytes) ==
        "020b020b0000000011223344000000000000002000000001000000649900000000010000"
        "6b0464ff000000040000000000000000");
}

TEST_CASE("site info is the site's record") {
  HandleWorld world;
  const std::string bytes = world.Ask(SiteRequest());
  const ReadAnswer answer(bytes);
  CHECK(answer.code() == 1);
  CHECK(answer.body.body == world.site.bytes());
}

TEST_CASE("a digest that is asked for is of the request, and stands before the answer") {
  HandleWorld world;
  const std::string request = HandleWorld::ResolveRequest(
      "88.118.8/never", {}, {}, kUsualFlags | handle::kReturnRequestDigest);
  const std::string bytes = world.Ask(request);
  const ReadAnswer answer(bytes);
  const std::string_view message = std::string_view(request).substr(handle::kEnvelopeBytes);
  CHECK(answer.body.digest.algorithm == handle::DigestAlgorithm::kSha256);
  CHECK(answer.body.digest.bytes ==
        AsBytes(Sha256(message.substr(0, message.size() - 4))));  // without the empty credential
}

TEST_CASE("a certified answer is signed by the key that the site names") {
  HandleWorld world;
  const std::string bytes = world.Ask(SiteRequest(kUsualFlags | handle::kCertify));
  const ReadAnswer answer(bytes);
  const auto site = handle::DecodeSite(answer.body.body);
  REQUIRE(site.ok());
  const auto key = handle::PublicKey::Decode(site->servers.at(0).public_key);
  REQUIRE(key.ok());
  CHECK(handle::IsSignedBy(answer.envelope, answer.message, *key));
}

TEST_CASE("signing costs as much as fifty identifiers, and what is too much is refused unsigned") {
  server::RateLimiter::Options limits;
  limits.resolutions = {1, 100};
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  limits.clock = [now] { return now; };
  HandleWorld world(limits);
  const std::string certified = SiteRequest(kUsualFlags | handle::kCertify);
  CHECK(ReadAnswer(world.Ask(certified)).code() == 1);
  CHECK(ReadAnswer(world.Ask(certified)).code() == 1);
  const std::string refusal = world.Ask(certified);
  CHECK(ReadAnswer(refusal).code() == 3);
  CHECK(ReadAnswer(refusal).message.credential.empty());
  CHECK(world.Ask(certified, handle::Transport::kUdp).empty());
}

TEST_CASE("operations that this server does not do are not supported") {
  HandleWorld world;
  for (const auto operation : {handle::Operation::kCreateHandle, handle::Operation::kDeleteHandle,
                               handle::Operation::kListHandles, handle::Operation::kChallengeAnswer,
                               handle::Operation::kHomePrefix, handle::Operation::kSessionSetup,
                               static_cast<handle::Operation>(77)}) {
    const std::string bytes = world.Ask(Empty(operation));
    CHECK(ReadAnswer(bytes).code() == 5);
    CHECK(ReadAnswer(bytes).message.header.operation == operation);
    CHECK(ReadAnswer(world.Ask(Empty(operation), handle::Transport::kUdp)).code() == 5);
  }
}

TEST_CASE("a message that went through too many servers is sent back") {
  HandleWorld world;
  std::string request = HandleWorld::ResolveRequest("88.118.8/x");
  request[handle::kEnvelopeBytes + 14] = 10;
  CHECK(ReadAnswer(world.Ask(request)).code() == 100);
  request[handle::kEnvelopeBytes + 14] = 11;
  CHECK(ReadAnswer(world.Ask(request)).code() == 6);
}

TEST_CASE("an answer that is sent as a request is not answered") {
  HandleWorld world;
  CHECK(world.Ask(world.Ask(SiteRequest())).empty());
  CHECK(world.Ask(world.Ask(HandleWorld::ResolveRequest("88.118.8/x"))).empty());
}

TEST_CASE("a message of a session is refused, whatever it seems to ask for") {
  HandleWorld world;
  std::string request = HandleWorld::ResolveRequest("88.118.8/x");
  request[2] = static_cast<char>(handle::kEncrypted | 2);
  const std::string bytes = world.Ask(request);
  CHECK(ReadAnswer(bytes).code() == 4);
  CHECK(ReadAnswer(bytes).message.header.flags == handle::kAuthoritative);
}

TEST_CASE("bytes behind a body's last field are passed over") {
  HandleWorld world;
  const std::string request =
      HandleWorld::Request(handle::Operation::kResolve, kUsualFlags, [](handle::Writer& body) {
        handle::WriteResolveRequest(body, "88.118.8/x");
        body.Bytes("proof");
      });
  CHECK(ReadAnswer(world.Ask(request)).code() == 100);
}

TEST_CASE("a message that cannot be read is told so, without what it asked for beyond that") {
  HandleWorld world;
  std::string request = HandleWorld::ResolveRequest(
      "88.118.8/x", {}, {}, kUsualFlags | handle::kCertify | handle::kReturnRequestDigest);
  request.replace(handle::kEnvelopeBytes + 20, 4, "\xff\xff\xff\xff");  // the body's length
  const std::string bytes = world.Ask(request);
  const ReadAnswer answer(bytes);
  CHECK(answer.code() == 4);
  CHECK(answer.message.credential.empty());
  CHECK(answer.body.digest.bytes.empty());
}

TEST_CASE("whatever stands behind an envelope gets one answer at most, and a well-formed one") {
  HandleWorld world;
  auto record = RecordOf("88.118.8/HP-1");
  AddValue(record, 1, "URL", "x");
  world.store.Put(record);
  Random random("handle_message");
  const std::string good = HandleWorld::ResolveRequest("88.118.8/HP-1", {"URL"}, {1});
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    const size_t changes = 1 + random.Below(4);
    for (size_t i = 0; i < changes; ++i) {
      const size_t at =
          handle::kEnvelopeBytes + random.Below(bytes.size() - handle::kEnvelopeBytes);
      bytes[at] = static_cast<char>(random.Below(256));
    }
    if (random.Below(4) == 0) {
      bytes.resize(handle::kEnvelopeBytes + random.Below(bytes.size() - handle::kEnvelopeBytes));
    }
    const std::string answer =
        world.Ask(bytes, random.Below(2) == 0 ? handle::Transport::kUdp : handle::Transport::kTcp);
    if (!answer.empty()) CHECK(ReadAnswer(answer).envelope.request_id == 0x11223344);
  }
}
