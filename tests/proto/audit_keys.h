// Keys of the log and of a witness that the tests of notes, checkpoints and proofs share.
#pragma once

#include <string>

#include "proto/note_key.h"

namespace gusu::test {

// 32 bytes: first, first + 1, …
inline std::string Seed(int first) {
  std::string seed;
  for (int i = 0; i < 32; ++i) seed += static_cast<char>(first + i);
  return seed;
}

inline SignerKey LogKey(const std::string& name = "registry.example/log1") {
  return *SignerKey::Make(name, SignatureType::kEd25519, Seed(0));
}
inline SignerKey WitnessKey() {
  return *SignerKey::Make("witness.example/w1", SignatureType::kCosignature, Seed(0x20));
}

}  // namespace gusu::test
