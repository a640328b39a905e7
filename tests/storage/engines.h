// The engines that a test program runs the conformance cases on, each on a fresh and empty store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/engine.h"
#include "storage/snapshot_age.h"

namespace gusu::storage {

struct EngineUnderTest {
  std::shared_ptr<Engine> engine;  // its store goes with it
  // Makes the next commits fail with an unknown outcome, and Recover fail, until `mend`. Empty for
  // engines that cannot be broken.
  std::function<void()> break_down;
  std::function<void()> mend;
};

struct EngineKind {
  std::string name;
  std::function<EngineUnderTest(AgeClock clock)> make;
};

// Defined once in each test program.
std::vector<EngineKind> EngineKinds();

}  // namespace gusu::storage
