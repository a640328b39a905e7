// gusu list: records of a prefix, or of an owner, by what they are.
#include <CLI/App.hpp>

#include "client/cli/day_calendar.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr uint64_t kPageRowsDefault = 100;

struct ListOptions {
  std::string prefix;
  std::string state;
  std::string level;
  std::vector<std::string> equal;
  std::vector<std::string> beginning;
  std::string owner;
  std::string custodian;
  std::string created_from;
  std::string created_before;
  std::string updated_from;
  std::string updated_before;
  std::string as_of;
  std::string template_id;
  std::string instance_of;
  std::string time_zone = kDefaultTimeZone;
  uint64_t limit = 0;
};

MaybeFailure AddFilters(const std::vector<std::string>& texts, const std::string& option,
                        bool is_beginning, ListRecordsRequest* request) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const bool has_value = equals != std::string::npos && equals + 1 < text.size();
    if (equals == 0 || equals == std::string::npos || (is_beginning && !has_value)) {
      return UsageFailure(option + " '" + text + "' is not NAME=VALUE",
                          "for example " + option + " batch=L-2026");
    }
    request->attributes.push_back({text.substr(0, equals), text.substr(equals + 1), is_beginning});
  }
  return std::nullopt;
}

MaybeFailure SetTime(const DayCalendar& calendar, const std::string& text,
                     std::optional<Timestamp>* time) {
  if (text.empty()) return std::nullopt;
  const OrFailure<Timestamp> parsed = calendar.Parse(text);
  if (!parsed.ok()) return parsed.failure();
  *time = *parsed;
  return std::nullopt;
}

// A date is its end, and today is now.
MaybeFailure SetAsOf(const DayCalendar& calendar, const std::string& text,
                     std::optional<Timestamp>* time) {
  if (!IsDate(text)) return SetTime(calendar, text, time);
  const Timestamp now = ToTimestamp(std::chrono::system_clock::now());
  if (calendar.DayOf(ToMicroseconds(now)) == text) return std::nullopt;
  if (MaybeFailure failure = SetTime(calendar, DayCalendar::DayAfter(text), time)) return failure;
  **time -= std::chrono::microseconds(1);
  return std::nullopt;
}

MaybeFailure SetTimes(const ListOptions& options, ListRecordsRequest* request) {
  const OrFailure<DayCalendar> calendar = DayCalendar::OfZone(options.time_zone);
  if (!calendar.ok()) return calendar.failure();
  const std::pair<const std::string&, std::optional<Timestamp>*> bounds[] = {
      {options.created_from, &request->create_time.from},
      {options.created_before, &request->create_time.before},
      {options.updated_from, &request->update_time.from},
      {options.updated_before, &request->update_time.before}};
  for (const auto& [text, time] : bounds) {
    if (MaybeFailure failure = SetTime(*calendar, text, time)) return failure;
  }
  return SetAsOf(*calendar, options.as_of, &request->as_of_time);
}

// Filters of a word each.
MaybeFailure SetWords(const ListOptions& options, ListRecordsRequest* request) {
  const auto state = ToEnumeration<State>(options.state, "state", kStateChoices);
  if (!state.ok()) return state.failure();
  request->state = *state;
  const auto level = ToEnumeration<Level>(options.level, "level", kLevelChoices);
  if (!level.ok()) return level.failure();
  request->level = *level;
  if (!options.owner.empty()) request->owner = WithCollection("registrants", options.owner);
  if (!options.custodian.empty()) {
    request->custodian = WithCollection("registrants", options.custodian);
  }
  request->template_id = options.template_id;
  request->instance_of = options.instance_of;
  return std::nullopt;
}

MaybeFailure List(Session& session, const ListOptions& options) {
  if (options.prefix.empty() && options.owner.empty() && options.custodian.empty()) {
    return UsageFailure("which records?", "name a prefix, or --owner or --custodian");
  }
  ListRecordsRequest request;
  request.parent = WithCollection("prefixes", options.prefix.empty() ? "-" : options.prefix);
  if (MaybeFailure failure = SetWords(options, &request)) return failure;
  if (MaybeFailure failure = AddFilters(options.equal, "--where", false, &request)) return failure;
  if (MaybeFailure failure = AddFilters(options.beginning, "--begins", true, &request)) {
    return failure;
  }
  if (MaybeFailure failure = SetTimes(options, &request)) return failure;
  request.reason = session.flags().reason;
  if (options.limit > 0 && options.limit < kPageRowsDefault) {
    request.page_size = static_cast<uint32_t>(options.limit);
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListRecords(std::move(request)), options.limit,
                      RecordHeadings(), ToRecordCells);
}

}  // namespace

void AddListCommand(Program* program) {
  const auto [list, options] = AddCommand<ListOptions>(
      program, &program->app, "list",
      "List records in the order of codes; with a time filter in that of time",
      "  gusu --token-file sz-pumps.token list 88.118.8 --state active --level model\n"
      "  gusu list 88.118.8 --where batch=L-2026-11 --begins serial=00\n"
      "  gusu list --owner sz-motors                    (below anybody's prefix)\n"
      "  gusu list 88.118.8 --updated-from 2026-11-01 --updated-before 2026-12-01\n"
      "  gusu list 88.118.8 --as-of 2026-11-23 --instance-of 88.118.8/HP\n"
      "  gusu list 88.118.8 --json > records.jsonl      (gusu import reads it)\n"
      "All filters that are given must hold. Indexed attributes are looked up, others compared.",
      List);
  list->add_option("prefix", options->prefix, "Prefix; with --owner or --custodian default: all");
  list->add_option("--state", options->state, "Only reserved, active, suspended or retired");
  list->add_option("--level", options->level, "Only model, batch or item");
  AddRepeated(list, "--where", &options->equal, "NAME=VALUE: only with this value");
  AddRepeated(list, "--begins", &options->beginning, "NAME=VALUE: only where it begins so");
  list->add_option("--owner", options->owner, "Only what this registrant owns");
  list->add_option("--custodian", options->custodian, "Only what this registrant has in custody");
  list->add_option("--template", options->template_id, "Only with this template");
  list->add_option("--instance-of", options->instance_of, "Only instances of this batch or model");
  list->add_option("--created-from", options->created_from, "Registered then or later");
  list->add_option("--created-before", options->created_before, "Registered before");
  list->add_option("--updated-from", options->updated_from, "Last changed then or later");
  list->add_option("--updated-before", options->updated_before, "Last changed before");
  list->add_option("--as-of", options->as_of,
                   "The list of then: a date (its end) or a time, RFC 3339");
  list->add_option("--time-zone", options->time_zone, "Of dates")->capture_default_str();
  list->add_option("--limit", options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
