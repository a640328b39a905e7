// The HTTP door's fuzz program: see tests/fuzz_driver.h and http_door_fuzz.h. A Catch2 test case
// around it, for the assertions of the world that other tests share with it.
#define CATCH_CONFIG_RUNNER
// What stops the program prints its input.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>

#include "tests/fuzz_driver.h"
#include "tests/server/http_door_fuzz.h"

namespace {
int argument_count = 0;
char** argument_texts = nullptr;
}  // namespace

TEST_CASE("the HTTP door keeps its promises whatever it is sent") {
  CHECK(gusu::test::RunFuzzTarget(argument_count, argument_texts, gusu::test::FuzzHttpDoor) == 0);
}

int main(int argc, char** argv) {
  argument_count = argc;
  argument_texts = argv;
  return Catch::Session().run(1, argv);
}
