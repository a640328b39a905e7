// gusu bench list: how fast first and last pages of long lists are, beside a bare gRPC echo whose
// answers are as long as a page.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "client/cli/bench_fill.h"
#include "client/cli/bench_loop.h"
#include "client/cli/bench_process.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

constexpr size_t kEchoBytesMax = 1'000'000;

struct BenchListOptions {
  BenchFill fill{"", 1'000'000, 10'000};
  bool fills = false;
  uint32_t page_size = 100;
  uint64_t calls = 200;
  std::string ceiling;
  bool no_ceiling = false;
};

struct PageFigures {
  std::string list;
  const char* page = "";  // first or last
  uint64_t rows_count = 0;
  uint64_t rows_before = 0;  // in the pages before it
  LatencyHistogram latency;
};

struct Figures {
  std::vector<PageFigures> pages;
  size_t page_json_bytes_max = 0;
};

// Where the last page of a list begins.
struct Walked {
  std::string last_page_token;  // empty: the first page is the last
  uint64_t first_page_rows = 0;
  uint64_t last_page_rows = 0;
  uint64_t rows_count = 0;
  size_t first_page_json_bytes = 0;
};

// Goes through the whole list once.
template <typename Item>
Result<Walked> Walk(Range<Item> range) {
  Walked walked;
  std::string next_token;
  bool is_first_page = true;
  for (const Result<Item>& item : range) {
    if (!item.ok()) return item.status();
    if (walked.rows_count > 0 && range.next_page_token() != next_token) {
      walked.last_page_token = next_token;
      walked.last_page_rows = 0;
      is_first_page = false;
    }
    next_token = range.next_page_token();
    ++walked.rows_count;
    ++walked.last_page_rows;
    if (!is_first_page) continue;
    ++walked.first_page_rows;
    walked.first_page_json_bytes += ToJson(*item).size();
  }
  return walked;
}

// Fetches one page over and over. `list` makes the range that begins with it.
template <typename MakeRange>
Result<LatencyHistogram> TimePage(uint64_t calls, MakeRange list) {
  LatencyHistogram latency;
  for (uint64_t call = 0; call < calls; ++call) {
    auto range = list();
    const auto begin = Budget::Clock::now();
    const auto first = range.begin();
    latency.Add(static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Budget::Clock::now() - begin)
            .count()));
    if (first != range.end() && !first->ok()) return first->status();
  }
  return latency;
}

template <typename Item, typename Request>
Status MeasureList(Client& client, const BenchListOptions& options, const std::string& name,
                   Request request, Range<Item> (Client::*list)(Request, CallOptions),
                   Figures* figures) {
  request.page_size = options.page_size;
  const Result<Walked> walked = Walk((client.*list)(request, {}));
  if (!walked.ok()) return walked.status();
  figures->page_json_bytes_max =
      std::max(figures->page_json_bytes_max, walked->first_page_json_bytes);
  const std::pair<const char*, std::string> pages[] = {{"first", ""},
                                                       {"last", walked->last_page_token}};
  for (const auto& [page, token] : pages) {
    const bool is_last = page == pages[1].first;
    request.page_token = token;
    const Result<LatencyHistogram> latency =
        TimePage(options.calls, [&] { return (client.*list)(request, {}); });
    if (!latency.ok()) return latency.status();
    const uint64_t rows_count = is_last ? walked->last_page_rows : walked->first_page_rows;
    figures->pages.push_back(
        {name, page, rows_count, is_last ? walked->rows_count - rows_count : 0, *latency});
  }
  return {};
}

Status MeasureRecords(Client& client, const BenchListOptions& options, Figures* figures) {
  ListRecordsRequest all;
  all.parent = "prefixes/" + options.fill.prefix;
  const auto measure = [&](const std::string& name, ListRecordsRequest request) {
    return MeasureList<Record>(client, options, name, std::move(request), &Client::ListRecords,
                               figures);
  };
  if (Status status = measure("records", all); !status.ok()) return status;
  const std::string lot = BenchLot(options.fill.records_count / kBenchLotRecords / 2);
  ListRecordsRequest by_lot = all;
  by_lot.attributes = {{"batch", lot, false}};
  if (Status status = measure("records, batch=" + lot, by_lot); !status.ok()) return status;
  by_lot.attributes = {{"batch", "L-", true}};
  if (Status status = measure("records, batch begins L-", by_lot); !status.ok()) return status;
  ListRecordsRequest by_state = all;
  by_state.state = State::kReserved;
  if (Status status = measure("records, RESERVED", by_state); !status.ok()) return status;
  ListRecordsRequest by_time = all;
  by_time.update_time.from = ParseTimestamp("2000-01-01T00:00:00Z");
  return measure("records, by time of change", by_time);
}

