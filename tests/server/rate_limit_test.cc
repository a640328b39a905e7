#include "server/rate_limit.h"

#include <catch2/catch.hpp>

#include "proto/error.h"

namespace gusu::server {
namespace {

class Limited {
 public:
  explicit Limited(size_t addresses_max = 100) : limiter_(OptionsWith(addresses_max)) {}

  bool Apply(const std::string& peer) { return Call(Method::kApplyRegistrant, peer, 1).ok(); }
  bool Resolve(const std::string& peer, size_t count) {
    return Call(Method::kBatchResolve, peer, count).ok();
  }
  absl::Status Call(Method method, const std::string& peer, size_t cost,
                    Role role = Role::kAnonymous) {
    Caller caller;
    caller.peer = peer;
    caller.role = role;
    return limiter_.Admit(method, caller, cost);
  }
  void Pass(absl::Duration time) { now_ += time; }

 private:
  RateLimiter::Options OptionsWith(size_t addresses_max) {
    RateLimiter::Options options;
    options.applications = {2, 3};
    options.resolutions = {100, 1000};
    options.loopback_applications = {2, 30};
    options.addresses_max = addresses_max;
    options.clock = [this] { return now_; };
    return options;
  }

  absl::Time now_ = absl::UnixEpoch();
  RateLimiter limiter_;
};

TEST_CASE("an address may call as often as its bucket has tokens, which come back with time") {
  Limited limited;
  for (int i = 0; i < 3; ++i) CHECK(limited.Apply("192.0.2.1"));
  const absl::Status refused = limited.Call(Method::kApplyRegistrant, "192.0.2.1", 1);
  CHECK(refused.code() == absl::StatusCode::kResourceExhausted);
  CHECK(ErrorReason(refused) == "RATE_LIMITED");
  CHECK(ErrorMetadataValue(refused, "retry_after_ms") == "500");
  CHECK(ErrorMetadataValue(refused, "address") == "192.0.2.1");
  // Others are not concerned.
  CHECK(limited.Apply("192.0.2.2"));
  limited.Pass(absl::Milliseconds(500));
  CHECK(limited.Apply("192.0.2.1"));
  CHECK_FALSE(limited.Apply("192.0.2.1"));
  limited.Pass(absl::Hours(1));
  for (int i = 0; i < 3; ++i) CHECK(limited.Apply("192.0.2.1"));
  CHECK_FALSE(limited.Apply("192.0.2.1"));
}

TEST_CASE("resolutions count by identifier, and apart from applications") {
  Limited limited;
  CHECK(limited.Resolve("192.0.2.1", 1000));
  CHECK_FALSE(limited.Resolve("192.0.2.1", 1));
  CHECK(limited.Apply("192.0.2.1"));
  limited.Pass(absl::Seconds(1));
  CHECK_FALSE(limited.Resolve("192.0.2.1", 101));
  CHECK(limited.Resolve("192.0.2.1", 100));
}

TEST_CASE("a call that costs more than the burst is possible once the bucket is full") {
  Limited limited;
  CHECK(limited.Resolve("192.0.2.1", 5000));
  CHECK_FALSE(limited.Resolve("192.0.2.1", 5000));
  limited.Pass(absl::Seconds(10));
  CHECK(limited.Resolve("192.0.2.1", 5000));
}

TEST_CASE("callers with a credential, and calls that need one, are not limited here") {
  Limited limited;
  for (int i = 0; i < 10; ++i) {
    CHECK(limited.Call(Method::kResolve, "192.0.2.1", 1000, Role::kReader).ok());
    CHECK(limited.Call(Method::kListTemplates, "192.0.2.1", 1000).ok());
  }
}

TEST_CASE("loopback has a rate of its own, which is limited too") {
  Limited limited;
  for (const char* peer : {"127.0.0.1", "::1", "::ffff:127.0.0.2"}) {
    for (int i = 0; i < 30; ++i) CHECK(limited.Apply(peer));
    CHECK_FALSE(limited.Apply(peer));
  }
}

TEST_CASE("an address is limited in whatever form it is written, an IPv6 one with its network") {
  CHECK(AddressGroup("192.0.2.1") == "192.0.2.1");
  CHECK(AddressGroup("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(AddressGroup("::1") == "::1");
  CHECK(AddressGroup("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(AddressGroup("2001:db8:1:2::9") == "2001:db8:1:2::/64");
  CHECK(AddressGroup("2001:db8::9") == "2001:db8:0:0::/64");
  CHECK(AddressGroup("2001:db8::") == "2001:db8:0:0::/64");
  CHECK(AddressGroup("fe80::1") == "fe80:0:0:0::/64");
  CHECK(AddressGroup("") == "");
}

TEST_CASE("the addresses that are remembered are bounded, and the longest idle goes first") {
  Limited limited(2);
  for (int i = 0; i < 3; ++i) CHECK(limited.Apply("192.0.2.1"));
  CHECK(limited.Apply("192.0.2.2"));
  CHECK_FALSE(limited.Apply("192.0.2.1"));
  CHECK(limited.Apply("192.0.2.3"));  // 192.0.2.2 is forgotten
  CHECK_FALSE(limited.Apply("192.0.2.1"));
  for (int i = 0; i < 3; ++i) CHECK(limited.Apply("192.0.2.2"));
}

}  // namespace
}  // namespace gusu::server
