// The anchor: a small file outside the store with the checkpoints that were signed, so that a store
// that was put back to an older state is not continued.
//
//   anchor     = first line, then one line a checkpoint in the order of signing
//   first line = "gusu.anchor/v1" LF
//   line       = checksum TAB note LF
//   checksum   = SHA-256 of the signed note's bytes, 64 hexadecimal digits
//   note       = the signed note without its last LF, each other LF in it written as TAB (a note
//   has
//                no TAB of its own)
//
// So `tail -n 1 anchor | cut -f 2- | tr '\t' '\n'` shows the last checkpoint. A last line without
// its LF is what a crash left of a write: Open cuts it off. Whatever else is not of this form is
// kDataLoss / ANCHOR_CORRUPT, which names the file, the line and the fault.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/checkpoint.h"

namespace gusu::server {

// A signed note as a line of the anchor, with its LF; and the note of such a line, without it.
std::string FormatAnchorLine(std::string_view signed_note);
// nullopt: it is not as it was written.
std::optional<std::string> ParseAnchorLine(std::string_view line);

class Anchor {
 public:
  // Of a line of the file; a larger checkpoint is not written.
  static constexpr size_t kNoteBytesMax = 64 * 1024;
  // Beyond this the file is replaced by one with the last line of each of the last kOriginsMax
  // origins.
  static constexpr size_t kFileBytesMax = 1 << 20;
  static constexpr size_t kOriginsMax = 4;

  // Reads the file and cuts off a torn end. A line that one of the `verifiers` signed, by its name
  // and key ID, must be signed rightly; lines of other keys (retired ones, earlier epochs) count by
  // their checksum. kNotFound when there is no file.
  static absl::StatusOr<Anchor> Open(const std::string& path,
                                     const std::vector<VerifierKey>& verifiers);
  // A new file with one line, durable when this returns; replaces what is there.
  static absl::StatusOr<Anchor> Create(const std::string& path, const std::string& first_note);
  // For a store in memory: holds the same and writes nothing.
  static absl::StatusOr<Anchor> InMemory(const std::string& first_note);

  Anchor(Anchor&& other) noexcept;
  Anchor& operator=(Anchor&& other) noexcept;
  ~Anchor();

  struct Entry {
    Checkpoint checkpoint;
    std::string note;
  };
  // The last line; nullptr: there is none.
  const Entry* last() const { return entries_.empty() ? nullptr : &entries_.back(); }
  const Entry* LastOf(std::string_view origin) const;
  // The last line of each of the last kOriginsMax origins, in their order.
  const std::vector<Entry>& last_of_each() const { return entries_; }
  // Empty: in memory.
  const std::string& path() const { return path_; }

  // In the file when it returns; after a Sync durable. A write that fails leaves what was there:
  // kUnavailable / ANCHOR_NOT_WRITABLE, and the next call tries anew. kInvalidArgument for a note
  // that Open would refuse after the last one.
  absl::Status Append(const std::string& signed_note);
  // No effect when everything is durable.
  absl::Status Sync();

 private:
  explicit Anchor(std::string path) : path_(std::move(path)) {}
  absl::Status ReadLines(std::string_view content, const std::vector<VerifierKey>& verifiers);
  absl::Status OpenForAppend();
  absl::Status Replace();
  bool Follows(const Checkpoint& checkpoint) const;
  absl::StatusOr<Entry> Check(const std::string& note) const;
  void Remember(Entry entry);
  void Close();

  std::string path_;
  int descriptor_ = -1;
  uint64_t file_bytes_ = 0;
  bool synced_ = true;
  // A write or a sync failed: the file is written anew from entries_ before anything is appended.
  bool is_doubtful_ = false;
  // The last of each origin, in the order of their lines.
  std::vector<Entry> entries_;
};

}  // namespace gusu::server
