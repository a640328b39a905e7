#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "client/cli/import_source.h"
#include "client/cli/line_reader.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

using Json = nlohmann::ordered_json;

// What only the registry sets: ignored, so that what it wrote can be read again.
constexpr std::array<std::string_view, 18> kOutputOnly = {"name",
                                                          "template_version",
                                                          "issued_by",
                                                          "owner",
                                                          "custodian",
                                                          "retirement",
                                                          "suspension_reason",
                                                          "create_time",
                                                          "update_time",
                                                          "revision",
                                                          "leaf_index",
                                                          "etag",
                                                          "read_revision",
                                                          "erased_tiers",
                                                          "holds",
                                                          "values_withheld_count",
                                                          "withheld_tiers",
                                                          "serial_range"};
constexpr std::array<std::string_view, 3> kValueOutputOnly = {"author", "modified_time",
                                                              "inherited_from"};

template <size_t N>
bool IsIn(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view candidate : names) {
    if (candidate == name) return true;
  }
  return false;
}

// Text of a string, a number or a truth value; false for anything else.
bool ToText(const Json& json, std::string* text) {
  if (json.is_string()) {
    *text = json.get<std::string>();
  } else if (json.is_number() || json.is_boolean()) {
    *text = json.dump();
  } else {
    return false;
  }
  return true;
}

std::string SetValueField(const std::string& name, const Json& json, Value* value) {
  std::string text;
  if (!ToText(json, &text)) return name + " is not text or a number";
  if (name == "type") {
    value->type = text;
  } else if (name == "data") {
    value->data = text;
  } else if (name == "language") {
    value->language = text;
  } else if (name == "tier") {
    const auto tier = ToEnumeration<Tier>(text, "tier", "public, partner, owner");
    if (!tier.ok()) return tier.failure().message;
    value->tier = *tier;
  } else if (name == "index" || name == "ttl_seconds") {
    uint64_t number = 0;
    if (!ParseNumber(text, &number) || number > UINT32_MAX) return name + " is not a number";
    if (name == "index") {
      value->index = static_cast<uint32_t>(number);
    } else {
      value->ttl_seconds = static_cast<uint32_t>(number);
    }
  } else {
    return name + " is not known";
  }
  return "";
}

// {"index": 2000, "type": "name", "data": "Pump"}
std::string AddValueObject(const Json& json, RegisterRow* row) {
  if (!json.is_object()) return "not an object";
  if (json.contains("inherited_from")) return "";  // the model's own, not this record's
  Value value;
  for (const auto& [name, field] : json.items()) {
    if (IsIn(kValueOutputOnly, name)) continue;
    if (const std::string fault = SetValueField(name, field, &value); !fault.empty()) return fault;
  }
  row->values.push_back(std::move(value));
  return "";
}

// {"name": "Pump", "1:URL": "https://…"}
std::string AddKeyedValue(const std::string& name, const Json& json, RegisterRow* row) {
  if (json.is_null()) return "";
  OrFailure<ValueKey> key = ParseColumnHeading(name);
  if (!key.ok()) return key.failure().message;
  std::string text;
  if (!ToText(json, &text)) return "not text, a number or a truth value";
  if (!text.empty()) {
    const Tier tier = ToTier(key->tier);
    row->values.push_back(ToValue({std::move(*key), std::move(text)}, tier));
  }
  return "";
}

std::string AddValues(const Json& json, RegisterRow* row) {
  if (!json.is_array() && !json.is_object()) return "values is neither an array nor an object";
  for (const auto& [key, value] : json.items()) {
    const std::string fault =
        json.is_array() ? AddValueObject(value, row) : AddKeyedValue(key, value, row);
    if (!fault.empty()) return "values[" + key + "]: " + fault;
  }
  return "";
}

std::string SetInstanceOf(const Json& json, RegisterRow* row) {
  if (!json.is_object()) return "instance_of is neither text nor an object";
  InstanceOf instance_of;
  if (const auto found = json.find("identifier"); found != json.end() && found->is_string()) {
    instance_of.identifier = found->get<std::string>();
  }
  if (const auto found = json.find("revision");
      found != json.end() && found->is_number_unsigned()) {
    instance_of.revision = found->get<uint64_t>();
  }
  if (instance_of.identifier.empty()) return "instance_of names no identifier";
  row->instance_of = std::move(instance_of);
  return "";
}

std::string SetRowField(const std::string& name, const Json& json, RegisterRow* row) {
  if (json.is_null() || IsIn(kOutputOnly, name)) return "";
  if (name == "values") return AddValues(json, row);
  if (name == "instance_of" && !json.is_string()) return SetInstanceOf(json, row);
  static constexpr std::array<std::string_view, 6> kFields = {
      "identifier", "template", "level", "instance_of", "state", "effective_time"};
  if (!IsIn(kFields, name)) return name + " is not known";
  if (!json.is_string()) return name + " is not text";
  const std::string fault = SetField(name, json.get<std::string>(), row);
  return fault.empty() ? "" : name + " " + fault;
}

class JsonLinesSource : public ImportSource {
 public:
  JsonLinesSource(std::istream& in, ImportDefaults defaults)
      : lines_(in, kJsonLineBytesMax), defaults_(std::move(defaults)) {}

  bool Next(ImportRow* row) override {
    do {
      if (!lines_.Next(&line_)) return false;
    } while (line_.text.find_first_not_of(" \t") == std::string::npos);
    *row = ImportRow();
    row->row = ++rows_count_;
    row->line = line_.number;
    row->fault = Fill(&row->registration);
    return true;
  }
  uint64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  std::string Fill(RegisterRow* row) const {
    const std::string where = "line " + std::to_string(line_.number) + ", column ";
    if (line_.cut) return where + std::to_string(kJsonLineBytesMax) + ": longer than 1 MiB";
    Json json;
    try {
      json = Json::parse(line_.text);
    } catch (const Json::parse_error& error) {
      return where + std::to_string(error.byte) + ": not JSON";
    }
    if (!json.is_object()) return where + "1: not an object";
    for (const auto& [name, value] : json.items()) {
      const std::string fault = SetRowField(name, value, row);
      if (!fault.empty()) return where + "1: " + fault;
    }
    const std::string fault = ApplyDefaults(defaults_, row);
    return fault.empty() ? "" : where + "1: " + fault;
  }

  LineReader lines_;
  ImportDefaults defaults_;
  Line line_;
  uint64_t rows_count_ = 0;
};

}  // namespace

std::unique_ptr<ImportSource> OpenJsonLinesSource(std::istream& in, ImportDefaults defaults) {
  return std::make_unique<JsonLinesSource>(in, std::move(defaults));
}

}  // namespace gusu::cli
