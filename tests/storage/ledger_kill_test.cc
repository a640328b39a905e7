// A ledger on RocksDB whose process is killed while it writes.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "proto/base64.h"
#include "proto/hash.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/random.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

constexpr int kRounds = 3;
constexpr int kThreads = 4;

std::unique_ptr<Ledger> OpenStore(const std::string& directory) {
  auto engine = OpenRocksDbEngine(directory);
  if (!engine.ok()) return nullptr;
  auto ledger = Ledger::Open(*std::move(engine), {});
  return ledger.ok() ? *std::move(ledger) : nullptr;
}

struct Acknowledged {
  std::string code;
  unsigned long long leaf_index = 0;
  unsigned long long revision = 0;
  // What the ledger showed when it was told.
  TreeHead tree_head;
};

// The child: appends until it is killed, and writes each receipt to `pipe` once it has it.
[[noreturn]] void AppendForEver(const std::string& directory, int round, int pipe) {
  const std::unique_ptr<Ledger> ledger = OpenStore(directory);
  if (ledger == nullptr) _exit(3);
  std::array<std::thread, kThreads> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads[thread] = std::thread([&ledger, round, thread, pipe] {
      for (int i = 0;; ++i) {
        const std::string code =
            std::to_string(round) + "-" + std::to_string(thread) + "-" + std::to_string(i);
        const AppendOutcome outcome =
            Append(*ledger, WithRequest(Register("88.118.8/" + code, code), code));
        if (ReasonOf(outcome) != "appended") _exit(4);
        const Receipt first = std::get<Appended>(*outcome).first;
        const TreeHead shown = (*ledger->Latest())->tree_head();
        char line[256];
        // One write of a line is not torn: it is shorter than a pipe takes at once.
        const int length = std::snprintf(line, sizeof(line), "%s %llu %llu %llu %s\n", code.c_str(),
                                         static_cast<unsigned long long>(first.leaf_index),
                                         static_cast<unsigned long long>(first.revision),
                                         static_cast<unsigned long long>(shown.size),
                                         Base64Encode(AsBytes(shown.root)).c_str());
        if (write(pipe, line, static_cast<size_t>(length)) != length) _exit(5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(0);
}

// Kills a child after it told `count` receipts; returns all that it told.
std::vector<Acknowledged> RunAndKill(const std::string& directory, int round, size_t count) {
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(pipe_ends[0]);
    AppendForEver(directory, round, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::vector<Acknowledged> told;
  FILE* lines = fdopen(pipe_ends[0], "r");
  char code[64], root[64];
  unsigned long long size = 0;
  Acknowledged line;
  while (std::fscanf(lines, "%63s %llu %llu %llu %63s", code, &line.leaf_index, &line.revision,
                     &size, root) == 5) {
    line.code = code;
    line.tree_head = {size, *HashFromBytes(*Base64Decode(root))};
    told.push_back(line);
    if (told.size() == count) kill(child, SIGKILL);
  }
  std::fclose(lines);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);
  return told;
}

}  // namespace

TEST_CASE(
    "after kill -9 every acknowledged change is there with its receipt, in a tree that extends "
    "all that were shown") {
  test::Random random("ledger kill");
  const TemporaryDirectory directory;
  const std::string store = directory.File("store");
  std::vector<Acknowledged> told;
  for (int round = 0; round < kRounds; ++round) {
    for (const Acknowledged& one : RunAndKill(store, round, 50 + random.Below(300))) {
      told.push_back(one);
    }
    const std::unique_ptr<Ledger> ledger = OpenStore(store);
    REQUIRE(ledger != nullptr);
    CheckStore(*MustLatest(*ledger));
    for (const Acknowledged& one : told) {
      INFO(one.code);
      CheckExtends(*MustLatest(*ledger), one.tree_head);
      REQUIRE(one.tree_head.size > one.leaf_index);
      const auto row = MustLatest(*ledger)->Get(RecordKey("88.118.8/" + one.code));
      REQUIRE(row.ok());
      REQUIRE(row->has_value());
      REQUIRE((*row)->leaf_index == one.leaf_index);
      REQUIRE((*row)->revision == one.revision);
      REQUIRE(TextOf(**row) == one.code);
      const Appended again =
          MustAppend(*ledger, WithRequest(Register("88.118.8/" + one.code, one.code), one.code));
      REQUIRE(again.repeated);
      REQUIRE(again.first.leaf_index == one.leaf_index);
      REQUIRE(again.first.revision == one.revision);
    }
  }
}

}  // namespace gusu::storage
