// Grants against a model: whatever is granted, revoked, passed on and waited for, in any order,
// each registrant reads what the data model says, and nothing else.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "proto/text.h"
#include "tests/random.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

const std::vector<std::string> kHolders = {"sz-pumps", "sz-valves"};
const std::vector<std::string> kReaders = {"sz-valves", "sz-buyer", "sz-fixer"};
// The first has template `product`, the second none.
constexpr const char* kRecords[] = {"88.118.8/LOT-1", "88.118.8/LOT-2"};

enum Scope { kPrefix, kBeginningOfSecond, kTemplateOfFirst, kSingle, kOwn };

struct Given {
  std::string name, grantor, grantee;
  Scope scope;
  int record;  // of kSingle
  int tier;
  absl::Time expiry;
  bool by_holder;
  int passings;  // of the prefix, or of the record, until then
  bool revoked = false;
};

struct Model {
  std::string holder = "sz-pumps";
  std::string owners[2], custodians[2];  // empty: the holder
  int prefix_passings = 0, record_passings[2] = {};
  std::vector<Given> grants;

  const std::string& OwnerOf(int record) const {
    return owners[record].empty() ? holder : owners[record];
  }
  const std::string& CustodianOf(int record) const {
    return custodians[record].empty() ? holder : custodians[record];
  }

  bool Covers(const Given& grant, int record) const {
    switch (grant.scope) {
      case kPrefix:
        return true;
      case kBeginningOfSecond:
        return record == 1;
      case kTemplateOfFirst:
        return record == 0;
      case kSingle:
        return record == grant.record;
      case kOwn:
        return grant.grantee == OwnerOf(record) || grant.grantee == CustodianOf(record);
    }
    return false;
  }

  int TierOf(const std::string& reader, int record, absl::Time now) const {
    if (reader == OwnerOf(record)) return 3;
    int tier = reader == holder || reader == CustodianOf(record) ? 2 : 1;
    for (const Given& grant : grants) {
      if (grant.revoked || grant.expiry <= now || grant.grantee != reader) continue;
      if (!Covers(grant, record)) continue;
      if (grant.passings != (grant.by_holder ? prefix_passings : record_passings[record])) continue;
      tier = std::max(tier, std::min(grant.tier, grant.grantor == OwnerOf(record) ? 3 : 2));
    }
    return tier;
  }
};

class Play {
 public:
  uint64_t seed() const { return random_.seed(); }

  void Step() {
    switch (Below(6)) {
      case 0:
      case 1:
        return Give();
      case 2:
        return Revoke();
      case 3:
        return world_.Pass(absl::Hours(Below(48)));
      case 4:
        model_.holder = kHolders[Below(kHolders.size())];
        ++model_.prefix_passings;
        return world_.PassPrefix(model_.holder);
      default: {
        const size_t record = Below(2);
        const std::string owner = AnybodyOrNobody();
        if (owner != model_.owners[record]) ++model_.record_passings[record];
        model_.owners[record] = owner;
        model_.custodians[record] = AnybodyOrNobody();
        return world_.SetOwner(kRecords[record], model_.owners[record], model_.custodians[record]);
      }
    }
  }

  void Check() {
    static const std::string kShown[] = {"URL +2 withheld", "URL PRICE +1 withheld",
                                         "URL PRICE COST +0 withheld"};
    for (const std::string& reader : kReaders) {
      for (int record = 0; record < 2; ++record) {
        CAPTURE(reader, kRecords[record], model_.holder, model_.OwnerOf(record));
        CHECK(world_.Read(reader, kRecords[record],
                          "types: \"URL\" types: \"PRICE\" types: \"COST\"") ==
              kShown[model_.TierOf(reader, record, world_.Now()) - 1]);
      }
    }
  }

  size_t given() const { return model_.grants.size(); }

 private:
  size_t Below(size_t count) { return random_.Below(count); }

  std::string AnybodyOrNobody() {
    const size_t which = Below(kReaders.size() + 1);
    return which == kReaders.size() ? std::string() : kReaders[which];
  }

  void Give() {
    Given grant;
    grant.record = static_cast<int>(Below(2));
    grant.by_holder = Below(3) != 0;
    grant.grantor = grant.by_holder ? model_.holder : model_.OwnerOf(grant.record);
    // An owner that holds the prefix gives as its holder.
    grant.by_holder = grant.grantor == model_.holder;
    grant.passings =
        grant.by_holder ? model_.prefix_passings : model_.record_passings[grant.record];
    grant.scope = grant.by_holder ? static_cast<Scope>(Below(5)) : kSingle;
    grant.grantee = kReaders[Below(kReaders.size())];
    if (grant.grantee == grant.grantor) return;
    grant.tier = 2 + static_cast<int>(Below(2));
    grant.expiry = world_.Now() + absl::Hours(1 + static_cast<int64_t>(Below(200)));
    const std::string scope[] = {
        "prefix: \"prefixes/88.118.8\"", "identifier_beginning: \"88.118.8/lot-2\"",
        "template_scope { prefix: \"prefixes/88.118.8\" template: \"templates/product\" }",
        Concat("identifiers { identifiers: \"", kRecords[grant.record], "\" }"),
        "own_in_prefix: \"prefixes/88.118.8\""};
    const std::string answer = world_.Create(
        Concat("grant { registrant: \"registrants/", grant.grantee, "\" ", scope[grant.scope],
               " rights { read_tier: ", grant.tier == 2 ? "PARTNER" : "OWNER",
               " } expire_time { seconds: ", absl::ToUnixSeconds(grant.expiry),
               " } } request_id: \"g", model_.grants.size(), "\""),
        grant.grantor);
    REQUIRE(answer == Concat("registrants/", grant.grantor, "/grants/* ACTIVE"));
    grant.name = world_.last_grant();
    model_.grants.push_back(grant);
  }

  void Revoke() {
    if (model_.grants.empty()) return;
    Given& grant = model_.grants[Below(model_.grants.size())];
    REQUIRE(
        world_.Revoke(GrantsWorld::Admin(grant.grantor), Concat("name: \"", grant.name, "\"")) ==
        Concat("registrants/", grant.grantor, "/grants/* REVOKED"));
    grant.revoked = true;
  }

  test::Random random_{"grant_random_test"};
  GrantsWorld world_;
  Model model_;
};

TEST_CASE("whatever is granted and ends in whatever order, each reads what the model says") {
  Play play;
  for (int step = 0; step < 400; ++step) {
    CAPTURE(play.seed(), step);
    play.Step();
    play.Check();
  }
  CHECK(play.given() > 50);
}

}  // namespace
}  // namespace gusu::server
