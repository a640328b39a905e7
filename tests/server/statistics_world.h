// A registry whose clock moves, with its statistics: 88.118.8 and 88.118.9 of sz-pumps and
// sz-valves, in a time zone eight hours ahead of UTC. It begins at 16:00 of 2027-01-15 there.
#pragma once

#include <future>
#include <memory>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "server/ranges/serial_ranges.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/statistics/statistics.h"
#include "server/statistics/usage_writer.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::server {

class StatisticsWorld {
 public:
  StatisticsWorld();

  storage::Engine& engine() { return engine_; }
  storage::Ledger& ledger() { return *ledger_; }
  const Statistics& statistics() const { return statistics_; }
  std::shared_ptr<const storage::View> View() const { return *ledger_->Latest(); }
  void Pass(absl::Duration time) { clock_.Advance(time); }
  absl::Time Now() const { return absl::FromUnixMicros(static_cast<int64_t>(clock_.now_us())); }

  static Caller Writer(const std::string& registrant);
  static Caller Bureau();
  void Put(const std::string& key, const google::protobuf::Message& row);
  void PassPrefix(const std::string& prefix, const std::string& holder);

  // `OK`, or the reason of the error. Of sz-pumps' writer.
  std::string Register(const std::string& row);
  template <typename Request>
  std::string Change(void (Registry::*method)(const Request&, const Caller&,
                                              Done<v1::RecordResponse>),
                     const std::string& request);
  template <typename Request>
  std::string Range(void (SerialRanges::*method)(const Request&, const Caller&,
                                                 Done<v1::SerialRangeResponse>),
                    const std::string& request);

  // A line a row of every page: `88.118.8 2027-01-15 sz-pumps created 1 changed 2`; the error
  // otherwise. The request is text, and without a page token.
  std::string Days(const std::string& request, const Caller& caller);
  // The days' counts of 88.118.8, whoever held it, and the same counted again with steps of
  // `rows_max` rows.
  std::string Kept();
  std::string CountedAgain(size_t rows_max);

  static std::string Show(const v1::Counts& counts);
  static std::string Show(const absl::Status& status);

 private:
  storage::ManualClock clock_;
  storage::MemoryEngine engine_;
  std::unique_ptr<storage::Ledger> ledger_;
  Registry registry_;
  SerialRanges ranges_;
  Statistics statistics_;
};

}  // namespace gusu::server
