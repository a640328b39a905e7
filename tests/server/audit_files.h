// Keys, logs and files that the tests of the audit log's start share.
#pragma once

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "proto/checkpoint.h"
#include "proto/error.h"
#include "server/audit/anchor.h"
#include "storage/ledger.h"

namespace gusu::server::test {

inline constexpr const char* kOrigin = "registry.example/log1";

// Deterministic; another one for each `first`.
inline SignerKey Key(int first, const std::string& name = kOrigin,
                     SignatureType type = SignatureType::kEd25519) {
  std::string seed;
  for (int i = 0; i < 32; ++i) seed += static_cast<char>(first + i);
  return *SignerKey::Make(name, type, seed);
}

inline std::string NoteOf(const TreeHead& head, const std::vector<SignerKey>& signers,
                          const std::string& origin = kOrigin) {
  return *SignCheckpoint({origin, head, {}}, signers, 1'700'000'000);
}

inline TreeHead HeadOf(const storage::Ledger& ledger) { return (*ledger.Latest())->tree_head(); }

// A root of no tree of ours, another one for each `byte`.
inline TreeHead SomeHead(uint64_t size, uint8_t byte = 1) {
  TreeHead head{size, {}};
  head.root.fill(byte);
  return head;
}

inline std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}
inline void Spill(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

// `FAILED_PRECONDITION LOG_KEY_UNUSABLE`, or `OK`.
inline std::string Show(const absl::Status& status) {
  if (status.ok()) return "OK";
  return absl::StatusCodeToString(status.code()) + " " + ErrorReason(status);
}

// As long as it lives, this process can make no file longer than `bytes`: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit less = {bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &less) == 0);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

}  // namespace gusu::server::test
