#include "storage/memory/persistent_map.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/random.h"

namespace gusu::storage {
namespace {

std::map<std::string, std::string> Content(const PersistentMap& map) {
  std::map<std::string, std::string> content;
  map.Scan("", "", [&](std::string_view key, const std::string& value) {
    content.emplace(key, value);
    return true;
  });
  return content;
}

TEST_CASE("every version of a persistent map stays as it was when it was made") {
  test::Random random("persistent map");
  std::map<std::string, std::string> model;
  PersistentMap map;
  std::vector<std::pair<PersistentMap, std::map<std::string, std::string>>> versions;
  for (int round = 0; round < 200; ++round) {
    PersistentMap::Editor editor(map);
    for (int write = 0; write < 10; ++write) {
      const std::string key = absl::StrCat("k", random.Below(300));
      if (random.Below(3) == 0) {
        editor.Erase(key);
        model.erase(key);
      } else {
        const std::string value = std::to_string(random.engine()());
        editor.Put(key, value);
        model[key] = value;
      }
    }
    map = std::move(editor).Take();
    versions.emplace_back(map, model);
  }
  for (const auto& [version, expected] : versions) REQUIRE(Content(version) == expected);
}

TEST_CASE("a persistent map of ascending keys stays shallow enough to scan and to drop") {
  PersistentMap map;
  PersistentMap::Editor editor(map);
  for (int i = 0; i < 200'000; ++i) editor.Put(std::to_string(1'000'000 + i), "");
  map = std::move(editor).Take();
  REQUIRE(Content(map).size() == 200'000);
  REQUIRE(map.Find("1199999") != nullptr);
  REQUIRE(map.Find("1200000") == nullptr);
}

}  // namespace
}  // namespace gusu::storage
