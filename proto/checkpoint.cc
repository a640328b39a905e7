#include "proto/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "proto/base64.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kFixedLines = 3;

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "CHECKPOINT_MALFORMED",
               Concat("checkpoint: ", what), std::move(metadata));
}

// Only the form without sign and leading zeros.
std::optional<uint64_t> ParseSize(std::string_view text) {
  uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || std::to_string(size) != text) return std::nullopt;
  return size;
}

absl::StatusOr<std::vector<std::string>> SplitLines(std::string_view body) {
  std::vector<std::string> lines;
  while (!body.empty()) {
    const size_t line_end = body.find('\n');
    if (line_end == body.npos) return Malformed("the last line does not end");
    if (line_end == 0) return Malformed(Concat("line ", lines.size() + 1, " is empty"));
    lines.emplace_back(body.substr(0, line_end));
    body.remove_prefix(line_end + 1);
  }
  if (lines.size() < kFixedLines) return Malformed(Concat(lines.size(), " lines, not 3 or more"));
  return lines;
}

bool IsOfLog(const VerifierKey& key, std::string_view origin) {
  return key.type() == SignatureType::kEd25519 && key.name() == origin;
}

}  // namespace

absl::StatusOr<Checkpoint> ParseCheckpointBody(std::string_view body) {
  if (body.size() > kNoteBytesMax) return Malformed("longer than a note");
  GUSU_ASSIGN_OR_RETURN(std::vector<std::string> lines, SplitLines(body));
  const std::optional<uint64_t> size = ParseSize(lines[1]);
  if (!size) {
    return Malformed(Concat("\"", Quote(lines[1]), "\" is not a size"),
                     {{"size", Quote(lines[1])}});
  }
  const std::optional<std::string> bytes = Base64Decode(lines[2]);
  const std::optional<Hash> root = bytes ? HashFromBytes(*bytes) : std::nullopt;
  if (!root) {
    return Malformed(Concat("\"", Quote(lines[2]), "\" is not a root"),
                     {{"root", Quote(lines[2])}});
  }
  if (*size == 0 && *root != EmptyRoot()) {
    return Malformed("the root of an empty tree is not SHA-256 of nothing",
                     {{"root", Quote(lines[2])}});
  }
  Checkpoint checkpoint{std::move(lines[0]), {*size, *root}, {}};
  lines.erase(lines.begin(), lines.begin() + kFixedLines);
  checkpoint.extension_lines = std::move(lines);
  return checkpoint;
}

absl::StatusOr<std::string> FormatCheckpointBody(const Checkpoint& checkpoint) {
  std::string body = Concat(checkpoint.origin, "\n", checkpoint.head.size, "\n",
                            Base64Encode(AsBytes(checkpoint.head.root)), "\n");
  for (const std::string& line : checkpoint.extension_lines) body += line + "\n";
  GUSU_ASSIGN_OR_RETURN(const Checkpoint read, ParseCheckpointBody(body));
  if (read != checkpoint) return Malformed("it would not be read as it was written");
  return body;
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           const std::vector<SignerKey>& signers, uint64_t time_s) {
  SignedNote note;
  GUSU_ASSIGN_OR_RETURN(note.text, FormatCheckpointBody(checkpoint));
  for (const SignerKey& signer : signers) note.signatures.push_back(signer.Sign(note.text, time_s));
  return FormatSignedNote(note);
}

absl::StatusOr<OpenedCheckpoint> OpenCheckpoint(std::string_view signed_note,
                                                const std::vector<VerifierKey>& keys) {
  GUSU_ASSIGN_OR_RETURN(const SignedNote note, ParseSignedNote(signed_note));
  OpenedCheckpoint opened;
  GUSU_ASSIGN_OR_RETURN(opened.signatures, VerifyNote(note, keys));
  GUSU_ASSIGN_OR_RETURN(opened.checkpoint, ParseCheckpointBody(note.text));
  const std::string& origin = opened.checkpoint.origin;
  const bool signed_by_log = std::any_of(
      opened.signatures.begin(), opened.signatures.end(), [&origin](const VerifiedSignature& one) {
        return one.type == SignatureType::kEd25519 && one.key_name == origin;
      });
  if (signed_by_log) return opened;
  if (std::none_of(keys.begin(), keys.end(),
                   [&origin](const VerifierKey& key) { return IsOfLog(key, origin); })) {
    return Error(absl::StatusCode::kInvalidArgument, "ORIGIN_DIFFERS",
                 Concat("the checkpoint is of the log ", Quote(origin), ", which has no known key"),
                 {{"origin", Quote(origin)}});
  }
  return Error(absl::StatusCode::kInvalidArgument, "SIGNATURE_MISSING",
               Concat("the log ", Quote(origin), " itself did not sign the checkpoint"),
               {{"origin", Quote(origin)}});
}

}  // namespace gusu
