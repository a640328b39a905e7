// The sums of the bureau's report.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proto/papers/html_page.h"

namespace gusu::papers {

// What a change of a record counts as. Every one counts as one of these.
enum class Measure { kRegistrations, kChanges, kTransfers, kRetirements, kRecalls };
inline constexpr Measure kMeasures[] = {Measure::kRegistrations, Measure::kChanges,
                                        Measure::kTransfers, Measure::kRetirements,
                                        Measure::kRecalls};

// Of an opening what is counted.
struct LoggedChange {
  std::string operation;   // REGISTER, RETIRE, …
  std::string resource;    // the resource's name
  std::string registrant;  // registrants/{id}; empty: none
};

// Who a registrant was at the time of a change.
struct RegistrantProfile {
  std::string legal_name;
  std::string district;        // GB/T 2260
  std::string industry_class;  // GB/T 4754
};

// nullopt: a change of something else than records. Operations that there are not yet are told by
// their names.
std::optional<Measure> MeasureOf(const LoggedChange& change);
// `registrations`, for programs.
std::string_view NameOf(Measure measure);
Label LabelOf(Measure measure);

struct Counts {
  std::array<uint64_t, std::size(kMeasures)> by{};

  uint64_t& operator[](Measure measure) { return by[static_cast<size_t>(measure)]; }
  uint64_t operator[](Measure measure) const { return by[static_cast<size_t>(measure)]; }
  uint64_t total() const;
};

// Sums of a registrant, district, industry class or day.
struct Group {
  std::string key;
  std::string name;  // of registrants
  Counts counts;
  uint64_t registrants_count = 0;  // of districts and industry classes
};

// Holds sums for each registrant, district, industry class, operation and day of the interval.
class ReportTally {
 public:
  // A change that was committed on `day` by a registrant who was `profile` then; nullptr: unknown.
  void Add(const LoggedChange& change, const std::string& day, const RegistrantProfile* profile);

  const Counts& total() const { return total_; }
  // Changes of every kind, by the operation's name.
  const std::map<std::string, uint64_t>& operations() const { return operations_; }
  uint64_t operations_count() const { return operations_count_; }
  // Most registrations first, then most changes in all.
  std::vector<Group> Registrants() const;
  // In the order of keys; the empty key: not known.
  std::vector<Group> Districts() const;
  std::vector<Group> Industries() const;
  // Those on which anything was counted, in order.
  std::vector<Group> Days() const;

 private:
  struct Attributed {
    Counts counts;
    std::set<std::string> registrants;
  };
  static std::vector<Group> ToGroups(const std::map<std::string, Attributed>& attributed);

  Counts total_;
  std::map<std::string, uint64_t> operations_;
  uint64_t operations_count_ = 0;
  std::map<std::string, Group> registrants_;
  std::map<std::string, Attributed> districts_;
  std::map<std::string, Attributed> industries_;
  std::map<std::string, Counts> days_;
};

}  // namespace gusu::papers
