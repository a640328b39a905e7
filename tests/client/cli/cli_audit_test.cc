// The audit family where it needs no server: proofs in files, logs in directories, and what is
// refused before anything is sent.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "gusu/json.h"
#include "gusu/log_verification.h"
#include "tests/client/audit_answer.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

using gusu::test::AnswerOfPump;
using gusu::test::FakeLog;
using gusu::test::LogOfPumps;

// No configuration of whoever runs the tests.
class CleanEnvironment {
 public:
  CleanEnvironment() {
    setenv("XDG_CONFIG_HOME", directory.path().c_str(), 1);
    for (const char* name : {"GUSU_VKEY", "GUSU_SERVER", "GUSU_CA", "GUSU_TOKEN_FILE"}) {
      unsetenv(name);
    }
  }
  ~CleanEnvironment() { unsetenv("XDG_CONFIG_HOME"); }
  TemporaryDirectory directory;
};

class FakeSource : public LogSource {
 public:
  explicit FakeSource(const FakeLog& log) : log_(log) {}
  Result<std::string> ReadCheckpoint() override { return log_.Checkpoint(); }
  Status ReadEntries(uint64_t first, uint64_t end,
                     const std::function<bool(LogEntry)>& visit) override {
    for (; first < end && visit(log_.Entry(first)); ++first) {
    }
    return {};
  }
  Result<std::string> ReadTile(const std::string& path) override { return log_.Tile(path); }

 private:
  const FakeLog& log_;
};

