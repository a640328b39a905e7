#include <catch2/catch.hpp>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/handle/site.h"
#include "proto/text.h"
#include "server/doors/handle/administration.h"
#include "tests/server/handle_world.h"

using namespace gusu;
using namespace gusu::test;

namespace {

storage::v1::RecordRow Pump() {
  auto pump = RecordOf("88.118.8/HP-1");
  AddValue(pump, 1, "URL", "https://example.com/hp-1");
  AddValue(pump, 2, "DESC", "Pump");
  AddValue(pump, 2000, "price", "17", v1::OWNER);
  return pump;
}

v1::Site SiteAt(const std::string& address, v1::Site::Protocol protocol, uint32_t port) {
  v1::Site site;
  site.set_address(address);
  site.set_protocol(protocol);
  site.set_port(port);
  return site;
}

// Counts whom it would ask to prove who they are.
struct Challenger : server::HandleAdministration {
  void Administer(const server::HandleCall& call) override {
    ++administered;
    call.Refuse(handle::ResponseCode::kAuthenticationNeeded);
  }
  void ChallengeReader(const server::HandleCall& call) override {
    ++challenged;
    call.Refuse(handle::ResponseCode::kAuthenticationNeeded);
  }
  int administered = 0;
  int challenged = 0;
};

constexpr uint32_t kNotOnlyPublic = kUsualFlags & ~handle::kPublicOnly;

}  // namespace

TEST_CASE("a handle resolves to its public values, as asked and in their order") {
  HandleWorld world;
  world.store.Put(Pump());
  CHECK(world.Resolve("88.118.8/hp-1") ==
        "1 88.118.8/hp-1: 1 URL 0e \"https://example.com/hp-1\"; 2 DESC 0e \"Pump\"; ");
}

TEST_CASE("types and indexes are alternatives, and a type with a dot at its end begins others") {
  HandleWorld world;
  auto record = Pump();
  AddValue(record, 3, "a.b", "x");
  world.store.Put(record);
  CHECK(world.Resolve("88.118.8/HP-1", {"URL"}) ==
        "1 88.118.8/HP-1: 1 URL 0e \"https://example.com/hp-1\"; ");
  CHECK(world.Resolve("88.118.8/HP-1", {"a."}, {2}) ==
        "1 88.118.8/HP-1: 2 DESC 0e \"Pump\"; 3 a.b 0e \"x\"; ");
  CHECK(world.Resolve("88.118.8/HP-1", {"EMAIL"}) == "200");
  CHECK(world.Resolve("88.118.8/HP-1", {}, {7}) == "200");
}

TEST_CASE("a filter longer than its bound is refused") {
  HandleWorld world;
  world.store.Put(Pump());
  const std::vector<uint32_t> indexes(257, 1);
  const std::string request = HandleWorld::Request(
      handle::Operation::kResolve, kUsualFlags,
      [&](handle::Writer& body) { handle::WriteResolveRequest(body, "88.118.8/HP-1", indexes); });
  CHECK(HandleWorld::Text(world.Ask(request)) ==
        "4 Handle message: indexes are 257; at most 256 can be asked for at once");
}

