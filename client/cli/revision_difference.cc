#include "client/cli/revision_difference.h"

#include <algorithm>
#include <map>

#include "client/cli/record_text.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

constexpr size_t kValueColumnsMax = 200;

class Comparison {
 public:
  void Add(std::string field, std::string before, std::string after) {
    if (before == after) return;
    differences_.push_back({std::move(field), std::move(before), std::move(after)});
  }
  std::vector<RevisionDifference> Take() { return std::move(differences_); }

 private:
  std::vector<RevisionDifference> differences_;
};

bool IsErased(const Record& record, Tier tier) {
  return std::find(record.erased_tiers.begin(), record.erased_tiers.end(), tier) !=
         record.erased_tiers.end();
}

std::string LifetimeOf(const Value& value) {
  if (value.cache_until) return "until " + ToText(*value.cache_until);
  return value.ttl_seconds ? std::to_string(*value.ttl_seconds) + " s" : "";
}

std::string ReferencesOf(const Value& value) {
  std::string text;
  for (const Reference& reference : value.references) {
    text +=
        (text.empty() ? "" : ", ") + std::to_string(reference.index) + ":" + reference.identifier;
  }
  return text;
}

// `serial=0042`, for a value that stands in one of the two only.
std::string WholeValue(const Value& value) {
  return value.type + "=" + ToValueText(value.data, kValueColumnsMax) + " (" +
         std::string(ToText(value.tier)) + (value.is_digest ? ", digest" : "") + ")";
}

void CompareValues(const std::string& field, const Value& before, const Value& after,
                   Comparison* comparison) {
  comparison->Add(field + ".type", before.type, after.type);
  if (before.data != after.data) {
    std::string from = ToValueText(before.data, kValueColumnsMax);
    std::string to = ToValueText(after.data, kValueColumnsMax);
    if (from == to) {  // they differ behind what is shown
      from += " (" + std::to_string(before.data.size()) + " bytes)";
      to += " (" + std::to_string(after.data.size()) + " other bytes)";
    }
    comparison->Add(field + ".data", from, to);
  }
  comparison->Add(field + ".tier", std::string(ToText(before.tier)),
                  std::string(ToText(after.tier)));
  comparison->Add(field + ".lifetime", LifetimeOf(before), LifetimeOf(after));
  comparison->Add(field + ".language", before.language, after.language);
  comparison->Add(field + ".references", ReferencesOf(before), ReferencesOf(after));
  comparison->Add(field + ".is_digest", before.is_digest ? "yes" : "no",
                  after.is_digest ? "yes" : "no");
  comparison->Add(field + ".author", before.author, after.author);
}

using ValuesByIndex = std::map<uint32_t, std::pair<const Value*, const Value*>>;

void CompareAllValues(const Record& before, const Record& after, Comparison* comparison) {
  ValuesByIndex values;
  for (const Value& value : before.values) values[value.index].first = &value;
  for (const Value& value : after.values) values[value.index].second = &value;
  for (const auto& [index, pair] : values) {
    const auto [from, to] = pair;
    const std::string field = "values[" + std::to_string(index) + "]";
    if (from != nullptr && to != nullptr) {
      CompareValues(field, *from, *to, comparison);
    } else if (from != nullptr) {
      comparison->Add(field, WholeValue(*from), IsErased(after, from->tier) ? kErasedText : "");
    } else {
      comparison->Add(field, IsErased(before, to->tier) ? kErasedText : "", WholeValue(*to));
    }
  }
}

void CompareHolds(const Record& before, const Record& after, Comparison* comparison) {
  std::map<uint32_t, std::pair<std::string, std::string>> holds;
  for (const Hold& hold : before.holds) holds[hold.number].first = ToHoldText(hold);
  for (const Hold& hold : after.holds) holds[hold.number].second = ToHoldText(hold);
  for (const auto& [number, texts] : holds) {
    comparison->Add("holds[" + std::to_string(number) + "]", texts.first, texts.second);
  }
}

template <typename T, typename ToTextOf>
std::string TextIfAny(const std::optional<T>& part, ToTextOf to_text) {
  return part ? to_text(*part) : "";
}

}  // namespace

std::vector<RevisionDifference> Differences(const Record& before, const Record& after) {
  Comparison comparison;
  comparison.Add("state", std::string(ToText(before.state)), std::string(ToText(after.state)));
  comparison.Add("retirement", TextIfAny(before.retirement, ToRetirementText),
                 TextIfAny(after.retirement, ToRetirementText));
  comparison.Add("suspension_reason", before.suspension_reason, after.suspension_reason);
  CompareHolds(before, after, &comparison);
  comparison.Add("instance_of", TextIfAny(before.instance_of, ToInstanceText),
                 TextIfAny(after.instance_of, ToInstanceText));
  comparison.Add("template_version", std::to_string(before.template_version),
                 std::to_string(after.template_version));
  comparison.Add("owner", before.owner, after.owner);
  comparison.Add("custodian", before.custodian, after.custodian);
  comparison.Add("effective_time", ToLocalText(before.effective_time),
                 ToLocalText(after.effective_time));
  for (const Tier tier : {Tier::kPublic, Tier::kPartner, Tier::kOwner}) {
    comparison.Add("values of " + std::string(ToText(tier)),
                   IsErased(before, tier) ? kErasedText : "",
                   IsErased(after, tier) ? kErasedText : "");
  }
  CompareAllValues(before, after, &comparison);
  return comparison.Take();
}

}  // namespace gusu::cli
