// Options that several commands share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/key_value.h"
#include "gusu/requests.h"

namespace CLI {
class App;
}

namespace gusu::cli {

// KEY=VALUE as given with --value, --public, --partner, --owner and --digest.
struct ValueOptions {
  std::vector<std::string> by_template;
  std::vector<std::string> in_public;
  std::vector<std::string> in_partner;
  std::vector<std::string> in_owner;
  std::vector<std::string> digests;  // of which only the SHA-256 leaves this machine
};

// What any change of a record may carry.
struct WriteOptions {
  std::string request_id;
  std::string etag;
  std::string effective_time;
};

// An option that may be given many times, one word each time.
void AddRepeated(CLI::App* command, const std::string& name, std::vector<std::string>* target,
                 const std::string& description);
void AddValueOptions(CLI::App* command, ValueOptions* options);
void AddWriteOptions(CLI::App* command, WriteOptions* options);

// In the order --value, --public, --partner, --owner, --digest.
OrFailure<std::vector<Value>> ToValues(const ValueOptions& options);
Value ToValue(KeyValue key_value, Tier tier);
Tier ToTier(ValueTier tier);

// `88.118.8/HP` or `88.118.8/HP@1790000000000000`, a model or batch and perhaps its revision;
// nothing for an empty text.
std::optional<InstanceOf> ToInstanceOf(const std::string& text);

// A word of an API enumeration, in any case, `-` or `_`; kUnspecified for an empty text. `what` and
// `choices` are for the failure.
template <typename Enumeration>
OrFailure<Enumeration> ToEnumeration(const std::string& text, const std::string& what,
                                     const std::string& choices) {
  if (text.empty()) return Enumeration::kUnspecified;
  if (const std::optional<Enumeration> value = FromText<Enumeration>(text)) return *value;
  return UsageFailure("'" + text + "' is no " + what, "one of " + choices);
}

inline constexpr char kLevelChoices[] = "model, batch, item";
inline constexpr char kStateChoices[] = "reserved, active, suspended, retired";

}  // namespace gusu::cli
