// Writing a log into a directory, and continuing it there.
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>

#include "client/audit/growing_tiles.h"
#include "client/audit/log_files.h"
#include "client/audit/status_from.h"
#include "gusu/log_verification.h"
#include "proto/base64.h"
#include "proto/hash.h"
#include "proto/signed_note.h"
#include "proto/text.h"

namespace gusu {
namespace {

namespace fs = std::filesystem;

constexpr size_t kVkeyBytesMax = 64 * 1024;

Status Refused(const std::string& directory, const std::string& what) {
  return {StatusCode::kFailedPrecondition,
          directory + ": " + what,
          "EXPORT_DIFFERS",
          {{"directory", directory}}};
}

Status LogDiffers(const std::string& what) {
  return {StatusCode::kDataLoss, what, "LOG_DIFFERS", {}};
}

std::string VkeyText(const std::vector<std::string>& vkeys) {
  std::string text;
  for (const std::string& vkey : vkeys) text += vkey + "\n";
  return text;
}

class Export {
 public:
  Export(LogSource* source, std::string directory, const std::vector<std::string>* vkeys)
      : source_(source),
        directory_(std::move(directory)),
        vkeys_(vkeys),
        tiles_([this](const TileAddress& tile, const std::string& bytes) {
          Write(TilePath(tile), bytes);
        }) {}

  Result<VerifiedCheckpoint> Run(const std::function<void(uint64_t, uint64_t)>& progress);

 private:
  Status CheckDirectory();
  Status ReadWhatIsThere();
  Status RestoreTiles(uint64_t size);
  Status CopyEntries(const std::function<void(uint64_t, uint64_t)>& progress);
  Status CheckOld() const;
  void WriteBundle(uint64_t index, uint32_t width);
  Status WriteEdge();
  void Write(const std::string& path, std::string_view bytes);