// The whole log in `directory`.
void Export(const FakeLog& log, const std::string& directory) {
  FakeSource source(log);
  REQUIRE(ExportLog(source, directory, {log.vkey()}).ok());
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a proof in a file shows what is proven, and apart from it what is only stated") {
  const CleanEnvironment environment;
  const FakeLog log = LogOfPumps();
  const std::string file =
      environment.directory.Write("HP-1.proof.json", ToJson(AnswerOfPump(log)) + "\n");
  const Ran ran = Run({"audit", "verify-proof", file, "--vkey", log.vkey()});
  CAPTURE(ran.out, ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(
      ran.out.starts_with("PROVEN: 88.118.8/HP/1 was registered by registrants/sz-pumps, "
                          "unaltered since 2023-"));
  CHECK(Has(ran.out, "Bound and shown   BODY, PUBLIC, PARTNER\n"));
  CHECK(Has(ran.out, "Bound, not shown  OWNER\n"));
  CHECK(Has(ran.out, "registry.example/log1, size 8, root "));
  CHECK(Has(ran.out, "PROVEN, and inherited from:"));
  const size_t stated = ran.out.find("\nSTATED by the server over its signature, as of ");
  CHECK(stated != std::string::npos);
  CHECK(Has(ran.out.substr(stated), "Later changes and recalls are not known."));
  CHECK_FALSE(Has(ran.out, "genuine"));

  const Ran json = Run({"--json", "audit", "verify-proof", file, "--vkey", log.vkey()});
  CHECK(json.exit_code == 0);
  CHECK(json.out.starts_with("{\"proven\":"));
  CHECK(Run({"audit", "verify-proof", file, "--vkey", log.vkey(), "--code", "88.118.8/hp/1"})
            .exit_code == 0);
  const Ran other =
      Run({"audit", "verify-proof", file, "--vkey", log.vkey(), "--code", "88.118.8/HP/2"});
  CHECK(other.exit_code == 1);
  CHECK(other.out.empty());
}

TEST_CASE("an entry's proof and a bare receipt are proofs too") {
  const CleanEnvironment environment;
  const FakeLog log = LogOfPumps();
  const LeafProof proof = log.Prove(3);
  const std::string file = environment.directory.Write("leaf.json", ToJson(proof));
  const Ran leaf = Run({"audit", "verify-proof", file, "--vkey", log.vkey()});
  CAPTURE(leaf.out, leaf.err);
  CHECK(leaf.exit_code == 0);
  CHECK(leaf.out.starts_with(
      "PROVEN: these bytes stand in the log, unaltered since they were logged.\n"));
  CHECK(Has(leaf.out, "Operation        REGISTER\n"));
  const std::string receipt = environment.directory.Write("receipt", proof.tlog_proof);
  const Ran bare = Run({"audit", "verify-proof", receipt, "--vkey", log.vkey()});
  CAPTURE(bare.out, bare.err);
  CHECK(bare.exit_code == 0);
  CHECK(Has(bare.out, "Opening     not shown: what was logged stays closed\n"));
}

TEST_CASE("a proof that does not hold ends with 1 and the fact that fails") {
  const CleanEnvironment environment;
  const FakeLog log = LogOfPumps();
  const auto run = [&](const std::string& content, const std::string& vkey) {
    return Run(
        {"audit", "verify-proof", environment.directory.Write("proof", content), "--vkey", vkey});
  };
  AnswerProof answer = AnswerOfPump(log);
  answer.record.parts[1].content.back() ^= 1;
  const Ran changed = run(ToJson(answer), log.vkey());
  CAPTURE(changed.err);
  CHECK(changed.exit_code == 1);
  CHECK(Has(changed.err, "gusu: "));
  CHECK(Has(changed.err, "what was shown is not proven"));
  CHECK(changed.out.empty());

  LeafProof leaf = log.Prove(3);
  leaf.leaf[20] ^= 1;
  CHECK(run(ToJson(leaf), log.vkey()).exit_code == 1);
  std::string receipt = log.Prove(3).tlog_proof;
  receipt.replace(receipt.find("index 3"), 7, "index 4");
  const Ran moved = run(receipt, log.vkey());
  CHECK(moved.exit_code == 1);
  CHECK(Has(moved.err, "PROOF_INVALID"));
  const FakeLog other("registry.example/log1", '\2');
  const Ran foreign = run(log.Prove(3).tlog_proof, other.vkey());
  CHECK(foreign.exit_code == 1);
  CHECK(Has(foreign.err, "SIGNATURE_MISSING"));
}

TEST_CASE("what is no proof and what is no key is wrong usage, not a proof that fails") {
  const CleanEnvironment environment;
  const FakeLog log = LogOfPumps();
  const std::string proof = environment.directory.Write("proof", ToJson(log.Prove(3)));
  const auto exit_code = [](const std::vector<std::string>& words) { return Run(words).exit_code; };
  CHECK(exit_code({"audit", "verify-proof", "/nowhere", "--vkey", log.vkey()}) == 2);
  CHECK(exit_code({"audit", "verify-proof", environment.directory.Write("text", "hello"), "--vkey",
                   log.vkey()}) == 2);
  CHECK(exit_code({"audit", "verify-proof", proof, "--vkey", "a+00000000+AQ=="}) == 2);
  const Ran keyless = Run({"audit", "verify-proof", proof});
  CHECK(keyless.exit_code == 2);
  CHECK(Has(keyless.err, "no verifier key is known"));
  CHECK(Has(keyless.err, "--vkey KEY or FILE"));
}

TEST_CASE("the key comes from --vkey, GUSU_VKEY, or the profile") {
  const CleanEnvironment environment;
  const FakeLog log = LogOfPumps();
  const std::string proof = environment.directory.Write("proof", ToJson(log.Prove(3)));
  const std::string keys = environment.directory.Write("vkey", log.vkey() + "\n");
  CHECK(Run({"audit", "verify-proof", proof, "--vkey", keys}).exit_code == 0);
  setenv("GUSU_VKEY", keys.c_str(), 1);
  CHECK(Run({"audit", "verify-proof", proof}).exit_code == 0);
  unsetenv("GUSU_VKEY");
  std::filesystem::create_directories(environment.directory.File("gusu"));
  environment.directory.Write("gusu/config.toml", "[profiles.default]\nvkey = \"" + keys + "\"\n");
  CHECK(Run({"audit", "verify-proof", proof}).exit_code == 0);
}

TEST_CASE("a log in a directory is verified without a server") {
  const CleanEnvironment environment;
  FakeLog log = LogOfPumps();
  log.AppendMany(500);
  const std::string directory = environment.directory.File("export");
  Export(log, directory);
  const Ran ran = Run({"audit", "verify", directory, "--vkey", directory + "/vkey"});
  CAPTURE(ran.out, ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "OK: registry.example/log1: 508 leaves and 3 tiles checked against the signed root; what "
        "is stored was not compared\n");
  const std::string earlier = environment.directory.Write("earlier", log.Checkpoint(100));
  CHECK(Has(Run({"audit", "verify", directory, "--vkey", log.vkey(), "--earlier", earlier}).out,
            "against the signed root and the checkpoint of 100 leaves"));
  const Ran json = Run({"--json", "audit", "verify", directory, "--vkey", log.vkey()});
  CHECK(json.out.starts_with("{\"ok\":true,\"leaves\":508,\"tiles\":3,\"openings\":0,"));
}

TEST_CASE("damage in a directory ends with 1 and is named, the first in the verdict") {
  const CleanEnvironment environment;
  FakeLog log = LogOfPumps();
  log.AppendMany(500);
  const TemporaryDirectory directory;
  Export(log, directory.path());
  std::string tile = log.Tile("tile/0/000");
  tile[32 * 9] ^= 1;
  tile[32 * 8] ^= 1;
  directory.Write("tile/0/000", tile);
  std::filesystem::remove(directory.File("tile/1/000.p/1"));
  const Ran ran = Run({"audit", "verify", directory.path(), "--vkey", log.vkey()});
  CHECK(ran.exit_code == 1);
  CHECK(ran.out.starts_with(
      "DIFFERS: 2 differences, first: tile/0/000: hash 8 is not that of leaf 8; "));
  CHECK(Has(ran.err, "further: tile/1/000.p/1: LOG_FILE_MISSING"));
  const Ran json = Run({"audit", "verify", directory.path(), "--vkey", log.vkey(), "--json"});
  CHECK(json.exit_code == 1);
  CHECK(json.out.starts_with("{\"ok\":false,"));
  CHECK(Has(json.out, "\"differences\":[\"tile/0/000: hash 8 is not that of leaf 8\","));
  const FakeLog other("registry.example/log1", '\2');
  CHECK(Run({"audit", "verify", directory.path(), "--vkey", other.vkey()}).exit_code == 1);
  CHECK(Run({"audit", "verify", "/nowhere", "--vkey", log.vkey()}).exit_code == 2);
}

TEST_CASE("an audit command that contradicts itself is refused before anything is sent") {
  const CleanEnvironment environment;
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"audit", "proof"}, "which proof?"},
      {{"audit", "proof", "88.118.8/HP-1", "--leaf", "3"}, "which proof?"},
      {{"audit", "verify", "--content", "--no-content"}, "contradict each other"},
      {{"audit", "verify", "x", "--content", "--vkey", "x"}, "a directory has no store"},
      {{"audit", "verify", "--earlier", "/nowhere"}, "there is no checkpoint in /nowhere"},
      {{"audit", "verify"}, "no verifier key is known"},
      {{"audit", "verify"}, "--trust-server-key"},
      {{"audit", "export", "x"}, "no verifier key is known"},
      {{"audit", "entries", "--since", "tomorrow"}, "'tomorrow'"},
      {{"audit", "cosign", "x", "--witness-vkey", "y"}, "a --reason is required"},
      {{"audit", "cosign", "x"}, "--witness-vkey is required"},
      {{"audit", "follow"}, "--state is required"},
  };
  for (const auto& [words, message] : cases) {
    const Ran ran = Run(words);
    CAPTURE(words, ran.err);
    CHECK(ran.exit_code == 2);
    CHECK(Has(ran.err, message));
    CHECK(ran.out.empty());
  }
}

}  // namespace
}  // namespace gusu::cli
