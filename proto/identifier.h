// Identifiers: `88.118.8/HP-123-0042`, a prefix and a suffix around the first "/".
//
// Two identifiers are the same when they are equal after ASCII letters are brought to upper case;
// what is written is kept as written, leading zeros included. Text is UTF-8, compared without
// normalisation.
//
//   absl::StatusOr<Identifier> id = Identifier::Parse("88.118.8/hp-1");
//   id->key();      // "88.118.8/HP-1": what is compared and stored
//   id->written();  // "88.118.8/hp-1"
//
// Limits: 255 characters and 1,020 octets in all, a prefix of at most 64 characters. A prefix is
// segments of letters, digits, "-" and "_", divided by ".". Refused in a suffix: space at either
// end, controls, noncharacters, zero-width and bidirectional characters, full-width ASCII.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu {

inline constexpr size_t kIdentifierCharactersMax = 255;
inline constexpr size_t kIdentifierBytesMax = 1020;
inline constexpr size_t kPrefixCharactersMax = 64;

class Identifier {
 public:
  // Fails with kInvalidArgument / IDENTIFIER_MALFORMED, naming what is wrong and where.
  static absl::StatusOr<Identifier> Parse(std::string_view text);
  // Of resource names: prefixes/{prefix}/records/{suffix, percent-encoded}, or as Parse.
  static absl::StatusOr<Identifier> ParseName(std::string_view name_or_identifier);

  const std::string& written() const { return written_; }
  const std::string& key() const { return key_; }
  std::string_view prefix() const { return std::string_view(written_).substr(0, slash_); }
  std::string_view suffix() const { return std::string_view(written_).substr(slash_ + 1); }
  std::string_view prefix_key() const { return std::string_view(key_).substr(0, slash_); }
  std::string_view suffix_key() const { return std::string_view(key_).substr(slash_ + 1); }
  // prefixes/{prefix}/records/{suffix, percent-encoded}; unreserved characters of RFC 3986 stay.
  std::string name() const;

  friend bool operator==(const Identifier& a, const Identifier& b) { return a.key_ == b.key_; }

 private:
  Identifier(std::string written, size_t slash);
  std::string written_;
  std::string key_;
  size_t slash_;
};

// A prefix alone, in the form that can be granted. Fails with kInvalidArgument /
// IDENTIFIER_MALFORMED. Returns the text as written.
absl::StatusOr<std::string> ParsePrefix(std::string_view text);

// Letters, digits and . _ : + - /: what a prefix without a policy of its own accepts at
// registration. Returns the first character outside, as text, or an empty string.
std::string FirstCharacterOutsideDefaultPattern(std::string_view suffix);

// ASCII letters to upper case, everything else as it is.
std::string ToKey(std::string_view text);

// Whether `prefix_key` is `ancestor_key` or below it: 88.118.8 is below 88.118, 88.1189 is not.
bool IsAtOrBelow(std::string_view prefix_key, std::string_view ancestor_key);

std::string PercentEncode(std::string_view text);
absl::StatusOr<std::string> PercentDecode(std::string_view text);

}  // namespace gusu
