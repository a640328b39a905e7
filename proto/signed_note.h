// Signed notes: text with signatures of several keys below it (c2sp.org/signed-note).
//
//   registry.example/log1
//   0
//   47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//
//   — registry.example/log1 RRcULcaY3FCBf7442sIQUKgP4rwROAkskgeND903hyLi9wSXnmsBfFhX…
//
// The text ends in a line end, the last empty line divides it from the signatures, and each of
// these is an em dash, the key's name, and base64 of the key ID and the signature. Notes are UTF-8
// without control characters other than line ends. What a note says counts for nothing before
// VerifyNote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/note_key.h"

namespace gusu {

// Room for 64 signatures of the largest kind known (some 6.6 KB in base64), and text.
inline constexpr size_t kNoteBytesMax = 512 * 1024;
inline constexpr size_t kNoteSignaturesMax = 64;

struct SignedNote {
  std::string text;  // with its last line end, without the empty line
  std::vector<NoteSignature> signatures;
  bool operator==(const SignedNote&) const = default;
};

// The form only. kInvalidArgument / NOTE_MALFORMED for any other text.
absl::StatusOr<SignedNote> ParseSignedNote(std::string_view bytes);
// kInvalidArgument / NOTE_MALFORMED for what ParseSignedNote would not give back.
absl::StatusOr<std::string> FormatSignedNote(const SignedNote& note);

// One signature's line, with its line end, as a witness answers with it. kInvalidArgument /
// NOTE_MALFORMED for any other text.
absl::StatusOr<NoteSignature> ParseNoteSignature(std::string_view line);
std::string FormatNoteSignature(const NoteSignature& signature);

struct VerifiedSignature {
  std::string key_name;
  uint32_t key_id = 0;
  SignatureType type = SignatureType::kEd25519;
  uint64_t time_s = 0;  // of a cosignature: seconds since 1970 UTC
  bool operator==(const VerifiedSignature&) const = default;
};

// The signatures of known keys, one for each key that signed; those of others are passed over, also
// when they share a name or an ID with a known key. kInvalidArgument: SIGNATURE_INVALID when any
// signature of a known key is wrong, whatever the others are; SIGNATURE_MISSING when there is none.
absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(const SignedNote& note,
                                                          const std::vector<VerifierKey>& keys);

}  // namespace gusu
