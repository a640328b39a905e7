#include "proto/papers/report_tally.h"

#include <algorithm>
#include <numeric>

namespace gusu::papers {
namespace {

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

std::optional<Measure> MeasureOf(const LoggedChange& change) {
  if (Contains(change.operation, "TRANSFER")) return Measure::kTransfers;
  if (Contains(change.operation, "RECALL")) return Measure::kRecalls;
  if (!Contains(change.resource, "/records/")) return std::nullopt;
  if (change.operation == "REGISTER") return Measure::kRegistrations;
  if (change.operation == "RETIRE") return Measure::kRetirements;
  return Measure::kChanges;
}

std::string_view NameOf(Measure measure) {
  constexpr std::string_view kNames[] = {"registrations", "changes", "transfers", "retirements",
                                         "recalls"};
  return kNames[static_cast<size_t>(measure)];
}

Label LabelOf(Measure measure) {
  constexpr Label kLabels[] = {{"登记", "Registrations"},
                               {"变更", "Changes"},
                               {"转移", "Transfers"},
                               {"注销", "Retirements"},
                               {"召回", "Recalls"}};
  return kLabels[static_cast<size_t>(measure)];
}

uint64_t Counts::total() const { return std::accumulate(by.begin(), by.end(), uint64_t{0}); }

void ReportTally::Add(const LoggedChange& change, const std::string& day,
                      const RegistrantProfile* profile) {
  ++operations_[change.operation];
  ++operations_count_;
  const std::optional<Measure> measure = MeasureOf(change);
  if (!measure) return;
  ++total_[*measure];
  ++days_[day][*measure];
  Group& registrant = registrants_[change.registrant];
  registrant.key = change.registrant;
  ++registrant.counts[*measure];
  if (profile != nullptr) registrant.name = profile->legal_name;
  const auto attribute = [&](Attributed& attributed) {
    ++attributed.counts[*measure];
    attributed.registrants.insert(change.registrant);
  };
  attribute(districts_[profile == nullptr ? "" : profile->district]);
  attribute(industries_[profile == nullptr ? "" : profile->industry_class]);
}

std::vector<Group> ReportTally::Registrants() const {
  std::vector<Group> groups;
  for (const auto& [key, group] : registrants_) groups.push_back(group);
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    const uint64_t a_first = a.counts[Measure::kRegistrations];
    const uint64_t b_first = b.counts[Measure::kRegistrations];
    return a_first != b_first ? a_first > b_first : a.counts.total() > b.counts.total();
  });
  return groups;
}

std::vector<Group> ReportTally::ToGroups(const std::map<std::string, Attributed>& attributed) {
  std::vector<Group> groups;
  for (const auto& [key, sums] : attributed) {
    groups.push_back({key, "", sums.counts, sums.registrants.size()});
  }
  return groups;
}

std::vector<Group> ReportTally::Districts() const { return ToGroups(districts_); }
std::vector<Group> ReportTally::Industries() const { return ToGroups(industries_); }

std::vector<Group> ReportTally::Days() const {
  std::vector<Group> groups;
  for (const auto& [day, counts] : days_) groups.push_back({day, "", counts, 0});
  return groups;
}

}  // namespace gusu::papers