Status MeasureRegistrants(Client& client, const BenchListOptions& options, Figures* figures) {
  const auto measure = [&](const std::string& name, ListRegistrantsRequest request) {
    return MeasureList<Registrant>(client, options, name, std::move(request),
                                   &Client::ListRegistrants, figures);
  };
  if (Status status = measure("registrants", {}); !status.ok()) return status;
  ListRegistrantsRequest by_state;
  by_state.state = RegistrantState::kActive;
  if (Status status = measure("registrants, ACTIVE", by_state); !status.ok()) return status;
  ListRegistrantsRequest by_district;
  by_district.district = "320505";
  return measure("registrants, district 320505", by_district);
}

std::string Rounded(double number) {
  char text[64];
  std::snprintf(text, sizeof text, number < 100 ? "%.1f" : "%.0f", number);
  return text;
}

void PrintFigures(Session& session, const BenchListOptions& options, const Figures& figures,
                  const std::optional<Ceiling>& ceiling) {
  if (session.json()) {
    for (const PageFigures& page : figures.pages) {
      nlohmann::ordered_json json = {{"list", page.list},
                                     {"page", page.page},
                                     {"rows_before", page.rows_before},
                                     {"rows", page.rows_count},
                                     {"calls", options.calls},
                                     {"median_us", page.latency.Percentile(0.5)},
                                     {"p99_us", page.latency.Percentile(0.99)}};
      if (ceiling) {
        json["echo"] = {{"median_us", ceiling->median_us},
                        {"p99_us", ceiling->p99_us},
                        {"answer_bytes", figures.page_json_bytes_max}};
      }
      session.out() << json.dump() << '\n';
    }
    return;
  }
  Table table({"LIST", "PAGE", "ROWS BEFORE", "ROWS", "MEDIAN US", "P99 US", "TO ECHO"});
  for (const PageFigures& page : figures.pages) {
    const auto median = static_cast<double>(page.latency.Percentile(0.5));
    table.AddRow({page.list, page.page, WithThousands(page.rows_before),
                  std::to_string(page.rows_count), Rounded(median),
                  Rounded(static_cast<double>(page.latency.Percentile(0.99))),
                  ceiling ? Rounded(median / std::max(1.0, ceiling->median_us)) + " x" : ""});
  }
  if (ceiling) {
    table.AddRow({"gRPC echo, answers of " + WithThousands(figures.page_json_bytes_max) + " bytes",
                  "", "", "", Rounded(ceiling->median_us), Rounded(ceiling->p99_us), ""});
  }
  table.Print(session.out(), session.colour());
  session.out() << "\n" << options.calls << " calls a page, one after the other\n";
}

OrFailure<std::optional<Ceiling>> CeilingOf(const BenchListOptions& options, size_t answer_bytes) {
  const std::string echo = options.ceiling.empty() ? FindEchoProgram() : options.ceiling;
  if (options.no_ceiling || echo.empty()) return std::optional<Ceiling>();
  const OrFailure<Ceiling> ceiling = MeasureCeiling(
      {echo, "--connections", "1", "--outstanding", "1", "--seconds", "2", "--answer-bytes",
       std::to_string(std::clamp<size_t>(answer_bytes, 1, kEchoBytesMax))});
  if (!ceiling.ok()) return ceiling.failure();
  return std::optional<Ceiling>(*ceiling);
}

MaybeFailure BenchList(Session& session, const BenchListOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  if (options.fills) {
    if (MaybeFailure failure = FillForListing(session, *client, options.fill)) return failure;
  }
  Figures figures;
  Status status = MeasureRecords(*client, options, &figures);
  if (status.ok()) status = MeasureRegistrants(*client, options, &figures);
  if (!status.ok()) return session.FailureOf(status);
  const auto ceiling = CeilingOf(options, figures.page_json_bytes_max);
  if (!ceiling.ok()) return ceiling.failure();
  PrintFigures(session, options, figures, *ceiling);
  return std::nullopt;
}

}  // namespace

void AddBenchListCommand(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<BenchListOptions>(
      program, family, "list",
      "List records and registrants: the first page of each list and its last one",
      "  gusu --data /var/lib/gusu bench list 88.118.99 --fill\n"
      "  gusu --data /var/lib/gusu bench list 88.118.99 --fill --records 50000 --registrants 500\n"
      "--fill makes the registrants, the prefix and its records; they stay, so use a registry for "
      "it.",
      BenchList);
  command->add_option("prefix", options->fill.prefix, "Prefix of the records")->required();
  command->add_flag("--fill", options->fills, "Makes first what is not there yet");
  command->add_option("--records", options->fill.records_count, "How many are there")
      ->check(CLI::Range(1, 9'999'999))
      ->capture_default_str();
  command->add_option("--registrants", options->fill.registrants_count, "How many are there")
      ->check(CLI::Range(1, 999'999))
      ->capture_default_str();
  command->add_option("--page-size", options->page_size, "Rows a page")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--calls", options->calls, "How often each page is fetched")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  CLI::Option* ceiling =
      command->add_option("--ceiling", options->ceiling,
                          "Echo program to compare with; default: gusu_echo beside gusu");
  command->add_flag("--no-ceiling", options->no_ceiling, "Compare with nothing")->excludes(ceiling);
}

}  // namespace gusu::cli
