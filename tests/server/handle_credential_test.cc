// Credentials for the Handle protocol: made, listed, revoked, and what their identities prove.
#include <algorithm>
#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/handle/key.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "server/handle_identity.h"
#include "server/registrar.h"
#include "storage/keys.h"
#include "tests/server/handle_credential_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
constexpr char kSecret[] = "secret of a Handle client";
constexpr char kPumps[] = "registrants/pumps";
using Credential = v1::Credential;
using World = HandleCredentialWorld;
using handle::KeyRecord;

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

// One for all cases, since it takes long to make.
const handle::PrivateKey& Key() {
  static const handle::PrivateKey key = handle::PrivateKey::GenerateRsa(2048);
  return key;
}

constexpr char kRefused[] = "UNAUTHENTICATED CREDENTIAL_INVALID";

TEST_CASE("identities count from 300 on below each prefix, and none is given twice") {
  World world;
  CHECK(world.Identity(world.WithSecret("secret number one")) == "300:88.118.8/ADMIN");
  const auto second = world.Make(world.WithSecret("secret number two"));
  REQUIRE(Show(second) == "OK");
  CHECK(second->credential().handle_identity() == "301:88.118.8/ADMIN");
  CHECK(second->credential().handle_prefix() == "88.118.8");
  CHECK(second->credential().kind() == Credential::HS_SECKEY);
  CHECK(world.Identity(world.WithSecret("secret number 3..", "88.118.9")) == "300:88.118.9/ADMIN");
  REQUIRE(Show(world.Revoke(world.AdminOf("pumps"), second->credential().name())) == "OK");
  CHECK(world.Identity(world.WithKey(Key().public_key().Encode())) == "302:88.118.8/ADMIN");
  CHECK(world.KeyOf("88.118.8/ADMIN", 300) == "secret number one");
  CHECK(world.KeyOf("88.118.8/admin", 302) == Key().public_key().Encode());
  CHECK(world.KeyOf("88.118.8/ADMIN", 301) == kRefused);
  CHECK(world.LetIn("88.118.8/Admin", 300) == "pumps REGISTRANT_WRITER");
}

TEST_CASE("many that are made at once all get an index of their own") {
  World world;
  constexpr int kCount = 12;
  std::vector<std::future<absl::StatusOr<v1::CredentialResponse>>> answers;
  {
    const auto hold = world.HoldCommits();
    for (int i = 0; i < kCount; ++i) {
      answers.push_back(world.Start(&Registrar::CreateCredential, world.AdminOf("pumps"),
                                    world.WithSecret("secret of thread " + std::to_string(i))));
    }
  }
  std::vector<std::string> identities;
  int refused = 0;
  for (auto& answer : answers) {
    const auto made = answer.get();
    if (made.ok()) {
      identities.push_back(made->credential().handle_identity());
    } else {
      CHECK(Show(made) == "ABORTED CONFLICT_RETRIES_EXHAUSTED");
      ++refused;
    }
  }
  CHECK(identities.size() >= 2);
  std::vector<std::string> expected;
  for (size_t i = 0; i < identities.size(); ++i) {
    expected.push_back(std::to_string(300 + i) + ":88.118.8/ADMIN");
  }
  std::sort(identities.begin(), identities.end());
  CHECK(identities == expected);
  CHECK(identities.size() + refused == kCount);
}

TEST_CASE("the same secret or key again is the same credential") {
  World world;
  for (const auto& request :
       {world.WithSecret(kSecret), world.WithKey(Key().public_key().Encode())}) {
    const auto first = world.Make(request);
    REQUIRE(Show(first) == "OK");
    world.Pass(absl::Minutes(1));
    const auto again = world.Make(request);
    REQUIRE(Show(again) == "OK");
    CHECK(again->SerializeAsString() == first->SerializeAsString());
    v1::CreateCredentialRequest other = request;
    other.mutable_credential()->set_title("another");
    CHECK(Show(world.Make(other)) == "ALREADY_EXISTS CREDENTIAL_TAKEN");
    other = request;
    other.mutable_credential()->set_handle_prefix("88.118.9");
    CHECK(Show(world.Make(other)) == "ALREADY_EXISTS CREDENTIAL_TAKEN");
  }
  // Another registrant's choice of the same secret is nobody's business.
  v1::CreateCredentialRequest theirs = world.WithSecret(kSecret);
  theirs.set_parent("registrants/valves");
  CHECK(Show(world.Write(&Registrar::CreateCredential, world.AdminOf("valves"), theirs)) == "OK");
}

