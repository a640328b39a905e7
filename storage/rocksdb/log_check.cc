#include "storage/rocksdb/log_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "proto/error.h"

namespace gusu::storage {
namespace {

// The format of RocksDB's log: blocks of 32 KiB, in each pieces of checksum (4 bytes,
// little-endian, masked CRC-32C of kind and content), length (2 bytes, little-endian), kind,
// content. A block's last bytes, too few for a header, are left empty. A commit is one whole piece,
// or a first, middle ones and a last.
constexpr size_t kBlockBytes = 32 << 10;
constexpr size_t kHeaderBytes = 7;
constexpr size_t kSectorBytes = 512;

enum Kind : uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

constexpr std::array<uint32_t, 256> kCrcTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    table[i] = crc;
  }
  return table;
}();

uint32_t MaskedCrc32c(std::string_view bytes) {
  uint32_t crc = 0xffffffffu;
  for (const char c : bytes) crc = kCrcTable[(crc ^ static_cast<uint8_t>(c)) & 0xff] ^ (crc >> 8);
  crc ^= 0xffffffffu;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

uint32_t LittleEndian(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = bytes.size(); i > 0; --i)
    number = number << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return number;
}

struct Piece {
  Kind kind;
  size_t end;
};

// The piece at `offset`; nullopt when there is no sound one.
std::optional<Piece> PieceAt(std::string_view log, size_t offset) {
  const size_t block_end = std::min(log.size(), (offset / kBlockBytes + 1) * kBlockBytes);
  if (offset + kHeaderBytes > block_end) return std::nullopt;
  const std::string_view header = log.substr(offset, kHeaderBytes);
  const size_t length = LittleEndian(header.substr(4, 2));
  const auto kind = static_cast<uint8_t>(header[6]);
  if (kind < kWhole || kind > kLast) return std::nullopt;
  if (offset + kHeaderBytes + length > block_end) return std::nullopt;
  if (MaskedCrc32c(log.substr(offset + 6, 1 + length)) != LittleEndian(header.substr(0, 4))) {
    return std::nullopt;
  }
  return Piece{static_cast<Kind>(kind), offset + kHeaderBytes + length};
}

// Whether a commit begins at or after `offset`. Content that looks like a commit counts: refusing a
// start is the safe side.
bool CommitBeginsAfter(std::string_view log, size_t offset) {
  for (; offset + kHeaderBytes <= log.size(); ++offset) {
    const auto kind = static_cast<uint8_t>(log[offset + 6]);
    if (kind != kWhole && kind != kFirst) continue;
    if (PieceAt(log, offset).has_value()) return true;
  }
  return false;
}

// Whether a sector, or what of it lies at or after `offset`, holds only zeros.
bool HasEmptySector(std::string_view log, size_t offset) {
  while (offset < log.size()) {
    const size_t end = std::min(log.size(), (offset / kSectorBytes + 1) * kSectorBytes);
    const std::string_view sector = log.substr(offset, end - offset);
    if (sector.find_first_not_of('\0') == std::string_view::npos) return true;
    offset = end;
  }
  return false;
}

// Whether the piece at `offset`, which is not sound, would go on after the file's end.
bool EndsInside(std::string_view log, size_t offset) {
  if (offset + kHeaderBytes > log.size()) return true;
  return offset + kHeaderBytes + LittleEndian(log.substr(offset + 4, 2)) > log.size();
}

struct Findings {
  size_t sound_bytes = 0;        // up to the end of the last sound commit
  std::optional<size_t> damage;  // offset
};

Findings Examine(std::string_view log) {
  Findings findings;
  size_t offset = 0;
  bool inside = false;  // a commit has begun and not ended
  while (offset < log.size()) {
    const size_t left_in_block = kBlockBytes - offset % kBlockBytes;
    if (left_in_block < kHeaderBytes) {
      offset += left_in_block;
      continue;
    }
    const std::optional<Piece> piece = PieceAt(log, offset);
    const bool begins = piece.has_value() && (piece->kind == kWhole || piece->kind == kFirst);
    if (piece.has_value() && begins != inside) {
      inside = piece->kind == kFirst || piece->kind == kMiddle;
      offset = piece->end;
      if (!inside) findings.sound_bytes = offset;
      continue;
    }
    const bool torn = !piece.has_value() && !CommitBeginsAfter(log, offset + 1) &&
                      (EndsInside(log, offset) || HasEmptySector(log, offset));
    if (!torn) findings.damage = offset;
    return findings;
  }
  return findings;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::string bytes(error ? 0 : size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (error || !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                 absl::StrCat("cannot read ", path), {{"file", path}});
  }
  return bytes;
}

absl::Status CutTo(const std::string& path, size_t bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool done =
      file >= 0 && ftruncate(file, static_cast<off_t>(bytes)) == 0 && fsync(file) == 0;
  if (file >= 0) close(file);
  if (done) return absl::OkStatus();
  return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               absl::StrCat("cannot cut the torn commit off ", path), {{"file", path}});
}

absl::Status CheckLog(const std::string& path, bool newest,
                      const std::function<void(std::string_view)>& log) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  Findings findings = Examine(*bytes);
  if (!newest && findings.sound_bytes < bytes->size() && !findings.damage.has_value()) {
    findings.damage = findings.sound_bytes;
  }
  if (findings.damage.has_value()) {
    const std::string offset = absl::StrCat(*findings.damage);
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 absl::StrCat("the write-ahead log ", path, " is damaged at byte ", offset,
                              "; commits may be lost"),
                 {{"file", path}, {"offset", offset}});
  }
  if (findings.sound_bytes == bytes->size()) return absl::OkStatus();
  if (log) {
    log(absl::StrCat("cutting ", bytes->size() - findings.sound_bytes,
                     " bytes of a torn commit off ", path));
  }
  return CutTo(path, findings.sound_bytes);
}

}  // namespace

absl::Status CheckLogs(const std::string& directory,
                       const std::function<void(std::string_view)>& log) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".log") paths.push_back(entry->path().string());
  }
  std::sort(paths.begin(), paths.end());  // names are numbers with leading zeros, oldest first
  for (const std::string& path : paths) {
    if (absl::Status sound = CheckLog(path, path == paths.back(), log); !sound.ok()) return sound;
  }
  return absl::OkStatus();
}

}  // namespace gusu::storage
