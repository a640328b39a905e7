// The bounds of what waits to be proved.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "server/attempt_limiter.h"
#include "server/doors/handle/challenges.h"

namespace gusu::server {
namespace {

const HandlePeer kTcp{"192.0.2.1", handle::Transport::kTcp};
const HandlePeer kUdp{"192.0.2.1", handle::Transport::kUdp};
const HandlePeer kOther{"198.51.100.1", handle::Transport::kTcp};

struct Table {
  explicit Table(Challenges::Options options = {}) : challenges(WithClock(std::move(options))) {}
  Challenges::Options WithClock(Challenges::Options options) {
    options.clock = [this] { return now; };
    return options;
  }
  uint32_t Issue(const HandlePeer& peer, const std::string& message = "request",
                 uint32_t request_id = 1) {
    handle::Envelope envelope;
    envelope.request_id = request_id;
    return challenges.Issue(peer, envelope, message, "digest of " + message).session_id;
  }
  // The message that was spent, `expired` or `none`.
  std::string Spend(const HandlePeer& peer, uint32_t id) {
    const auto spent = challenges.Spend(peer, id);
    if (!spent.has_value()) return "none";
    return spent->expired ? "expired" : spent->request.message;
  }
  absl::Time now = absl::FromUnixSeconds(1'767'225'600);
  Challenges challenges;
};

TEST_CASE("a request is kept with its envelope, nonce and digest until it is spent") {
  Table table;
  handle::Envelope envelope;
  envelope.request_id = 7;
  const auto issued = table.challenges.Issue(kTcp, envelope, "header and body", "its digest");
  CHECK(issued.session_id != 0);
  CHECK(issued.nonce.size() == 16);
  CHECK(table.challenges.size() == 1);
  CHECK(table.challenges.bytes() == 15);
  const auto spent = table.challenges.Spend(kTcp, issued.session_id);
  REQUIRE(spent.has_value());
  CHECK_FALSE(spent->expired);
  CHECK(spent->request.envelope.request_id == 7);
  CHECK(spent->request.envelope.message_bytes == 15);
  CHECK(spent->request.message == "header and body");
  CHECK(spent->request.nonce == issued.nonce);
  CHECK(spent->request.digest == "its digest");
  CHECK(table.challenges.size() == 0);
  CHECK(table.challenges.bytes() == 0);
  CHECK(table.Spend(kTcp, issued.session_id) == "none");
}

TEST_CASE("an id is known to the source that it was given to, over UDP and TCP") {
  Table table;
  const uint32_t id = table.Issue(kUdp);
  CHECK(table.Spend(kOther, id) == "none");
  CHECK(table.Spend(kTcp, id + 1) == "none");
  CHECK(table.Spend(kTcp, id) == "request");
}

TEST_CASE("what expired is told so for as long again, and then forgotten") {
  Table table;
  const uint32_t first = table.Issue(kTcp), second = table.Issue(kTcp);
  table.now += absl::Seconds(61);
  CHECK(table.Spend(kTcp, first) == "expired");
  CHECK(table.Spend(kTcp, first) == "none");
  table.now += absl::Seconds(60);
  table.Issue(kOther);
  CHECK(table.Spend(kTcp, second) == "none");
  CHECK(table.challenges.size() == 1);
}

TEST_CASE("a source's oldest request makes room for its next one, and for nobody else's") {
  Table table;
  const uint32_t others = table.Issue(kOther);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 17; ++i) ids.push_back(table.Issue(kTcp));
  CHECK(std::set<uint32_t>(ids.begin(), ids.end()).size() == ids.size());
  CHECK(table.challenges.size() == 17);
  CHECK(table.Spend(kTcp, ids[0]) == "none");
  CHECK(table.Spend(kTcp, ids[1]) == "request");
  CHECK(table.Spend(kOther, others) == "request");
  // The addresses of one IPv6 network are one source.
  const uint32_t sixth = table.Issue({"2001:db8::1", handle::Transport::kTcp});
  for (int i = 0; i < 16; ++i) table.Issue({"2001:db8::2", handle::Transport::kTcp});
  CHECK(table.Spend({"2001:db8::3", handle::Transport::kTcp}, sixth) == "none");
}

TEST_CASE("this machine may have as many requests as there are") {
  Table table;
  const HandlePeer here{"127.0.0.1", handle::Transport::kTcp};
  const uint32_t first = table.Issue(here);
  for (int i = 0; i < 100; ++i) table.Issue(here);
  CHECK(table.Spend(here, first) == "request");
}

TEST_CASE("where the table is full its oldest request makes room") {
  Challenges::Options options;
  options.tcp.requests_max = 3;
  Table table(options);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(table.Issue({"192.0.2." + std::to_string(i), handle::Transport::kTcp}));
  }
  CHECK(table.challenges.size() == 3);
  CHECK(table.Spend({"192.0.2.0", handle::Transport::kTcp}, ids[0]) == "none");
  CHECK(table.Spend({"192.0.2.1", handle::Transport::kTcp}, ids[1]) == "request");
}

TEST_CASE("requests over UDP take no room from those over TCP") {
  Challenges::Options options;
  options.udp.requests_max = 2;
  Table table(options);
  const uint32_t tcp = table.Issue(kTcp);
  for (uint32_t i = 0; i < 10; ++i) table.Issue(kUdp, "request", i);
  CHECK(table.challenges.size() == 3);
  CHECK(table.Spend(kTcp, tcp) == "request");
}

TEST_CASE("the bytes of requests are bounded as their number is") {
  Challenges::Options options;
  options.tcp.bytes_max = 1000;
  Table table(options);
  const uint32_t first = table.Issue(kTcp, std::string(400, 'a'));
  const uint32_t second = table.Issue(kTcp, std::string(400, 'b'));
  const uint32_t third = table.Issue(kTcp, std::string(600, 'c'));
  CHECK(table.challenges.bytes() == 1000);
  CHECK(table.Spend(kTcp, first) == "none");
  CHECK(table.Spend(kTcp, second) == std::string(400, 'b'));
  CHECK(table.Spend(kTcp, third) == std::string(600, 'c'));
}

TEST_CASE("over UDP the same request has one challenge as long as that is good") {
  Table table;
  const uint32_t first = table.Issue(kUdp);
  CHECK(table.Issue(kUdp) == first);
  CHECK(table.Issue(kUdp, "another") != first);
  CHECK(table.Issue(kUdp, "request", 2) != first);
  CHECK(table.Issue({"198.51.100.1", handle::Transport::kUdp}) != first);
  table.now += absl::Seconds(61);
  CHECK(table.Issue(kUdp) != first);
  // Over TCP nothing is sent again by itself.
  CHECK(table.Issue(kTcp) != table.Issue(kTcp));
}

TEST_CASE(
    "attempts fill up again, what is beyond them is owed, and the oldest source is forgotten") {
  absl::Time now = absl::FromUnixSeconds(1'767'225'600);
  AttemptLimiter::Options options{2, 0.5};
  options.sources_max = 2;
  options.clock = [&now] { return now; };
  AttemptLimiter limiter(options);
  for (int i = 0; i < 3; ++i) {
    CHECK(limiter.HasLeft("a") == (i < 2));
    limiter.Count("a");
  }
  now += absl::Seconds(2);
  CHECK_FALSE(limiter.HasLeft("a"));
  now += absl::Seconds(2);
  CHECK(limiter.HasLeft("a"));
  limiter.Count("a");
  CHECK_FALSE(limiter.HasLeft("a"));
  limiter.Count("b");
  CHECK_FALSE(limiter.HasLeft("a"));
  limiter.Count("c");
  CHECK(limiter.HasLeft("a"));
}

}  // namespace
}  // namespace gusu::server