TEST_CASE("a credential is made for exactly what its kind is") {
  World world;
  const std::string key = Key().public_key().Encode();
  const std::string sha256(32, 'h');
  const auto invalid = [&world](const v1::CreateCredentialRequest& request) {
    const auto made = world.Make(request);
    return RegistrarWorld::Show(made.status()) + " " + ErrorMetadataValue(made.status(), "field");
  };
  auto request = world.WithSecret(kSecret);
  request.set_public_key(key);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID public_key");
  request = world.WithSecret(kSecret);
  request.set_secret_sha256(sha256);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID secret_sha256");
  request = world.WithKey(key);
  request.set_secret(kSecret);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID secret");
  request = world.WithKey(key);
  request.set_secret_sha256(sha256);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID secret_sha256");
  request = world.Asked(Credential::TOKEN);
  request.set_secret(kSecret);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID secret");
  request = world.Asked(Credential::TOKEN);
  request.set_public_key(key);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID public_key");
  request = world.Asked(Credential::TOKEN, "88.118.8");
  request.set_secret_sha256(sha256);
  CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID credential.handle_prefix");
  CHECK(invalid(world.Asked(Credential::TOKEN)) == "INVALID_ARGUMENT FIELD_MISSING secret_sha256");
  CHECK(invalid(world.Asked(Credential::HS_PUBKEY)) == "INVALID_ARGUMENT FIELD_MISSING public_key");
  CHECK(invalid(world.Asked(Credential::HS_SECKEY)) == "INVALID_ARGUMENT FIELD_MISSING secret");
  for (const int kind : {2, 5}) {
    request = world.WithSecret(kSecret);
    request.mutable_credential()->set_kind(static_cast<Credential::Kind>(kind));
    CHECK(invalid(request) == "INVALID_ARGUMENT FIELD_INVALID credential.kind");
  }
}

