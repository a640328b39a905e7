// gusu stats, gusu usage: how much was registered and resolved, by prefix and day.
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

struct PeriodOptions {
  std::string prefix;
  std::string registrant;
  std::string from;
  std::string to;
  uint64_t limit = 0;
};

MaybeFailure ToRequest(const PeriodOptions& options, StatisticsRequest* request) {
  for (const std::string& date : {options.from, options.to}) {
    if (!date.empty() && !IsDate(date)) {
      return UsageFailure("'" + date + "' is no date", "YYYY-MM-DD, a day of the registry's zone");
    }
  }
  if (!options.prefix.empty() && !options.registrant.empty()) {
    return UsageFailure("a prefix or a registrant, not both", "");
  }
  if (!options.prefix.empty()) request->parent = WithCollection("prefixes", options.prefix);
  if (!options.registrant.empty()) {
    request->parent = WithCollection("registrants", options.registrant);
  }
  request->from_date = options.from;
  request->to_date = options.to;
  return std::nullopt;
}

void AddPeriod(CLI::App* command, PeriodOptions* options) {
  command->add_option("prefix", options->prefix, "Only of this prefix");
  command->add_option("--registrant", options->registrant, "Only while this one held the prefix");
  command->add_option("--from", options->from, "First day, YYYY-MM-DD");
  command->add_option("--to", options->to, "Day after the last one, YYYY-MM-DD");
  command->add_option("--limit", options->limit, "At most so many days; 0: all");
}

std::string Prefixless(const std::string& name) {
  return name.starts_with("prefixes/") ? name.substr(sizeof "prefixes/" - 1) : name;
}

// Empty for 0, so that a table shows what happened.
std::string ToCell(uint64_t number) { return number == 0 ? "" : std::to_string(number); }

// `SCRAPPED 3, EXPORTED 1`.
std::string ToRetiredText(const Counts& counts) {
  std::string text;
  for (const auto& [reason, count] : counts.retired) {
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(ToText(reason)) + " " + std::to_string(count);
  }
  return text;
}

std::vector<std::string> CountHeadings(std::vector<std::string> headings) {
  for (const char* heading : {"CREATED", "RESERVED", "CHANGED", "ACTIVATED", "RETIRED",
                              "REINSTATED", "RANGE CODES", "OF THESE ACTIVATED", "RELEASED"}) {
    headings.emplace_back(heading);
  }
  return headings;
}

std::vector<std::string> WithCounts(std::vector<std::string> cells, const Counts& counts) {
  for (std::string& cell : std::vector<std::string>{
           ToCell(counts.created), ToCell(counts.reserved), ToCell(counts.changed),
           ToCell(counts.activated), ToRetiredText(counts), ToCell(counts.reinstated),
           ToCell(counts.range_codes_allocated), ToCell(counts.range_codes_activated),
           ToCell(counts.range_codes_released)}) {
    cells.push_back(std::move(cell));
  }
  return cells;
}

// --------------------------------------------------------------------------------------- stats

struct StatsOptions {
  PeriodOptions period;
  bool verify = false;
};

MaybeFailure PrintStats(Session& session, Client& client, const PeriodOptions& options) {
  StatisticsRequest request;
  if (const auto failure = ToRequest(options, &request)) return failure;
  Counts total;
  uint64_t days_count = 0;
  const auto failure = PrintListing(
      session, client.GetStatistics(std::move(request)), options.limit,
      CountHeadings({"PREFIX", "DATE", "HOLDER"}), [&](const DayCounts& day) {
        Add(day.counts, &total);
        ++days_count;
        return WithCounts({Prefixless(day.prefix), day.date, day.registrant}, day.counts);
      });
  if (failure || session.json() || days_count < 2) return failure;
  Table table(CountHeadings({"TOTAL"}));
  table.AddRow(WithCounts({std::to_string(days_count) + " rows"}, total));
  session.out() << '\n';
  table.Print(session.out(), session.colour());
  return std::nullopt;
}

// The names of the prefixes to verify.
OrFailure<std::vector<std::string>> PrefixesOf(Session& session, Client& client,
                                               const PeriodOptions& options) {
  if (!options.prefix.empty()) {
    return std::vector<std::string>{WithCollection("prefixes", options.prefix)};
  }
  ListPrefixesRequest request;
  if (!options.registrant.empty()) {
    request.holder = WithCollection("registrants", options.registrant);
  }
  std::vector<std::string> names;
  for (Result<Prefix>& prefix : client.ListPrefixes(std::move(request))) {
    if (!prefix.ok()) return session.FailureOf(prefix.status());
    names.push_back(prefix->name);
    if (names.size() == options.limit) break;
  }
  return names;
}

// {"prefix", and what the library says of it}
std::string VerificationJson(const std::string& prefix, const StatisticsVerification& verified) {
  return "{\"prefix\":" + JsonString(prefix) + "," + ToJson(verified).substr(1);
}

std::string ToDifferenceText(const std::string& prefix, const CountDifference& difference) {
  return Prefixless(prefix) + " on " + difference.date + ": " + difference.counter +
         " is kept as " + std::to_string(difference.stored) + " and counted as " +
         std::to_string(difference.recounted);
}

