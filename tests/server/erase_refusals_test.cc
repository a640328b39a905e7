#include "tests/server/erasing_world.h"

namespace gusu::server {
namespace {

TEST_CASE("erasures that cannot be made say why") {
  ErasingWorld world;
  const uint64_t first = world.Revision(0);
  const std::string of_first = Concat(" revision=", first, " tier=");
  CHECK(world.Erase({}) == "INVALID_ARGUMENT FIELD_MISSING field=revisions");
  CHECK(world.Erase({first}, "tier: TIER_UNSPECIFIED") ==
        "INVALID_ARGUMENT FIELD_MISSING field=tier");
  CHECK(world.Erase({first}, "tier: 9") == "INVALID_ARGUMENT FIELD_INVALID field=tier value=9");
  CHECK(world.Change(&Registry::EraseValues,
                     Concat("name: \"88.118.8/A\" tier: OWNER revisions: ", first)) ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.Erase(std::vector<uint64_t>(501, first)) ==
        "INVALID_ARGUMENT BATCH_TOO_LARGE count=501 count_max=500 field=revisions");
  CHECK(world.Erase({first, first - 1}) ==
        Concat("NOT_FOUND REVISION_NOT_FOUND identifier=88.118.8/A revision=", first - 1));
  CHECK(world.Erase({first, first + 9}) ==
        Concat("NOT_FOUND REVISION_NOT_FOUND identifier=88.118.8/A revision=", first + 9));
  CHECK(world.Erase({0}) == "NOT_FOUND REVISION_NOT_FOUND identifier=88.118.8/A revision=0");
  CHECK(world.Erase({first}, "tier: PARTNER") ==
        "FAILED_PRECONDITION VALUES_NOT_THERE identifier=88.118.8/A" + of_first + "PARTNER");
  CHECK(world.Erase({first}, R"(etag: "0")") ==
        Concat("ABORTED ETAG_MISMATCH etag=0 etag_current=", world.Etag("88.118.8/A"),
               " identifier=88.118.8/A"));
  CHECK(world.Erase({first}, R"(on_behalf_of { registrant: "registrants/sz-pumps" })")
            .starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  CHECK(world.Leaves() == 2);
  CHECK(world.Rows().back().owner_salt().size() == 32);

  CHECK(world.Erase({first}) == kUpdated + "2");
  CHECK(world.Erase({first}, R"(request_id: "other")") ==
        "FAILED_PRECONDITION VALUES_NOT_THERE identifier=88.118.8/A" + of_first + "OWNER");
  CHECK(world.Leaves() == 3);
}

TEST_CASE("of a prefix that is suspended nothing is erased, as nothing else is written") {
  RegistryWorld world;
  CHECK(world.Change(&Registry::EraseValues, R"(name: "88.118.10/A" tier: OWNER revisions: 1
                                                reason: "r")") ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10");
}

// 88.118.8/B, issued by sz-pumps and owned by sz-valves: each wrote an OWNER value of the first
// revision, and sz-valves alone that of the second.
class SharedWorld : public ErasingWorld {
 public:
  SharedWorld() {
    stored::RecordRow record;
    record.set_identifier("88.118.8/B");
    record.set_issued_by("sz-pumps");
    record.set_owner("sz-valves");
    record.set_level(v1::Record::ITEM);
    record.set_state(v1::Record::ACTIVE);
    AddValue(record, 4, "OURS", "registrants/sz-valves");
    AddValue(record, 5, "NOTE", "registrants/sz-pumps");
    Put(storage::RecordKey("88.118.8/B"), record);
    first_ = View()->last_revision();
    Change(&Registry::ModifyValues, R"(name: "88.118.8/B" remove_indexes: 5)");
    second_ = View()->last_revision();
  }

  std::string EraseShared(const Caller& caller, uint64_t revision, const std::string& more = "") {
    return ChangeAs(
        caller, &Registry::EraseValues,
        Concat("name: \"88.118.8/B\" tier: OWNER reason: \"r\" revisions: ", revision, " ", more));
  }

  uint64_t first_ = 0, second_ = 0;

 private:
  static void AddValue(stored::RecordRow& record, uint32_t index, const std::string& type,
                       const std::string& author) {
    stored::ValueRow* value = record.add_values();
    value->set_index(index);
    value->set_type(type);
    value->set_tier(v1::OWNER);
    value->set_author(author);
  }
};

TEST_CASE("nobody erases what another author wrote, but the bureau for the prefix's holder") {
  SharedWorld world;
  const std::string of_first =
      Concat(" identifier=88.118.8/B revision=", world.first_, " tier=OWNER");
  const std::string of_second =
      Concat(" identifier=88.118.8/B revision=", world.second_, " tier=OWNER");
  const Caller valves = world.Writer("sz-valves"), pumps = world.Writer("sz-pumps");
  CHECK(world.EraseShared(valves, world.first_) ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR author=registrants/sz-pumps" + of_first);
  CHECK(world.EraseShared(pumps, world.first_) ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR author=registrants/sz-valves" + of_first);
  CHECK(world.EraseShared(pumps, world.second_) ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR author=registrants/sz-valves" + of_second);
  const Caller bureau = RegistryWorld::WithRole(Role::kBureauAdmin);
  CHECK(world
            .EraseShared(bureau, world.first_,
                         R"(on_behalf_of { registrant: "registrants/sz-valves" reason: "court" })")
            .starts_with("PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR"));
  CHECK(world.EraseShared(bureau, world.first_).starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  const uint64_t leaves = world.Leaves();

  CHECK(world.EraseShared(valves, world.second_) ==
        Concat("88.118.8/B ITEM ACTIVE by registrants/sz-pumps leaf ", leaves));
  CHECK(world
            .EraseShared(bureau, world.first_,
                         R"(on_behalf_of { registrant: "registrants/sz-pumps" reason: "court" })")
            .ends_with(std::to_string(leaves + 1)));
  const auto change = world.View()->ReadChange(world.View()->leaf_count() - 1);
  CHECK(change->actor == "bureau");
  CHECK(change->on_behalf_of == "registrants/sz-pumps");
  CHECK(change->registrant == "sz-pumps");
  CHECK(change->reason == "r (on behalf: court)");
  CHECK(world.Rows("88.118.8/B").back().values().empty());
}

TEST_CASE("who may not change a record learns nothing of it by erasing") {
  ErasingWorld world;
  const std::string refused =
      "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves";
  const Caller other = world.Writer("sz-valves");
  CHECK(world.EraseAs(other, {world.Revision(0)}, R"(etag: "0")") == refused);
  CHECK(world.EraseAs(other, {1}) == refused);
  CHECK(world.ChangeAs(other, &Registry::EraseValues, R"(name: "88.118.8/NONE" tier: OWNER
                       revisions: 1 reason: "r")") == refused);
  CHECK(world.EraseAs(RegistryWorld::WithRole(Role::kAnonymous), {1})
            .starts_with("UNAUTHENTICATED CREDENTIAL_MISSING"));
  CHECK(world.EraseAs(RegistryWorld::WithRole(Role::kReader), {1})
            .starts_with("PERMISSION_DENIED ROLE_REFUSED"));
}

TEST_CASE("revisions of more than 24 MiB together are refused before they are written") {
  RegistryWorld world;
  const std::string large(60 * 1024, 'x');
  world.Register(Concat(R"(identifier: "88.118.8/L" values { type: "N" data: "x" tier: OWNER }
                           values { type: "A" data: ")",
                        large, "\" } values { type: \"B\" data: \"", large,
                        "\" } values { type: \"C\" data: \"", large, "\" }"));
  std::string revisions;
  for (int i = 0; i < 140; ++i) {
    revisions += Concat(" revisions: ", world.View()->last_revision());
    world.Change(&Registry::ModifyValues,
                 Concat("name: \"88.118.8/L\" modify { type: \"N\" data: \"", i, "\" }"));
  }
  const uint64_t leaves = world.Leaves();
  CHECK(world.Change(&Registry::EraseValues,
                     "name: \"88.118.8/L\" tier: OWNER reason: \"r\"" + revisions) ==
        "INVALID_ARGUMENT BATCH_TOO_LARGE bytes_max=25165824 field=revisions");
  CHECK(world.Leaves() == leaves);
}

}  // namespace
}  // namespace gusu::server
