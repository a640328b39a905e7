#include "fuzz_driver.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "random.h"

namespace {

constexpr size_t kInputsMax = 4'096;
constexpr size_t kInputBytesMax = 64 * 1024;
constexpr unsigned kInputSecondsMax = 30;

// Which places of the watched code were ever reached, by a hash of their addresses. On any thread.
std::array<std::atomic<bool>, 1 << 16> reached;
std::atomic<size_t> reached_count = 0;

// The input that runs now, for the handler of a signal.
const char* running = nullptr;
size_t running_bytes = 0;

void PrintRunning(int signal_number) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto print = [](const char* text, size_t bytes) {
    if (write(STDERR_FILENO, text, bytes) < 0) _exit(1);
  };
  if (running == nullptr) _exit(128 + signal_number);  // between two, or at the end
  print("stopped by this input:\n", 23);
  if (running_bytes > 0) print(running, 1);
  print(" ", 1);
  for (size_t i = 1; i < running_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(running[i]);
    const char hex[] = {kDigits[byte >> 4], kDigits[byte & 15]};
    print(hex, 2);
  }
  print("\n", 1);
  _exit(128 + signal_number);
}

void Run(gusu::test::FuzzTarget target, const std::string& input) {
  running = input.data();
  running_bytes = input.size();
  alarm(kInputSecondsMax);
  target(input);
  alarm(0);
  running = nullptr;
}

// The inputs of the directory's files.
std::vector<std::string> ReadCorpus(const std::string& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::string input(1, line[0]);
      for (size_t i = 2; i + 1 < line.size(); i += 2) {
        input += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
      }
      inputs.push_back(std::move(input));
    }
  }
  return inputs;
}

// A number that is apt to be mistaken for another, as four bytes.
std::string AwkwardNumber(gusu::test::Random& random, size_t input_bytes) {
  const uint32_t numbers[] = {
      0,          1,          0x7fffffff, 0x80000000,
      0xffffffff, 0xfffffff0, 2'048,      static_cast<uint32_t>(input_bytes)};
  const uint32_t number = numbers[random.Below(std::size(numbers))];
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string Changed(std::string input, const std::string& other, gusu::test::Random& random) {
  for (size_t changes = 1 + random.Below(4); changes > 0; --changes) {
    const size_t at = random.Below(input.size() + 1);
    const size_t bytes = std::min(input.size() - at, 1 + random.Below(64));
    switch (random.Below(8)) {
      case 0:
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(random.Below(256));
        break;
      case 2:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random.Below(8)));
        break;
      case 3:
        input.replace(at, std::min<size_t>(4, bytes), AwkwardNumber(random, input.size()));
        break;
      case 4:
        input.erase(at, bytes);
        break;
      case 5:
        input.insert(at, input.substr(at, bytes));
        break;
      case 6:
        input.insert(at, random.Bytes(1 + random.Below(8)));
        break;
      default:
        input = input.substr(0, at) + other.substr(std::min(at, other.size()));
    }
  }
  input.resize(std::min(input.size(), kInputBytesMax));
  return input;
}

}  // namespace

// Called by code that is compiled with -fsanitize-coverage=trace-pc, wherever it branches to.
extern "C" void __sanitizer_cov_trace_pc() {  // NOLINT(bugprone-reserved-identifier)
  const auto address = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  std::atomic<bool>& place = reached[(address * 0x9e3779b97f4a7c15u) >> 48];
  if (place.load(std::memory_order_relaxed)) return;
  if (!place.exchange(true, std::memory_order_relaxed)) ++reached_count;
}

// So that what a sanitizer finds ends in SIGABRT, and the input is printed.
extern "C" const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "abort_on_error=1";
}

namespace gusu::test {

int RunFuzzTarget(int argc, char** argv, FuzzTarget target) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " CORPUS\n";
    return 2;
  }
  for (const int signal_number : {SIGABRT, SIGALRM, SIGSEGV, SIGBUS, SIGFPE}) {
    // The address sanitizer's own report of a fault comes first, and then aborts.
    struct sigaction before {};
    sigaction(signal_number, nullptr, &before);
    if (before.sa_handler == SIG_DFL) std::signal(signal_number, PrintRunning);
  }
  std::vector<std::string> inputs = ReadCorpus(argv[1]);
  if (inputs.empty()) {
    std::cerr << argv[1] << " holds no input\n";
    return 1;
  }
  for (const std::string& input : inputs) Run(target, input);
  std::cout << "corpus: " << inputs.size() << " inputs, " << reached_count << " places\n";

  const char* const given = std::getenv("GUSU_FUZZ_SECONDS");
  const std::chrono::seconds duration(given != nullptr ? std::atoi(given) : 0);
  const auto end = std::chrono::steady_clock::now() + duration;
  Random random("fuzz");
  uint64_t runs = 0;
  for (; std::chrono::steady_clock::now() < end; ++runs) {
    const size_t reached_before = reached_count;
    std::string input =
        Changed(inputs[random.Below(inputs.size())], inputs[random.Below(inputs.size())], random);
    Run(target, input);
    if (reached_count == reached_before) continue;
    if (inputs.size() < kInputsMax) {
      inputs.push_back(std::move(input));
    } else {
      inputs[random.Below(inputs.size())] = std::move(input);
    }
  }
  std::cout << "changes: " << runs << " runs, " << inputs.size() << " inputs kept, "
            << reached_count << " places" << std::endl;
  return 0;
}

}  // namespace gusu::test
