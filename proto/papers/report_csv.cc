#include "proto/hash.h"
#include "proto/papers/csv.h"
#include "proto/papers/report.h"

namespace gusu::papers {
namespace {

class TidyTable {
 public:
  explicit TidyTable(const Report& report)
      : context_{Calendar::ToUtc(report.from_us), Calendar::ToUtc(report.to_us), report.log.origin,
                 std::to_string(report.log.tree_size), HexEncode(report.log.root)} {}

  void Add(const std::string& section, const std::string& key, const std::string& name,
           std::string_view measure, uint64_t count) {
    std::vector<std::string> row = {section, key, name, std::string(measure),
                                    std::to_string(count)};
    row.insert(row.end(), context_.begin(), context_.end());
    csv_.AddRow(row);
  }
  void AddCounts(const std::string& section, const Group& group) {
    for (const Measure measure : kMeasures) {
      Add(section, group.key, group.name, NameOf(measure), group.counts[measure]);
    }
  }
  const std::string& text() const { return csv_.text(); }

 private:
  std::vector<std::string> context_;
  CsvWriter csv_{{"section", "key", "name", "measure", "count", "from", "to", "origin", "tree_size",
                  "root_hex"}};
};

}  // namespace

std::string ToCsv(const Report& report) {
  TidyTable table(report);
  const ReportTally& tally = report.tally;
  table.AddCounts("total", {"", "", tally.total(), 0});
  for (const auto& [operation, count] : tally.operations()) {
    table.Add("operation", operation, "", "leaves", count);
  }
  for (const Group& day : tally.Days()) table.AddCounts("day", day);
  for (const Group& district : tally.Districts()) {
    table.AddCounts("district", district);
    table.Add("district", district.key, "", "registrants", district.registrants_count);
  }
  for (const Group& industry : tally.Industries()) {
    table.AddCounts("industry", industry);
    table.Add("industry", industry.key, "", "registrants", industry.registrants_count);
  }
  for (const Group& registrant : tally.Registrants()) table.AddCounts("registrant", registrant);
  return table.text();
}

}  // namespace gusu::papers
