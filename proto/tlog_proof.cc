#include "proto/tlog_proof.h"

#include <charconv>
#include <optional>

#include "proto/base64.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "PROOF_MALFORMED", Concat("tlog-proof: ", what),
               std::move(metadata));
}

absl::Status MalformedLine(std::string_view line, std::string_view what) {
  return Malformed(Concat("\"", Quote(line), "\" is not ", what), {{"line", Quote(line)}});
}

// Takes a line and its end off `text`; nullopt when none ends.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t line_end = text.find('\n');
  if (line_end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, line_end);
  text.remove_prefix(line_end + 1);
  return line;
}

// Only the form without sign and leading zeros.
absl::StatusOr<uint64_t> ParseIndex(std::string_view line) {
  uint64_t index = 0;
  if (line.starts_with(kIndex)) {
    const std::string_view text = line.substr(kIndex.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error == std::errc() && std::to_string(index) == text) return index;
  }
  return MalformedLine(line, "a line `index <number>`");
}

absl::StatusOr<std::string> ParseExtra(std::string_view line) {
  const std::optional<std::string> bytes = Base64Decode(line.substr(kExtra.size()));
  if (!bytes || bytes->empty()) return MalformedLine(line, "a line `extra <base64>`");
  if (bytes->size() > kTlogProofExtraBytesMax) {
    return Malformed(
        Concat("extra has ", bytes->size(), " bytes, more than ", kTlogProofExtraBytesMax),
        {{"bytes", std::to_string(bytes->size())},
         {"bytes_max", std::to_string(kTlogProofExtraBytesMax)}});
  }
  return *bytes;
}

absl::StatusOr<Hash> ParseHash(std::string_view line) {
  const std::optional<std::string> bytes = Base64Decode(line);
  const std::optional<Hash> hash = bytes ? HashFromBytes(*bytes) : std::nullopt;
  if (!hash) return MalformedLine(line, "base64 of 32 bytes");
  return *hash;
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text) {
  if (text.size() > kTlogProofBytesMax) {
    return Malformed(Concat(text.size(), " bytes, more than ", kTlogProofBytesMax),
                     {{"bytes", std::to_string(text.size())},
                      {"bytes_max", std::to_string(kTlogProofBytesMax)}});
  }
  TlogProof proof;
  std::optional<std::string_view> line = TakeLine(text);
  if (line != kFirstLine) return Malformed(Concat("the first line is not \"", kFirstLine, "\""));
  line = TakeLine(text);
  if (line && line->starts_with(kExtra)) {
    GUSU_ASSIGN_OR_RETURN(proof.extra, ParseExtra(*line));
    line = TakeLine(text);
  }
  GUSU_ASSIGN_OR_RETURN(proof.leaf_index, ParseIndex(line.value_or("")));
  while (true) {
    line = TakeLine(text);
    if (!line) return Malformed("no empty line before the checkpoint");
    if (line->empty()) break;
    if (proof.hashes.size() == kInclusionProofHashesMax) {
      return Malformed(Concat("more than ", kInclusionProofHashesMax, " hashes"));
    }
    GUSU_ASSIGN_OR_RETURN(const Hash hash, ParseHash(*line));
    proof.hashes.push_back(hash);
  }
  GUSU_ASSIGN_OR_RETURN(const SignedNote note, ParseSignedNote(text));
  GUSU_RETURN_IF_ERROR(ParseCheckpointBody(note.text).status());
  proof.checkpoint = std::string(text);
  return proof;
}

absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof) {
  std::string text = Concat(kFirstLine, "\n");
  if (!proof.extra.empty()) text += Concat(kExtra, Base64Encode(proof.extra), "\n");
  text += Concat(kIndex, proof.leaf_index, "\n");
  for (const Hash& hash : proof.hashes) text += Base64Encode(AsBytes(hash)) + "\n";
  text += "\n" + proof.checkpoint;
  GUSU_ASSIGN_OR_RETURN(const TlogProof read, ParseTlogProof(text));
  if (read != proof) return Malformed("it would not be read as it was written");
  return text;
}

absl::StatusOr<OpenedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Hash& leaf_hash,
                                                 const std::vector<VerifierKey>& keys) {
  GUSU_ASSIGN_OR_RETURN(OpenedCheckpoint opened, OpenCheckpoint(proof.checkpoint, keys));
  GUSU_RETURN_IF_ERROR(
      VerifyInclusion(leaf_hash, proof.leaf_index, proof.hashes, opened.checkpoint.head));
  return opened;
}

}  // namespace gusu
