#include "tests/proto/golden.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gusu::test {

void CheckGolden(const std::string& file, const Golden& lines) {
  std::string text = "# GUSU_UPDATE_GOLDENS=1 build/release/bin/proto_test\n";
  for (const auto& [name, value] : lines) text += name + ": " + value + "\n";
  const std::string path = std::string(GUSU_GOLDEN_DIRECTORY) + "/" + file;
  if (std::getenv("GUSU_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(path) << text;
    return;
  }
  std::stringstream stored;
  stored << std::ifstream(path).rdbuf();
  CHECK(stored.str() == text);
}

}  // namespace gusu::test
