#include "storage/directory.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "storage/keys.h"
#include "tests/random.h"

namespace gusu::storage {
namespace {

using Replacements = std::vector<Directory::Replacement>;

constexpr uint32_t kRegistrantAdmin = 3;
constexpr uint32_t kReader = 5;

template <typename Message>
Directory::Replacement Put(std::string key, const Message& message, uint64_t revision = 1) {
  return {std::move(key), Row{revision, revision, message.SerializeAsString()}};
}

Directory::Replacement PutRegistrant(const std::string& id, const std::string& claim,
                                     uint64_t revision = 1) {
  v1::RegistrantRow row;
  row.set_legal_name("name of " + id);
  row.set_claim_sha256(claim);
  return Put(RegistrantKey(id), row, revision);
}

Directory::Replacement PutPrefix(const std::string& prefix, uint64_t revision = 1) {
  v1::PrefixRow row;
  row.set_prefix(prefix);
  return Put(PrefixKey(prefix), row, revision);
}

Directory::Replacement PutCredential(const std::string& registrant, const std::string& id,
                                     uint32_t role, const std::string& secret,
                                     bool revoked = false) {
  v1::CredentialRow row;
  row.set_registrant(registrant);
  row.set_id(id);
  row.set_role(role);
  row.set_secret_sha256(secret);
  row.set_revoked(revoked);
  return Put(CredentialKey(registrant, id), row);
}

std::shared_ptr<const Directory> With(const Directory& directory, const Replacements& rows) {
  auto with = directory.With(rows);
  REQUIRE(with.ok());
  return *std::move(with);
}

}  // namespace

TEST_CASE("an empty directory holds nothing") {
  const Directory directory;
  CHECK(directory.settings() == nullptr);
  CHECK(directory.FindRegistrant("a") == nullptr);
  CHECK(directory.FindCoveringPrefix("88.118.8") == nullptr);
  CHECK(directory.FindCredential("", "a") == nullptr);
  CHECK(directory.FindCredentialBySecret("a") == nullptr);
  CHECK(directory.FindRegistrantByClaim("a") == nullptr);
  CHECK_FALSE(directory.HasAdminCredential("a"));
  CHECK_FALSE(directory.RevisionAt(SettingsKey()).has_value());
}

TEST_CASE("grants are found by grantee, by group and by the organisation code of the approved") {
  v1::RegistrantRow dealer;
  dealer.set_state(2);  // ACTIVE
  dealer.set_organization_code_scheme(1);
  dealer.set_organization_code("91320594MA1MABCD6F");
  v1::GroupRow group;
  group.add_members("dealer");
  const auto grant = [](const std::string& id) {
    v1::GrantRow row;
    row.set_grantor("pumps");
    row.set_id(id);
    row.set_prefix_key("88.118.8");
    return row;
  };
  v1::GrantRow direct = grant("direct"), grouped = grant("grouped"), coded = grant("coded");
  direct.set_grantee("dealer");
  grouped.set_group("dealers");
  coded.set_organization_code_scheme(1);
  coded.set_organization_code("91320594MA1MABCD6F");
  const auto ids = [](const Directory& directory, std::string_view registrant,
                      std::string_view prefix) {
    std::vector<std::string> found;
    for (const auto* entry : directory.GrantsTo(registrant, prefix)) {
      found.push_back(entry->row->id());
    }
    std::sort(found.begin(), found.end());
    return found;
  };
  using Ids = std::vector<std::string>;

  auto directory =
      With(Directory(),
           {Put(RegistrantKey("dealer"), dealer), Put(GroupKey("pumps", "dealers"), group),
            Put(GrantKey("pumps", "direct"), direct), Put(GrantKey("pumps", "grouped"), grouped),
            Put(GrantKey("pumps", "coded"), coded)});
  CHECK(ids(*directory, "dealer", "88.118.8") == Ids{"coded", "direct", "grouped"});
  CHECK(ids(*directory, "dealer", "88.118.9").empty());
  CHECK(ids(*directory, "other", "88.118.8").empty());
  REQUIRE(directory->FindGrant("pumps", "coded") != nullptr);

  dealer.set_state(1);  // PENDING
  directory = With(*directory, {Put(RegistrantKey("dealer"), dealer, 2)});
  CHECK(ids(*directory, "dealer", "88.118.8") == Ids{"direct", "grouped"});
  direct.set_revoked(true);
  directory = With(*directory, {Put(GrantKey("pumps", "direct"), direct, 3)});
  CHECK(ids(*directory, "dealer", "88.118.8") == Ids{"grouped"});
  group.clear_members();
  directory = With(*directory, {Put(GroupKey("pumps", "dealers"), group, 4)});
  CHECK(ids(*directory, "dealer", "88.118.8").empty());
  CHECK(directory->RevisionAt(GrantKey("pumps", "direct")) == 3);
  CHECK(directory->RevisionAt(GroupKey("pumps", "dealers")) == 4);
}

TEST_CASE("templates and patterns of ranges are found by comparison key") {
  v1::TemplateRow pump;
  pump.set_id("88.118.8/META_pump");
  v1::RangePatternsRow patterns;
  patterns.add_patterns()->set_pattern("BOLT-{serial:10}");
  const auto directory = With(Directory(), {Put(TemplateKey("88.118.8/META_pump"), pump, 2),
                                            Put(RangePatternsKey("88.118.8"), patterns, 3)});
  REQUIRE(directory->FindTemplate("88.118.8/META_PUMP") != nullptr);
  CHECK(directory->FindTemplate("88.118.8/META_PUMP")->row->id() == "88.118.8/META_pump");
  CHECK(directory->FindTemplate("88.118.8/META_pump") == nullptr);
  REQUIRE(directory->FindRangePatterns("88.118.8") != nullptr);
  CHECK(directory->FindRangePatterns("88.118.8")->row->patterns_size() == 1);
  CHECK(directory->RevisionAt(TemplateKey("88.118.8/META_PUMP")) == 2);
  CHECK(directory->RevisionAt(RangePatternsKey("88.118.8")) == 3);
}

TEST_CASE("a directory finds rows by name, with revision and leaf") {
  const auto directory =
      With(Directory(), {PutRegistrant("sz-pumps", "claim", 7), PutPrefix("88.118.8", 8)});
  const Directory::RegistrantEntry* registrant = directory->FindRegistrant("sz-pumps");
  REQUIRE(registrant != nullptr);
  CHECK(registrant->revision == 7);
  CHECK(registrant->leaf_index == 7);
  CHECK(registrant->row->legal_name() == "name of sz-pumps");
  CHECK(directory->RevisionAt(RegistrantKey("sz-pumps")) == 7u);
  CHECK(directory->RevisionAt(PrefixKey("88.118.8")) == 8u);
  std::string id;
  CHECK(directory->FindRegistrantByClaim("claim", &id) == registrant);
  CHECK(id == "sz-pumps");
  CHECK(Directory::Holds(PrefixKey("88.118.8")));
  CHECK_FALSE(Directory::Holds(RecordKey("88.118.8/A")));
  CHECK_FALSE(Directory::Holds(""));
}

TEST_CASE("the longest granted prefix covers what is below it, segment by segment") {
  const auto directory = With(Directory(), {PutPrefix("88.118"), PutPrefix("88.118.8")});
  const auto covering = [&directory](std::string_view prefix) {
    const Directory::PrefixEntry* entry = directory->FindCoveringPrefix(prefix);
    return entry == nullptr ? std::string() : entry->row->prefix();
  };
  CHECK(covering("88.118.8") == "88.118.8");
  CHECK(covering("88.118.8.1.2") == "88.118.8");
  CHECK(covering("88.118.80") == "88.118");
  CHECK(covering("88.1180") == "");
  CHECK(covering("88") == "");
}

TEST_CASE("a credential is found by its secret, revoked or not, and admins are counted standing") {
  const auto first = With(
      Directory(), {PutCredential("a", "1", kRegistrantAdmin, "s1"),
                    PutCredential("a", "2", kReader, "s2"), PutCredential("", "1", kReader, "s3")});
  CHECK(first->FindCredentialBySecret("s2")->row->id() == "2");
  CHECK(first->FindCredential("", "1")->row->secret_sha256() == "s3");
  CHECK(first->HasAdminCredential("a"));
  CHECK_FALSE(first->HasAdminCredential(""));

  const auto revoked = With(*first, {PutCredential("a", "1", kRegistrantAdmin, "s1", true)});
  CHECK(revoked->FindCredentialBySecret("s1")->row->revoked());
  CHECK_FALSE(revoked->HasAdminCredential("a"));
  CHECK(first->HasAdminCredential("a"));

  const auto changed = With(*revoked, {PutCredential("a", "2", kRegistrantAdmin, "s4")});
  CHECK(changed->FindCredentialBySecret("s2") == nullptr);
  CHECK(changed->FindCredentialBySecret("s4")->row->id() == "2");
  CHECK(changed->HasAdminCredential("a"));
  const auto gone = With(*changed, {{CredentialKey("a", "2"), std::nullopt}});
  CHECK(gone->FindCredentialBySecret("s4") == nullptr);
  CHECK_FALSE(gone->HasAdminCredential("a"));
}

TEST_CASE(
    "a credential is found by its Handle identity, and the highest index is never forgotten") {
  const auto put = [](const std::string& id, const std::string& prefix, uint32_t index,
                      bool revoked) {
    v1::CredentialRow row;
    row.set_registrant("a");
    row.set_id(id);
    row.set_role(kRegistrantAdmin);
    row.set_kind(3);
    row.set_handle_prefix(prefix);
    row.set_handle_index(index);
    row.set_revoked(revoked);
    return Put(CredentialKey("a", id), row);
  };
  const auto ids = [](const Directory& directory, const std::string& prefix_key) {
    std::string text;
    for (const auto* entry : directory.CredentialsAtHandle(prefix_key)) text += entry->row->id();
    return text;
  };
  const Replacements rows = {put("2", "88.118.a", 301, false), put("1", "88.118.a", 300, false),
                             put("3", "88.118.b", 300, false)};
  const auto first = With(Directory(), rows);
  CHECK(first->FindCredentialByHandle("88.118.A", 300)->row->id() == "1");
  CHECK(first->FindCredentialByHandle("88.118.A", 301)->row->id() == "2");
  CHECK(first->FindCredentialByHandle("88.118.B", 300)->row->id() == "3");
  CHECK(first->FindCredentialByHandle("88.118.B", 301) == nullptr);
  CHECK(first->FindCredentialByHandle("88.118", 300) == nullptr);
  CHECK(ids(*first, "88.118.A") == "12");
  CHECK(first->LastHandleIndex("88.118.A") == 301);
  CHECK(first->LastHandleIndex("88.118.C") == 0);
  // Only tokens make further credentials.
  CHECK_FALSE(first->HasAdminCredential("a"));

  const auto revoked = With(*first, {put("2", "88.118.a", 301, true)});
  CHECK(revoked->FindCredentialByHandle("88.118.A", 301)->row->revoked());
  CHECK(ids(*revoked, "88.118.A") == "1");
  CHECK(ids(*first, "88.118.A") == "12");
  CHECK(revoked->LastHandleIndex("88.118.A") == 301);
  CHECK(With(Directory(), {put("2", "88.118.a", 301, true)})->LastHandleIndex("88.118.A") == 301);

  const auto gone = With(*revoked, {{CredentialKey("a", "1"), std::nullopt}});
  CHECK(gone->FindCredentialByHandle("88.118.A", 300) == nullptr);
  CHECK(ids(*gone, "88.118.A").empty());
}

TEST_CASE("two rows with one secret are found the same way whatever came first") {
  const auto a = PutCredential("a", "1", kReader, "same");
  const auto b = PutCredential("a", "2", kReader, "same");
  CHECK(With(Directory(), {a, b})->FindCredentialBySecret("same")->row->id() == "1");
  CHECK(With(Directory(), {b, a})->FindCredentialBySecret("same")->row->id() == "1");
}

TEST_CASE("a payload that is not its table's message is data loss, and changes nothing") {
  const auto before = With(Directory(), {PutPrefix("88.118.8")});
  const auto with = before->With({{PrefixKey("88.118.8"), Row{2, 2, "\xFF"}}});
  CHECK(with.status().code() == absl::StatusCode::kDataLoss);
  CHECK(before->RevisionAt(PrefixKey("88.118.8")) == 1u);
}

TEST_CASE("old directories go on showing what they showed") {
  test::Random random("directory");
  std::map<std::string, uint64_t> model;
  std::vector<std::pair<std::shared_ptr<const Directory>, std::map<std::string, uint64_t>>> kept;
  auto directory = std::make_shared<const Directory>();
  for (uint64_t revision = 1; revision <= 300; ++revision) {
    Replacements rows;
    for (size_t i = 0; i < 1 + random.Below(5); ++i) {
      const std::string prefix = "88." + std::to_string(random.Below(200));
      if (random.Below(4) == 0) {
        rows.push_back({PrefixKey(prefix), std::nullopt});
        model.erase(prefix);
      } else {
        rows.push_back(PutPrefix(prefix, revision));
        model[prefix] = revision;
      }
    }
    directory = With(*directory, rows);
    if (revision % 50 == 0) kept.emplace_back(directory, model);
  }
  for (const auto& [old, expected] : kept) {
    for (size_t i = 0; i < 200; ++i) {
      const std::string prefix = "88." + std::to_string(i);
      const auto row = expected.find(prefix);
      const auto revision = old->RevisionAt(PrefixKey(prefix));
      REQUIRE(revision.has_value() == (row != expected.end()));
      if (revision.has_value()) REQUIRE(*revision == row->second);
    }
  }
}

TEST_CASE("twenty thousand registrants with prefix and credential fit, and change one by one") {
  Replacements rows;
  for (int i = 0; i < 20'000; ++i) {
    const std::string n = std::to_string(i);
    rows.push_back(PutRegistrant("r" + n, "claim" + n));
    rows.push_back(PutPrefix("88." + n));
    rows.push_back(PutCredential("r" + n, "1", kRegistrantAdmin, "secret" + n));
  }
  auto directory = With(Directory(), rows);
  for (int i = 0; i < 1000; ++i) directory = With(*directory, {PutPrefix("88.1", 2 + i)});
  CHECK(directory->RevisionAt(PrefixKey("88.1")) == 1001u);
  for (int i = 0; i < 20'000; i += 997) {
    const std::string n = std::to_string(i);
    REQUIRE(directory->FindRegistrant("r" + n) != nullptr);
    REQUIRE(directory->FindCredentialBySecret("secret" + n)->row->registrant() == "r" + n);
    REQUIRE(directory->HasAdminCredential("r" + n));
  }
}

}  // namespace gusu::storage
