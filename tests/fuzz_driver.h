// Runs a fuzz target: on a committed corpus, and on random changes of it.
#pragma once

#include <string_view>

namespace gusu::test {

// A target takes any input whatever and stops the program when a claim does not hold.
using FuzzTarget = void (*)(std::string_view input);

// main() of a fuzz program, whose one argument is a directory. Each line of the files in it is an
// input: a letter, which the target is given as its first byte, and hex; empty lines and those that
// begin with # are passed over.
//
// All of them are run. Then, for GUSU_FUZZ_SECONDS seconds (0 when it is not set), random changes:
// of the corpus, and of those among them that reached code which none before had reached, at most
// 4,096 inputs of at most 64 KiB. What is compiled with -fsanitize-coverage=trace-pc is watched.
//
// An input of which the program stops, or that takes longer than 30 s, is printed as a line for the
// corpus. The random numbers' seed is printed, and GUSU_SEED gives it back.
int RunFuzzTarget(int argc, char** argv, FuzzTarget target);

}  // namespace gusu::test