MaybeFailure Verify(Session& session, Client& client, const PeriodOptions& options) {
  if (!options.from.empty() || !options.to.empty()) {
    return UsageFailure("--verify counts every day again", "leave --from and --to out");
  }
  const OrFailure<std::vector<std::string>> prefixes = PrefixesOf(session, client, options);
  if (!prefixes.ok()) return prefixes.failure();
  std::string first;
  uint64_t differences_count = 0;
  Counts total;
  for (const std::string& prefix : *prefixes) {
    const Result<StatisticsVerification> verified = client.VerifyStatistics(prefix);
    if (!verified.ok()) return session.FailureOf(verified.status());
    if (session.json()) session.out() << VerificationJson(prefix, *verified) << '\n';
    for (const CountDifference& difference : verified->differences) {
      if (first.empty()) first = ToDifferenceText(prefix, difference);
      if (!session.json()) session.out() << ToDifferenceText(prefix, difference) << '\n';
    }
    differences_count += verified->differences.size();
    Add(verified->counts, &total);
  }
  if (differences_count > 0) {
    if (session.json()) return ToldFailure(ExitCode::kNegative);
    return Failure{ExitCode::kNegative, "STATISTICS_DIFFER",
                   std::to_string(differences_count) +
                       (differences_count == 1 ? " difference" : " differences") +
                       ", first: " + first,
                   ""};
  }
  if (!session.json()) {
    session.out() << "OK: the counts of " << prefixes->size()
                  << (prefixes->size() == 1 ? " prefix" : " prefixes")
                  << " are what records, ranges and histories say: " << total.created
                  << " records created, " << total.changed << " changes, "
                  << total.range_codes_allocated << " range codes\n";
  }
  return std::nullopt;
}

MaybeFailure Stats(Session& session, const StatsOptions& options) {
  StatisticsRequest checked;
  if (const auto failure = ToRequest(options.period, &checked)) return failure;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  if (options.verify) return Verify(session, *client, options.period);
  return PrintStats(session, *client, options.period);
}

// --------------------------------------------------------------------------------------- usage

struct UsageOptions {
  PeriodOptions period;
  bool sources = false;
};

std::string ToLatencyText(uint64_t latency_us, const std::optional<Timestamp>& time) {
  if (latency_us == 0 && !time) return "";
  const std::string when = ToLocalText(time);
  return std::to_string(latency_us) + " us" + (when.empty() ? "" : " at " + when);
}

MaybeFailure PrintSources(Session& session, Range<DayUsage> days, uint64_t limit) {
  Table table({"PREFIX", "DATE", "DOOR", "ADDRESS", "ASKED"});
  uint64_t days_count = 0;
  for (Result<DayUsage>& day : days) {
    if (!day.ok()) return session.FailureOf(day.status());
    for (const SourceCount& source : day->sources) {
      table.AddRow({Prefixless(day->prefix), day->date, day->door, source.address,
                    std::to_string(source.count)});
    }
    // A day has at most 100: tables of a day each keep what is held small.
    table.Print(session.out(), session.colour());
    table = Table({"PREFIX", "DATE", "DOOR", "ADDRESS", "ASKED"});
    if (++days_count == limit) break;
  }
  return std::nullopt;
}

MaybeFailure Usage(Session& session, const UsageOptions& options) {
  StatisticsRequest request;
  if (const auto failure = ToRequest(options.period, &request)) return failure;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  Range<DayUsage> days = client->ListUsage(std::move(request));
  if (options.sources && !session.json()) {
    return PrintSources(session, std::move(days), options.period.limit);
  }
  return PrintListing(
      session, std::move(days), options.period.limit,
      {"PREFIX", "DATE", "DOOR", "ASKED", "ANSWERED", "NEVER ISSUED", "FASTEST", "MEAN", "SLOWEST"},
      [](const DayUsage& day) -> std::vector<std::string> {
        return {Prefixless(day.prefix),
                day.date,
                day.door,
                std::to_string(day.asked),
                std::to_string(day.answered),
                std::to_string(day.never_issued),
                ToLatencyText(day.latency_us_min, day.latency_min_time),
                std::to_string(day.latency_us_mean) + " us",
                ToLatencyText(day.latency_us_max, day.latency_max_time)};
      });
}

}  // namespace

void AddStatisticsCommands(Program* program) {
  const auto [stats, options] = AddCommand<StatsOptions>(
      program, &program->app, "stats", "Show what was registered and changed, by prefix and day",
      "  gusu --token-file sz-pumps.token stats 88.118.8 --from 2026-11-01 --to 2026-12-01\n"
      "  gusu --data /var/lib/gusu stats --registrant sz-pumps --json\n"
      "  gusu --data /var/lib/gusu stats --verify      (exit code 1 names the first difference)",
      Stats);
  AddPeriod(stats, &options->period);
  stats->add_flag("--verify", options->verify,
                  "Count records, ranges and histories again, and compare");

  const auto [usage, usage_options] = AddCommand<UsageOptions>(
      program, &program->app, "usage",
      "Show how often and how fast was resolved, by prefix, day and door",
      "  gusu --token-file sz-pumps.token usage 88.118.8 --from 2026-11-01\n"
      "  gusu --data /var/lib/gusu usage 88.118.8 --sources      (for the bureau)\n"
      "A crash of the server may lose the last ten seconds of it.",
      Usage);
  AddPeriod(usage, &usage_options->period);
  usage->add_flag("--sources", usage_options->sources,
                  "The commonest source addresses; kept for 180 days");
}

}  // namespace gusu::cli