  LogSource* source_;
  const std::string directory_;
  const std::vector<std::string>* vkeys_;
  std::string checkpoint_;  // the note that is to be written
  VerifiedCheckpoint head_;
  std::optional<VerifiedCheckpoint> old_;  // what the directory has
  GrowingTiles tiles_;
  std::vector<std::string> bundle_;  // entries of the growing bundle
  Status written_;
};

void Export::Write(const std::string& path, std::string_view bytes) {
  if (written_.ok()) written_ = WriteLogFile(directory_ + "/" + path, bytes);
}

// Without a checkpoint in it, the directory must be empty or one of an export that was interrupted.
Status Export::CheckDirectory() {
  static const std::set<std::string> kOurs = {kVkeyFile, "tile", "checkpoint", "checkpoint.new",
                                              "vkey.new"};
  std::error_code error;
  fs::create_directories(directory_, error);
  for (const auto& file : fs::directory_iterator(directory_, error)) {
    const std::string name = file.path().filename().string();
    if (!kOurs.contains(name)) return Refused(directory_, "it has " + name + ", and no log");
  }
  if (error) {
    return {StatusCode::kInternal,
            "cannot use " + directory_ + ": " + error.message(),
            "LOG_FILE",
            {{"file", directory_}}};
  }
  const Result<std::string> vkeys = ReadLogFile(directory_ + "/" + kVkeyFile, kVkeyBytesMax);
  if (!vkeys.ok()) return vkeys.status().code == StatusCode::kNotFound ? Status() : vkeys.status();
  const std::set<std::string> ours(vkeys_->begin(), vkeys_->end());
  std::istringstream lines(*vkeys);
  for (std::string line; std::getline(lines, line);) {
    if (ours.contains(line)) return {};
  }
  return Refused(directory_, "it has an export of a log with other keys");
}

// The checkpoint of an export that was completed there, and the tiles that it is continued from.
Status Export::ReadWhatIsThere() {
  const Result<std::string> note = ReadLogFile(directory_ + "/" + kCheckpointFile, kNoteBytesMax);
  if (!note.ok() && note.status().code == StatusCode::kNotFound) return CheckDirectory();
  if (!note.ok()) return note.status();
  Result<VerifiedCheckpoint> old = VerifyCheckpoint(*note, *vkeys_);
  if (!old.ok()) {
    return Refused(directory_, "its checkpoint is not of this log: " + old.status().message);
  }
  if (old->origin != head_.origin) {
    return Refused(directory_, Concat("it has the log ", old->origin, ", not ", head_.origin));
  }
  if (old->tree_size > head_.tree_size) {
    return Refused(directory_,
                   Concat("it has ", old->tree_size, " leaves, and the log ", head_.tree_size));
  }
  old_ = *std::move(old);
  return RestoreTiles(old_->tree_size - old_->tree_size % kTileWidth);
}

// Of a tree of `size` leaves, a multiple of a tile's width.
Status Export::RestoreTiles(uint64_t size) {
  std::vector<std::string> levels;
  for (uint32_t level = 0; TileHashes(level, size) > 0; ++level) {
    TileAddress tile{TileAddress::Kind::kHashes, level, TileHashes(level, size) / kTileWidth};
    tile.width = TileWidthAt(level, tile.index, size);
    levels.emplace_back();
    if (tile.width == 0) continue;
    Result<std::string> bytes = ReadTileFile(directory_, tile);
    if (!bytes.ok()) return bytes.status();
    const size_t bytes_wanted = tile.width * std::tuple_size_v<Hash>;
    if (bytes->size() < bytes_wanted) {
      return Refused(directory_, TilePath(tile) + " is damaged: begin in an empty directory");
    }
    levels.back() = bytes->substr(0, bytes_wanted);
  }
  tiles_ = GrowingTiles(
      size, std::move(levels),
      [this](const TileAddress& tile, const std::string& bytes) { Write(TilePath(tile), bytes); });
  return {};
}

void Export::WriteBundle(uint64_t index, uint32_t width) {
  const absl::StatusOr<std::string> bytes = EncodeEntryBundle(bundle_);
  if (!bytes.ok()) {
    if (written_.ok()) written_ = StatusFrom(bytes.status());
    return;
  }
  Write(TilePath({TileAddress::Kind::kEntries, 0, index, width}), *bytes);
}

Status Export::CheckOld() const {
  if (!old_ || tiles_.size() != old_->tree_size) return {};
  if (AsBytes(tiles_.Root()) == old_->root) return {};
  return LogDiffers(Concat("the log does not continue what ", directory_, " has: the first ",
                           old_->tree_size, " leaves had the root ", Base64Encode(old_->root),
                           ", and have ", Base64Encode(AsBytes(tiles_.Root())), " now"));
}

Status Export::CopyEntries(const std::function<void(uint64_t, uint64_t)>& progress) {
  Status differs = CheckOld();
  if (!differs.ok()) return differs;
  const Status read =
      source_->ReadEntries(tiles_.size(), head_.tree_size, [&](const LogEntry& entry) {
        if (entry.leaf_index != tiles_.size()) return false;
        bundle_.push_back(entry.leaf);
        tiles_.Append(LeafHash(entry.leaf));
        differs = CheckOld();
        if (bundle_.size() == kTileWidth) {
          WriteBundle(entry.leaf_index / kTileWidth, kTileWidth);
          bundle_.clear();
          if (progress) progress(tiles_.size(), head_.tree_size);
        }
        return differs.ok() && written_.ok();
      });
  if (!differs.ok()) return differs;
  if (!written_.ok()) return written_;
  if (!read.ok()) return read;
  if (tiles_.size() < head_.tree_size) {
    return LogDiffers(
        Concat("leaf ", tiles_.size(), " is missing: the log signed ", head_.tree_size, " leaves"));
  }
  if (AsBytes(tiles_.Root()) == head_.root) return {};
  return LogDiffers(Concat(head_.tree_size, " leaves hash to ",
                           Base64Encode(AsBytes(tiles_.Root())), ", and the log signed ",
                           Base64Encode(head_.root)));
}

Status Export::WriteEdge() {
  for (const auto& [tile, bytes] : tiles_.Partial()) Write(TilePath(tile), bytes);
  if (!bundle_.empty()) {
    WriteBundle(tiles_.size() / kTileWidth, static_cast<uint32_t>(bundle_.size()));
  }
  if (!written_.ok()) return written_;
  if (Status synced = SyncLogFiles(directory_); !synced.ok()) return synced;
  return ReplaceLogFile(directory_ + "/" + kCheckpointFile, checkpoint_);
}

Result<VerifiedCheckpoint> Export::Run(const std::function<void(uint64_t, uint64_t)>& progress) {
  Result<std::string> note = source_->ReadCheckpoint();
  if (!note.ok()) return note.status();
  checkpoint_ = *std::move(note);
  Result<VerifiedCheckpoint> head = VerifyCheckpoint(checkpoint_, *vkeys_);
  if (!head.ok()) return head.status();
  head_ = *std::move(head);
  Status status = ReadWhatIsThere();
  if (status.ok()) status = ReplaceLogFile(directory_ + "/" + kVkeyFile, VkeyText(*vkeys_));
  if (status.ok()) status = CopyEntries(progress);
  if (status.ok()) status = WriteEdge();
  if (!status.ok()) return status;
  return head_;
}

}  // namespace

Result<VerifiedCheckpoint> ExportLog(LogSource& source, const std::string& directory,
                                     const std::vector<std::string>& vkeys,
                                     const std::function<void(uint64_t, uint64_t)>& progress) {
  return Export(&source, directory, &vkeys).Run(progress);
}

}  // namespace gusu