TEST_CASE("values keep their lifetime and their references") {
  HandleWorld world;
  auto record = RecordOf("88.118.8/T");
  auto* value = AddValue(record, 5, "URL", "x");
  value->set_ttl_absolute(true);
  value->set_ttl(1'900'000'000);
  auto* reference = value->add_references();
  reference->set_identifier("88.118.8/ADMIN");
  reference->set_index(300);
  world.store.Put(record);
  CHECK(world.Resolve("88.118.8/T") ==
        "1 88.118.8/T: 5 URL 0e \"x\" until 1900000000 ->300:88.118.8/ADMIN; ");
}

TEST_CASE("what is not resolved here has the protocol's codes") {
  HandleWorld world;
  CHECK(world.Resolve("88.118.8/never") == "100");
  CHECK(world.Resolve("99.999/x") == "301 That prefix doesn't live here");
  CHECK(world.Resolve("88.118.8").substr(0, 4) == "102 ");
  CHECK(world.Resolve("").substr(0, 4) == "102 ");
}

TEST_CASE("a code that is not in use as usual says its state, and a deleted one is not found") {
  HandleWorld world;
  auto record = RecordOf("88.118.8/R");
  AddValue(record, 1, "URL", "x");
  record.set_state(v1::Record::RETIRED);
  record.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  world.store.Put(record);
  CHECK(world.Resolve("88.118.8/R") ==
        "1 88.118.8/R: 1 URL 0e \"x\"; 1000 GUSU.STATE 0e \"RETIRED SCRAPPED\"; ");
  CHECK(world.Resolve("88.118.8/R", {"GUSU.STATE"}) ==
        "1 88.118.8/R: 1000 GUSU.STATE 0e \"RETIRED SCRAPPED\"; ");
  CHECK(world.Resolve("88.118.8/R", {"URL"}) == "1 88.118.8/R: 1 URL 0e \"x\"; ");
  record.mutable_retirement()->set_reason(v1::Retirement::DELETED);
  world.store.Put(record, Operation::kRetire);
  CHECK(world.Resolve("88.118.8/R") == "100");
}

TEST_CASE("aliases are followed for public values, as far as they lead to a record here") {
  HandleWorld world;
  const auto put_alias = [&](const std::string& from, const std::string& to) {
    auto record = RecordOf(from);
    AddValue(record, 9, "HS_ALIAS", to);
    world.store.Put(record);
  };
  world.store.Put(Pump());
  put_alias("88.118.8/A", "88.118.8/B");
  put_alias("88.118.8/B", "88.118.8/HP-1");
  put_alias("88.118.8/L", "88.118.8/M");
  put_alias("88.118.8/M", "88.118.8/L");
  put_alias("88.118.8/E", "10.1000/elsewhere");
  CHECK(world.Resolve("88.118.8/A", {"URL"}) ==
        "1 88.118.8/A: 1 URL 0e \"https://example.com/hp-1\"; ");
  const std::string as_stored = "1 88.118.8/A: 9 HS_ALIAS 0e \"88.118.8/B\"; ";
  CHECK(world.Resolve("88.118.8/A", {"HS_ALIAS"}) == as_stored);
  CHECK(world.Resolve("88.118.8/A", {}, {9}) == as_stored);
  CHECK(world.Resolve("88.118.8/A", {}, {}, kUsualFlags | handle::kAuthoritative) == as_stored);
  CHECK(world.Resolve("88.118.8/A", {}, {}, kNotOnlyPublic) == as_stored);
  CHECK(world.Resolve("88.118.8/L") == "1 88.118.8/L: 9 HS_ALIAS 0e \"88.118.8/M\"; ");
  CHECK(world.Resolve("88.118.8/E") == "1 88.118.8/E: 9 HS_ALIAS 0e \"10.1000/elsewhere\"; ");
}

TEST_CASE("five aliases are followed, and six are the client's to follow") {
  HandleWorld world;
  world.store.Put(Pump());
  std::string next = "88.118.8/HP-1";
  for (int i = 1; i <= 6; ++i) {
    const std::string name = "88.118.8/A" + std::to_string(i);
    auto record = RecordOf(name);
    AddValue(record, 9, "HS_ALIAS", next);
    world.store.Put(record);
    next = name;
  }
  CHECK(world.Resolve("88.118.8/A5", {"DESC"}) == "1 88.118.8/A5: 2 DESC 0e \"Pump\"; ");
  CHECK(world.Resolve("88.118.8/A6") == "1 88.118.8/A6: 9 HS_ALIAS 0e \"88.118.8/A5\"; ");
}

TEST_CASE("values that are not public make a challenge only where one is asked for and wanted") {
  HandleWorld world;
  world.store.Put(Pump());
  const std::string public_values =
      "1 88.118.8/HP-1: 1 URL 0e \"https://example.com/hp-1\"; 2 DESC 0e \"Pump\"; ";
  CHECK(world.Resolve("88.118.8/HP-1", {}, {}, kNotOnlyPublic) == public_values);

  Challenger challenger;
  world.handler.Administer(&challenger);
  CHECK(world.Resolve("88.118.8/HP-1") == public_values);
  CHECK(world.Resolve("88.118.8/HP-1", {"URL"}, {}, kNotOnlyPublic) ==
        "1 88.118.8/HP-1: 1 URL 0e \"https://example.com/hp-1\"; ");
  CHECK(challenger.challenged == 0);
  CHECK(world.Resolve("88.118.8/HP-1", {}, {}, kNotOnlyPublic) == "402");
  CHECK(world.Resolve("88.118.8/HP-1", {"price"}, {}, kNotOnlyPublic) == "402");
  CHECK(challenger.challenged == 2);
}

TEST_CASE("a record without a public value has none to show, and a right shows them") {
  HandleWorld world;
  auto record = RecordOf("88.118.8/S");
  AddValue(record, 2000, "price", "17", v1::OWNER);
  world.store.Put(record);
  CHECK(world.Resolve("88.118.8/S") == "200");
  const std::string request = HandleWorld::ResolveRequest("88.118.8/S", {}, {}, kNotOnlyPublic);
  const ReadAnswer asked(request);
  std::string answer;
  const server::HandlePeer peer{"192.0.2.1", handle::Transport::kTcp};
  const server::HandleCall call{asked.envelope, asked.message, peer,
                                server::AnswerForm(world.site, asked.envelope, asked.message.header,
                                                   asked.message.header_and_body),
                                [&](const server::WireAnswer& given) { answer = given.bytes; }};
  world.handler.Resolve(call, WriterOf("pumps"));
  CHECK(HandleWorld::Text(answer) == "1 88.118.8/S: 2000 price 0c \"17\"; ");
  world.handler.Resolve(call, WriterOf("valves"));
  CHECK(HandleWorld::Text(answer).substr(0, 4) == "401 ");
}

TEST_CASE("a prefix's own handle says who answers for it") {
  HandleWorld world;
  CHECK(world.Resolve("0.na/88.118.8") ==
        Concat("1 0.na/88.118.8: 3 HS_SITE 0e ", world.site.bytes().size(),
               " bytes; 4 HS_NAMESPACE 0e \"<namespace></namespace>\"; "
               "5 HS_SERV 0e \"88.118.8/SERVICE\"; 100 HS_ADMIN 0e 24 bytes; "));
  CHECK(world.Resolve("0.NA/88.118", {"HS_NAMESPACE"}) ==
        "1 0.NA/88.118: 4 HS_NAMESPACE 0e \"<namespace></namespace>\"; ");
  CHECK(world.Resolve("0.NA/88.118", {"HS_ADMIN"}) == "200");
  CHECK(world.Resolve("0.NA/88.118.77") == "100");
  CHECK(world.Resolve("0.NA/") == "100");
}

TEST_CASE("below a delegated prefix the answer refers to the servers that clients can use") {
  HandleWorld world;
  world.Delegate("88.118.9", {SiteAt("registry.example.org", v1::Site::HANDLE_TCP, 2641),
                              SiteAt("192.0.2.7", v1::Site::HANDLE_TCP, 2641),
                              SiteAt("192.0.2.7", v1::Site::HANDLE_UDP, 2641),
                              SiteAt("2001:db8::1", v1::Site::HTTPS, 443),
                              SiteAt("192.0.2.8", v1::Site::GRPC, 7440)});
  const std::string answer = world.Ask(HandleWorld::ResolveRequest("88.118.9/V-1"));
  const ReadAnswer read(answer);
  CHECK(read.code() == 303);
  const auto referral = handle::DecodeReferral(read.body.body);
  REQUIRE(referral.ok());
  CHECK(referral->handle == "0.NA/88.118.9");
  REQUIRE(referral->values.size() == 2);
  const auto site = handle::DecodeSite(referral->values.begin()->data);
  REQUIRE(site.ok());
  REQUIRE(site->servers.size() == 1);
  CHECK(site->servers[0].address[15] == 7);
  CHECK(site->servers[0].interfaces ==
        std::vector<handle::SiteInterface>{{3, handle::Transport::kTcp, 2641},
                                           {2, handle::Transport::kUdp, 2641}});
  CHECK(world.Resolve("0.NA/88.118.9", {"HS_SITE"}).find(" 10 HS_SITE") != std::string::npos);
  const std::string told = "301 prefix 88.118.9 is delegated to registry.example.org";
  CHECK(world.Resolve("88.118.9/V-1", {}, {}, kUsualFlags | handle::kDoNotRefer) == told);
}

TEST_CASE("a delegation that no Handle client can use is told in words") {
  HandleWorld world;
  world.Delegate("88.118.9", {SiteAt("registry.example.org", v1::Site::GRPC, 7440)});
  CHECK(world.Resolve("88.118.9/V-1") ==
        "301 prefix 88.118.9 is delegated to registry.example.org");
}

TEST_CASE(
    "keys of credentials are values of the prefix's ADMIN handle, beside a record's or alone") {
  HandleWorld world;
  CHECK(world.Resolve("88.118.8/ADMIN") == "100");
  world.SetIdentities({{300, "key", 7}, {301, "", 7}});
  CHECK(world.Resolve("88.118.8/admin") == "1 88.118.8/admin: 300 HS_PUBKEY 0e \"key\"; ");
  auto record = RecordOf("88.118.8/ADMIN");
  AddValue(record, 100, "HS_ADMIN", "a");
  AddValue(record, 300, "DESC", "hidden by the key");
  world.store.Put(record);
  CHECK(world.Resolve("88.118.8/ADMIN") ==
        "1 88.118.8/ADMIN: 100 HS_ADMIN 0e 1 bytes; 300 HS_PUBKEY 0e \"key\"; ");
  CHECK(world.Resolve("88.118.8/ADMIN", {"HS_SECKEY"}) == "200");
  Challenger challenger;
  world.handler.Administer(&challenger);
  CHECK(world.Resolve("88.118.8/ADMIN", {"HS_SECKEY"}, {}, kNotOnlyPublic) == "402");
  CHECK(world.Resolve("88.118.8/ADMIN", {"HS_PUBKEY"}, {}, kNotOnlyPublic) ==
        "1 88.118.8/ADMIN: 300 HS_PUBKEY 0e \"key\"; ");
  CHECK(challenger.challenged == 1);
}