TEST_CASE("a secret has 16 to 255 bytes, of any value") {
  World world;
  CHECK(world.Identity(world.WithSecret(std::string(15, 's'))) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(world.Identity(world.WithSecret(std::string(256, 's'))) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(world.Identity(world.WithSecret(std::string(16, '\0'))) == "300:88.118.8/ADMIN");
  CHECK(world.Identity(world.WithSecret(std::string(255, '\xFF'))) == "301:88.118.8/ADMIN");
  CHECK(world.KeyOf("88.118.8/ADMIN", 300) == std::string(16, '\0'));
  CHECK(world.KeyOf("88.118.8/ADMIN", 301) == std::string(255, '\xFF'));
}

KeyRecord DsaKey(size_t p_bytes, size_t q_bytes) {
  return {std::string(handle::kDsaPublicType),
          {std::string(q_bytes, '\xF1'), std::string(p_bytes, '\xF3'), "\x02", "\x04"}};
}

TEST_CASE("a public key is a strong one, and nothing else") {
  World world;
  const std::string key = Key().public_key().Encode();
  const auto try_key = [&world](const std::string& bytes) {
    return world.Identity(world.WithKey(bytes));
  };
  CHECK(try_key("-----BEGIN PUBLIC KEY-----") == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(key.substr(0, key.size() - 1)) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(key + "x") == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(std::string(100'000, 'k')) == "INVALID_ARGUMENT FIELD_INVALID");
  // A private key is never sent, and never kept when it is.
  CHECK(try_key(Key().Encode()) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(handle::PrivateKey::GenerateRsa(1024).public_key().Encode()) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  KeyRecord large = Key().public_key().record();
  large.numbers[1] = std::string(1025, '\xF1');
  CHECK(try_key(EncodeKeyRecord(large)) == "INVALID_ARGUMENT FIELD_INVALID");
  KeyRecord short_by_a_bit = Key().public_key().record();
  short_by_a_bit.numbers[1][0] &= 0x7F;
  CHECK(try_key(EncodeKeyRecord(short_by_a_bit)) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(EncodeKeyRecord(DsaKey(128, 20))) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(EncodeKeyRecord(DsaKey(256, 20))) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(EncodeKeyRecord(DsaKey(512, 32))) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(try_key(key) == "300:88.118.8/ADMIN");
  CHECK(try_key(EncodeKeyRecord(DsaKey(256, 32))) == "301:88.118.8/ADMIN");
}

TEST_CASE("the prefix of an identity is one that the registrant holds") {
  World world;
  const auto at = [&world](const std::string& prefix) {
    return world.Identity(world.WithSecret("secret below " + prefix + ".........", prefix));
  };
  CHECK(at("88.118.7") == "INVALID_ARGUMENT FIELD_INVALID");    // another's
  CHECK(at("88.118.10") == "INVALID_ARGUMENT FIELD_INVALID");   // nobody's
  CHECK(at("88.118.8.1") == "INVALID_ARGUMENT FIELD_INVALID");  // below its own, not granted
  CHECK(at("88.118.8/X") == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  REQUIRE(Show(world.Call(&Registrar::RetirePrefix, kBureau, "prefixes/88.118.8")) == "OK");
  CHECK(at("88.118.8") == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(at("") == "300:88.118.9/ADMIN");
  world.MakeAdmin("seals");
  auto request = world.WithSecret(kSecret);
  request.set_parent("registrants/seals");
  const auto none = world.Write(&Registrar::CreateCredential, world.AdminOf("seals"), request);
  CHECK(Show(none) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(std::string(none.status().message()).find("registrants/seals holds no prefix") !=
        std::string::npos);
}

TEST_CASE("a secret is nowhere in the log, the answers and the list, nor is its hash") {
  World world;
  const auto made = world.Make(world.WithSecret(kSecret));
  REQUIRE(Show(made) == "OK");
  v1::ListCredentialsRequest list;
  list.set_parent(kPumps);
  const auto listed = world.Read(&Registrar::ListCredentials, world.AdminOf("pumps"), list);
  REQUIRE(Show(listed) == "OK");
  const std::string id = made->credential().name().substr(std::string(kPumps).size() + 13);
  const auto row = world.View()->Get(storage::CredentialKey("pumps", id));
  REQUIRE((row.ok() && row->has_value()));
  const auto opening = world.View()->ReadOpening(made->receipt().leaf_index());
  REQUIRE(opening.ok());
  const Hash hash = Sha256(kSecret);
  for (const std::string& text :
       {made->SerializeAsString(), listed->SerializeAsString(), (*row)->payload, opening->bytes}) {
    CHECK(text.find("Handle client") == std::string::npos);
    CHECK(text.find(AsBytes(hash).substr(0, 8)) == std::string::npos);
    CHECK(text.find(HexEncode(AsBytes(hash).substr(0, 8))) == std::string::npos);
  }
}

TEST_CASE("a revoked secret is gone from the row and from history, whose commitments still hold") {
  World world;
  const auto made = world.Make(world.WithSecret(kSecret));
  REQUIRE(Show(made) == "OK");
  const std::string& name = made->credential().name();
  const auto revoked = world.Revoke(world.AdminOf("pumps"), name);
  REQUIRE(Show(revoked) == "OK");
  CHECK(revoked->credential().handle_identity() == "300:88.118.8/ADMIN");
  CHECK(world.Revoke(world.AdminOf("pumps"), name)->SerializeAsString() ==
        revoked->SerializeAsString());
  const std::string id = name.substr(std::string(kPumps).size() + 13);
  std::vector<uint64_t> leaves;
  REQUIRE(world.View()
              ->ScanRevisions(storage::CredentialKey("pumps", id), world.View()->last_revision(),
                              [&](const storage::Row& stored) {
                                storage::v1::CredentialRow row;
                                REQUIRE(row.ParseFromString(stored.payload));
                                CHECK(row.secret_ciphertext().empty());
                                CHECK(row.secret_commitment().size() == 32);
                                const Change change = world.ChangeAt(stored.leaf_index);
                                const Hash body =
                                    CommitmentHash(row.body_salt(), CanonicalBody(row));
                                CHECK(change.commitments.at(0).hash == body);
                                leaves.push_back(stored.leaf_index);
                                return true;
                              })
              .ok());
  CHECK(leaves ==
        std::vector<uint64_t>{revoked->receipt().leaf_index(), made->receipt().leaf_index()});
  // A repeat of the creation is answered as it was, and makes no other.
  const auto again = world.Make(world.WithSecret(kSecret));
  REQUIRE(Show(again) == "OK");
  CHECK(again->receipt().leaf_index() == made->receipt().leaf_index());
  CHECK(world.KeyOf("88.118.8/ADMIN", 300) == kRefused);
}

TEST_CASE("an identity proves something while it stands, and its registrant holds the prefix") {
  World world;
  auto request = world.WithSecret(kSecret);
  request.mutable_credential()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(world.Now() + absl::Minutes(1)));
  REQUIRE(Show(world.Make(request)) == "OK");
  const auto live = [&world] {
    return LiveHandleCredentials(*world.View(), "88.118.8", world.Now()).size();
  };
  CHECK(world.LetIn("88.118.8/ADMIN", 300) == "pumps REGISTRANT_WRITER");
  CHECK(live() == 1);
  CHECK(world.LetIn("88.118.8/ADMIN", 299) == kRefused);
  CHECK(world.LetIn("88.118.8/ADMIN", 0) == kRefused);
  CHECK(world.LetIn("88.118.8/ADMINX", 300) == kRefused);
  CHECK(world.LetIn("88.118.9/ADMIN", 300) == kRefused);
  CHECK(world.LetIn("/ADMIN", 300) == kRefused);
  CHECK(world.LetIn("", 300) == kRefused);
  CHECK(world.LetIn(std::string("88.118.8\0/ADMIN", 15), 300) == kRefused);
  // It is no bearer.
  CHECK(Show(world.Who(kSecret)) == kRefused);
  world.Pass(absl::Minutes(2));
  CHECK(world.LetIn("88.118.8/ADMIN", 300) == kRefused);
  CHECK(live() == 0);
  REQUIRE(Show(world.Make(world.WithSecret("secret that lasts"))) == "OK");
  CHECK(world.LetIn("88.118.8/ADMIN", 301) == "pumps REGISTRANT_WRITER");
  v1::TransferPrefixRequest transfer;
  transfer.set_name("prefixes/88.118.8");
  transfer.set_holder("registrants/valves");
  transfer.set_reason("sold");
  REQUIRE(Show(world.Write(&Registrar::TransferPrefix, kBureau, transfer)) == "OK");
  CHECK(world.LetIn("88.118.8/ADMIN", 301) == kRefused);
  CHECK(live() == 0);
  // The new holder's come after it.
  auto theirs = world.WithSecret("secret of valves", "88.118.8");
  theirs.set_parent("registrants/valves");
  const auto made = world.Write(&Registrar::CreateCredential, world.AdminOf("valves"), theirs);
  REQUIRE(Show(made) == "OK");
  CHECK(made->credential().handle_identity() == "302:88.118.8/ADMIN");
  CHECK(live() == 1);
}

TEST_CASE("a closed registrant's identities prove nothing, a suspended one's go on reading") {
  World world;
  REQUIRE(Show(world.Make(world.WithSecret(kSecret))) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps)) == "OK");
  CHECK(world.LetIn("88.118.8/ADMIN", 300) == "pumps REGISTRANT_WRITER");
  v1::CloseRegistrantRequest close;
  close.set_name(kPumps);
  close.set_reason("merged");
  close.set_successor("registrants/valves");
  REQUIRE(Show(world.Write(&Registrar::CloseRegistrant, kBureau, close)) == "OK");
  CHECK(world.LetIn("88.118.8/ADMIN", 300) == kRefused);
}

TEST_CASE("a proof counts only for the credential as it was when its key was handed out") {
  World world;
  const auto made = world.Make(world.WithSecret(kSecret));
  REQUIRE(Show(made) == "OK");
  const HandleIdentity identity{"88.118.8/ADMIN", 300};
  const auto key = FindHandleKey(*world.View(), world.vault(), identity, world.Now());
  REQUIRE(key.ok());
  HandleKey other = *key;
  other.revision -= 1;
  CHECK(Show(AuthenticateHandle(*world.View(), identity, other, "", world.Now())) == kRefused);
  REQUIRE(Show(world.Revoke(world.AdminOf("pumps"), made->credential().name())) == "OK");
  CHECK(Show(AuthenticateHandle(*world.View(), identity, *key, "", world.Now())) == kRefused);
}

TEST_CASE("without the vault's key a secret proves nothing, and a public key goes on") {
  World world;
  REQUIRE(Show(world.Make(world.WithSecret(kSecret))) == "OK");
  REQUIRE(Show(world.Make(world.WithKey(Key().public_key().Encode()))) == "OK");
  CredentialVault empty("");
  const auto view = world.View();
  CHECK(Show(FindHandleKey(*view, empty, {"88.118.8/ADMIN", 300}, world.Now())) == kRefused);
  CHECK(Show(FindHandleKey(*view, empty, {"88.118.8/ADMIN", 301}, world.Now())) == "OK");
  Registrar without(&world.ledger(), nullptr, [&world] { return world.Now(); });
  std::string answer;
  without.CreateCredential(world.WithSecret("another secret of it"),
                           *world.Who(world.AdminOf("pumps")),
                           [&answer](const auto& response) { answer = Show(response); });
  CHECK(answer == "FAILED_PRECONDITION CREDENTIAL_KEY_UNUSABLE");
}

TEST_CASE("the bureau's identities stand below the node's prefix, and make no last admin") {
  World world;
  v1::CreateCredentialRequest request = world.WithSecret(kSecret);
  request.set_parent("bureau");
  request.mutable_credential()->set_role(Credential::BUREAU_ADMIN);
  const auto made = world.Write(&Registrar::CreateCredential, kBureau, request);
  REQUIRE(Show(made) == "OK");
  CHECK(made->credential().handle_identity() == "300:88.118/ADMIN");
  CHECK(world.LetIn("88.118/ADMIN", 300) == " BUREAU_ADMIN");
  request.set_secret("another secret, of it");
  request.mutable_credential()->set_handle_prefix("88.118.8");
  CHECK(Show(world.Write(&Registrar::CreateCredential, kBureau, request)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  const std::string token = "bureau/credentials/" + world.Who(kBureau)->credential;
  CHECK(Show(world.Revoke(kBureau, token)) == "FAILED_PRECONDITION LAST_BUREAU_ADMIN");
  CHECK(Show(world.Revoke(kBureau, made->credential().name())) == "OK");
}

TEST_CASE("a claim goes on making credentials until there is an admin token") {
  World world;
  world.MakeActive("seals");
  REQUIRE(Show(world.Grant("88.118.6", "seals")) == "OK");
  auto request = world.WithSecret(kSecret);
  request.set_parent("registrants/seals");
  request.mutable_credential()->set_role(Credential::REGISTRANT_ADMIN);
  REQUIRE(Show(world.Write(&Registrar::CreateCredential, world.ClaimOf("seals"), request)) == "OK");
  CHECK(Show(world.Create(world.ClaimOf("seals"), "registrants/seals", "gusu_seals",
                          Credential::REGISTRANT_ADMIN)) == "OK");
  CHECK(Show(world.Create(world.ClaimOf("seals"), "registrants/seals", "gusu_more",
                          Credential::READER)) == "FAILED_PRECONDITION CLAIM_SPENT");
}

TEST_CASE("the bureau never makes a registrant's credential, nor another registrant") {
  World world;
  CHECK(Show(world.Write(&Registrar::CreateCredential, kBureau, world.WithSecret(kSecret))) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Show(world.Write(&Registrar::CreateCredential, world.AdminOf("valves"),
                         world.WithSecret(kSecret))) == "PERMISSION_DENIED NOT_OWN_REGISTRANT");
}

}  // namespace
}  // namespace gusu::server
