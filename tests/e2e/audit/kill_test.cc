// kill -9 while receipts and checkpoints are given out: nothing that was signed is ever taken back.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <regex>
#include <thread>

#include "gusu/v1/audit.grpc.pb.h"
#include "proto/checkpoint.h"
#include "proto/tlog_proof.h"
#include "storage/head.h"
#include "storage/keys.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/e2e/api.h"
#include "tests/random.h"

namespace gusu::e2e {
namespace {

std::vector<VerifierKey> KeysOf(const ServerProcess& server) {
  std::string vkey = ReadWholeFile(server.data() + "/log.vkey");
  REQUIRE(!vkey.empty());
  vkey.pop_back();
  return {VerifierKey::Parse(vkey).value()};
}

// What the outside world saw signed: one root for each size, and the leaf of each receipt.
class Seen {
 public:
  explicit Seen(std::vector<VerifierKey> keys) : keys_(std::move(keys)) {}

  void AddCheckpoint(const std::string& note) {
    const auto opened = OpenCheckpoint(note, keys_);
    const std::lock_guard lock(mutex_);
    if (!opened.ok()) return AddFault(std::string(opened.status().message()));
    AddHead(opened->checkpoint.head);
  }
  void AddReceipt(const std::string& identifier, const v1::Receipt& receipt) {
    const auto proof = ParseTlogProof(receipt.proof().tlog_proof());
    const std::lock_guard lock(mutex_);
    ++receipts_count_;
    changed_.notify_all();
    if (!proof.ok()) return AddFault(identifier + ": " + std::string(proof.status().message()));
    const auto opened = VerifyTlogProof(*proof, LeafHash(receipt.proof().leaf()), keys_);
    if (!opened.ok()) return AddFault(identifier + ": " + std::string(opened.status().message()));
    if (proof->leaf_index != receipt.leaf_index()) AddFault(identifier + ": another leaf's proof");
    AddHead(opened->checkpoint.head);
    leaves_[receipt.leaf_index()] = receipt.proof().leaf();
  }
  // Until there are so many receipts, or no load is left to bring them.
  void WaitForReceipts(size_t count, const std::atomic<int>& loads_running) {
    std::unique_lock lock(mutex_);
    while (receipts_count_ < count && loads_running > 0) {
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    REQUIRE(receipts_count_ >= count);
  }

  // When nothing more is added.
  const std::map<uint64_t, Hash>& roots() const { return roots_; }
  const std::map<uint64_t, std::string>& leaves() const { return leaves_; }
  size_t receipts_count() const { return receipts_count_; }
  const std::vector<std::string>& faults() const { return faults_; }
  const std::vector<VerifierKey>& keys() const { return keys_; }

 private:
  void AddFault(std::string fault) {
    if (faults_.size() < 10) faults_.push_back(std::move(fault));
  }
  void AddHead(const TreeHead& head) {
    const auto [known, is_new] = roots_.emplace(head.size, head.root);
    if (!is_new && known->second != head.root) {
      AddFault("two roots of size " + std::to_string(head.size));
    }
  }

  const std::vector<VerifierKey> keys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<uint64_t, Hash> roots_;
  std::map<uint64_t, std::string> leaves_;
  size_t receipts_count_ = 0;
  std::vector<std::string> faults_;
};

// Three callers who want receipts one by one, a stream that wants them by the dozen, and an auditor
// who asks for checkpoints, until the server is gone.
class Load {
 public:
  Load(const ServerProcess& server, const Enterprise& enterprise, int round, Seen* seen)
      : beginning_(enterprise.prefix + "/" + std::to_string(round) + "-"), seen_(seen) {
    for (int i = 0; i < 3; ++i) {
      Run([this, i, api = Api(server, enterprise.writer_token)] { RegisterOneByOne(api, i); });
    }
    Run([this, api = Api(server, enterprise.writer_token)] { RegisterInStream(api); });
    Run([this, api = Api(server, "")] { AskForCheckpoints(api); });
  }
  ~Load() { Join(); }

  void Join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  const std::atomic<int>& running() const { return running_; }

 private:
  template <typename Body>
  void Run(Body body) {
    ++running_;
    threads_.emplace_back([this, body = std::move(body)] {
      body();
      --running_;
    });
  }

  void RegisterOneByOne(const Api& api, int caller) {
    v1::RegisterRequest request;
    request.set_include_proof(true);
    for (int i = 0;; ++i) {
      const std::string code = beginning_ + std::to_string(caller) + "-" + std::to_string(i);
      *request.mutable_row() = Product(code);
      const auto answer = api.Call(api.registry(), &v1::RegistryService::Stub::Register, request);
      if (!answer.ok()) return;
      seen_->AddReceipt(code, answer.value.result().receipt());
    }
  }

  void RegisterInStream(const Api& api) {
    const auto context = api.NewContext();
    const auto stream = api.registry()->StreamRegister(context.get());
    v1::StreamRegisterResponse response;
    for (int i = 0;; i += 12) {
      v1::StreamRegisterRequest request;
      request.set_include_proof(true);
      for (int row = i; row < i + 12; ++row) {
        *request.add_rows() = Product(beginning_ + "S-" + std::to_string(row));
      }
      if (!stream->Write(request) || !stream->Read(&response)) {
        (void)stream->Finish();
        return;
      }
      for (const auto& outcome : response.outcomes()) {
        seen_->AddReceipt(outcome.result().identifier(), outcome.result().receipt());
      }
    }
  }

