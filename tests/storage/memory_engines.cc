#include "storage/memory/memory_engine.h"
#include "tests/storage/engines.h"
#include "tests/storage/faulty_engine.h"

namespace gusu::storage {
namespace {

EngineUnderTest MakeFaulty(FaultyEngine::Fault fault, AgeClock clock) {
  // Both engines in one allocation, so that the pair goes as one.
  struct Pair {
    explicit Pair(AgeClock age_clock) : memory(std::move(age_clock)), faulty(&memory) {}
    MemoryEngine memory;
    FaultyEngine faulty;
  };
  auto pair = std::make_shared<Pair>(std::move(clock));
  FaultyEngine* faulty = &pair->faulty;
  return {std::shared_ptr<Engine>(pair, faulty),
          [faulty, fault] {
            faulty->FailNext({fault});
            faulty->FailRecoveries(1 << 20);
          },
          [faulty] { faulty->FailRecoveries(0); }};
}

}  // namespace

std::vector<EngineKind> EngineKinds() {
  using Fault = FaultyEngine::Fault;
  std::vector<EngineKind> kinds = {
      {"memory", [](AgeClock clock) {
         return EngineUnderTest{std::make_shared<MemoryEngine>(std::move(clock)), {}, {}};
       }}};
  for (auto [name, fault] : {std::pair("faulty, not done", Fault::kUnknownNotDone),
                             std::pair("faulty, done", Fault::kUnknownDone),
                             std::pair("faulty, done later", Fault::kUnknownDoneLater)}) {
    kinds.push_back(
        {name, [fault = fault](AgeClock clock) { return MakeFaulty(fault, std::move(clock)); }});
  }
  return kinds;
}

}  // namespace gusu::storage
