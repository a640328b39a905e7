#include "server/suffix_policy.h"

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/check_digit.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;

constexpr uint32_t kSuffixCharactersMax = 253;
// Of a compiled pattern; one that needs more, as x{1000} does, is refused when it is set.
constexpr int64_t kPatternBytesMax = 256 << 10;
// Compiled patterns that are kept: all are forgotten when there would be more.
constexpr size_t kCompiledPatternsMax = 256;

re2::StringPiece Re2View(std::string_view text) { return {text.data(), text.size()}; }

std::shared_ptr<const RE2> Compile(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(kPatternBytesMax);
  return std::make_shared<const RE2>(Re2View(pattern), options);
}

// Compiling takes a hundred times as long as matching, and a night load registers millions.
class CompiledPatterns {
 public:
  std::shared_ptr<const RE2> Find(const std::string& pattern) {
    {
      const std::lock_guard lock(mutex_);
      const auto known = patterns_.find(pattern);
      if (known != patterns_.end()) return known->second;
    }
    std::shared_ptr<const RE2> compiled = Compile(pattern);
    const std::lock_guard lock(mutex_);
    if (patterns_.size() == kCompiledPatternsMax) patterns_.clear();
    return patterns_.emplace(pattern, std::move(compiled)).first->second;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const RE2>> patterns_;
};

absl::Status ReadPattern(const v1::SuffixPolicy& policy, PrefixRow* row) {
  row->set_suffix_allows_unicode(policy.allows_unicode());
  row->set_suffix_pattern(policy.pattern());
  if (policy.pattern().empty()) return absl::OkStatus();
  GUSU_RETURN_IF_ERROR(
      CheckText(policy.pattern(), kSuffixPatternCharactersMax, "suffix_policy.pattern"));
  if (policy.allows_unicode()) {
    return FieldInvalid("suffix_policy.allows_unicode", "true",
                        "it counts only without a pattern, which says all");
  }
  const std::shared_ptr<const RE2> compiled = Compile(policy.pattern());
  if (compiled->ok()) return absl::OkStatus();
  return FieldInvalid("suffix_policy.pattern", policy.pattern(),
                      Concat("no regular expression: ", compiled->error()));
}

absl::Status RefuseSuffix(std::string_view suffix, std::string message,
                          ErrorMetadata metadata = {}) {
  metadata.insert(metadata.begin(), {"suffix", std::string(suffix)});
  return Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED", message, std::move(metadata));
}

absl::Status CheckPattern(const PrefixRow& policy, std::string_view suffix) {
  if (!policy.suffix_pattern().empty()) {
    static CompiledPatterns* const kPatterns = new CompiledPatterns;  // never destroyed
    const std::shared_ptr<const RE2> pattern = kPatterns->Find(policy.suffix_pattern());
    if (RE2::FullMatch(Re2View(suffix), *pattern)) return absl::OkStatus();
    return RefuseSuffix(
        suffix,
        Concat("suffix ", Quote(suffix), " does not match ", Quote(policy.suffix_pattern()),
               ", which prefix ", policy.prefix(), " asks for"),
        {{"pattern", policy.suffix_pattern()}});
  }
  if (policy.suffix_allows_unicode()) return absl::OkStatus();
  const std::string character = FirstCharacterOutsideDefaultPattern(suffix);
  if (character.empty()) return absl::OkStatus();
  return RefuseSuffix(suffix,
                      Concat("suffix ", Quote(suffix), " has ", Quote(character),
                             "; letters, digits and . _ : + - / are registered"),
                      {{"character", character}});
}

absl::Status CheckCheckCharacters(std::string_view suffix, CheckScheme scheme) {
  if (HasValidCheck(suffix, scheme)) return absl::OkStatus();
  const std::string_view scheme_name = CheckSchemeName(scheme);
  const size_t count = CheckCharacters(scheme);
  absl::StatusOr<std::string> expected =
      absl::InvalidArgumentError("nothing before the check characters");
  if (suffix.size() > count) {
    expected = CheckCharactersOf(suffix.substr(0, suffix.size() - count), scheme);
  }
  if (!expected.ok()) {
    return RefuseSuffix(suffix,
                        Concat("suffix ", Quote(suffix), " cannot carry check characters of ",
                               scheme_name, ", which its prefix asks for"),
                        {{"check_scheme", std::string(scheme_name)}});
  }
  return RefuseSuffix(
      suffix,
      Concat("suffix ", Quote(suffix), " must end in its check characters (", scheme_name,
             "): ", *expected, " after ", Quote(suffix.substr(0, suffix.size() - count))),
      {{"check_scheme", std::string(scheme_name)}, {"check_characters", *expected}});
}

}  // namespace

absl::Status ReadSuffixPolicy(const v1::SuffixPolicy& policy, PrefixRow* row) {
  if (policy.characters_max() > kSuffixCharactersMax) {
    return FieldInvalid("suffix_policy.characters_max", std::to_string(policy.characters_max()),
                        Concat("at most ", kSuffixCharactersMax));
  }
  row->set_suffix_characters_max(policy.characters_max());
  if (!v1::SuffixPolicy::CheckScheme_IsValid(policy.check_scheme())) {
    return FieldInvalid("suffix_policy.check_scheme", std::to_string(policy.check_scheme()),
                        "it must be NONE, MOD37_36, MOD97_10, MOD11_10 or GS1");
  }
  row->set_check_scheme(policy.check_scheme() == v1::SuffixPolicy::CHECK_SCHEME_UNSPECIFIED
                            ? v1::SuffixPolicy::NONE
                            : policy.check_scheme());
  return ReadPattern(policy, row);
}

absl::Status CheckSuffixPolicy(const PrefixRow& policy, std::string_view suffix) {
  GUSU_RETURN_IF_ERROR(CheckPattern(policy, suffix));
  if (policy.suffix_characters_max() != 0 &&
      CharacterCount(suffix) > policy.suffix_characters_max()) {
    return RefuseSuffix(
        suffix,
        Concat("suffix ", Quote(suffix), " has ", CharacterCount(suffix), " characters; prefix ",
               policy.prefix(), " takes at most ", policy.suffix_characters_max()),
        {{"characters_max", std::to_string(policy.suffix_characters_max())}});
  }
  const auto scheme = static_cast<CheckScheme>(policy.check_scheme());
  if (policy.check_scheme() == 0 || scheme == CheckScheme::kNone) return absl::OkStatus();
  return CheckCheckCharacters(suffix, scheme);
}

}  // namespace gusu::server
