#include "client/audit/read_parts.h"

#include <algorithm>

#include "client/audit/verify_leaf.h"
#include "proto/text.h"

namespace gusu {
namespace {

absl::Status Refused(std::string_view label, std::string_view what) {
  return InvalidProof(Concat("part ", Quote(label), " ", what));
}

}  // namespace

Tier TierOfLabel(std::string_view label) {
  for (const Tier tier : {Tier::kPublic, Tier::kPartner, Tier::kOwner}) {
    if (ToText(tier) == label) return tier;
  }
  return Tier::kUnspecified;
}

absl::StatusOr<std::vector<std::string_view>> ContentsOf(
    const std::vector<ContentPart>& parts, const std::vector<std::string_view>& labels) {
  std::vector<std::string_view> contents(labels.size());
  for (const ContentPart& part : parts) {
    if (part.content.empty()) continue;
    const auto label = std::find(labels.begin(), labels.end(), part.label);
    if (label == labels.end()) return Refused(part.label, "is not one of this resource's");
    std::string_view& content = contents[static_cast<size_t>(label - labels.begin())];
    if (!content.empty()) return Refused(part.label, "stands twice");
    content = part.content;
  }
  return contents;
}

}  // namespace gusu
