#include "tests/server/statistics_world.h"

#include <google/protobuf/text_format.h>

#include <catch2/catch.hpp>
#include <map>

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/statistics/counts_message.h"
#include "server/statistics/recount.h"
#include "storage/keys.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  INFO(text);
  REQUIRE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

}  // namespace

StatisticsWorld::StatisticsWorld()
    : ledger_(storage::OpenLedger(engine_, clock_.Options())),
      registry_(ledger_.get(), nullptr),
      ranges_(ledger_.get(), nullptr, [this] { return Now(); }),
      statistics_(ledger_.get()) {
  storage::v1::SettingsRow settings;
  settings.set_time_zone("Asia/Shanghai");
  Put(storage::SettingsKey(), settings);
  for (const auto& [prefix, holder] :
       {std::pair("88.118.8", "sz-pumps"), {"88.118.9", "sz-valves"}}) {
    storage::v1::RegistrantRow registrant;
    registrant.set_legal_name(holder);
    registrant.set_state(v1::Registrant::ACTIVE);
    registrant.set_district("320505");
    registrant.set_industry_class("C3441");
    Put(storage::RegistrantKey(holder), registrant);
    storage::v1::PrefixRow row;
    row.set_prefix(prefix);
    row.set_holder(holder);
    row.set_state(v1::Prefix::ACTIVE);
    Put(storage::PrefixKey(prefix), row);
  }
}

Caller StatisticsWorld::Writer(const std::string& registrant) {
  Caller caller;
  caller.role = Role::kRegistrantWriter;
  caller.registrant = registrant;
  return caller;
}

Caller StatisticsWorld::Bureau() {
  Caller caller;
  caller.role = Role::kBureauAuditor;
  return caller;
}

void StatisticsWorld::Put(const std::string& key, const google::protobuf::Message& row) {
  storage::ChangeSet set;
  ::gusu::Change& change = set.changes.emplace_back();
  change.operation = Operation::kGrantPrefix;
  change.resource = "a row of the test";
  change.actor = "bureau";
  change.rows.push_back({key, row.SerializeAsString()});
  storage::MustAppend(*ledger_, std::move(set));
}

void StatisticsWorld::PassPrefix(const std::string& prefix, const std::string& holder) {
  storage::v1::PrefixRow row = *View()->directory().FindPrefix(prefix)->row;
  row.add_former_holders(row.holder());
  row.set_holder(holder);
  Put(storage::PrefixKey(prefix), row);
}

std::string StatisticsWorld::Show(const absl::Status& status) {
  return status.ok() ? "OK" : ErrorReason(status);
}

std::string StatisticsWorld::Register(const std::string& row) {
  const auto request = Parse<v1::RegisterRequest>(Concat("row { ", row, " }"));
  std::promise<absl::Status> outcome;
  registry_.Register(request, Writer("sz-pumps"),
                     [&outcome](auto response) { outcome.set_value(response.status()); });
  return Show(outcome.get_future().get());
}

template <typename Request>
std::string StatisticsWorld::Change(void (Registry::*method)(const Request&, const Caller&,
                                                             Done<v1::RecordResponse>),
                                    const std::string& request) {
  const auto message = Parse<Request>(request);
  std::promise<absl::Status> outcome;
  (registry_.*method)(message, Writer("sz-pumps"),
                      [&outcome](auto response) { outcome.set_value(response.status()); });
  return Show(outcome.get_future().get());
}

