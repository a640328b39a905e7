#define CATCH_CONFIG_RUNNER
// What stops the program prints its input.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include "tests/fuzz_case.h"

#include <catch2/catch.hpp>

namespace {
int argument_count = 0;
char** argument_texts = nullptr;
}  // namespace

TEST_CASE("what the target promises holds whatever it is given") {
  CHECK(gusu::test::RunFuzzTarget(argument_count, argument_texts, gusu::test::kFuzzTarget) == 0);
}

int main(int argc, char** argv) {
  argument_count = argc;
  argument_texts = argv;
  return Catch::Session().run(1, argv);
}
