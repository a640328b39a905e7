// Days of a time zone: which one a time falls in, and when it begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace gusu::papers {

// Times are microseconds since 1970 UTC, as revisions are. Cheap to copy.
class Calendar {
 public:
  // A zone of the IANA database; nullopt for one that this machine has not.
  static std::optional<Calendar> OfZone(const std::string& name);

  const std::string& zone() const { return name_; }
  // `2026-11-23`.
  std::string DayOf(uint64_t time_us) const;
  // `2026-11-23 08:00:00 +08:00`.
  std::string ToText(uint64_t time_us) const;
  // `2026-11-23T00:00:00Z`, with as many decimals of the second as it takes.
  static std::string ToUtc(uint64_t time_us);
  // The first moment of a `2026-11-23`; nullopt for what is no day, and for one before 1970.
  std::optional<uint64_t> BeginningOf(std::string_view day) const;
  // The day `days` after (before, when negative) a day in this form.
  static std::string DayAfter(const std::string& day, int days = 1);

 private:
  Calendar(std::string name, absl::TimeZone zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  absl::TimeZone zone_;
};

}  // namespace gusu::papers
