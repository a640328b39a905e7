// Reads a whole log, recomputes its root, and compares it with what the log signed; with the
// bureau's rights, compares the log with the store as well.
//
//   gusu::ServerLog log(client, gusu::EntryView::kLeaf);  // or gusu::DirectoryLog log("export");
//   gusu::LogVerificationOptions options;
//   options.vkeys = {vkey};
//   gusu::Result<gusu::LogVerdict> verdict = gusu::VerifyLog(log, options);
//   if (verdict && verdict->differences.empty()) …
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gusu/audit.h"
#include "gusu/client.h"

namespace gusu {

// What became of reading one file of the store.
struct FileReading {
  StoredFile file;
  Status status;
  uint64_t files_read_count = 0;  // this one included
  uint64_t files_count = 0;
};

// Where a log is read from. For one thread. What is damaged or missing there fails with kDataLoss
// or kNotFound; any other error is one of reaching it.
class GUSU_EXPORT LogSource {
 public:
  virtual ~LogSource();
  virtual Result<std::string> ReadCheckpoint() = 0;
  // One that covers all that was logged before the call; ReadCheckpoint's unless overridden.
  virtual Result<std::string> ReadCheckpointOfAll();
  // The entries in [first, end), in order and without a gap, until `visit` returns false; with
  // their openings and rows where the source can show them. OK with fewer when the source ends
  // before. kDataLoss: the one behind those visited cannot be read.
  virtual Status ReadEntries(uint64_t first, uint64_t end,
                             const std::function<bool(LogEntry)>& visit) = 0;
  // The bytes of a tile of hashes, by its path in tlog-tiles; the full tile for a partial one will
  // do.
  virtual Result<std::string> ReadTile(const std::string& path) = 0;
  // All rows of the store with history, without their parts, until `visit` returns false.
  // kDataLoss: all that can be read were visited. kUnimplemented for a source without.
  virtual Status ReadRows(const std::function<bool(StoredRow)>& visit);
  // Reads every file of the store past its caches; kUnimplemented for a source without.
  virtual Status ReadFiles(const std::function<bool(const FileReading&)>& visit);
};

// Over the wire. Pages of 1000 are fetched while those before are looked at.
class GUSU_EXPORT ServerLog : public LogSource {
 public:
  // `view`: kLeaf, kOpening (what the caller may open), or kContent with the bureau's rights.
  ServerLog(Client client, EntryView view);
  ~ServerLog() override;
  Result<std::string> ReadCheckpoint() override;
  Result<std::string> ReadCheckpointOfAll() override;
  Status ReadEntries(uint64_t first, uint64_t end,
                     const std::function<bool(LogEntry)>& visit) override;
  Result<std::string> ReadTile(const std::string& path) override;
  Status ReadRows(const std::function<bool(StoredRow)>& visit) override;
  Status ReadFiles(const std::function<bool(const FileReading&)>& visit) override;

 private:
  Client client_;
  EntryView view_;
};

// What ExportLog wrote, or any directory in the layout of tlog-tiles.
class GUSU_EXPORT DirectoryLog : public LogSource {
 public:
  explicit DirectoryLog(std::string directory);
  ~DirectoryLog() override;
  Result<std::string> ReadCheckpoint() override;
  Status ReadEntries(uint64_t first, uint64_t end,
                     const std::function<bool(LogEntry)>& visit) override;
  Result<std::string> ReadTile(const std::string& path) override;

 private:
  std::string directory_;
};

struct LogVerificationOptions {
  std::vector<std::string> vkeys;  // of the log, and of witnesses
  // Compare the store too. The source must show all openings and rows.
  bool content = false;
  // A checkpoint known from before, which the log must extend; may be empty.
  std::string earlier_checkpoint;
  // Of leaves, then rows, then files; `total` grows while more is found than was expected.
  std::function<void(uint64_t done, uint64_t total)> progress;
  // Verification goes on after a difference until it has found this many.
  size_t differences_max = 20;
};

struct LogVerdict {
  VerifiedCheckpoint checkpoint;
  bool content = false;                // whether the store was compared
  uint64_t leaves_count = 0;           // hashed, up to the signed root
  uint64_t tiles_count = 0;            // that are what was computed
  uint64_t openings_count = 0;         // that open their leaf
  uint64_t rows_count = 0;             // that their leaf names
  uint64_t parts_count = 0;            // of rows, whose bytes are what the openings bind
  uint64_t parts_by_server_count = 0;  // of rows, which only the server could compare
  uint64_t erased_count = 0;           // parts that were erased, each by a logged erasure
  uint64_t files_count = 0;            // of the store, read whole
  // Size of the checkpoint given as known from before; 0: none was.
  uint64_t earlier_size = 0;
  // What does not fit, the first one first; names leaf, resource, tile, file or key.
  std::vector<std::string> differences;
  // One line: the outcome, what was checked, and the first difference.
  GUSU_EXPORT std::string ToString() const;
};

// An error is one of reading, or of the options; what does not fit is a difference. Holds some 32
// bytes a leaf while it compares the store, and next to nothing otherwise. What the store gained
// after the checkpoint is not compared: it is read when it explains what was found.
GUSU_EXPORT Result<LogVerdict> VerifyLog(LogSource& source, const LogVerificationOptions& options);

// Writes the log into a directory at the paths of tlog-tiles, entry bundles and checkpoint
// included, with the verifier keys in `vkey`, one a line. A directory that holds a part of the log
// already is continued; one of another log, or of a longer one, is refused with
// kFailedPrecondition / EXPORT_DIFFERS. The checkpoint comes last, so an export that was
// interrupted is of the state before. Everything is recomputed up to the signed root before the
// checkpoint is written; kDataLoss / LOG_DIFFERS when that is another.
GUSU_EXPORT Result<VerifiedCheckpoint> ExportLog(
    LogSource& source, const std::string& directory, const std::vector<std::string>& vkeys,
    const std::function<void(uint64_t done, uint64_t total)>& progress = {});

}  // namespace gusu
