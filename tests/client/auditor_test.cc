// An auditor: what it takes for growth, what for a contradiction, and what it remembers.
#include "gusu/auditor.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "proto/checkpoint.h"
#include "tests/client/fake_server.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

namespace fs = std::filesystem;

// A log that is served, and a directory for the auditor.
class Watched {
 public:
  Watched() : directory_(fs::temp_directory_path() / ("auditor-" + MakeRequestId())) {
    fs::create_directories(directory_);
    Serve(5);
  }
  ~Watched() { fs::remove_all(directory_); }

  void Serve(FakeLog log) { server.audit.log = std::make_shared<const FakeLog>(std::move(log)); }
  // The first entries of the one log.
  void Serve(size_t count) {
    FakeLog log;
    log.AppendMany(count);
    Serve(std::move(log));
  }
  // A log that differs from the entry `from` on.
  static FakeLog Fork(size_t from, size_t count) {
    FakeLog log;
    log.AppendMany(from);
    Change other;
    other.resource = "prefixes/88.118.8/records/OTHER";
    log.Append(other);
    log.AppendMany(count - from - 1);
    return log;
  }

  std::string state_file() const { return directory_ / "state"; }
  Auditor Restart() const {
    return Auditor(Client(server.options()), {{FakeLog().vkey()}, state_file()});
  }

  FakeServer server;

 private:
  const fs::path directory_;
};

// `size` of the checkpoint, `+` when it has grown, and the alarm's message.
std::string Told(const AuditStep& step) {
  return std::to_string(step.checkpoint.tree_size) + (step.grown ? "+" : "") +
         (step.alarm ? " " + step.alarm->message : "");
}

std::string Told(const Result<AuditStep>& step) {
  return step ? Told(*step) : step.status().reason;
}

