// HS_ADMIN and HS_VLIST narrow who may administer a handle.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "proto/handle/admin_value.h"
#include "tests/server/handle_admin_world.h"

namespace gusu::server {
namespace {

using World = HandleAdminWorld;

constexpr uint16_t kEveryRight = handle::kAllRights;
constexpr char kNotNamed[] = "400 HS_ADMIN of 88.118.8/A does not name 301:88.118.8/ADMIN";

TestValue Admin(uint32_t index, uint16_t rights, const std::string& handle, uint32_t key_index) {
  return {index, "HS_ADMIN", handle::EncodeAdminValue({rights, {handle, key_index}})};
}

TestValue Group(uint32_t index, const std::vector<handle::Reference>& members) {
  return {index, "HS_VLIST", handle::EncodeVlist(members)};
}

// 88.118.8/A with these values and a URL at 1.
void MakeA(World& world, std::vector<TestValue> values) {
  values.push_back({1, "URL", "http://a/"});
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", values)) == "1 88.118.8/A");
}

std::string Missing(const std::string& rights) {
  return "401 HS_ADMIN of 88.118.8/A lacks the rights " + rights + " for 301:88.118.8/ADMIN";
}

TEST_CASE("who is not among a handle's administrators changes nothing of it") {
  World world;
  MakeA(world, {Admin(100, kEveryRight, "88.118.8/ADMIN", 300), {2, "NOTE", "inner", 0x0c}});
  const uint64_t leaves = world.Leaves();
  for (const std::string& request :
       {World::Add("88.118.8/A", {{5, "NOTE", "n"}}), World::Remove("88.118.8/A", {1}),
        World::Modify("88.118.8/A", {{1, "URL", "http://b/"}}), World::Delete("88.118.8/A"),
        World::Create("88.118.8/A", {}, handle::kOverwrite), World::Resolve("88.118.8/A")}) {
    CHECK(world.Do(world.pumps_other, request) == kNotNamed);
  }
  CHECK(world.Leaves() == leaves);
  CHECK(world.Do(world.pumps, World::Add("88.118.8/A", {{5, "NOTE", "n"}})) == "1");
}

TEST_CASE("each operation needs its own right") {
  struct Operation {
    std::string request;
    uint16_t right;
  };
  const TestValue another_admin = Admin(101, 0, "88.118.8/ADMIN", 300);
  const std::vector<Operation> operations = {
      {World::Add("88.118.8/A", {{5, "NOTE", "n"}}), handle::kAddValueRight},
      {World::Add("88.118.8/A", {another_admin}), handle::kAddAdmin},
      {World::Modify("88.118.8/A", {{1, "URL", "http://b/"}}), handle::kModifyValueRight},
      {World::Modify("88.118.8/A", {Admin(102, 0, "88.118.8/ADMIN", 300)}), handle::kModifyAdmin},
      // To make an ordinary value of one, or one of an ordinary value.
      {World::Modify("88.118.8/A", {{102, "NOTE", "n"}}), handle::kModifyAdmin},
      {World::Modify("88.118.8/A", {Admin(1, 0, "88.118.8/ADMIN", 300)}), handle::kModifyAdmin},
      {World::Remove("88.118.8/A", {1}), handle::kRemoveValueRight},
      {World::Remove("88.118.8/A", {102}), handle::kRemoveAdmin},
      {World::Delete("88.118.8/A"), handle::kDeleteHandle},
      {World::Create("88.118.8/A", {}, handle::kOverwrite), handle::kDeleteHandle},
      {World::Resolve("88.118.8/A"), handle::kReadValue},
  };
  for (const auto& [request, right] : operations) {
    for (const bool has_it : {false, true}) {
      World world;
      const auto rights = static_cast<uint16_t>(has_it ? right : kEveryRight & ~right);
      MakeA(world, {Admin(100, rights, "88.118.8/admin", 301),
                    Admin(102, kEveryRight, "88.118.8/ADMIN", 300),
                    {2, "NOTE", "in", 0x0c}});
      const uint64_t leaves = world.Leaves();
      const std::string told = world.Do(world.pumps_other, request);
      INFO(handle::RightsText(right));
      if (has_it) {
        CHECK(told.substr(0, 1) == "1");
      } else {
        CHECK(told == Missing(handle::RightsText(right)));
        CHECK(world.Leaves() == leaves);
      }
    }
  }
}

TEST_CASE("several administrators' rights count together, and index 0 is every key of a handle") {
  World world;
  MakeA(world, {Admin(100, handle::kAddValueRight, "88.118.8/ADMIN", 301),
                Admin(101, handle::kAddAdmin, "88.118.8/ADMIN", 0)});
  const TestValue admin = Admin(102, kEveryRight, "88.118.8/ADMIN", 300);
  CHECK(world.Do(world.pumps_other, World::Add("88.118.8/A", {{5, "NOTE", "n"}, admin})) == "1");
  CHECK(world.Do(world.pumps_other, World::Remove("88.118.8/A", {5})) == Missing("000000100000"));
}

TEST_CASE("administrators that the caller may not read narrow as others do") {
  World world;
  TestValue hidden = Admin(100, kEveryRight, "88.118.8/ADMIN", 300);
  hidden.permissions = 0x0c;
  MakeA(world, {hidden});
  CHECK(world.Do(world.pumps_other, World::Delete("88.118.8/A")) == kNotNamed);
  CHECK(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
}

TEST_CASE("HS_ADMIN gives nothing to who may not write below the prefix") {
  World world;
  MakeA(world, {Admin(100, kEveryRight, "88.118.7/ADMIN", 300)});
  const uint64_t leaves = world.Leaves();
  CHECK(World::CodeOf(world.Prove(world.valves, World::Delete("88.118.8/A")).bytes) == 400);
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("a group of administrators is a list of keys and of groups") {
  World world;
  REQUIRE(world.Do(world.pumps,
                   World::Create("88.118.8/GROUP",
                                 {Group(200, {{"88.118.8/ADMIN", 999}, {"88.118.8/GROUP", 201}}),
                                  Group(201, {{"88.118.8/ADMIN", 301}})})) == "1 88.118.8/GROUP");
  MakeA(world, {Admin(100, kEveryRight, "88.118.8/group", 200)});
  CHECK(world.Do(world.pumps_other, World::Add("88.118.8/A", {{5, "NOTE", "n"}})) == "1");
  CHECK(world.Do(world.pumps, World::Delete("88.118.8/A")) ==
        "400 HS_ADMIN of 88.118.8/A does not name 300:88.118.8/ADMIN");
  // A group that is no more holds nobody.
  REQUIRE(world.Do(world.pumps, World::Delete("88.118.8/GROUP")) == "1");
  CHECK(world.Do(world.pumps_other, World::Delete("88.118.8/A")) == kNotNamed);
}

TEST_CASE(
    "administrators of another registry lock nobody out, and stand beside those of this one") {
  for (const char* elsewhere : {"21.T14999/ELSEWHERE", "0.NA/21.T14999"}) {
    World world;
    MakeA(world, {Admin(100, handle::kAddValueRight, elsewhere, 300)});
    CHECK(world.Do(world.pumps_other, World::Add("88.118.8/A", {{5, "NOTE", "n"}})) == "1");
    CHECK(world.Do(world.pumps_other, World::Delete("88.118.8/A")) == "1");
    CHECK(World::CodeOf(world.Prove(world.valves, World::Delete("88.118.8/A")).bytes) == 100);
    World mixed;
    MakeA(mixed, {Admin(100, kEveryRight, elsewhere, 300),
                  Admin(101, kEveryRight, "88.118.8/ADMIN", 300)});
    CHECK(mixed.Do(mixed.pumps_other, World::Delete("88.118.8/A")) == kNotNamed);
    CHECK(mixed.Do(mixed.pumps, World::Delete("88.118.8/A")) == "1");
  }
}

TEST_CASE("the prefix's own handle names every identity below the prefix, and no other one") {
  for (const char* named : {"0.NA/88.118.8", "0.na/88.118.8"}) {
    World world;
    MakeA(world, {Admin(100, handle::kAddValueRight, named, 200)});
    CHECK(world.Do(world.pumps_other, World::Add("88.118.8/A", {{5, "NOTE", "n"}})) == "1");
    CHECK(world.Do(world.pumps_other, World::Delete("88.118.8/A")) == Missing("000000000010"));
  }
  World world;
  MakeA(world, {Admin(100, kEveryRight, "0.NA/88.118.7", 200)});
  CHECK(world.Do(world.pumps_other, World::Delete("88.118.8/A")) == kNotNamed);
}

TEST_CASE("groups lead nowhere beyond five steps, in circles and after 64 members") {
  World world;
  std::vector<TestValue> groups;
  for (uint32_t i = 1; i <= 6; ++i) {
    groups.push_back(Group(200 + i, {{"88.118.8/GROUP", 201 + i}}));
  }
  groups.push_back(Group(207, {{"88.118.8/ADMIN", 301}}));
  groups.push_back(Group(210, {{"88.118.8/GROUP", 210}, {"88.118.8/ADMIN", 301}}));
  std::vector<handle::Reference> many(64, {"88.118.8/ADMIN", 999});
  many.push_back({"88.118.8/ADMIN", 301});
  groups.push_back(Group(220, many));
  groups.push_back(Group(221, {many.begin() + 1, many.end()}));
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/GROUP", groups)) == "1 88.118.8/GROUP");
  const auto add_by = [&](uint32_t group) {
    const std::vector<TestValue> values = {Admin(100, kEveryRight, "88.118.8/GROUP", group),
                                           Admin(101, kEveryRight, "88.118.8/ADMIN", 300)};
    REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", values, handle::kOverwrite)) ==
            "1 88.118.8/A");
    return world.Do(world.pumps_other, World::Add("88.118.8/A", {{5, "NOTE", "n"}}));
  };
  CHECK(add_by(203) == "1");
  CHECK(add_by(202) == kNotNamed);
  CHECK(add_by(201) == kNotNamed);
  CHECK(add_by(210) == "1");
  CHECK(add_by(220) == kNotNamed);
  CHECK(add_by(221) == "1");
}

TEST_CASE("who administers a handle that was deleted does not matter to who creates it again") {
  World world;
  MakeA(world, {Admin(100, kEveryRight, "88.118.8/ADMIN", 300)});
  REQUIRE(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
  CHECK(world.Do(world.pumps_other, World::Create("88.118.8/A", {{1, "URL", "http://b/"}})) ==
        "1 88.118.8/A");
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 1 URL http://b/ 0e;");
}

}  // namespace
}  // namespace gusu::server
