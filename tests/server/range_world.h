// The registry's world with serial ranges and with readers; answers as one line of text.
#pragma once

#include <string>

#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "server/ranges/serial_ranges.h"
#include "server/resolver.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

class RangeWorld : public RegistryWorld {
 public:
  RangeWorld();

  SerialRanges& ranges() { return ranges_; }

  // The request in text; of sz-pumps' writer unless said otherwise.
  std::string Allocate(const std::string& request) {
    return AllocateAs(Writer("sz-pumps"), request);
  }
  std::string AllocateAs(const Caller& caller, const std::string& request);
  // Of 88.118.8: the suffixes of the part's ends. Each call is a request of its own.
  std::string Activate(const std::string& first, const std::string& last);
  std::string ActivateAs(const Caller& caller, const std::string& request);
  std::string Release(const std::string& first, const std::string& last);
  std::string ReleaseAs(const Caller& caller, const std::string& request);
  // Below 88.118.8, one a line.
  std::string List(const Caller& caller, const std::string& more = "");
  std::string Get(const Caller& caller, const std::string& name);

  // Anonymous, of 88.118.8; as of a leaf of the world when it is not negative.
  std::string Resolve(const std::string& suffix, int as_of_leaf = -1);

  template <typename Request>
  absl::StatusOr<v1::SerialRangeResponse> CallRanges(
      void (SerialRanges::*method)(const Request&, const Caller&, Done<v1::SerialRangeResponse>),
      const Request& request, const Caller& caller) {
    std::promise<absl::StatusOr<v1::SerialRangeResponse>> answer;
    (ranges_.*method)(request, caller, [&answer](absl::StatusOr<v1::SerialRangeResponse> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }

  // Counters of the prefix: `records 1 range codes 100`.
  std::string Counters(const std::string& prefix_key) const;
  // Of 88.118.8, what the day's row has, by number of the counter: `10:100 11:10`.
  std::string DayCounts() const;

  // `0-100 BOLT-{serial:4} 1-100 RESERVED by sz-pumps leaf 0`, with parent and owner if there is
  // another.
  std::string Show(const v1::SerialRange& range) const;
  using RegistryWorld::Show;

 private:
  std::string Told(const absl::StatusOr<v1::SerialRangeResponse>& response) const;

  SerialRanges ranges_;
  Resolver resolver_;
  uint64_t first_revision_ = 0;
  int request_count_ = 0;
};

}  // namespace gusu::server
