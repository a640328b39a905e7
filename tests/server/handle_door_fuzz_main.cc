// The Handle door's fuzz program: see tests/fuzz_driver.h and handle_door_fuzz.h.
#include "tests/fuzz_case.h"
#include "tests/server/handle_door_fuzz.h"

namespace gusu::test {
const FuzzTarget kFuzzTarget = FuzzHandleDoor;
}  // namespace gusu::test
