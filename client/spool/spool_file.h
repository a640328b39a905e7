// The files of a spool: rows in segments, and the cursor of what was reported.
//
// Segment `N.rows`: rows one after the other, the first has the number N. A row is
//   length of the payload (4 bytes) · CRC-32 of number and payload (4) · number (8) · payload
// with numbers little-endian; the payload is an encoded gusu.v1.RegisterRow.
// Cursor: two slots of 64 bytes, written in turn; the one with the higher sequence and a right CRC
// counts:
//   sequence (8) · reported (8) · begun (8) · reserved_until (8) · boot id (16) · zeros (12) ·
//   CRC-32 (4)
//
// For one thread at a time, but for Sync, which may run beside everything else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/status.h"

namespace gusu {

// An open file that closes itself.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileHandle();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

struct SpooledRow {
  uint64_t number = 0;
  std::string payload;
};

// Which rows were reported. Rows up to `reported` were; `begun` is the row whose report was last
// begun; a row above `reserved_until` was certainly not reported, even if the machine lost power.
struct SpoolCursor {
  uint64_t sequence = 0;
  uint64_t reported = 0;
  uint64_t begun = 0;
  uint64_t reserved_until = 0;
  std::string boot_id;  // 16 bytes: the machine has not restarted since when it is the same
};

class SpoolFile {
 public:
  // Locks the directory, finds the rows, cuts a torn end. Errors as Spool::Open.
  static Result<std::unique_ptr<SpoolFile>> Open(const std::string& directory,
                                                 uint64_t segment_bytes);

  // Rows at and below this number were, or may have been, reported by an earlier process.
  uint64_t repeated_until() const { return repeated_until_; }
  uint64_t reported() const { return cursor_.reported; }
  uint64_t next_number() const { return next_number_; }
  uint64_t bytes() const { return bytes_; }
  static uint64_t BytesOfRow(size_t payload_bytes) { return payload_bytes + kRowHeaderBytes; }

  // Writes rows without syncing; begins a new segment when the last is full. After a failure
  // nothing more may be appended.
  Status Append(const std::vector<std::string>& payloads);
  // What Sync has to sync for all that was appended so far.
  std::shared_ptr<FileHandle> tail() const { return tail_; }
  static Status Sync(const FileHandle& file);

  // The rows from `number` on, as many as fit `bytes_wanted`, at least one if there is one below
  // `end_number`. kDataLoss / SPOOL_CORRUPT when they are not what was written.
  Result<std::vector<SpooledRow>> Read(uint64_t number, uint64_t end_number,
                                       size_t bytes_wanted) const;

  // Before and after a row's outcome is reported. Begin syncs once for 64 rows.
  Status BeginReport(uint64_t number);
  Status EndReport(uint64_t number);
  // On a clean end: nothing is in doubt.
  Status CloseCursor();

 private:
  static constexpr size_t kRowHeaderBytes = 16;
  struct Segment {
    uint64_t bytes = 0;
    std::map<uint64_t, uint64_t> landmarks;  // number → offset, every 1024th row
  };

  SpoolFile() = default;
  Status Lock();
  Status LoadCursor();
  Status WriteCursor(bool sync);
  Status LoadSegments();
  Status LoadSegment(uint64_t first_number, bool is_last);
  Status CutTail(uint64_t first_number, uint64_t offset, std::string_view tail);
  Status BeginSegment();
  void RemoveReported();
  std::string PathOf(uint64_t first_number) const;
  Status Corrupt(uint64_t first_number, uint64_t offset) const;

  std::string directory_;
  uint64_t segment_bytes_ = 0;
  FileHandle lock_;
  FileHandle cursor_file_;
  SpoolCursor cursor_;
  std::map<uint64_t, Segment> segments_;  // by the number of the first row
  std::shared_ptr<FileHandle> tail_;      // the last segment, open for appending
  uint64_t next_number_ = 1;
  uint64_t bytes_ = 0;
  uint64_t repeated_until_ = 0;
};

}  // namespace gusu
