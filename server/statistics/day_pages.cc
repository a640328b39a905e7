#include "server/statistics/day_pages.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/civil_time.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/attribute_text.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

constexpr std::string_view kPrefixes = "prefixes/";

absl::StatusOr<int32_t> ReadDate(const std::string& text, std::string_view field) {
  absl::CivilDay day;
  if (!IsDate(text) || !absl::ParseCivilTime(text, &day)) {
    return FieldInvalid(field, text, "YYYY-MM-DD, of a day that there is");
  }
  return static_cast<int32_t>(std::max<absl::civil_diff_t>(day - absl::CivilDay(1970), 0));
}

absl::Status ReadPrefixParent(const storage::Directory& directory, const Caller& caller,
                              std::string_view prefix, DayScope* scope) {
  scope->prefix_key = ToKey(prefix);
  const auto* entry = directory.FindPrefix(scope->prefix_key);
  if (entry == nullptr) {
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", Quote(prefix), " is not granted to anybody"),
                 {{"prefix", std::string(prefix)}});
  }
  if (caller.is_bureau() || entry->row->holder() == caller.registrant) return absl::OkStatus();
  scope->registrant = caller.registrant;
  if (HoldsOrHeld(*entry->row, caller.registrant)) return absl::OkStatus();
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
      Concat("registrant ", caller.registrant, " does not hold prefix ", prefix),
      {{"registrant", RegistrantName(caller.registrant)}, {"prefix", std::string(prefix)}});
}

// The key to go on from, when the row is not in the scope; nullopt when it is.
std::optional<std::string> SkipFrom(const storage::Directory& directory, char table,
                                    const DayScope& scope, const DayKey& key) {
  const auto next_prefix = [&] {
    return storage::AfterBeginning(PrefixBeginning(table, key.prefix_key));
  };
  if (key.day >= scope.end_day) return next_prefix();
  if (!scope.registrant.empty()) {
    const auto* entry = directory.FindPrefix(key.prefix_key);
    if (entry == nullptr || !HoldsOrHeld(*entry->row, scope.registrant)) return next_prefix();
  }
  if (key.day < scope.first_day) return DayBeginning(table, key.prefix_key, scope.first_day);
  return std::nullopt;
}

}  // namespace

bool HoldsOrHeld(const storage::v1::PrefixRow& row, std::string_view registrant) {
  return row.holder() == registrant ||
         std::find(row.former_holders().begin(), row.former_holders().end(), registrant) !=
             row.former_holders().end();
}

absl::StatusOr<DayScope> ReadDayScope(const storage::Directory& directory, const Caller& caller,
                                      const std::string& parent, const std::string& from_date,
                                      const std::string& to_date) {
  DayScope scope;
  if (!from_date.empty()) {
    GUSU_ASSIGN_OR_RETURN(scope.first_day, ReadDate(from_date, "from_date"));
  }
  if (!to_date.empty()) {
    GUSU_ASSIGN_OR_RETURN(scope.end_day, ReadDate(to_date, "to_date"));
    if (scope.end_day < scope.first_day) {
      return FieldInvalid("to_date", to_date, Concat("it is before from_date ", from_date));
    }
  }
  if (parent.empty()) {
    scope.registrant = caller.registrant;  // the bureau's is empty
  } else if (parent.starts_with(kPrefixes)) {
    const std::string_view prefix = std::string_view(parent).substr(kPrefixes.size());
    GUSU_RETURN_IF_ERROR(ReadPrefixParent(directory, caller, prefix, &scope));
  } else {
    GUSU_ASSIGN_OR_RETURN(scope.registrant, ParseRegistrantName(parent, "parent"));
    GUSU_RETURN_IF_ERROR(CheckMaySee(caller, scope.registrant));
    GUSU_RETURN_IF_ERROR(RequireRegistrant(directory, scope.registrant).status());
  }
  return scope;
}

absl::Status ScanDays(
    const storage::View& view, char table, const DayScope& scope,
    const std::function<absl::StatusOr<size_t>(const DayKey& key, std::string_view value)>& take,
    DayPage* page) {
  const std::string all =
      scope.prefix_key.empty() ? std::string(1, table) : PrefixBeginning(table, scope.prefix_key);
  const std::string end = storage::AfterBeginning(all);
  std::string begin = page->after.empty() ? all : page->after + '\0';
  size_t taken = 0, looked_at = 0, bytes = 0;
  absl::Status status;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (taken == page->page_size || looked_at == kPageRowsMax || bytes >= kPageBytesMax) {
      page->next = page->after;
      return false;
    }
    ++looked_at;
    page->after = key;
    begin = page->after + '\0';
    const std::optional<DayKey> parsed = ParseDayKey(key, table);
    if (!parsed.has_value()) return true;
    if (auto skip = SkipFrom(view.directory(), table, scope, *parsed)) {
      begin = *std::move(skip);
      return false;
    }
    const absl::StatusOr<size_t> added = take(*parsed, value);
    if (!added.ok()) status = added.status();
    if (added.ok() && *added > 0) {
      ++taken;
      bytes += *added;
    }
    return status.ok();
  };
  for (size_t before = looked_at; status.ok() && page->next.empty(); before = looked_at) {
    const std::string from = std::exchange(begin, std::string());  // visits move it
    GUSU_RETURN_IF_ERROR(view.ScanStored(from, end, visit));
    if (looked_at == before) break;  // there is nothing after the last row
  }
  return status;
}

}  // namespace gusu::server