  void AskForCheckpoints(const Api& api) {
    const auto audit = v1::AuditService::NewStub(api.channel());
    while (true) {
      const auto answer =
          api.Call(audit.get(), &v1::AuditService::Stub::GetCheckpoint, v1::GetCheckpointRequest());
      if (answer.fault.rfind("RESOURCE_EXHAUSTED", 0) == 0) continue;  // too often for one address
      if (!answer.ok()) return;
      seen_->AddCheckpoint(answer.value.checkpoint());
    }
  }

  const std::string beginning_;
  Seen* const seen_;
  std::atomic<int> running_{0};
  std::vector<std::thread> threads_;
};

// What a start finds in the store of a killed server; read from a copy.
storage::Head StoredHead(const ServerProcess& server) {
  const TemporaryDirectory copy;
  std::filesystem::copy(server.data() + "/db", copy.File("db"),
                        std::filesystem::copy_options::recursive);
  const auto engine = storage::OpenRocksDbEngine(copy.File("db")).value();
  const auto bytes = engine->Latest().value()->Get(storage::HeadKey()).value();
  REQUIRE(bytes.has_value());
  return storage::DecodeHead(*bytes).value();
}

// The sizes of the checkpoints in the anchor, in their order: a note a line, its line ends as tabs.
std::vector<uint64_t> AnchoredSizes(const ServerProcess& server, const std::string& origin) {
  const std::string anchor = ReadWholeFile(server.data() + "/anchor");
  const std::regex body("\t" + std::regex_replace(origin, std::regex("[.]"), "[.]") +
                        "\t([0-9]+)\t[A-Za-z0-9+/=]{44}\t");
  std::vector<uint64_t> sizes;
  for (std::sregex_iterator match(anchor.begin(), anchor.end(), body), end; match != end; ++match) {
    sizes.push_back(std::stoull((*match)[1]));
  }
  return sizes;
}

// The log that the server has now begins with every tree that was signed, and has every leaf that a
// receipt was given for.
void CheckExtends(const ServerProcess& server, const Seen& seen) {
  const Api api(server, server.token());
  const auto audit = v1::AuditService::NewStub(api.channel());
  const auto latest =
      api.Call(audit.get(), &v1::AuditService::Stub::GetCheckpoint, v1::GetCheckpointRequest());
  REQUIRE(latest.fault == "");
  const TreeHead now = OpenCheckpoint(latest.value.checkpoint(), seen.keys())->checkpoint.head;
  REQUIRE(now.size >= seen.roots().rbegin()->first);
  // Each extends the one before, and the log of now extends the last: at most some hundred calls.
  std::vector<TreeHead> heads;
  const size_t step = seen.roots().size() / 200 + 1;
  size_t position = 0;
  for (const auto& [size, root] : seen.roots()) {
    if (position++ % step == 0 || position == seen.roots().size()) heads.push_back({size, root});
  }
  heads.push_back(now);
  for (size_t i = 0; i + 1 < heads.size(); ++i) {
    v1::GetConsistencyProofRequest request;
    request.set_old_size(heads[i].size);
    request.set_new_size(heads[i + 1].size);
    const auto answer =
        api.Call(audit.get(), &v1::AuditService::Stub::GetConsistencyProof, request);
    REQUIRE(answer.fault == "");
    const std::vector<std::string_view> bytes(answer.value.hashes().begin(),
                                              answer.value.hashes().end());
    const auto hashes = HashesFromBytes(bytes);
    REQUIRE(hashes.ok());
    INFO("from " << heads[i].size << " to " << heads[i + 1].size);
    REQUIRE(VerifyConsistency(heads[i], heads[i + 1], *hashes).ok());
  }
  CompactRange all;
  v1::ListEntriesRequest list;
  list.set_view(v1::LEAF);
  list.set_page_size(1000);
  list.set_end_leaf_index(now.size);
  do {
    const auto page = api.Call(audit.get(), &v1::AuditService::Stub::ListEntries, list);
    REQUIRE(page.fault == "");
    for (const v1::LogEntry& entry : page.value.entries()) {
      REQUIRE(entry.leaf_index() == all.size());
      const auto receipt = seen.leaves().find(entry.leaf_index());
      REQUIRE((receipt == seen.leaves().end() || receipt->second == entry.leaf()));
      all.Append(LeafHash(entry.leaf()));
      const auto signed_root = seen.roots().find(all.size());
      REQUIRE((signed_root == seen.roots().end() || signed_root->second == all.Root()));
    }
    list.set_page_token(page.value.next_page_token());
  } while (!list.page_token().empty());
  REQUIRE(all.size() == now.size);
  REQUIRE(all.Root() == now.root);
}

TEST_CASE("no kill -9 takes back a signed tree, or leaves one signed that is not stored") {
  test::Random random("kill -9 under receipts");
  ServerProcess server;
  const Enterprise enterprise =
      MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Seen seen(KeysOf(server));
  for (int round = 0; round < 6; ++round) {
    {
      Load load(server, enterprise, round, &seen);
      seen.WaitForReceipts(seen.receipts_count() + 20 + random.Below(400), load.running());
      CHECK(server.Stop(SIGKILL) == 128 + SIGKILL);
      load.Join();
    }
    const std::vector<std::string> none;
    REQUIRE(seen.faults() == none);
    const uint64_t signed_size_max = seen.roots().rbegin()->first;
    const storage::Head head = StoredHead(server);
    const std::vector<uint64_t> anchored = AnchoredSizes(server, seen.keys().front().name());
    REQUIRE(!anchored.empty());
    CHECK(std::is_sorted(anchored.begin(), anchored.end()));
    CHECK(anchored.back() >= signed_size_max);
    CHECK(anchored.back() <= head.leaf_count);
    server.Start();
    CheckExtends(server, seen);
  }
  std::cout << seen.receipts_count() << " receipts, " << seen.roots().size() << " signed trees\n";
}

}  // namespace
}  // namespace gusu::e2e
