// An ordered key space with atomic, conditional commits: the one seam below the registry's rules.
//
// Keys and values are byte strings, keys ordered bytewise. A key is 1 to 2,048 bytes, a value at
// most 16 MiB, a batch (keys and values of its expectations and writes) at most 64 MiB; larger ones
// are refused with kInvalidArgument, and a read of such a key finds nothing. All functions may be
// called from any thread.
//
// Latest() reads, Commit() writes:
//
//   auto snapshot = engine.Latest();                       // StatusOr<shared_ptr<const Snapshot>>
//   auto head = (*snapshot)->Get("h");                     // StatusOr<optional<string>>
//   Batch batch;
//   batch.Expect("h", *head);                              // commit only if nobody was faster
//   batch.Put("h", next);
//   CommitResult result = engine.Commit(batch);
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace gusu::storage {

inline constexpr size_t kKeyBytesMax = 2048;
inline constexpr size_t kValueBytesMax = 16 << 20;
inline constexpr size_t kBatchBytesMax = 64 << 20;

// The state of the whole key space after one commit. Later commits do not change what it shows.
// A snapshot can be read for kSnapshotAgeMax after Latest() returned it; from then on its functions
// may fail with kAborted. Whoever keeps one takes a new one in time, also when nothing is
// committed.
inline constexpr absl::Duration kSnapshotAgeMax = absl::Minutes(5);

struct EngineFigures;  // storage/figures.h

struct KeyValue {
  std::string key;
  std::string value;
};

class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The value of `key`, or nullopt when there is none. A value that cannot be read back as it was
  // written is kDataLoss / RECORD_CORRUPT, and never nullopt; the error names the key, and the file
  // and the interval of keys that the damage is in where that is known.
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const = 0;

  // As Get for each key, in the order asked; keys may repeat.
  virtual std::vector<absl::StatusOr<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys) const = 0;

  // Calls `visit` for each key in [begin, end), ascending, until it returns false. An empty `end`
  // means no upper bound; a `begin` at or after `end` no keys. The views are valid during the call
  // only. `visit` may read from the snapshot, and must not call the engine's Commit.
  virtual absl::Status Scan(
      std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
};

// What Commit applies, all or nothing.
struct Batch {
  struct Expectation {
    std::string key;
    std::optional<std::string> value;  // nullopt: the key has no value
  };
  struct Write {
    std::string key;
    std::optional<std::string> value;  // nullopt: delete
  };
  std::vector<Expectation> expectations;  // of the state before the batch
  std::vector<Write> writes;              // a later write of the same key wins

  void Expect(std::string key, std::optional<std::string> value) {
    expectations.push_back({std::move(key), std::move(value)});
  }
  void Put(std::string key, std::string value) {
    writes.push_back({std::move(key), std::move(value)});
  }
  void Delete(std::string key) { writes.push_back({std::move(key), std::nullopt}); }
};

// What became of a batch. Only kApplied is an acknowledgement: the writes are durable, and visible
// to every later Latest().
struct CommitResult {
  enum class Outcome {
    kApplied,
    // Expectation number `refused_expectation` is the first that did not hold; nothing was written.
    kRefused,
    // Certainly not written, now or later. `status` says why.
    kNotApplied,
    // Written or not, or to be written yet. From then on every Commit is kNotApplied until
    // Recover() succeeds; snapshots go on showing the state before.
    kUnknown,
  };
  Outcome outcome = Outcome::kNotApplied;
  size_t refused_expectation = 0;
  absl::Status status;
};

// A file that an engine keeps committed rows in.
struct StoredFile {
  std::string name;
  uint64_t bytes = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;

  // The state after the last applied commit, including those of other processes.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() = 0;

  // Checks every expectation and applies every write, atomically and durably. Blocks until the
  // outcome is known or given up.
  virtual CommitResult Commit(const Batch& batch) = 0;

  // After kUnknown: brings the engine to a state in which what Latest() shows is durable and
  // decided, so that the caller can read whether its batch was applied. Fails, and may be called
  // again, while the fault lasts. Snapshots taken before it must be released first; it waits for
  // them for at most `patience`. No effect on a healthy engine.
  virtual absl::Status Recover(absl::Duration patience) = 0;

  // The files that rows are kept in now, by name; none for an engine without. What was committed
  // last may stand in none of them yet.
  virtual absl::StatusOr<std::vector<StoredFile>> Files() = 0;
  // Reads a file whole, past every cache: kDataLoss / RECORD_CORRUPT with the file's name and the
  // interval of its keys (`file`, `first_key_hex`, `last_key_hex`) when it is not what was written.
  // OK for a file that is in use no more.
  virtual absl::Status VerifyFile(const std::string& name) = 0;

  // What it counts of itself, for operators; of an engine that counts nothing: none.
  virtual EngineFigures Figures();

  // Whether reads may wait for a network. If not, callers read on the thread that they are on.
  virtual bool MayBlock() const = 0;
};

}  // namespace gusu::storage
