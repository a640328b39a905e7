#include "client/cli/write_options.h"

#include <CLI/App.hpp>
#include <utility>

#include "gusu/secret.h"

namespace gusu::cli {

void AddRepeated(CLI::App* command, const std::string& name, std::vector<std::string>* target,
                 const std::string& description) {
  command->add_option(name, *target, description)->allow_extra_args(false);
}

void AddValueOptions(CLI::App* command, ValueOptions* options) {
  AddRepeated(command, "--value", &options->by_template,
              "KEY=VALUE at the template's tier; KEY is a name or INDEX:TYPE, VALUE text or @FILE");
  AddRepeated(command, "--public", &options->in_public, "KEY=VALUE that everybody may read");
  AddRepeated(command, "--partner", &options->in_partner, "KEY=VALUE for those who are granted it");
  AddRepeated(command, "--owner", &options->in_owner, "KEY=VALUE for author and owner only");
  AddRepeated(command, "--digest", &options->digests,
              "KEY=SECRET of which only the SHA-256 is registered, to be disclosed later");
}

void AddWriteOptions(CLI::App* command, WriteOptions* options) {
  command->add_option("--request-id", options->request_id,
                      "Makes a repetition the same request; 1 to 64 bytes");
  command->add_option("--etag", options->etag, "Only if the record is still as it was read");
  command->add_option("--effective-time", options->effective_time,
                      "When it happened in business, RFC 3339");
}

Tier ToTier(ValueTier tier) {
  switch (tier) {
    case ValueTier::kDefault:
      return Tier::kUnspecified;
    case ValueTier::kPublic:
      return Tier::kPublic;
    case ValueTier::kPartner:
      return Tier::kPartner;
    case ValueTier::kOwner:
      return Tier::kOwner;
  }
  return Tier::kUnspecified;
}

Value ToValue(KeyValue key_value, Tier tier) {
  Value value;
  value.index = key_value.key.index;
  value.type = std::move(key_value.key.type);
  value.data = std::move(key_value.data);
  value.tier = tier;
  return value;
}

OrFailure<std::vector<Value>> ToValues(const ValueOptions& options) {
  std::vector<Value> values;
  const std::pair<const std::vector<std::string>*, Tier> groups[] = {
      {&options.by_template, Tier::kUnspecified},
      {&options.in_public, Tier::kPublic},
      {&options.in_partner, Tier::kPartner},
      {&options.in_owner, Tier::kOwner}};
  for (const auto& [texts, tier] : groups) {
    for (const std::string& text : *texts) {
      OrFailure<KeyValue> parsed = ParseKeyValue(text);
      if (!parsed.ok()) return parsed.failure();
      values.push_back(ToValue(std::move(*parsed), tier));
    }
  }
  for (const std::string& text : options.digests) {
    OrFailure<KeyValue> parsed = ParseKeyValue(text);
    if (!parsed.ok()) return parsed.failure();
    parsed->data = Sha256Of(parsed->data);
    Value& value = values.emplace_back(ToValue(std::move(*parsed), Tier::kUnspecified));
    value.is_digest = true;
  }
  return values;
}

std::optional<InstanceOf> ToInstanceOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  InstanceOf instance_of{text, 0};
  const size_t at = text.rfind('@');
  uint64_t revision = 0;
  if (at != std::string::npos && ParseNumber(text.substr(at + 1), &revision)) {
    instance_of = {text.substr(0, at), revision};
  }
  return instance_of;
}

}  // namespace gusu::cli
