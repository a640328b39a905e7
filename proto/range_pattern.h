// Patterns of serial ranges: `BOLT-{serial:10}{check}`.
//
// Literal text, one counter, optionally {check}, literal text. The counter is {serial:N}, the
// serial in exactly N digits (N 1 to 18), or {permuted:N} (N 4 to 18): in its place stands another
// number of N digits, by a permutation of them all under a secret key, so that from some codes
// nobody can tell others. {check} is the check characters of all that stands before it. "{{" and
// "}}" are braces. Serials count from 1.
//
//   auto pattern = RangePattern::Parse("BOLT-{serial:10}", CheckScheme::kMod37_36, "");
//   pattern->Expand(7);                 // BOLT-0000000007
//   pattern->Match("bolt-0000000007");  // 7
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/check_digit.h"
#include "proto/code_form.h"
#include "proto/suffix_pattern.h"

namespace gusu {

class RangePattern {
 public:
  static constexpr size_t kPermutationKeyBytes = 32;

  // `scheme` is what {check} computes. A permuted pattern without a key knows the form of its
  // codes, but no serials. Fails with kInvalidArgument / SUFFIX_REFUSED, naming the fault and where
  // it stands.
  static absl::StatusOr<RangePattern> Parse(std::string_view text, CheckScheme scheme,
                                            std::string_view permutation_key);

  const std::string& text() const { return text_; }
  bool is_permuted() const { return is_permuted_; }
  // What stands before the counter.
  const std::string& before() const { return before_; }
  uint64_t serial_max() const;

  // The suffix of a serial up to serial_max(). kOutOfRange for others, and without the key.
  absl::StatusOr<std::string> Expand(uint64_t serial) const;
  // The serial of a suffix, compared as identifiers are. nullopt for what is no code of the
  // pattern, by its form or its check characters, and without the key.
  std::optional<uint64_t> Match(std::string_view suffix) const;
  // The suffix in the pattern's own case; nullopt for what is no code of the pattern.
  std::optional<std::string> Written(std::string_view suffix) const;

  // Whether some text could be a code of both. Check characters are taken for any that their scheme
  // has, so that the answer does not hang on the serials.
  bool CouldMatch(const RangePattern& other) const { return form_.Meets(other.form_); }
  bool CouldMatch(const SuffixPattern& minting) const;

 private:
  RangePattern() = default;
  absl::Status AddField(std::string_view field, size_t octet);
  absl::Status Finish(std::string_view permutation_key);
  // The suffix whose counter shows these digits.
  absl::StatusOr<std::string> Assemble(std::string_view digits) const;
  // The counter's digits in a suffix of the pattern's form.
  std::string_view DigitsIn(std::string_view suffix) const {
    return suffix.substr(before_.size(), digits_);
  }

  std::string text_;
  // Literals before the counter, between it and the check characters, and after those.
  std::string before_, middle_, after_;
  size_t digits_ = 0;
  bool is_permuted_ = false;
  bool has_check_ = false;
  CheckScheme scheme_ = CheckScheme::kNone;
  std::string key_;
  CodeForm form_;
};

}  // namespace gusu
