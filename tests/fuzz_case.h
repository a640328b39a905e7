// A fuzz program whose target asserts as tests do: one test case around it. tests/fuzz_case.cc is
// its main().
#pragma once

#include "tests/fuzz_driver.h"

namespace gusu::test {

// Each such program defines its own.
extern const FuzzTarget kFuzzTarget;

}  // namespace gusu::test
