#include "proto/signed_note.h"

#include <algorithm>

#include "proto/base64.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr std::string_view kSignatureBeginning = "\u2014 ";
constexpr size_t kKeyIdBytes = 4;

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "NOTE_MALFORMED", Concat("signed note: ", what),
               std::move(metadata));
}

absl::Status CheckCharacters(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return Malformed(
        Concat(bytes.size(), " bytes, more than ", kNoteBytesMax),
        {{"bytes", std::to_string(bytes.size())}, {"bytes_max", std::to_string(kNoteBytesMax)}});
  }
  for (std::string_view rest = bytes; !rest.empty();) {
    const size_t octet = bytes.size() - rest.size();
    const std::optional<char32_t> c = TakeCharacter(rest);
    if (!c || (*c < 0x20 && *c != '\n')) {
      return Malformed(Concat(c ? "a control character" : "no UTF-8", " at octet ", octet),
                       {{"octet", std::to_string(octet)}});
    }
  }
  return absl::OkStatus();
}

// One line, without its line end.
absl::StatusOr<NoteSignature> ParseSignature(std::string_view line) {
  const auto malformed = [line] {
    return Malformed(Concat("\"", Quote(line), "\" is not a signature"), {{"line", Quote(line)}});
  };
  if (!line.starts_with(kSignatureBeginning)) return malformed();
  line.remove_prefix(kSignatureBeginning.size());
  const size_t name_end = line.find(' ');
  if (name_end == line.npos || !IsKeyName(line.substr(0, name_end))) return malformed();
  const std::optional<std::string> bytes = Base64Decode(line.substr(name_end + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return malformed();
  NoteSignature signature;
  signature.key_name = std::string(line.substr(0, name_end));
  for (size_t i = 0; i < kKeyIdBytes; ++i) {
    signature.key_id = (signature.key_id << 8) | static_cast<uint8_t>((*bytes)[i]);
  }
  signature.signature = bytes->substr(kKeyIdBytes);
  return signature;
}

}  // namespace

absl::StatusOr<SignedNote> ParseSignedNote(std::string_view bytes) {
  GUSU_RETURN_IF_ERROR(CheckCharacters(bytes));
  const size_t text_end = bytes.rfind("\n\n");
  if (text_end == bytes.npos) return Malformed("no empty line before signatures");
  SignedNote note;
  note.text = std::string(bytes.substr(0, text_end + 1));
  std::string_view rest = bytes.substr(text_end + 2);
  if (rest.empty()) return Malformed("no signature");
  while (!rest.empty()) {
    const size_t line_end = rest.find('\n');
    if (line_end == rest.npos) return Malformed("the last line does not end");
    if (note.signatures.size() == kNoteSignaturesMax) {
      return Malformed(Concat("more than ", kNoteSignaturesMax, " signatures"),
                       {{"signatures_max", std::to_string(kNoteSignaturesMax)}});
    }
    GUSU_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(rest.substr(0, line_end)));
    note.signatures.push_back(std::move(signature));
    rest.remove_prefix(line_end + 1);
  }
  return note;
}

absl::StatusOr<std::string> FormatSignedNote(const SignedNote& note) {
  std::string bytes = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) bytes += FormatNoteSignature(signature);
  GUSU_ASSIGN_OR_RETURN(const SignedNote read, ParseSignedNote(bytes));
  if (read != note) return Malformed("it would not be read as it was written");
  return bytes;
}

absl::StatusOr<NoteSignature> ParseNoteSignature(std::string_view line) {
  if (line.size() > kNoteBytesMax || !line.ends_with('\n')) {
    return Malformed("a signature is one line with its end");
  }
  return ParseSignature(line.substr(0, line.size() - 1));
}

std::string FormatNoteSignature(const NoteSignature& signature) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(signature.key_id >> shift);
  }
  return Concat(kSignatureBeginning, signature.key_name, " ",
                Base64Encode(bytes + signature.signature), "\n");
}

absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(const SignedNote& note,
                                                          const std::vector<VerifierKey>& keys) {
  std::vector<VerifiedSignature> verified;
  for (const NoteSignature& signature : note.signatures) {
    for (const VerifierKey& key : keys) {
      if (!key.Names(signature)) continue;
      if (!key.Verify(note.text, signature)) {
        return Error(absl::StatusCode::kInvalidArgument, "SIGNATURE_INVALID",
                     Concat("the signature of ", key.name(), " is not of this text"),
                     {{"key", key.Text()}});
      }
      const bool is_new =
          std::none_of(verified.begin(), verified.end(), [&key](const VerifiedSignature& other) {
            return other.key_name == key.name() && other.key_id == key.id();
          });
      if (!is_new) continue;
      const bool timed = key.type() == SignatureType::kCosignature;
      verified.push_back(
          {key.name(), key.id(), key.type(), timed ? *CosignatureTime(signature) : 0});
    }
  }
  if (verified.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "SIGNATURE_MISSING",
                 "no known key signed the text",
                 {{"keys_known", std::to_string(keys.size())},
                  {"signatures", std::to_string(note.signatures.size())}});
  }
  return verified;
}

}  // namespace gusu
