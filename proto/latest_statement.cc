#include "proto/latest_statement.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "proto/base64.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/merkle.h"
#include "proto/signed_note.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kFirstLine = "gusu.latest/v1";

// Lines by number.
enum Line : size_t { kVersion, kOrigin, kTreeSize, kTime, kReadRevision, kRevision, kIdentifier };
constexpr size_t kLines = kIdentifier + 1;
using Lines = std::array<std::string_view, kLines>;

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "STATEMENT_MALFORMED",
               Concat("statement: ", what), std::move(metadata));
}

absl::Status LineMalformed(Line line, std::string_view text, std::string_view what) {
  const std::string number = std::to_string(line + 1);
  return Malformed(Concat("line ", number, ", \"", Quote(text), "\", is not ", what),
                   {{"line", number}, {"value", Quote(text)}});
}

absl::StatusOr<Lines> SplitLines(std::string_view text) {
  Lines lines;
  for (std::string_view& line : lines) {
    const size_t end = text.find('\n');
    if (end == text.npos) return Malformed(Concat("it has not ", kLines, " lines"));
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return Malformed(Concat("it has more than ", kLines, " lines"));
  return lines;
}

// Only the form without sign and leading zeros.
absl::Status ReadNumber(const Lines& lines, Line line, uint64_t* number) {
  const std::string_view text = lines[line];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  if (error == std::errc() && std::to_string(*number) == text) return absl::OkStatus();
  return LineMalformed(line, text, "a number");
}

bool IsOfLog(const VerifierKey& key, std::string_view origin) {
  return key.type() == SignatureType::kEd25519 && key.name() == origin;
}

}  // namespace

Hash IdentifierHash(std::string_view salt, std::string_view resource) {
  return Sha256({"gusu.identifier.v1\n", salt, resource});
}

absl::StatusOr<LatestStatement> ParseLatestStatement(std::string_view text) {
  GUSU_ASSIGN_OR_RETURN(const Lines lines, SplitLines(text));
  if (lines[kVersion] != kFirstLine) {
    return LineMalformed(kVersion, lines[kVersion], Concat("\"", kFirstLine, "\""));
  }
  LatestStatement statement;
  statement.origin = lines[kOrigin];
  if (!IsKeyName(statement.origin)) {
    return LineMalformed(kOrigin, lines[kOrigin], "the name of a log");
  }
  GUSU_RETURN_IF_ERROR(ReadNumber(lines, kTreeSize, &statement.tree_size));
  GUSU_RETURN_IF_ERROR(ReadNumber(lines, kTime, &statement.time_us));
  GUSU_RETURN_IF_ERROR(ReadNumber(lines, kReadRevision, &statement.read_revision));
  GUSU_RETURN_IF_ERROR(ReadNumber(lines, kRevision, &statement.revision));
  if (statement.tree_size == 0) {
    return LineMalformed(kTreeSize, lines[kTreeSize], "the size of a log that has a record");
  }
  if (statement.revision == 0 || statement.revision > statement.read_revision) {
    return LineMalformed(kRevision, lines[kRevision],
                         Concat("a revision as of ", statement.read_revision));
  }
  const std::optional<std::string> bytes = Base64Decode(lines[kIdentifier]);
  const std::optional<Hash> hash = bytes ? HashFromBytes(*bytes) : std::nullopt;
  if (!hash) return LineMalformed(kIdentifier, lines[kIdentifier], "a hash in base64");
  statement.identifier_hash = *hash;
  return statement;
}

absl::StatusOr<std::string> FormatLatestStatement(const LatestStatement& statement) {
  std::string text =
      Concat(kFirstLine, "\n", statement.origin, "\n", statement.tree_size, "\n", statement.time_us,
             "\n", statement.read_revision, "\n", statement.revision, "\n",
             Base64Encode(AsBytes(statement.identifier_hash)), "\n");
  GUSU_ASSIGN_OR_RETURN(const LatestStatement read, ParseLatestStatement(text));
  if (read != statement) return Malformed("it would not be read as it was written");
  return text;
}

absl::StatusOr<LatestStatement> OpenLatestStatement(std::string_view signed_note,
                                                    const std::vector<VerifierKey>& keys) {
  GUSU_ASSIGN_OR_RETURN(const SignedNote note, ParseSignedNote(signed_note));
  GUSU_ASSIGN_OR_RETURN(const std::vector<VerifiedSignature> signatures, VerifyNote(note, keys));
  GUSU_ASSIGN_OR_RETURN(LatestStatement statement, ParseLatestStatement(note.text));
  const std::string& origin = statement.origin;
  const bool signed_by_log =
      std::any_of(signatures.begin(), signatures.end(), [&origin](const VerifiedSignature& one) {
        return one.type == SignatureType::kEd25519 && one.key_name == origin;
      });
  if (signed_by_log) return statement;
  if (std::none_of(keys.begin(), keys.end(),
                   [&origin](const VerifierKey& key) { return IsOfLog(key, origin); })) {
    return Error(absl::StatusCode::kInvalidArgument, "ORIGIN_DIFFERS",
                 Concat("the statement is of the log ", Quote(origin), ", which has no known key"),
                 {{"origin", Quote(origin)}});
  }
  return Error(absl::StatusCode::kInvalidArgument, "SIGNATURE_MISSING",
               Concat("the log ", Quote(origin), " itself did not sign the statement"),
               {{"origin", Quote(origin)}});
}

}  // namespace gusu
