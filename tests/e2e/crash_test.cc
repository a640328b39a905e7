// Stops under write load, polite and not: every acknowledged write is there afterwards.
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

// Registers code after code on several threads and two streams, and remembers what was
// acknowledged.
class Load {
 public:
  Load(const ServerProcess& server, const Enterprise& enterprise) : enterprise_(enterprise) {
    for (int i = 0; i < 4; ++i) {
      threads_.emplace_back([this, i, api = Api(server, enterprise.writer_token)] {
        RegisterOneByOne(api, "U" + std::to_string(i) + "-");
      });
    }
    for (int i = 0; i < 2; ++i) {
      threads_.emplace_back([this, i, api = Api(server, enterprise.writer_token)] {
        RegisterInStream(api, "S" + std::to_string(i) + "-");
      });
    }
  }
  ~Load() { Join(); }

  void WaitForAcknowledged(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return receipts_.size() >= count || ended_ == 6; });
    REQUIRE(receipts_.size() >= count);
  }

  void Join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  // After Join().
  const std::map<std::string, v1::Receipt>& receipts() const { return receipts_; }
  const std::set<std::string>& faults() const { return faults_; }

 private:
  std::string Code(const std::string& begin, int number) const {
    return enterprise_.prefix + "/" + begin + std::to_string(number);
  }

  void Acknowledge(const v1::RegisterResult& result) {
    const std::lock_guard lock(mutex_);
    receipts_[result.identifier()] = result.receipt();
    changed_.notify_all();
  }

  void EndWith(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    faults_.insert(FaultOf(status));
    ++ended_;
    changed_.notify_all();
  }

  void RegisterOneByOne(const Api& api, const std::string& begin) {
    for (int i = 0;; ++i) {
      const auto answer = api.Register(Product(Code(begin, i)));
      if (!answer.ok()) return EndWith(answer.status);
      Acknowledge(answer.value.result());
    }
  }

  void RegisterInStream(const Api& api, const std::string& begin) {
    const auto context = api.NewContext();
    const auto stream = api.registry()->StreamRegister(context.get());
    v1::StreamRegisterResponse response;
    for (int i = 0;; i += 20) {
      v1::StreamRegisterRequest request;
      for (int row = i; row < i + 20; ++row) *request.add_rows() = Product(Code(begin, row));
      if (!stream->Write(request) || !stream->Read(&response)) return EndWith(stream->Finish());
      for (const auto& outcome : response.outcomes()) {
        if (outcome.has_result()) Acknowledge(outcome.result());
      }
    }
  }

  const Enterprise enterprise_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, v1::Receipt> receipts_;
  std::set<std::string> faults_;
  int ended_ = 0;
  std::vector<std::thread> threads_;
};

// Every acknowledged code resolves with its revision, and the same request again is answered with
// the first receipt.
void CheckAllThere(const ServerProcess& server, const Enterprise& enterprise,
                   const std::map<std::string, v1::Receipt>& receipts) {
  const Api api(server, enterprise.writer_token);
  v1::BatchResolveRequest resolve;
  v1::StreamRegisterRequest again;
  std::vector<v1::Receipt> expected;
  const auto check = [&] {
    const auto resolved =
        api.Call(api.resolver(), &v1::ResolverService::Stub::BatchResolve, resolve);
    REQUIRE(resolved.fault == "");
    const auto context = api.NewContext();
    const auto stream = api.registry()->StreamRegister(context.get());
    v1::StreamRegisterResponse repeated;
    REQUIRE(stream->Write(again));
    REQUIRE(stream->Read(&repeated));
    for (size_t i = 0; i < expected.size(); ++i) {
      const int index = static_cast<int>(i);
      const v1::Record& record = resolved.value.outcomes(index).response().record();
      REQUIRE(record.revision() == expected[i].revision());
      const v1::RegisterResult& result = repeated.outcomes(index).result();
      REQUIRE(result.outcome() == v1::RegisterResult::UNCHANGED);
      REQUIRE(result.receipt().SerializeAsString() == expected[i].SerializeAsString());
    }
    stream->WritesDone();
    CHECK(stream->Finish().ok());
    resolve.Clear();
    again.Clear();
    expected.clear();
  };
  for (const auto& [code, receipt] : receipts) {
    resolve.add_identifiers(code);
    *again.add_rows() = Product(code);
    expected.push_back(receipt);
    if (expected.size() == 1000) check();
  }
  if (!expected.empty()) check();
}

TEST_CASE("SIGTERM under load ends the calls under way, exits 0, and a restart has all of them") {
  ServerProcess server;
  const Enterprise enterprise =
      MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Load load(server, enterprise);
  load.WaitForAcknowledged(500);
  CHECK(server.Stop(SIGTERM) == 0);
  load.Join();
  for (const std::string& fault : load.faults()) {
    // Those that came after the stop began are cancelled by the transport.
    CHECK_THAT(fault, Catch::StartsWith("UNAVAILABLE") || Catch::Equals("CANCELLED "));
  }
  CHECK(ReadWholeFile(server.data() + "/grpc.address").empty());
  CHECK_THAT(server.log(), Catch::Contains(" info stopped"));
  server.Start();
  CheckAllThere(server, enterprise, load.receipts());
  CHECK(server.Stop(SIGINT) == 0);
}

TEST_CASE("kill -9 under load loses no acknowledged write, again and again") {
  ServerProcess server;
  const Enterprise enterprise =
      MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  std::map<std::string, v1::Receipt> receipts;
  for (int round = 0; round < 3; ++round) {
    Enterprise of_round = enterprise;
    of_round.prefix += "/" + std::to_string(round);
    Load load(server, of_round);
    load.WaitForAcknowledged(300 + 170 * static_cast<size_t>(round));
    CHECK(server.Stop(SIGKILL) == 128 + SIGKILL);
    load.Join();
    server.Start();
    receipts.insert(load.receipts().begin(), load.receipts().end());
    CheckAllThere(server, enterprise, receipts);
  }
  // Revisions go on strictly increasing.
  const Api api(server, enterprise.writer_token);
  const auto next = api.Register(Product("88.118.8/NEXT"));
  REQUIRE(next.fault == "");
  for (const auto& [code, receipt] : receipts) {
    REQUIRE(receipt.revision() < next.value.result().receipt().revision());
  }
}

TEST_CASE("a request id is remembered over kill -9") {
  ServerProcess server;
  const Enterprise enterprise =
      MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  v1::UpdateRecordRequest update;
  update.set_name("88.118.8/R-1");
  update.set_request_id("update-1");
  AddValue("name", "new", update.mutable_values());
  const auto call = [&](const Api& api) {
    return api.Call(api.registry(), &v1::RegistryService::Stub::UpdateRecord, update);
  };
  v1::Receipt first;
  {
    const Api api(server, enterprise.writer_token);
    REQUIRE(api.Register(Product("88.118.8/R-1")).fault == "");
    const auto answer = call(api);
    REQUIRE(answer.fault == "");
    first = answer.value.receipt();
  }
  server.Stop(SIGKILL);
  server.Start();
  const Api api(server, enterprise.writer_token);
  const auto again = call(api);
  REQUIRE(again.fault == "");
  CHECK(again.value.receipt().SerializeAsString() == first.SerializeAsString());
}

}  // namespace
}  // namespace gusu::e2e
