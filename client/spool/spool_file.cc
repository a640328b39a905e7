#include "client/spool/spool_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gusu {
namespace {

constexpr size_t kSlotBytes = 64;
constexpr uint64_t kReservedRows = 64;
constexpr uint64_t kLandmarkRows = 1024;
// No row is longer: a message of the API has at most 4 MiB.
constexpr uint64_t kPayloadBytesMax = 4 << 20;

void Put(std::string& out, uint64_t number, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

uint64_t Get(std::string_view in, size_t offset, size_t bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes; ++i) {
    number |= static_cast<uint64_t>(static_cast<unsigned char>(in[offset + i])) << (8 * i);
  }
  return number;
}

uint32_t Crc(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

Status FileError(const std::string& path, const std::string& what) {
  const std::string cause = std::strerror(errno);
  return {StatusCode::kFailedPrecondition,
          "spool file " + path + " " + what + ": " + cause,
          std::string(kReasonSpoolFile),
          {{"path", path}, {"cause", cause}}};
}

Status WriteAll(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError(path, "cannot be written");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Status SyncDirectory(const std::string& directory) {
  const FileHandle handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.descriptor() < 0 || ::fsync(handle.descriptor()) != 0) {
    return FileError(directory, "cannot be synced");
  }
  return {};
}

// Names this run of the machine: what was written to a file since is there, synced or not.
std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text, id;
  std::getline(file, text);
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  for (size_t i = 0; i + 1 < text.size() && id.size() < 16; i += 2) {
    id += static_cast<char>(std::strtoul(text.substr(i, 2).c_str(), nullptr, 16));
  }
  id.resize(16);
  return id;
}

std::string EncodeRow(uint64_t number, std::string_view payload) {
  std::string body;
  Put(body, number, 8);
  body += payload;
  std::string row;
  Put(row, payload.size(), 4);
  Put(row, Crc(body), 4);
  return row += body;
}

// The row at `offset`, when it is whole and has this number; its size in bytes is its header's and
// its payload's.
bool DecodeRow(std::string_view bytes, uint64_t offset, uint64_t number, size_t header_bytes,
               std::string_view* payload) {
  if (bytes.size() - offset < header_bytes) return false;
  const uint64_t length = Get(bytes, offset, 4);
  if (length > kPayloadBytesMax || bytes.size() - offset - header_bytes < length) return false;
  const std::string_view body = bytes.substr(offset + 8, 8 + length);
  if (Crc(body) != Get(bytes, offset + 4, 4) || Get(body, 0, 8) != number) return false;
  *payload = body.substr(8);
  return true;
}

}  // namespace

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string SpoolFile::PathOf(uint64_t first_number) const {
  char name[32];
  std::snprintf(name, sizeof name, "/%020llu.rows", static_cast<unsigned long long>(first_number));
  return directory_ + name;
}

Status SpoolFile::Corrupt(uint64_t first_number, uint64_t offset) const {
  return {StatusCode::kDataLoss,
          "spool file " + PathOf(first_number) + " is damaged at byte " + std::to_string(offset),
          std::string(kReasonSpoolCorrupt),
          {{"path", PathOf(first_number)}, {"offset", std::to_string(offset)}}};
}

Result<std::unique_ptr<SpoolFile>> SpoolFile::Open(const std::string& directory,
                                                   uint64_t segment_bytes) {
  std::unique_ptr<SpoolFile> file(new SpoolFile());
  file->directory_ = directory;
  file->segment_bytes_ = std::max<uint64_t>(segment_bytes, 4096);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  for (Status (SpoolFile::*step)() :
       {&SpoolFile::Lock, &SpoolFile::LoadCursor, &SpoolFile::LoadSegments}) {
    if (Status status = (file.get()->*step)(); !status.ok()) return status;
  }
  return file;
}

Status SpoolFile::Lock() {
  const std::string path = directory_ + "/lock";
  lock_ = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock_.descriptor() < 0) return FileError(path, "cannot be opened");
  if (::flock(lock_.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return FileError(path, "is held by another process");
  }
  return {};
}

// ---- The cursor --------------------------------------------------------------------------------

