#include "server/audit/checkpoints.h"
#include "server/metrics/families.h"
#include "server/metrics/family_builder.h"
#include "storage/figures.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

prometheus::MetricFamily HistogramFamily(std::string name, std::string help,
                                         const storage::Distribution& distribution) {
  auto family = Family(std::move(name), std::move(help), prometheus::MetricType::Histogram);
  AddHistogram(&family, {}, distribution.bounds(), distribution.counts(), distribution.sum());
  return family;
}

}  // namespace

void AddLedgerFamilies(const storage::Ledger& ledger, MetricFamilies* families) {
  const storage::LedgerFigures figures = ledger.figures();
  const auto add_counter = [families](const char* name, const char* help, uint64_t value) {
    families->push_back(CounterFamily(name, help, static_cast<double>(value)));
  };
  const auto add_gauge = [families](const char* name, const char* help, double value) {
    families->push_back(GaugeFamily(name, help, value));
  };
  add_gauge("gusu_ledger_writable",
            "1 while changes are accepted and were committed when last tried",
            ledger.Writable().ok() ? 1 : 0);
  add_gauge("gusu_ledger_queue_changes", "Changes that wait for their commit or its answer",
            static_cast<double>(figures.queue_changes));
  add_gauge("gusu_ledger_queue_changes_max", "Changes beyond which more are refused",
            static_cast<double>(figures.queue_changes_max));
  add_gauge("gusu_ledger_queue_bytes", "What they take in memory",
            static_cast<double>(figures.queue_bytes));
  add_gauge("gusu_ledger_queue_bytes_max", "Memory beyond which more are refused",
            static_cast<double>(figures.queue_bytes_max));
  add_counter("gusu_ledger_groups_total",
              "Groups that were committed: of changes, of counts of resolutions, or both",
              figures.groups);
  add_counter("gusu_ledger_changes_total", "Changes that were committed", figures.changes);
  add_counter("gusu_ledger_refused_total",
              "Sets of changes that were refused, and of which nothing was written",
              figures.refused);
  add_counter("gusu_ledger_commits_failed_total", "Commits that did not succeed",
              figures.commits_failed);
  add_counter("gusu_ledger_recoveries_total",
              "Attempts to read the store again after a commit of unknown outcome",
              figures.recoveries);
  families->push_back(HistogramFamily("gusu_ledger_group_changes", "Changes in a committed group",
                                      figures.group_changes));
  families->push_back(HistogramFamily("gusu_ledger_commit_seconds",
                                      "Time until a group was durable: checks, write and sync",
                                      figures.commit_seconds));
  add_gauge("gusu_ledger_view_age_seconds", "Age of the state that reads are answered from",
            absl::ToDoubleSeconds(figures.view_age));
  add_gauge("gusu_log_leaves", "Leaves of the audit log: the size of its tree",
            static_cast<double>(figures.leaf_count));
}

void AddEngineFamilies(const storage::Ledger& ledger, MetricFamilies* families) {
  for (storage::EngineFigure& figure : ledger.engine_figures().figures) {
    const std::string name = "gusu_engine_" + figure.name;
    const bool counts = figure.kind == storage::EngineFigure::Kind::kSinceStart;
    families->push_back(counts ? CounterFamily(name, std::move(figure.meaning), figure.value)
                               : GaugeFamily(name, std::move(figure.meaning), figure.value));
  }
}

void AddCheckpointFamilies(const Checkpoints& checkpoints, MetricFamilies* families) {
  families->push_back(GaugeFamily("gusu_log_published_leaves",
                                  "Leaves of the checkpoint that was published last",
                                  static_cast<double>(checkpoints.Published()->head.size)));
}

}  // namespace gusu::server
