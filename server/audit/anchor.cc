#include "server/audit/anchor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr std::string_view kFirstLine = "gusu.anchor/v1\n";
constexpr size_t kChecksumCharacters = 64;

absl::Status NotWritable(const std::string& path, std::string_view cause) {
  return Error(absl::StatusCode::kUnavailable, "ANCHOR_NOT_WRITABLE",
               Concat("the anchor ", path, " cannot be written: ", cause),
               {{"path", path}, {"cause", std::string(cause)}});
}

absl::Status SystemFault(const std::string& path) { return NotWritable(path, strerror(errno)); }

absl::Status Corrupt(const std::string& path, size_t line, std::string_view fault) {
  return Error(absl::StatusCode::kDataLoss, "ANCHOR_CORRUPT",
               Concat("the anchor ", path, " is damaged in line ", line, ": ", fault,
                      ". Put back a good copy of it; or move it away and start with --anchor-from "
                      "and a checkpoint of this log that a witness or an auditor kept"),
               {{"path", path}, {"line", std::to_string(line)}});
}

bool SignsFor(const std::vector<VerifierKey>& verifiers, const SignedNote& note) {
  return std::any_of(verifiers.begin(), verifiers.end(), [&](const VerifierKey& key) {
    return std::any_of(note.signatures.begin(), note.signatures.end(),
                       [&](const NoteSignature& signature) { return key.Names(signature); });
  });
}

// The checkpoint of a note; what a known key signed is verified.
absl::StatusOr<Checkpoint> ReadNote(const std::string& text,
                                    const std::vector<VerifierKey>& verifiers) {
  GUSU_ASSIGN_OR_RETURN(const SignedNote note, ParseSignedNote(text));
  if (SignsFor(verifiers, note)) GUSU_RETURN_IF_ERROR(VerifyNote(note, verifiers).status());
  return ParseCheckpointBody(note.text);
}

}  // namespace

std::string FormatAnchorLine(std::string_view signed_note) {
  std::string line = HexEncode(AsBytes(Sha256(signed_note)));
  line += '\t';
  for (const char c : signed_note) line += c == '\n' ? '\t' : c;
  line.back() = '\n';  // the note's last one
  return line;
}

std::optional<std::string> ParseAnchorLine(std::string_view line) {
  if (line.size() <= kChecksumCharacters || line[kChecksumCharacters] != '\t') return std::nullopt;
  std::string note(line.substr(kChecksumCharacters + 1));
  if (note.find('\n') != note.npos) return std::nullopt;
  std::replace(note.begin(), note.end(), '\t', '\n');
  note += '\n';
  if (HexEncode(AsBytes(Sha256(note))) != line.substr(0, kChecksumCharacters)) return std::nullopt;
  return note;
}