Status SpoolFile::LoadCursor() {
  const std::string path = directory_ + "/cursor";
  cursor_file_ = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (cursor_file_.descriptor() < 0) return FileError(path, "cannot be opened");
  char bytes[2 * kSlotBytes] = {};
  const ssize_t size = ::pread(cursor_file_.descriptor(), bytes, sizeof bytes, 0);
  if (size < 0) return FileError(path, "cannot be read");
  const std::string boot_id = BootId();
  cursor_.boot_id = boot_id;
  for (size_t at = 0; at < sizeof bytes; at += kSlotBytes) {
    const std::string_view slot(bytes + at, kSlotBytes);
    if (Get(slot, 60, 4) != Crc(slot.substr(0, 60)) || Get(slot, 0, 8) <= cursor_.sequence)
      continue;
    cursor_ = {Get(slot, 0, 8), Get(slot, 8, 8), Get(slot, 16, 8), Get(slot, 24, 8),
               std::string(slot.substr(32, 16))};
  }
  // While the machine has been running, the page cache has kept every note.
  repeated_until_ = cursor_.boot_id == boot_id ? cursor_.begun : cursor_.reserved_until;
  cursor_.boot_id = boot_id;
  return {};
}

Status SpoolFile::WriteCursor(bool sync) {
  ++cursor_.sequence;
  std::string slot;
  for (uint64_t number :
       {cursor_.sequence, cursor_.reported, cursor_.begun, cursor_.reserved_until}) {
    Put(slot, number, 8);
  }
  slot += cursor_.boot_id;
  slot.resize(60);
  Put(slot, Crc(slot), 4);
  const off_t at = static_cast<off_t>(cursor_.sequence % 2 * kSlotBytes);
  const std::string path = directory_ + "/cursor";
  if (::pwrite(cursor_file_.descriptor(), slot.data(), slot.size(), at) !=
      static_cast<ssize_t>(slot.size())) {
    return FileError(path, "cannot be written");
  }
  if (sync && ::fdatasync(cursor_file_.descriptor()) != 0)
    return FileError(path, "cannot be synced");
  return {};
}

Status SpoolFile::BeginReport(uint64_t number) {
  cursor_.begun = number;
  const bool reserve = number > cursor_.reserved_until;
  if (reserve) cursor_.reserved_until = number + kReservedRows - 1;
  return WriteCursor(reserve);
}

Status SpoolFile::EndReport(uint64_t number) {
  cursor_.reported = number;
  Status status = WriteCursor(false);
  if (status.ok()) RemoveReported();
  return status;
}

Status SpoolFile::CloseCursor() {
  cursor_.begun = cursor_.reserved_until = cursor_.reported;
  return WriteCursor(true);
}

// ---- The segments ------------------------------------------------------------------------------

Status SpoolFile::LoadSegments() {
  std::error_code error;
  std::vector<uint64_t> first_numbers;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    if (entry.path().extension() != ".rows") continue;
    first_numbers.push_back(std::strtoull(entry.path().stem().c_str(), nullptr, 10));
  }
  if (error) return FileError(directory_, "cannot be listed");
  std::sort(first_numbers.begin(), first_numbers.end());
  next_number_ = cursor_.reported + 1;
  for (size_t i = 0; i < first_numbers.size(); ++i) {
    // A gap before the first segment is what was reported and removed.
    const bool follows =
        i == 0 ? first_numbers[i] <= next_number_ : first_numbers[i] == next_number_;
    if (!follows) return Corrupt(first_numbers[i], 0);
    next_number_ = first_numbers[i];
    Status status = LoadSegment(first_numbers[i], i + 1 == first_numbers.size());
    if (!status.ok()) return status;
  }
  next_number_ = std::max(next_number_, cursor_.reported + 1);
  Status status = BeginSegment();
  RemoveReported();
  return status;
}

Status SpoolFile::LoadSegment(uint64_t first_number, bool is_last) {
  std::ifstream file(PathOf(first_number), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    if (std::filesystem::file_size(PathOf(first_number)) != 0) {
      return FileError(PathOf(first_number), "cannot be read");
    }
  }
  const std::string bytes = text.str();
  Segment segment;
  std::string_view payload;
  while (segment.bytes < bytes.size() &&
         DecodeRow(bytes, segment.bytes, next_number_, kRowHeaderBytes, &payload)) {
    if ((next_number_ - first_number) % kLandmarkRows == 0) {
      segment.landmarks[next_number_] = segment.bytes;
    }
    segment.bytes += BytesOfRow(payload.size());
    ++next_number_;
  }
  if (segment.bytes < bytes.size()) {
    if (!is_last) return Corrupt(first_number, segment.bytes);
    Status status =
        CutTail(first_number, segment.bytes, std::string_view(bytes).substr(segment.bytes));
    if (!status.ok()) return status;
  }
  bytes_ += segment.bytes;
  segments_[first_number] = std::move(segment);
  return {};
}

