#include "client/cli/label_codes.h"

#include <fstream>
#include <iostream>
#include <memory>

#include "client/cli/line_reader.h"
#include "client/cli/progress.h"
#include "proto/identifier.h"
#include "proto/range_pattern.h"

namespace gusu::cli {
namespace {

constexpr size_t kLineBytesMax = 4096;

CheckScheme ToScheme(SuffixCheckScheme scheme) {
  switch (scheme) {
    case SuffixCheckScheme::kMod97_10:
      return CheckScheme::kMod97_10;
    case SuffixCheckScheme::kMod11_10:
      return CheckScheme::kMod11_10;
    case SuffixCheckScheme::kGs1:
      return CheckScheme::kGs1;
    case SuffixCheckScheme::kUnspecified:
    case SuffixCheckScheme::kNone:
    case SuffixCheckScheme::kMod37_36:
      break;
  }
  return CheckScheme::kMod37_36;  // what {check} is where the prefix has no scheme
}

// The pattern of a range, with what its prefix says of check characters.
OrFailure<RangePattern> PatternOf(Session& session, Client& client, const SerialRange& range,
                                  const std::string& prefix) {
  SuffixCheckScheme scheme = SuffixCheckScheme::kNone;
  if (range.pattern.find("{check}") != std::string::npos) {
    const Result<Prefix> found = client.GetPrefix("prefixes/" + prefix);
    if (!found.ok()) return session.FailureOf(found.status());
    scheme = found->suffix_policy.check_scheme;
  }
  absl::StatusOr<RangePattern> pattern = RangePattern::Parse(range.pattern, ToScheme(scheme), "");
  if (!pattern.ok()) {
    return UsageFailure("the pattern " + range.pattern + " is not known to this program");
  }
  if (pattern->is_permuted()) {
    return UsageFailure("the serials of " + prefix + "/" + range.pattern +
                            " are permuted under a key that the registry shows nobody: from the "
                            "range nobody but the registry can tell its codes",
                        "name the codes that are to be printed in a file: gusu label --file FILE");
  }
  return *std::move(pattern);
}

// The serial of a code of the pattern; `otherwise` for an empty one.
OrFailure<uint64_t> SerialOf(const RangePattern& pattern, const std::string& prefix,
                             const std::string& code, uint64_t otherwise) {
  if (code.empty()) return otherwise;
  const absl::StatusOr<Identifier> id = Identifier::Parse(code);
  const std::optional<uint64_t> serial =
      id.ok() && id->prefix_key() == ToKey(prefix) ? pattern.Match(id->suffix()) : std::nullopt;
  if (serial) return *serial;
  return UsageFailure("'" + code + "' is no code of " + prefix + "/" + pattern.text());
}

}  // namespace

OrFailure<LabelCodes> ListedCodes(std::vector<std::string> codes, const std::string& file) {
  struct State {
    std::vector<std::string> codes;
    size_t next_index = 0;
    std::string path;
    std::ifstream file;
    std::optional<LineReader> lines;
  };
  auto state = std::make_shared<State>();
  state->codes = std::move(codes);
  state->path = file;
  if (file == "-") {
    state->lines.emplace(std::cin, kLineBytesMax);
  } else if (!file.empty()) {
    state->file.open(file);
    if (!state->file) return FileFailure("cannot read " + file);
    state->lines.emplace(state->file, kLineBytesMax);
  }
  return LabelCodes([state]() -> OrFailure<std::optional<std::string>> {
    if (state->next_index < state->codes.size()) {
      return std::optional<std::string>(state->codes[state->next_index++]);
    }
    Line line;
    while (state->lines && state->lines->Next(&line)) {
      const size_t first = line.text.find_first_not_of(" \t");
      if (first == std::string::npos) continue;
      const size_t last = line.text.find_last_not_of(" \t");
      return std::optional<std::string>(line.text.substr(first, last - first + 1));
    }
    if (state->file.bad()) return FileFailure("cannot read " + state->path + " to its end");
    return std::optional<std::string>();
  });
}

OrFailure<LabelCodes> RangeCodes(Session& session, Client& client, const LabelRange& asked) {
  const Result<SerialRange> found =
      client.GetSerialRange(asked.range.empty() ? asked.from : asked.range);
  if (!found.ok()) return session.FailureOf(found.status());
  const std::string prefix = found->first_identifier.substr(0, found->first_identifier.find('/'));
  OrFailure<RangePattern> pattern = PatternOf(session, client, *found, prefix);
  if (!pattern.ok()) return pattern.failure();
  const OrFailure<uint64_t> first = SerialOf(*pattern, prefix, asked.from, found->first_serial);
  if (!first.ok()) return first.failure();
  const OrFailure<uint64_t> last = SerialOf(*pattern, prefix, asked.to, found->last_serial);
  if (!last.ok()) return last.failure();
  if (*last < *first) {
    return UsageFailure("'" + (asked.to.empty() ? found->last_identifier : asked.to) +
                        "' comes before '" +
                        (asked.from.empty() ? found->first_identifier : asked.from) + "'");
  }
  if (*last - *first >= asked.codes_max) {
    return UsageFailure("these are " + WithThousands(*last - *first + 1) + " codes, more than " +
                            WithThousands(asked.codes_max),
                        "print them in parts: --from CODE --to CODE");
  }
  auto next = std::make_shared<uint64_t>(*first);
  return LabelCodes(
      [next, end = *last, prefix, pattern = *pattern]() -> OrFailure<std::optional<std::string>> {
        if (*next > end) return std::optional<std::string>();
        const absl::StatusOr<std::string> suffix = pattern.Expand((*next)++);
        if (!suffix.ok()) return UsageFailure(std::string(suffix.status().message()));
        return std::optional<std::string>(prefix + "/" + *suffix);
      });
}

}  // namespace gusu::cli