Anchor::Anchor(Anchor&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      file_bytes_(other.file_bytes_),
      synced_(other.synced_),
      is_doubtful_(other.is_doubtful_),
      entries_(std::move(other.entries_)) {}

Anchor& Anchor::operator=(Anchor&& other) noexcept {
  if (this != &other) {
    Close();
    path_ = std::move(other.path_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    file_bytes_ = other.file_bytes_;
    synced_ = other.synced_;
    is_doubtful_ = other.is_doubtful_;
    entries_ = std::move(other.entries_);
  }
  return *this;
}

Anchor::~Anchor() { Close(); }

void Anchor::Close() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

absl::StatusOr<Anchor> Anchor::Open(const std::string& path,
                                    const std::vector<VerifierKey>& verifiers) {
  const absl::StatusOr<std::string> content = ReadPrivateFile(path);
  if (!content.ok()) return content.status();
  Anchor anchor(path);
  const size_t end = content->rfind('\n') + 1;  // 0: there is none
  GUSU_RETURN_IF_ERROR(anchor.ReadLines(std::string_view(*content).substr(0, end), verifiers));
  GUSU_RETURN_IF_ERROR(anchor.OpenForAppend());
  if (end == content->size()) return anchor;
  if (ftruncate(anchor.descriptor_, static_cast<off_t>(end)) != 0 ||
      fsync(anchor.descriptor_) != 0) {
    return SystemFault(path);
  }
  anchor.file_bytes_ = end;
  return anchor;
}

absl::Status Anchor::ReadLines(std::string_view content,
                               const std::vector<VerifierKey>& verifiers) {
  if (!content.starts_with(kFirstLine)) {
    return Corrupt(path_, 1, Concat("it is not ", kFirstLine.substr(0, kFirstLine.size() - 1)));
  }
  content.remove_prefix(kFirstLine.size());
  for (size_t line = 2; !content.empty(); ++line) {
    const size_t end = content.find('\n');
    const std::optional<std::string> note = ParseAnchorLine(content.substr(0, end));
    if (!note) return Corrupt(path_, line, "its checksum is not that of its note");
    absl::StatusOr<Checkpoint> checkpoint = ReadNote(*note, verifiers);
    if (!checkpoint.ok()) {
      return Corrupt(path_, line, StdView(checkpoint.status().message()));
    }
    if (!Follows(*checkpoint)) {
      return Corrupt(
          path_, line,
          Concat("its tree of ", checkpoint->head.size, " leaves does not follow one of ",
                 LastOf(checkpoint->origin)->checkpoint.head.size));
    }
    Remember({*std::move(checkpoint), *note});
    content.remove_prefix(end + 1);
  }
  return absl::OkStatus();
}

absl::StatusOr<Anchor> Anchor::Create(const std::string& path, const std::string& first_note) {
  Anchor anchor(path);
  GUSU_ASSIGN_OR_RETURN(Entry entry, anchor.Check(first_note));
  anchor.Remember(std::move(entry));
  GUSU_RETURN_IF_ERROR(anchor.Replace());
  return anchor;
}

absl::StatusOr<Anchor> Anchor::InMemory(const std::string& first_note) {
  Anchor anchor("");
  GUSU_RETURN_IF_ERROR(anchor.Append(first_note));
  return anchor;
}

const Anchor::Entry* Anchor::LastOf(std::string_view origin) const {
  for (const Entry& entry : entries_) {
    if (entry.checkpoint.origin == origin) return &entry;
  }
  return nullptr;
}

void Anchor::Remember(Entry entry) {
  std::erase_if(entries_, [&entry](const Entry& other) {
    return other.checkpoint.origin == entry.checkpoint.origin;
  });
  entries_.push_back(std::move(entry));
  if (entries_.size() > kOriginsMax) entries_.erase(entries_.begin());
}

bool Anchor::Follows(const Checkpoint& checkpoint) const {
  const Entry* before = LastOf(checkpoint.origin);
  if (before == nullptr) return true;
  const TreeHead& head = before->checkpoint.head;
  return checkpoint.head.size > head.size || checkpoint.head == head;
}

absl::StatusOr<Anchor::Entry> Anchor::Check(const std::string& note) const {
  GUSU_ASSIGN_OR_RETURN(Checkpoint checkpoint, ReadNote(note, {}));
  if (note.size() <= kNoteBytesMax && Follows(checkpoint)) {
    return Entry{std::move(checkpoint), note};
  }
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("a checkpoint of ", checkpoint.head.size, " leaves in ", note.size(),
                      " bytes cannot follow the anchor's last one"),
               {{"field", "checkpoint"}, {"value", std::to_string(checkpoint.head.size)}});
}

absl::Status Anchor::OpenForAppend() {
  Close();
  descriptor_ = open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const off_t size = descriptor_ < 0 ? -1 : lseek(descriptor_, 0, SEEK_END);
  if (size < 0) return SystemFault(path_);
  file_bytes_ = static_cast<uint64_t>(size);
  return absl::OkStatus();
}

// The file with the last lines alone, durable.
absl::Status Anchor::Replace() {
  std::string content(kFirstLine);
  for (const Entry& entry : entries_) content += FormatAnchorLine(entry.note);
  is_doubtful_ = true;
  if (const absl::Status written = WritePrivateFile(path_, content); !written.ok()) {
    return NotWritable(path_, StdView(written.message()));
  }
  GUSU_RETURN_IF_ERROR(OpenForAppend());
  is_doubtful_ = false;
  synced_ = true;
  return absl::OkStatus();
}

absl::Status Anchor::Append(const std::string& signed_note) {
  GUSU_ASSIGN_OR_RETURN(Entry entry, Check(signed_note));
  if (!path_.empty()) {
    const std::string line = FormatAnchorLine(signed_note);
    if (is_doubtful_ || file_bytes_ + line.size() > kFileBytesMax) {
      GUSU_RETURN_IF_ERROR(Replace());
    }
    const ssize_t written = write(descriptor_, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size())) {
      is_doubtful_ = true;  // a part of the line may stand there
      return written < 0 ? SystemFault(path_) : NotWritable(path_, "no space for a whole line");
    }
    file_bytes_ += line.size();
    synced_ = false;
  }
  Remember(std::move(entry));
  return absl::OkStatus();
}

absl::Status Anchor::Sync() {
  if (is_doubtful_) return Replace();
  if (synced_) return absl::OkStatus();
  if (fsync(descriptor_) != 0) {
    // What the file holds now, nobody knows.
    is_doubtful_ = true;
    return SystemFault(path_);
  }
  synced_ = true;
  return absl::OkStatus();
}

}  // namespace gusu::server
