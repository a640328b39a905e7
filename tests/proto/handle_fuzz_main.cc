// The Handle codec's fuzz program: see tests/fuzz_driver.h and handle_fuzz.h.
#include "../fuzz_driver.h"
#include "handle_fuzz.h"

int main(int argc, char** argv) {
  return gusu::test::RunFuzzTarget(argc, argv, gusu::test::FuzzHandleCodec);
}