TEST_CASE("an auditor follows a log that grows, and goes on where it was after a restart") {
  Watched watched;
  {
    Auditor auditor = watched.Restart();
    CHECK(Told(auditor.Check()) == "5+");
    CHECK(Told(auditor.Check()) == "5");
    watched.Serve(300);
    CHECK(Told(auditor.Check()) == "300+");
  }
  struct stat info {};
  REQUIRE(stat(watched.state_file().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  watched.Serve(301);
  CHECK(Told(watched.Restart().Check()) == "301+");
}

constexpr char kTwoRoots[] =
    "5 the log signed two roots for its first 5 entries: it shows different logs";

TEST_CASE("two roots of one size are an alarm that has both notes and stays") {
  Watched watched;
  const std::string seen = watched.server.audit.log->Checkpoint();
  CHECK(Told(watched.Restart().Check()) == "5+");
  watched.Serve(Watched::Fork(3, 5));
  const std::string found = watched.server.audit.log->Checkpoint();
  CHECK(Told(watched.Restart().Check()) == kTwoRoots);
  // Also when the log is as it was, or shows something else again.
  watched.Serve(5);
  Auditor auditor = watched.Restart();
  const Result<AuditStep> step = auditor.Check();
  REQUIRE(step.ok());
  CHECK(Told(*step) == kTwoRoots);
  CHECK(step->alarm->seen == seen);
  CHECK(step->alarm->found == found);
  watched.Serve(Watched::Fork(2, 9));
  CHECK(Told(auditor.Check()) == kTwoRoots);
  // Both notes are the log's own: anybody can check that it signed them.
  CHECK(VerifyCheckpoint(step->alarm->seen, {FakeLog().vkey()}).ok());
  CHECK(VerifyCheckpoint(step->alarm->found, {FakeLog().vkey()}).ok());
  watched.Serve(8);
  CHECK(Told(auditor.Check()) == std::string("8+") + (kTwoRoots + 1));
}

TEST_CASE("a longer log that does not begin with the one seen is an alarm") {
  Watched watched;
  Auditor auditor = watched.Restart();
  CHECK(Told(auditor.Check()) == "5+");
  watched.Serve(Watched::Fork(4, 9));
  CHECK(Told(auditor.Check()) ==
        "5 the log does not show that its 9 entries begin with the 5 that it signed");
}

TEST_CASE("an older checkpoint is none, as long as the log still has what was seen") {
  Watched watched;
  Auditor auditor = watched.Restart();
  CHECK(Told(auditor.Check()) == "5+");
  watched.server.audit.checkpoint = watched.server.audit.log->Checkpoint(3);
  CHECK(Told(auditor.Check()) == "5");
  // Not one of this log's beginnings.
  watched.server.audit.checkpoint = Watched::Fork(1, 3).Checkpoint();
  CHECK(Told(auditor.Check()) ==
        "5 the log does not show that its 5 entries begin with the 3 that it signed");
}

TEST_CASE("a log that has become shorter is an alarm") {
  Watched watched;
  CHECK(Told(watched.Restart().Check()) == "5+");
  watched.Serve(3);
  CHECK(Told(watched.Restart().Check()) ==
        "5 the log signed 5 entries and says that it does not have them");
}

TEST_CASE("what cannot be reached, or was not signed by the log, is an error and changes nothing") {
  Watched watched;
  Auditor auditor = watched.Restart();
  CHECK(Told(auditor.Check()) == "5+");
  watched.server.audit.checkpoint = FakeLog("registry.example/log1", '\7').Checkpoint(0);
  CHECK(Told(auditor.Check()) == "SIGNATURE_MISSING");
  watched.server.audit.checkpoint.clear();
  watched.Serve(9);
  watched.server.audit.on_consistency = [](const auto&, auto*) {
    return Fault(grpc::StatusCode::DATA_LOSS, "RECORD_CORRUPT");
  };
  CHECK(Told(auditor.Check()) == "RECORD_CORRUPT");
  watched.server.audit.on_consistency = [&](const auto&, v1::GetConsistencyProofResponse* out) {
    out->add_hashes("short");
    return grpc::Status::OK;
  };
  CHECK(Told(auditor.Check()) ==
        "5 the log does not show that its 9 entries begin with the 5 that it signed");
}

TEST_CASE("what witnesses are shown must be the same log") {
  Watched watched;
  Auditor auditor = watched.Restart();
  watched.server.audit.cosigned_checkpoint = watched.server.audit.log->Checkpoint(2);
  CHECK(Told(auditor.Check()) == "5+");
  watched.server.audit.cosigned_checkpoint = Watched::Fork(1, 4).Checkpoint();
  CHECK(Told(auditor.Check()) ==
        "5 the log does not show that its 5 entries begin with the 4 that it signed");
}

TEST_CASE("the log's key can change while an auditor knows both") {
  Watched watched;
  const SignerKey older = KeyOf("registry.example/log1", '\1');
  const SignerKey newer = KeyOf("registry.example/log1", '\3');
  const auto serve = [&](size_t count, std::vector<SignerKey> signers) {
    FakeLog log;
    log.AppendMany(count);
    log.SetSigners(std::move(signers));
    watched.Serve(std::move(log));
  };
  const auto auditor_with = [&](const std::vector<std::string>& vkeys) {
    return Auditor(Client(watched.server.options()), {vkeys, watched.state_file()});
  };
  const std::string old_vkey = older.verifier().Text(), new_vkey = newer.verifier().Text();
  CHECK(Told(auditor_with({old_vkey}).Check()) == "5+");
  serve(5, {older, newer});
  CHECK(Told(auditor_with({old_vkey, new_vkey}).Check()) == "5");
  // What was seen is signed by the newer key from then on, although nothing has grown.
  CHECK(Told(auditor_with({new_vkey}).Check()) == "5");
  serve(7, {newer});
  CHECK(Told(auditor_with({new_vkey}).Check()) == "7+");
  serve(8, {older});
  CHECK(Told(auditor_with({new_vkey}).Check()) == "SIGNATURE_MISSING");
}

TEST_CASE("a state file that is damaged, of another log, or cannot be written is told") {
  Watched watched;
  CHECK(Told(watched.Restart().Check()) == "5+");
  std::string state;
  std::getline(std::ifstream(watched.state_file()), state);
  const auto told_with = [&](const std::string& text) {
    std::ofstream(watched.state_file()) << text;
    return Told(watched.Restart().Check());
  };
  CHECK(told_with("") == "AUDITOR_STATE");
  CHECK(told_with(state.substr(0, state.size() - 1)) == "AUDITOR_STATE");
  CHECK(told_with(R"({"format":"gusu.auditor/v2","checkpoint":""})") == "AUDITOR_STATE");
  CHECK(told_with(R"({"format":"gusu.auditor/v1","checkpoint":"","alarm":{"message":""}})") ==
        "AUDITOR_STATE");
  CHECK(told_with(R"({"format":"gusu.auditor/v1","checkpoint":"5"})") == "NOTE_MALFORMED");
  CHECK(told_with(state) == "5");

  FakeLog other("registry.example/log2", '\2');
  other.AppendMany(7);
  const std::vector<std::string> vkeys{other.vkey(), FakeLog().vkey()};
  watched.Serve(std::move(other));
  Auditor of_other(Client(watched.server.options()), {vkeys, watched.state_file()});
  CHECK(Told(of_other.Check()) == "AUDITOR_STATE");

  watched.Serve(9);
  fs::remove(watched.state_file());
  fs::create_directory(watched.state_file() + ".new");
  Auditor auditor = watched.Restart();
  CHECK(Told(auditor.Check()) == "AUDITOR_STATE");
  fs::remove(watched.state_file() + ".new");
  CHECK(Told(auditor.Check()) == "9+");
}

// Sends entries and a checkpoint for each size, and ends the stream after each.
void WatchInSteps(Watched& watched, const std::vector<uint64_t>& sizes) {
  watched.server.audit.on_watch = [&watched, sizes](const v1::WatchEntriesRequest& request,
                                                    FakeAudit::Writer* writer,
                                                    grpc::ServerContext*) {
    const std::shared_ptr<const FakeLog> served = watched.server.audit.log;
    const FakeLog& log = *served;
    const auto next = std::upper_bound(sizes.begin(), sizes.end(), request.start_leaf_index());
    if (next == sizes.end()) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
    v1::WatchEntriesResponse response;
    for (uint64_t i = request.start_leaf_index(); i < *next; ++i) {
      FillEntry(log, i, response.add_entries());
    }
    response.set_checkpoint(log.Checkpoint(*next));
    writer->Write(response);
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  };
}

struct Followed {
  std::vector<std::string> steps;
  std::vector<uint64_t> entries;
  Status status;
};

// Until a checkpoint of `last_size`, or as many steps at most.
Followed FollowTo(Auditor auditor, uint64_t last_size, size_t steps_max = 10) {
  Followed out;
  out.status = auditor.Follow(
      [&](const AuditStep& step) {
        out.steps.push_back(Told(step));
        return step.checkpoint.tree_size != last_size && out.steps.size() < steps_max;
      },
      [&](const LogEntry& entry) { out.entries.push_back(entry.leaf_index); });
  return out;
}

TEST_CASE("following tells every entry in order and a step for each checkpoint") {
  Watched watched;
  watched.server.audit.checkpoint = watched.server.audit.log->Checkpoint(2);
  watched.Serve(600);
  WatchInSteps(watched, {3, 259, 600});
  const Followed followed = FollowTo(watched.Restart(), 600);
  CHECK(followed.status == Status{});
  CHECK(followed.steps == std::vector<std::string>{"2+", "3+", "259+", "600+"});
  std::vector<uint64_t> expected(598);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] = i + 2;
  CHECK(followed.entries == expected);
  // Goes on behind it after a restart, from the tiles of what was seen.
  watched.server.audit.checkpoint.clear();
  watched.Serve(603);
  watched.server.audit.checkpoint = watched.server.audit.log->Checkpoint(600);
  WatchInSteps(watched, {603});
  CHECK(FollowTo(watched.Restart(), 603).steps == std::vector<std::string>{"600", "603+"});
}

TEST_CASE("entries that do not lead to the signed root are an alarm") {
  Watched watched;
  watched.server.audit.checkpoint = watched.server.audit.log->Checkpoint(5);
  watched.Serve(9);
  watched.server.audit.on_watch = [&](const v1::WatchEntriesRequest& request,
                                      FakeAudit::Writer* writer, grpc::ServerContext*) {
    v1::WatchEntriesResponse response;
    for (uint64_t i = request.start_leaf_index(); i < 9; ++i) {
      FillEntry(Watched::Fork(7, 9), i, response.add_entries());
    }
    response.set_checkpoint(watched.server.audit.log->Checkpoint(9));
    writer->Write(response);
    return grpc::Status::OK;
  };
  const Followed followed = FollowTo(watched.Restart(), 9, 2);
  CHECK(followed.steps.back() ==
        "5 the log's first 9 entries do not lead to the root that it signed for them");
}

TEST_CASE("an entry with a wrong opening, or a checkpoint out of turn, ends the following") {
  Watched watched;
  watched.server.audit.checkpoint = watched.server.audit.log->Checkpoint(5);
  watched.Serve(9);
  v1::WatchEntriesResponse right;
  for (uint64_t i = 5; i < 8; ++i) FillEntry(*watched.server.audit.log, i, right.add_entries());
  right.set_checkpoint(watched.server.audit.log->Checkpoint(8));
  const auto reason_with = [&](const std::function<void(v1::WatchEntriesResponse&)>& change) {
    v1::WatchEntriesResponse response = right;
    change(response);
    watched.server.audit.on_watch = [response](const auto&, FakeAudit::Writer* writer, auto*) {
      writer->Write(response);
      return Fault(grpc::StatusCode::PERMISSION_DENIED, "ENOUGH");
    };
    fs::remove(watched.state_file());
    return FollowTo(watched.Restart(), 100).status.reason;
  };
  CHECK(reason_with([](v1::WatchEntriesResponse&) {}) == "ENOUGH");
  CHECK(reason_with([](v1::WatchEntriesResponse& response) {
          response.mutable_entries(1)->mutable_opening()->back() ^= 1;
        }) == "PROOF_INVALID");
  CHECK(reason_with([](v1::WatchEntriesResponse& response) {
          response.mutable_entries(1)->set_leaf(response.entries(0).leaf());
        }) == "PROOF_INVALID");
  CHECK(reason_with([&](v1::WatchEntriesResponse& response) {
          response.set_checkpoint(watched.server.audit.log->Checkpoint(9));
        }) == "PROOF_INVALID");
  CHECK(reason_with([&](v1::WatchEntriesResponse& response) {
          response.set_checkpoint(watched.server.audit.log->Checkpoint(7));
        }) == "PROOF_INVALID");
}

TEST_CASE("tiles are believed for nothing") {
  Watched watched;
  watched.server.audit.on_tile = [&](const v1::GetTileRequest& request,
                                     v1::GetTileResponse* response) {
    std::string tile = watched.server.audit.log->Tile(request.path());
    tile[33] ^= 1;
    response->set_data(std::move(tile));
    return grpc::Status::OK;
  };
  CHECK(FollowTo(watched.Restart(), 9).status.reason == "PROOF_INVALID");
  watched.server.audit.on_tile = [](const auto&, auto*) {
    return Fault(grpc::StatusCode::DATA_LOSS, "RECORD_CORRUPT");
  };
  CHECK(FollowTo(watched.Restart(), 9).status.reason == "RECORD_CORRUPT");
}

TEST_CASE("a log that became shorter is found out while it is followed") {
  Watched watched;
  watched.server.audit.on_watch = [&](const auto&, auto*, auto*) {
    watched.Serve(3);
    return Fault(grpc::StatusCode::OUT_OF_RANGE, "TREE_SIZE_UNKNOWN");
  };
  const Followed followed = FollowTo(watched.Restart(), 100);
  CHECK(followed.status.reason == "TREE_SIZE_UNKNOWN");
  CHECK(followed.steps ==
        std::vector<std::string>{"5+",
                                 "5 the log signed 5 entries and says that it does not have them"});
}

}  // namespace
}  // namespace gusu::test
