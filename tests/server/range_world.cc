#include "tests/server/range_world.h"

#include <map>

#include "proto/text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

absl::Time Now() { return absl::FromUnixSeconds(1'767'225'600 + 3600); }

std::string Part(const std::string& first, const std::string& last) {
  return Concat("first_identifier: \"88.118.8/", first, "\" last_identifier: \"88.118.8/", last,
                "\" ");
}

// Below 88.118.8 unless it says where.
std::string WithParent(const std::string& request) {
  return (request.find("parent:") == std::string::npos ? "parent: \"prefixes/88.118.8\" " : "") +
         request;
}

}  // namespace

RangeWorld::RangeWorld()
    : ranges_(&ledger(), nullptr, Now),
      resolver_(&ledger(), nullptr, Now),
      first_revision_(View()->last_revision() + 1) {}

std::string RangeWorld::Told(const absl::StatusOr<v1::SerialRangeResponse>& response) const {
  if (!response.ok()) return ShowError(response.status());
  CHECK(response->receipt().revision() == response->serial_range().revision());
  CHECK(response->receipt().leaf_index() == response->serial_range().leaf_index());
  return Show(response->serial_range());
}

std::string RangeWorld::AllocateAs(const Caller& caller, const std::string& request) {
  return Told(CallRanges(&SerialRanges::Allocate,
                         FromText<v1::AllocateSerialRangeRequest>(WithParent(request)), caller));
}

std::string RangeWorld::Activate(const std::string& first, const std::string& last) {
  return ActivateAs(Writer("sz-pumps"),
                    Concat(Part(first, last), "request_id: \"", ++request_count_, "\""));
}

std::string RangeWorld::ActivateAs(const Caller& caller, const std::string& request) {
  return Told(CallRanges(&SerialRanges::Activate, FromText<v1::ActivateSerialRangeRequest>(request),
                         caller));
}

std::string RangeWorld::Release(const std::string& first, const std::string& last) {
  return ReleaseAs(Writer("sz-pumps"),
                   Concat(Part(first, last), "reason: \"labels spoiled\" request_id: \"",
                          ++request_count_, "\""));
}

std::string RangeWorld::ReleaseAs(const Caller& caller, const std::string& request) {
  return Told(
      CallRanges(&SerialRanges::Release, FromText<v1::ReleaseSerialRangeRequest>(request), caller));
}

std::string RangeWorld::List(const Caller& caller, const std::string& more) {
  std::string shown;
  auto request = FromText<v1::ListSerialRangesRequest>(WithParent(more));
  do {
    v1::ListSerialRangesResponse response;
    const absl::Status status = ranges_.List(request, caller, &response);
    if (!status.ok()) return ShowError(status);
    for (const v1::SerialRange& range : response.serial_ranges()) shown += Show(range) + "\n";
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return shown;
}

std::string RangeWorld::Get(const Caller& caller, const std::string& name) {
  v1::GetSerialRangeRequest request;
  request.set_name(name);
  v1::SerialRange range;
  const absl::Status status = ranges_.Get(request, caller, &range);
  return status.ok() ? Show(range) : ShowError(status);
}

std::string RangeWorld::Resolve(const std::string& suffix, int as_of_leaf) {
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/" + suffix);
  if (as_of_leaf >= 0) {
    FillTime(first_revision_ + static_cast<uint64_t>(as_of_leaf),
             request.mutable_options()->mutable_as_of_time());
  }
  v1::ResolveResponse response;
  const absl::Status status = resolver_.Resolve(request, Caller(), &response);
  if (!status.ok()) return ShowError(status);
  const uint32_t withheld = response.values_withheld_count();
  return Show(response.record()) + (withheld > 0 ? Concat(" withheld ", withheld) : "");
}

std::string RangeWorld::Counters(const std::string& prefix_key) const {
  const std::string key = storage::PrefixCountersKey(prefix_key);
  storage::v1::PrefixCountersRow counters;
  const auto take = [&counters](std::string_view, std::string_view value) {
    CHECK(counters.ParseFromString(std::string(value)));
    return false;
  };
  CHECK(View()->ScanStored(key, key + '\0', take).ok());
  return Concat("records ", counters.record_count(), " range codes ", counters.range_code_count());
}

std::string RangeWorld::DayCounts() const {
  std::string shown;
  const std::string beginning = std::string(1, storage::kDayCountsTable) + "88.118.8" + '\0';
  const auto take = [&shown](std::string_view, std::string_view value) {
    storage::v1::DayCountsRow counts;
    CHECK(counts.ParseFromString(std::string(value)));
    const std::map<uint32_t, uint64_t> sorted(counts.counts().begin(), counts.counts().end());
    for (const auto& [counter, number] : sorted) {
      shown += Concat(shown.empty() ? "" : " ", counter, ":", number);
    }
    return true;
  };
  CHECK(View()->ScanStored(beginning, storage::AfterBeginning(beginning), take).ok());
  return shown;
}

std::string RangeWorld::Show(const v1::SerialRange& range) const {
  const std::string beginning = "prefixes/88.118.8/serialRanges/";
  const auto name = [&beginning](const std::string& whole) {
    return whole.rfind(beginning, 0) == 0 ? whole.substr(beginning.size()) : whole;
  };
  const auto id = [](const std::string& whole) { return whole.substr(whole.find('/') + 1); };
  std::string shown = Concat(name(range.name()), " ", range.pattern(), " ", range.first_serial(),
                             "-", range.last_serial(), " ", v1::Record::State_Name(range.state()));
  for (const v1::Value& value : range.values())
    shown += Concat(" ", value.type(), "=", value.data());
  shown += Concat(" by ", id(range.issued_by()));
  if (range.owner() != range.issued_by()) shown += Concat(" of ", id(range.owner()));
  if (!range.parent().empty()) shown += Concat(" from ", name(range.parent()));
  return Concat(shown, " leaf ", range.revision() - first_revision_);
}

}  // namespace gusu::server