template std::string StatisticsWorld::Change(void (Registry::*)(const v1::UpdateRecordRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);
template std::string StatisticsWorld::Change(void (Registry::*)(const v1::SuspendRecordRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);
template std::string StatisticsWorld::Change(void (Registry::*)(const v1::ActivateRecordRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);
template std::string StatisticsWorld::Change(void (Registry::*)(const v1::RetireRecordRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);
template std::string StatisticsWorld::Change(void (Registry::*)(const v1::ReinstateRecordRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);
template std::string StatisticsWorld::Change(void (Registry::*)(const v1::EraseValuesRequest&,
                                                                const Caller&,
                                                                Done<v1::RecordResponse>),
                                             const std::string&);

template <typename Request>
std::string StatisticsWorld::Range(void (SerialRanges::*method)(const Request&, const Caller&,
                                                                Done<v1::SerialRangeResponse>),
                                   const std::string& request) {
  const auto message = Parse<Request>(request);
  std::promise<absl::Status> outcome;
  (ranges_.*method)(message, Writer("sz-pumps"),
                    [&outcome](auto response) { outcome.set_value(response.status()); });
  return Show(outcome.get_future().get());
}

template std::string StatisticsWorld::Range(
    void (SerialRanges::*)(const v1::AllocateSerialRangeRequest&, const Caller&,
                           Done<v1::SerialRangeResponse>),
    const std::string&);
template std::string StatisticsWorld::Range(
    void (SerialRanges::*)(const v1::ActivateSerialRangeRequest&, const Caller&,
                           Done<v1::SerialRangeResponse>),
    const std::string&);
template std::string StatisticsWorld::Range(
    void (SerialRanges::*)(const v1::ReleaseSerialRangeRequest&, const Caller&,
                           Done<v1::SerialRangeResponse>),
    const std::string&);

std::string StatisticsWorld::Show(const v1::Counts& counts) {
  std::string shown;
  const auto add = [&shown](const char* name, uint64_t count) {
    if (count != 0) shown += Concat(" ", name, " ", count);
  };
  add("created", counts.created());
  add("reserved", counts.reserved());
  add("changed", counts.changed());
  add("activated", counts.activated());
  add("reinstated", counts.reinstated());
  add("allocated", counts.range_codes_allocated());
  add("range-activated", counts.range_codes_activated());
  add("released", counts.range_codes_released());
  for (const v1::RetiredCount& retired : counts.retired()) {
    add(v1::Retirement::Reason_Name(retired.reason()).c_str(), retired.count());
  }
  return shown;
}

std::string StatisticsWorld::Days(const std::string& request, const Caller& caller) {
  auto asked = Parse<v1::GetStatisticsRequest>(request);
  std::string shown;
  do {
    v1::GetStatisticsResponse response;
    const absl::Status status = statistics_.GetStatistics(asked, caller, &response);
    if (!status.ok()) return Show(status);
    if (asked.page_size() != 0) {
      CHECK(static_cast<uint32_t>(response.days_size()) <= asked.page_size());
    }
    for (const v1::DayCounts& day : response.days()) {
      CHECK(day.district() == "320505");
      CHECK(day.industry_class() == "C3441");
      shown += Concat(day.prefix().substr(9), " ", day.date(), " ", day.registrant().substr(12),
                      Show(day.counts()), "\n");
    }
    asked.set_page_token(response.next_page_token());
  } while (!asked.page_token().empty());
  return shown;
}

namespace {

std::string ShowAll(const Recount::Counts& all) {
  std::string shown;
  for (const auto& [day, counts] : all) {
    v1::Counts message;
    FillCounts(counts, &message);
    shown += Concat(storage::DayText(day), StatisticsWorld::Show(message), "\n");
  }
  return shown;
}

}  // namespace

std::string StatisticsWorld::Kept() {
  Recount::Counts all;
  for (const auto& [key, value] : storage::TableOf(*View(), storage::kDayCountsTable)) {
    storage::v1::DayCountsRow row;
    REQUIRE(row.ParseFromString(value));
    if (key.find("88.118.8") != 1) continue;
    for (const auto& [counter, number] : row.counts()) all[row.day()][counter] += number;
  }
  return ShowAll(all);
}

std::string StatisticsWorld::CountedAgain(size_t rows_max) {
  const auto view = View();
  Recount recount(*view, "88.118.8", rows_max);
  std::string position;
  do {
    const absl::Status status = recount.Step(position);
    INFO(status.ToString());
    REQUIRE(status.ok());
    position = recount.next();
  } while (!position.empty());
  return ShowAll(recount.counts());
}

}  // namespace gusu::server
