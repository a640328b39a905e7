// The HTTP door's fuzz program: see tests/fuzz_driver.h and http_door_fuzz.h.
#include "tests/fuzz_case.h"
#include "tests/server/http_door_fuzz.h"

namespace gusu::test {
const FuzzTarget kFuzzTarget = FuzzHttpDoor;
}  // namespace gusu::test
