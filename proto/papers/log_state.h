// The checkpoint that a paper's numbers and proofs were taken at, as it prints it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gusu::papers {

struct LogState {
  std::string checkpoint;  // the signed note, as it is
  std::string origin;
  uint64_t tree_size = 0;  // leaves
  std::string root;        // 32 bytes
  struct Cosignature {
    std::string witness;  // the key's name
    uint64_t time_s = 0;  // seconds since 1970 UTC
  };
  std::vector<Cosignature> cosignatures;
};

// `registry.example/log1, size 70000, root o5IPun8j…=`
std::string ToText(const LogState& state);

}  // namespace gusu::papers
