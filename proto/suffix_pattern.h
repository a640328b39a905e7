// Minting patterns: `HP-{serial:6}{check}`.
//
// Literal text and one of {serial:N} (N 1 to 18: the number with at least N digits) or {random:N}
// (N 8 to 64 characters of 0-9 and upper-case letters without I, L, O, U), then optionally {check},
// the check characters of all that stands before it. "{{" and "}}" are braces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/check_digit.h"
#include "proto/code_form.h"

namespace gusu {

class SuffixPattern {
 public:
  // `scheme` is what {check} computes. Fails with kInvalidArgument / SUFFIX_REFUSED, naming the
  // fault and where it stands.
  static absl::StatusOr<SuffixPattern> Parse(std::string_view text, CheckScheme scheme);

  bool is_random() const { return random_characters_ > 0; }
  const std::string& text() const { return text_; }
  // Characters of a suffix whose serial has no more digits than asked for.
  size_t characters() const;
  // What its suffixes look like: a form for each number of digits that a serial may have.
  std::vector<CodeForm> Forms() const;

  // The suffix for a serial. kOutOfRange when the check scheme cannot take it.
  absl::StatusOr<std::string> Expand(uint64_t serial) const;
  // A fresh random suffix.
  absl::StatusOr<std::string> ExpandRandom() const;

 private:
  SuffixPattern() = default;
  bool has_variable() const { return serial_digits_ + random_characters_ > 0; }
  // Takes in what stands between "{" at `octet` and "}".
  absl::Status AddField(std::string_view field, size_t octet);
  absl::StatusOr<std::string> Assemble(std::string_view variable) const;

  std::string text_;
  std::string before_, after_;  // literals around the variable part
  size_t serial_digits_ = 0;
  size_t random_characters_ = 0;
  bool has_check_ = false;
  CheckScheme scheme_ = CheckScheme::kNone;
};

}  // namespace gusu