// What a crash left of rows that no Append has answered for, kept beside for whoever wants to look.
Status SpoolFile::CutTail(uint64_t first_number, uint64_t offset, std::string_view tail) {
  const std::string path = PathOf(first_number);
  if (tail.find_first_not_of('\0') != std::string_view::npos) {
    const std::string cut_path = path.substr(0, path.size() - 5) + ".cut";
    const FileHandle cut(::open(cut_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (cut.descriptor() < 0) return FileError(cut_path, "cannot be opened");
    if (Status status = WriteAll(cut.descriptor(), tail, cut_path); !status.ok()) return status;
    if (Status status = Sync(cut); !status.ok()) return status;
  }
  if (::truncate(path.c_str(), static_cast<off_t>(offset)) != 0) {
    return FileError(path, "cannot be cut");
  }
  return {};
}

Status SpoolFile::BeginSegment() {
  const std::string path = PathOf(next_number_);
  tail_ = std::make_shared<FileHandle>(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (tail_->descriptor() < 0) return FileError(path, "cannot be opened");
  segments_[next_number_];
  return SyncDirectory(directory_);
}

Status SpoolFile::Append(const std::vector<std::string>& payloads) {
  std::string bytes;
  std::vector<std::pair<uint64_t, uint64_t>> landmarks;
  if (segments_.rbegin()->second.bytes >= segment_bytes_) {
    // The old segment must be whole before the new one exists, or a crash could leave a gap.
    if (Status status = Sync(*tail_); !status.ok()) return status;
    if (Status status = BeginSegment(); !status.ok()) return status;
  }
  const uint64_t first_number = segments_.rbegin()->first;
  Segment& segment = segments_.rbegin()->second;
  uint64_t number = next_number_;
  for (const std::string& payload : payloads) {
    if ((number - first_number) % kLandmarkRows == 0) {
      landmarks.emplace_back(number, segment.bytes + bytes.size());
    }
    bytes += EncodeRow(number++, payload);
  }
  Status status = WriteAll(tail_->descriptor(), bytes, PathOf(first_number));
  if (!status.ok()) return status;
  segment.landmarks.insert(landmarks.begin(), landmarks.end());
  segment.bytes += bytes.size();
  bytes_ += bytes.size();
  next_number_ = number;
  return {};
}

Status SpoolFile::Sync(const FileHandle& file) {
  return ::fdatasync(file.descriptor()) == 0 ? Status{} : FileError("of rows", "cannot be synced");
}

Result<std::vector<SpooledRow>> SpoolFile::Read(uint64_t number, uint64_t end_number,
                                                size_t bytes_wanted) const {
  std::vector<SpooledRow> rows;
  if (number >= end_number) return rows;
  const auto& [first_number, segment] = *std::prev(segments_.upper_bound(number));
  const auto landmark = std::prev(segment.landmarks.upper_bound(number));
  uint64_t at_number = landmark->first;
  uint64_t offset = landmark->second;
  const std::string path = PathOf(first_number);
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) return FileError(path, "cannot be opened");

  size_t bytes_read = 0;
  std::string row;
  for (; at_number < end_number && offset < segment.bytes; ++at_number) {
    row.resize(kRowHeaderBytes);
    if (::pread(file.descriptor(), row.data(), row.size(), static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(row.size())) {
      return Corrupt(first_number, offset);
    }
    const uint64_t length = Get(row, 0, 4);
    if (length > kPayloadBytesMax) return Corrupt(first_number, offset);
    if (at_number >= number) {
      if (!rows.empty() && bytes_read + length > bytes_wanted) break;
      row.resize(kRowHeaderBytes + length);
      std::string_view payload;
      if (::pread(file.descriptor(), row.data(), row.size(), static_cast<off_t>(offset)) !=
              static_cast<ssize_t>(row.size()) ||
          !DecodeRow(row, 0, at_number, kRowHeaderBytes, &payload)) {
        return Corrupt(first_number, offset);
      }
      bytes_read += length;
      rows.push_back({at_number, std::string(payload)});
    }
    offset += BytesOfRow(length);
  }
  return rows;
}

void SpoolFile::RemoveReported() {
  // The last segment stays: it is being written.
  while (segments_.size() > 1 && std::next(segments_.begin())->first <= cursor_.reported + 1) {
    ::unlink(PathOf(segments_.begin()->first).c_str());
    bytes_ -= segments_.begin()->second.bytes;
    segments_.erase(segments_.begin());
  }
}

}  // namespace gusu
