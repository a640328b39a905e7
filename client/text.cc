// Enumerations and times as text.
#include <array>
#include <cctype>
#include <cstdio>

#include "gusu/requests.h"
#include "gusu/resources.h"
#include "gusu/transfer.h"

namespace gusu {
namespace {

// Names in the order of the enumeration's numbers; the first is kUnspecified.
template <typename Enumeration>
struct Names;

template <typename Enumeration>
std::string_view Name(Enumeration value) {
  const auto& names = Names<Enumeration>::kAll;
  const auto index = static_cast<size_t>(value);
  return index < names.size() ? names[index] : std::string_view();
}

template <typename Enumeration>
std::optional<Enumeration> Parse(std::string_view text) {
  if (text.empty()) return std::nullopt;  // which numbers without a name have
  std::string upper(text);
  for (char& c : upper) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const auto& names = Names<Enumeration>::kAll;
  for (size_t index = 1; index < names.size(); ++index) {
    if (names[index] == upper) return static_cast<Enumeration>(index);
  }
  return std::nullopt;
}

template <size_t N>
using NameList = std::array<std::string_view, N>;

}  // namespace

#define GUSU_NAMES(Enumeration, count, ...)                                 \
  namespace {                                                               \
  template <>                                                               \
  struct Names<Enumeration> {                                               \
    static constexpr NameList<count> kAll = {"", __VA_ARGS__};              \
  };                                                                        \
  }                                                                         \
  std::string_view ToText(Enumeration value) { return Name(value); }        \
  template <>                                                               \
  std::optional<Enumeration> FromText<Enumeration>(std::string_view text) { \
    return Parse<Enumeration>(text);                                        \
  }

GUSU_NAMES(RegistrantKind, 4, "ENTERPRISE", "INSTITUTE", "PARTNER")
GUSU_NAMES(RegistrantState, 7, "PENDING", "ACTIVE", "SUSPENDED", "CLOSED", "RETURNED", "REJECTED")
GUSU_NAMES(OrganizationCodeScheme, 4, "USCC", "LEI", "OTHER")
GUSU_NAMES(Role, 6, "BUREAU_ADMIN", "BUREAU_AUDITOR", "REGISTRANT_ADMIN", "REGISTRANT_WRITER",
           "READER")
GUSU_NAMES(CredentialKind, 5, "TOKEN", "", "HS_PUBKEY", "HS_SECKEY")
GUSU_NAMES(CredentialState, 4, "ACTIVE", "REVOKED", "EXPIRED")
GUSU_NAMES(PrefixState, 4, "ACTIVE", "SUSPENDED", "RETIRED")
GUSU_NAMES(SuffixCheckScheme, 6, "NONE", "MOD37_36", "MOD97_10", "MOD11_10", "GS1")
GUSU_NAMES(Tier, 4, "PUBLIC", "PARTNER", "OWNER")
GUSU_NAMES(Level, 4, "MODEL", "BATCH", "ITEM")
GUSU_NAMES(State, 5, "RESERVED", "ACTIVE", "SUSPENDED", "RETIRED")
GUSU_NAMES(RetirementReason, 10, "SCRAPPED", "CONSUMED", "EXPORTED", "SUPERSEDED",
           "REGISTERED_IN_ERROR", "LOST_OR_STOLEN", "NEVER_USED", "DELETED", "OTHER")
GUSU_NAMES(AttributeType, 11, "STRING", "INTEGER", "DECIMAL", "BOOLEAN", "DATE", "TIME", "URL",
           "IDENTIFIER", "ENUMERATION", "DOCUMENT")
GUSU_NAMES(LocationDatum, 4, "WGS84", "CGCS2000", "GCJ02")
GUSU_NAMES(AmendmentState, 3, "PENDING", "RETURNED")
GUSU_NAMES(Disclosure, 3, "CLOSED", "OPEN")
GUSU_NAMES(TemplateState, 4, "DRAFT", "PUBLISHED", "WITHDRAWN")
GUSU_NAMES(GrantState, 5, "ACTIVE", "REVOKED", "EXPIRED", "ENDED")
GUSU_NAMES(HoldSide, 3, "HOLDER", "BUREAU")
GUSU_NAMES(SiteProtocol, 5, "GRPC", "HTTPS", "HANDLE_TCP", "HANDLE_UDP")
GUSU_NAMES(TransferState, 7, "OFFERED", "ACCEPTED", "DECLINED", "WITHDRAWN", "EXPIRED", "ENDED")
GUSU_NAMES(TransferItemState, 4, "OFFERED", "ACCEPTED", "DECLINED")
GUSU_NAMES(TransferDirection, 3, "INCOMING", "OUTGOING")
GUSU_NAMES(Outcome, 3, "CREATED", "UNCHANGED")
#undef GUSU_NAMES

namespace {

// Days since 1970-01-01 of a date of the Gregorian calendar: years run from March, so that the leap
// day is a year's last.
int64_t DaysFromDate(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

struct Date {
  int64_t year;
  int64_t month;
  int64_t day;
};

Date DateFromDays(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2), month,
          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

int64_t DaysInMonth(int64_t year, int64_t month) {
  return DaysFromDate(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
         DaysFromDate(year, month, 1);
}

// Takes exactly `digits` digits from the front of `text`.
std::optional<int64_t> TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int64_t number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool TakeOne(std::string_view& text, std::string_view choices) {
  if (text.empty() || choices.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// The microseconds of `.25`; digits below the sixth are dropped. nullopt when a digit is missing.
std::optional<int64_t> TakeFraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return 0;
  text.remove_prefix(1);
  int64_t microseconds = 0;
  int64_t unit = 100000;
  size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    microseconds += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  return microseconds;
}

// Seconds east of UTC of `Z` or `+08:00`, which must be all that is left.
std::optional<int64_t> TakeOffset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int64_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = TakeNumber(text, 2);
  if (!hours || *hours > 23 || !TakeOne(text, ":")) return std::nullopt;
  const auto minutes = TakeNumber(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

constexpr int64_t kSecondsPerDay = 86400;

}  // namespace

std::string ToText(Timestamp time) {
  const int64_t total = time.time_since_epoch().count();
  int64_t microseconds = total % 1000000;
  int64_t seconds = total / 1000000;
  if (microseconds < 0) {
    microseconds += 1000000;
    --seconds;
  }
  int64_t second_of_day = seconds % kSecondsPerDay;
  int64_t days = seconds / kSecondsPerDay;
  if (second_of_day < 0) {
    second_of_day += kSecondsPerDay;
    --days;
  }
  const Date date = DateFromDays(days);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld",
                static_cast<long long>(date.year), static_cast<long long>(date.month),
                static_cast<long long>(date.day), static_cast<long long>(second_of_day / 3600),
                static_cast<long long>(second_of_day / 60 % 60),
                static_cast<long long>(second_of_day % 60));
  std::string out = text;
  if (microseconds > 0) {
    std::snprintf(text, sizeof text, ".%06lld", static_cast<long long>(microseconds));
    out += text;
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + "Z";
}

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  const auto year = TakeNumber(text, 4);
  if (!year || *year < 1 || !TakeOne(text, "-")) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || *month < 1 || *month > 12 || !TakeOne(text, "-")) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || *day < 1 || *day > DaysInMonth(*year, *month)) return std::nullopt;
  if (!TakeOne(text, "Tt ")) return std::nullopt;
  const auto hour = TakeNumber(text, 2);
  if (!hour || *hour > 23 || !TakeOne(text, ":")) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || *minute > 59 || !TakeOne(text, ":")) return std::nullopt;
  const auto second = TakeNumber(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto microseconds = TakeFraction(text);
  if (!microseconds) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset) return std::nullopt;
  const int64_t seconds = DaysFromDate(*year, *month, *day) * kSecondsPerDay + *hour * 3600 +
                          *minute * 60 + *second - *offset;
  return Timestamp(std::chrono::microseconds(seconds * 1000000 + *microseconds));
}

}  // namespace gusu
