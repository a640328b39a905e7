#include "client/cli/audit_sample_findings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "client/cli/audit_text_checks.h"

namespace gusu::cli {
namespace {

constexpr int kModel = 1;
constexpr int kBatch = 2;
constexpr int kItem = 4;
constexpr int kAll = kModel | kBatch | kItem;

constexpr struct {
  std::string_view template_id;
  std::string_view attribute;
  int levels;
} kRecommended[] = {
    {"product", "product_type", kAll}, {"product", "model", kAll},
    {"product", "manufacturer", kAll}, {"product", "production_time", kBatch | kItem},
    {"product", "batch", kBatch},      {"product", "serial", kItem},
    {"equipment", "model", kAll},      {"equipment", "manufacturer", kAll},
    {"equipment", "serial", kItem},
};

int LevelOf(const Record& record) {
  if (record.level == Level::kModel) return kModel;
  return record.level == Level::kBatch ? kBatch : kItem;
}

const std::string* Find(const Record& record, std::string_view type) {
  for (const Value& value : record.values) {
    if (value.type == type) return &value.data;
  }
  return nullptr;
}

std::optional<Timestamp> TimeOf(const Record& record, std::string_view type) {
  const std::string* text = Find(record, type);
  if (text == nullptr) return std::nullopt;
  // A day counts as its beginning.
  return ParseTimestamp(text->size() == 10 ? *text + "T00:00:00Z" : *text);
}

void CheckTimes(const Record& record, Timestamp committed, std::vector<Finding>* findings) {
  const auto order = [&](std::string_view later, std::string_view earlier) {
    const auto end = TimeOf(record, later), begin = TimeOf(record, earlier);
    if (!end || !begin || *end >= *begin) return;
    findings->push_back({"time-order", std::string(later),
                         std::string(later) + " " + *Find(record, later) + " is before " +
                             std::string(earlier) + " " + *Find(record, earlier)});
  };
  order("expiry_time", "production_time");
  order("warranty_until", "commissioned_on");
  if (const auto produced = TimeOf(record, "production_time"); produced && *produced > committed) {
    findings->push_back({"time-in-future", "production_time",
                         "production_time " + *Find(record, "production_time") +
                             " is after the registration was logged, " + ToText(committed)});
  }
}

void CheckText(const Value& value, std::vector<Finding>* findings) {
  const auto add = [&](std::string_view code, const std::string& what) {
    findings->push_back({std::string(code), value.type, value.type + " " + what});
  };
  const std::string quoted = "'" + value.data + "'";
  if (value.type == "gtin") {
    if (!HasGtinLength(value.data)) {
      add("gtin-form", quoted + " is not 8, 12, 13 or 14 digits");
    } else if (!HasGtinCheckDigit(value.data)) {
      add("gtin-check-digit", quoted + " has a wrong check digit");
    }
  }
  if (IsPlaceholder(value.data)) add("placeholder", quoted + " stands for no value");
  if (value.type == "URL" ? !value.data.starts_with("https://")
                          : value.data.starts_with("http://")) {
    add("url-not-https", quoted + " is not https");
  }
  if (const std::string word = LookAlikeWord(value.data); !word.empty()) {
    add("look-alike", "has the word '" + word + "', whose letters are of several scripts");
  }
}

}  // namespace

std::vector<std::string> MissingAttributes(const Record& record,
                                           const std::set<std::string>& inherited) {
  std::vector<std::string> missing;
  for (const auto& [template_id, attribute, levels] : kRecommended) {
    if (record.template_id != template_id || (LevelOf(record) & levels) == 0) continue;
    if (Find(record, attribute) != nullptr || inherited.contains(std::string(attribute))) continue;
    missing.emplace_back(attribute);
  }
  return missing;
}

std::vector<Finding> RecordChecks::Check(const Record& record, Timestamp committed,
                                         uint64_t leaf_index,
                                         const std::vector<std::string>& missing) {
  std::vector<Finding> findings;
  for (const std::string& attribute : missing) {
    findings.push_back({"attribute-missing", attribute, attribute + " has no public value"});
  }
  if (record.values.empty()) {
    findings.push_back({"no-values", "", "there is no public value"});
  }
  for (const Value& value : record.values) CheckText(value, &findings);
  CheckTimes(record, committed, &findings);
  CheckSerial(record, leaf_index, &findings);
  return findings;
}

void RecordChecks::CheckSerial(const Record& record, uint64_t leaf_index,
                               std::vector<Finding>* findings) {
  const std::string* serial = Find(record, "serial");
  if (serial == nullptr) return;
  const std::string* model = Find(record, "model");
  const std::string key =
      record.issued_by + '\n' + (model == nullptr ? "" : *model) + '\n' + *serial;
  const auto [seen, is_new] = serials_.try_emplace(key, Seen{record.identifier, leaf_index});
  if (is_new || seen->second.identifier == record.identifier) return;
  findings->push_back({"serial-duplicate", "serial",
                       "serial '" + *serial + "' is also that of " + seen->second.identifier +
                           ", leaf " + std::to_string(seen->second.leaf_index)});
}

}  // namespace gusu::cli
