// Random numbers for tests: the seed is printed, and GUSU_SEED gives it back.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace gusu::test {

class Random {
 public:
  explicit Random(const char* test) : seed_(Seed()), engine_(seed_) {
    std::cout << test << ": GUSU_SEED=" << seed_ << std::endl;
  }

  uint64_t seed() const { return seed_; }
  // 0 to count - 1.
  size_t Below(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(engine_);
  }
  std::string Bytes(size_t count) {
    std::string bytes(count, '\0');
    for (char& c : bytes) c = static_cast<char>(Below(256));
    return bytes;
  }
  std::mt19937_64& engine() { return engine_; }

 private:
  static uint64_t Seed() {
    const char* given = std::getenv("GUSU_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  }

  uint64_t seed_;
  std::mt19937_64 engine_;
};

}  // namespace gusu::test
