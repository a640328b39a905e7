// A registry on the memory engine with all that gusud starts, asked over HTTP without a socket.
//
// The clock is the machine's: credentials are for now.
#pragma once

#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/audit/audit.h"
#include "server/audit/checkpoints.h"
#include "server/audit/proofs.h"
#include "server/bureau_reads.h"
#include "server/credential_vault.h"
#include "server/doors/handle/identities.h"
#include "server/doors/http/router.h"
#include "server/grants/grants.h"
#include "server/metrics/metrics.h"
#include "server/ranges/serial_ranges.h"
#include "server/rate_limit.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/statistics/statistics.h"
#include "server/statistics/usage_writer.h"
#include "server/templates/templates.h"
#include "server/transfers/transfers.h"
#include "tests/server/registry_world.h"
#include "tests/temporary_directory.h"

namespace gusu::server {

// Registrants sz-pumps (88.118.8) and sz-valves (88.118.9), both ACTIVE; sz-new, who applied.
// Records of sz-pumps, in the order of the log:
//   88.118.8/HP-1     1 URL https://pumps.example/HP-1, 2 NAME 离心泵 HP-1, 3 PRICE 1000 (PARTNER),
//                     4 COST 700 (OWNER)
//   88.118.8/LOT/A+1:2   1 NAME 批次 <01> & "x": its code has what paths encode
//   88.118.8/OLD      retired: SUPERSEDED, with successor 88.118.8/HP-1
//   88.118.8/ASLEEP   suspended
// Nobody registered 88.118.8/NEVER.
class HttpWorld {
 public:
  struct Options {
    std::string public_url = "https://id.example";
    RateLimiter::Options limits;
  };
  static constexpr const char* kOrigin = "registry.example/http";

  // Tokens, for Bearer().
  static constexpr const char* kBureauAdmin = "gusu_bureau";
  static constexpr const char* kBureauAuditor = "gusu_auditor";
  static constexpr const char* kPumpsAdmin = "gusu_sz-pumps";
  static constexpr const char* kPumpsWriter = "gusu_pumps_writer";
  static constexpr const char* kPumpsReader = "gusu_pumps_reader";
  static constexpr const char* kValvesAdmin = "gusu_sz-valves";
  // Secrets of the Handle identities 300:88.118.8/ADMIN (a writer's) and 300:88.118.9/ADMIN.
  static constexpr const char* kPumpsSecret = "the secret of the pumps";
  static constexpr const char* kValvesSecret = "the secret of the valves";

  HttpWorld() : HttpWorld(Options()) {}
  explicit HttpWorld(const Options& options);
  ~HttpWorld();

  static HttpHeader Bearer(std::string_view token);
  // From the server's own machine.
  static HttpRequest Request(std::string_view method, std::string_view target,
                             std::vector<HttpHeader> headers = {}, std::string body = "");

  // The answer, with all parts of its body; at most kPartsMax, then the rest is not asked for.
  HttpResponse Ask(HttpRequest request);
  HttpResponse Ask(std::string_view method, std::string_view target,
                   std::vector<HttpHeader> headers = {}, std::string body = "") {
    return Ask(Request(method, target, std::move(headers), std::move(body)));
  }
  HttpResponse Get(std::string_view target, std::vector<HttpHeader> headers = {}) {
    return Ask("GET", target, std::move(headers));
  }
  static constexpr int kPartsMax = 10'000;

  // Answers that come part by part, on any thread.
  struct Inbox {
    void Put(HttpResponse response);
    HttpResponse Take();
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<HttpResponse> responses;  // guarded by mutex
  };
  std::shared_ptr<Inbox> Send(HttpRequest request);

  // What a rule answers a bearer, past every door; ends the test when it fails.
  //   Write(&Registry::Register, HttpWorld::kPumpsWriter, R"(row { identifier: "88.118.8/A" })")
  template <typename Rules, typename Request, typename Response>
  Response Write(void (Rules::*method)(const Request&, const Caller&, Done<Response>),
                 const std::string& bearer, const std::string& request) {
    const auto message = FromText<Request>(request);  // until the rule has answered
    std::promise<absl::StatusOr<Response>> answer;
    (Rule<Rules>().*method)(message, Who(bearer), [&answer](absl::StatusOr<Response> response) {
      answer.set_value(std::move(response));
    });
    return Whole(answer.get_future().get());
  }
  template <typename Rules, typename Request, typename Response>
  Response Read(absl::Status (Rules::*method)(const Request&, const Caller&, Response*) const,
                const std::string& bearer, const std::string& request) {
    Response response;
    const absl::Status status =
        (Rule<Rules>().*method)(FromText<Request>(request), Who(bearer), &response);
    return Whole(status.ok() ? absl::StatusOr<Response>(std::move(response)) : status);
  }
  // Who a bearer is at the HTTP door; empty: nobody.
  Caller Who(const std::string& bearer) const;

  const DoorRules& rules() const { return rules_; }
  // Answers by these rules from then on.
  void Serve(const DoorRules& rules);
  HttpRouter& router() { return *router_; }
  storage::Ledger& ledger() { return *ledger_; }
  Checkpoints& checkpoints() { return *checkpoints_; }
  UsageWriter& usage() { return *usage_; }
  Metrics& metrics() { return metrics_; }
  std::shared_ptr<const storage::View> View() const { return *ledger_->Latest(); }

 private:
  template <typename Response>
  static Response Whole(absl::StatusOr<Response> response) {
    INFO(response.status());
    REQUIRE(response.ok());
    return *std::move(response);
  }
  template <typename Rules>
  Rules& Rule();
  void Enroll(const std::string& id, const std::string& prefix);
  void MakeToken(const std::string& parent, const std::string& token, const std::string& role);
  void MakeIdentity(const std::string& id, const std::string& secret);
  void MakeRecords();

  const TemporaryDirectory directory_;
  Metrics metrics_;
  std::unique_ptr<storage::Ledger> ledger_;
  std::unique_ptr<Checkpoints> checkpoints_;
  std::unique_ptr<Proofs> proofs_;
  CredentialVault vault_{""};
  const CredentialIdentities identities_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Registrar> registrar_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<BureauReads> bureau_reads_;
  std::unique_ptr<Grants> grants_;
  std::unique_ptr<SerialRanges> ranges_;
  std::unique_ptr<Statistics> statistics_;
  std::unique_ptr<UsageWriter> usage_;
  std::unique_ptr<Templates> templates_;
  std::unique_ptr<Transfers> transfers_;
  std::unique_ptr<Audit> audit_;
  RateLimiter rate_limiter_;
  DoorRules rules_;
  std::unique_ptr<HttpRouter> router_;
};

template <typename Rules>
Rules& HttpWorld::Rule() {
  if constexpr (std::is_same_v<Rules, Registry>) return *registry_;
  if constexpr (std::is_same_v<Rules, Registrar>) return *registrar_;
  if constexpr (std::is_same_v<Rules, Resolver>) return *resolver_;
  if constexpr (std::is_same_v<Rules, BureauReads>) return *bureau_reads_;
  if constexpr (std::is_same_v<Rules, Grants>) return *grants_;
  if constexpr (std::is_same_v<Rules, SerialRanges>) return *ranges_;
  if constexpr (std::is_same_v<Rules, Statistics>) return *statistics_;
  if constexpr (std::is_same_v<Rules, Templates>) return *templates_;
  if constexpr (std::is_same_v<Rules, Transfers>) return *transfers_;
  if constexpr (std::is_same_v<Rules, Audit>) return *audit_;
}

}  // namespace gusu::server
