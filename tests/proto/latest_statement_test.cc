#include "proto/latest_statement.h"

#include <catch2/catch.hpp>

#include "proto/checkpoint.h"
#include "proto/error.h"
#include "proto/signed_note.h"
#include "tests/proto/audit_keys.h"

using gusu::FormatLatestStatement;
using gusu::IdentifierHash;
using gusu::LatestStatement;
using gusu::OpenLatestStatement;
using gusu::ParseLatestStatement;
using gusu::test::LogKey;
using gusu::test::Seed;
using gusu::test::WitnessKey;

namespace {

const std::string kHash = "wsiCbkU3tkrApAAA8RunF50nvUa62bLXkNgdZ9kFhP0=";
const std::string kText =
    "gusu.latest/v1\nregistry.example/log1\n5\n1800000000000000\n1799999999000000\n"
    "1799990000000000\n" +
    kHash + "\n";
// The example of proto/AUDIT.md; another program found the hash, and the signature right.
const std::string kNote =
    kText +
    "\n— registry.example/log1 RRcULeOLCS5SgRZcO8dTe1ibW+omWVtZiJ2Disv5cv9KLUjRFdxu5nKADz7KZT09"
    "Ock4LifoYY0KdIYRCAi6+RgVBA0=\n";

LatestStatement Example() {
  return {"registry.example/log1", 5,
          1800000000000000,        1799999999000000,
          1799990000000000,        IdentifierHash(Seed(0x40), "prefixes/88.118.8/records/HP-1")};
}

std::string SignedBy(const std::string& text, const gusu::SignerKey& key) {
  return *gusu::FormatSignedNote({text, {key.Sign(text, 1700000000)}});
}

std::string ReasonOf(const absl::Status& status) {
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return gusu::ErrorReason(status);
}

}  // namespace

TEST_CASE("the example of the guide is written, signed and opened as it stands there") {
  CHECK(*FormatLatestStatement(Example()) == kText);
  CHECK(SignedBy(kText, LogKey()) == kNote);
  CHECK(*OpenLatestStatement(kNote, {LogKey().verifier()}) == Example());
}

TEST_CASE("a statement is opened by one of two keys that sign during a rotation") {
  const gusu::SignerKey next =
      *gusu::SignerKey::Make("registry.example/log1", gusu::SignatureType::kEd25519, Seed(0x60));
  const std::string note =
      *gusu::FormatSignedNote({kText, {LogKey().Sign(kText), next.Sign(kText)}});
  CHECK(*OpenLatestStatement(note, {LogKey().verifier()}) == Example());
  CHECK(*OpenLatestStatement(note, {next.verifier()}) == Example());
}

TEST_CASE("a statement with any field wrong is not the one that was signed") {
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"gusu.latest/v1", "gusu.latest/v2"},
      {"example/log1\n5", "example/log2\n5"},
      {"\n5\n", "\n6\n"},
      {"1800000000000000", "1800000000000001"},
      {"1799999999000000", "1799999999000001"},
      {"1799990000000000", "1799990000000001"},
      {"wsiC", "wsiD"},
  };
  for (const auto& [from, to] : changes) {
    std::string note = kNote;
    note.replace(note.find(from), from.size(), to);
    INFO(to);
    CHECK(ReasonOf(OpenLatestStatement(note, {LogKey().verifier()}).status()) ==
          "SIGNATURE_INVALID");
  }
}

TEST_CASE("a salt or a name other than the record's gives another hash") {
  CHECK(IdentifierHash(Seed(0x41), "prefixes/88.118.8/records/HP-1") != Example().identifier_hash);
  CHECK(IdentifierHash(Seed(0x40), "prefixes/88.118.8/records/HP-2") != Example().identifier_hash);
}

TEST_CASE("text of another form is no statement, and the line at fault is named") {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = kText;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", ""},
      {kText + "\n", ""},
      {kText + "more\n", ""},
      {kText.substr(0, kText.size() - 1), ""},
      {with("gusu.latest/v1", "gusu.latest/v2"), "1"},
      {with("registry.example/log1", ""), "2"},
      {with("registry.example/log1", "two words"), "2"},
      {with("\n5\n", "\n0\n"), "3"},
      {with("\n5\n", "\n05\n"), "3"},
      {with("\n5\n", "\n+5\n"), "3"},
      {with("\n5\n", "\n\n"), "3"},
      {with("\n5\n", "\n18446744073709551616\n"), "3"},
      {with("1800000000000000", "1800000000000000 "), "4"},
      {with("1800000000000000", "-1"), "4"},
      {with("1799999999000000", "later"), "5"},
      {with("1799990000000000", "0"), "6"},
      {with("1799990000000000", "1799999999000001"), "6"},
      {with(kHash, kHash.substr(1)), "7"},
      {with(kHash, "AAAA"), "7"},
      {with(kHash, ""), "7"},
  };
  for (const auto& [text, line] : wrong) {
    INFO(text);
    const auto read = ParseLatestStatement(text);
    CHECK(ReasonOf(read.status()) == "STATEMENT_MALFORMED");
    CHECK(gusu::ErrorMetadataValue(read.status(), "line") == line);
  }
}

TEST_CASE("what would not be read is not written") {
  LatestStatement statement = Example();
  statement.origin = "a\nb";
  CHECK(ReasonOf(FormatLatestStatement(statement).status()) == "STATEMENT_MALFORMED");
  statement = Example();
  statement.revision = statement.read_revision + 1;
  CHECK(ReasonOf(FormatLatestStatement(statement).status()) == "STATEMENT_MALFORMED");
  statement = Example();
  statement.tree_size = 0;
  CHECK(ReasonOf(FormatLatestStatement(statement).status()) == "STATEMENT_MALFORMED");
}

TEST_CASE("only the log itself states which revision is the latest") {
  CHECK(ReasonOf(OpenLatestStatement(kText, {LogKey().verifier()}).status()) == "NOTE_MALFORMED");
  CHECK(ReasonOf(OpenLatestStatement(kNote, {}).status()) == "SIGNATURE_MISSING");
  CHECK(ReasonOf(OpenLatestStatement(SignedBy(kText, WitnessKey()), {WitnessKey().verifier()})
                     .status()) == "ORIGIN_DIFFERS");
  CHECK(ReasonOf(OpenLatestStatement(SignedBy(kText, WitnessKey()),
                                     {WitnessKey().verifier(), LogKey().verifier()})
                     .status()) == "SIGNATURE_MISSING");
  const gusu::SignerKey other = LogKey("registry.example/log2");
  CHECK(ReasonOf(OpenLatestStatement(SignedBy(kText, other), {other.verifier()}).status()) ==
        "ORIGIN_DIFFERS");
}

TEST_CASE("a statement is no checkpoint, and a checkpoint is no statement") {
  CHECK(ReasonOf(gusu::OpenCheckpoint(kNote, {LogKey().verifier()}).status()) ==
        "CHECKPOINT_MALFORMED");
  const std::string checkpoint =
      *gusu::SignCheckpoint({"registry.example/log1", {}, {}}, {LogKey()});
  CHECK(ReasonOf(OpenLatestStatement(checkpoint, {LogKey().verifier()}).status()) ==
        "STATEMENT_MALFORMED");
}
