#include "proto/checkpoint.h"

#include <catch2/catch.hpp>

#include "proto/base64.h"
#include "proto/error.h"
#include "tests/proto/audit_keys.h"
#include "tests/proto/naive_tree.h"

using gusu::Checkpoint;
using gusu::FormatCheckpointBody;
using gusu::OpenCheckpoint;
using gusu::ParseCheckpointBody;
using gusu::SignatureType;
using gusu::SignCheckpoint;
using gusu::SignerKey;
using gusu::test::LogKey;
using gusu::test::Seed;
using gusu::test::WitnessKey;

namespace {

const std::string kRoot = "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=";
const std::string kBody = "registry.example/log1\n70000\n" + kRoot + "\n";

// Signed with other programs from the same seeds.
const std::string kEmptyBody =
    "registry.example/log1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
const std::string kLogLine =
    "— registry.example/log1 RRcULcaY3FCBf7442sIQUKgP4rwROAkskgeND903hyLi9wSXnmsBfFhXqOi79o/"
    "kMzjLvv3PuZSaRCnUfu3V9mFWdgM=\n";
const std::string kWitnessLine =
    "— witness.example/w1 "
    "IDJKvgAAAABlU/EACls9Mw347VNbAABBx0jBPqB3tLCJnOHUY3IZyBaUg7sjHbJ3zdym3H3V0aFw"
    "dyXWzDcCn+ML/ohCHwHpp+VYCg==\n";

std::string ReasonOf(const absl::Status& status) {
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return gusu::ErrorReason(status);
}

}  // namespace

TEST_CASE("a checkpoint of the empty log is signed and cosigned as by other programs") {
  const Checkpoint empty{"registry.example/log1", {}, {}};
  CHECK(*SignCheckpoint(empty, {LogKey(), WitnessKey()}, 1700000000) ==
        kEmptyBody + "\n" + kLogLine + kWitnessLine);
}

TEST_CASE("an opened checkpoint says who signed it, and witnesses when") {
  const auto opened = OpenCheckpoint(kEmptyBody + "\n" + kLogLine + kWitnessLine,
                                     {LogKey().verifier(), WitnessKey().verifier()});
  REQUIRE(opened.ok());
  CHECK(opened->checkpoint == Checkpoint{"registry.example/log1", {}, {}});
  CHECK(opened->signatures ==
        std::vector<gusu::VerifiedSignature>{
            {"registry.example/log1", 0x4517142d, SignatureType::kEd25519, 0},
            {"witness.example/w1", 0x20324abe, SignatureType::kCosignature, 1700000000}});
}

TEST_CASE("a body is origin, size, root and extension lines") {
  const auto checkpoint = ParseCheckpointBody(kBody + "one\ntwo\n");
  REQUIRE(checkpoint.ok());
  CHECK(checkpoint->origin == "registry.example/log1");
  CHECK(checkpoint->head.size == 70000);
  CHECK(gusu::Base64Encode(gusu::AsBytes(checkpoint->head.root)) == kRoot);
  CHECK(checkpoint->extension_lines == std::vector<std::string>{"one", "two"});
  CHECK(*FormatCheckpointBody(*checkpoint) == kBody + "one\ntwo\n");
  CHECK(ParseCheckpointBody("o\n18446744073709551615\n" + kRoot + "\n")->head.size == ~uint64_t{0});
}

TEST_CASE("text of another form is no checkpoint") {
  for (const std::string& wrong :
       {std::string(),
        std::string("\n"),
        "origin\n1\n" + kRoot,
        std::string("origin\n1\n"),
        "\n1\n" + kRoot + "\n",
        "origin\n\n" + kRoot + "\n",
        "origin\n01\n" + kRoot + "\n",
        "origin\n+1\n" + kRoot + "\n",
        "origin\n-1\n" + kRoot + "\n",
        "origin\n 1\n" + kRoot + "\n",
        "origin\n1 \n" + kRoot + "\n",
        "origin\n0x1\n" + kRoot + "\n",
        "origin\n1.0\n" + kRoot + "\n",
        "origin\n18446744073709551616\n" + kRoot + "\n",
        "origin\n1\n" + kRoot.substr(0, 43) + "\n",
        "origin\n1\n" + kRoot + " \n",
        "origin\n1\n" + kRoot.substr(4) + "\n",
        "origin\n1\nAAAA" + kRoot + "\n",
        "origin\n1\n" + kRoot.substr(0, 42) + "p=\n",  // bits beyond the root
        "origin\n0\n" + kRoot + "\n",
        kBody + "\n",
        kBody + "one\n\ntwo\n",
        kBody + "one"}) {
    CAPTURE(wrong);
    const auto checkpoint = ParseCheckpointBody(wrong);
    REQUIRE_FALSE(checkpoint.ok());
    CHECK(ReasonOf(checkpoint.status()) == "CHECKPOINT_MALFORMED");
  }
}

TEST_CASE("a checkpoint that would be read otherwise is not written") {
  const Checkpoint checkpoint = *ParseCheckpointBody(kBody);
  for (const auto& change : std::vector<void (*)(Checkpoint&)>{
           [](Checkpoint& c) { c.origin = ""; },
           [](Checkpoint& c) { c.origin = "a\nb"; },
           [](Checkpoint& c) { c.head.size = 0; },
           [](Checkpoint& c) { c.extension_lines = {""}; },
           [](Checkpoint& c) { c.extension_lines = {"a\nb"}; },
       }) {
    Checkpoint wrong = checkpoint;
    change(wrong);
    CHECK(ReasonOf(FormatCheckpointBody(wrong).status()) == "CHECKPOINT_MALFORMED");
    CHECK_FALSE(SignCheckpoint(wrong, {LogKey()}).ok());
  }
  CHECK(ReasonOf(SignCheckpoint(checkpoint, {}).status()) == "NOTE_MALFORMED");
}

TEST_CASE("each field of a signed checkpoint, changed alone, is noticed") {
  const std::vector<gusu::VerifierKey> keys = {LogKey().verifier(), WitnessKey().verifier()};
  const Checkpoint checkpoint{
      "registry.example/log1", gusu::test::HeadOf(gusu::test::NumberedLeaves(5), 5), {"extension"}};
  const std::string text = *SignCheckpoint(checkpoint, {LogKey(), WitnessKey()}, 1700000000);
  REQUIRE(OpenCheckpoint(text, keys).ok());
  const std::string signatures = text.substr(text.find("\n\n") + 1);
  const auto with_body = [&](const Checkpoint& changed) {
    return *FormatCheckpointBody(changed) + signatures;
  };
  const std::vector<void (*)(Checkpoint&)> changes = {
      [](Checkpoint& c) { c.origin = "registry.example/log2"; },
      [](Checkpoint& c) { ++c.head.size; },
      [](Checkpoint& c) { c.head.root[31] ^= 1; },
      [](Checkpoint& c) { c.extension_lines[0] += "s"; },
      [](Checkpoint& c) { c.extension_lines.clear(); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    Checkpoint changed = checkpoint;
    changes[i](changed);
    CHECK(ReasonOf(OpenCheckpoint(with_body(changed), keys).status()) == "SIGNATURE_INVALID");
  }
}

TEST_CASE("a checkpoint counts only when its own log signed it") {
  const Checkpoint checkpoint = *ParseCheckpointBody(kBody);
  const gusu::VerifierKey log = LogKey().verifier();
  const gusu::VerifierKey witness = WitnessKey().verifier();

  // By a witness alone, though the witness is known.
  const std::string witnessed = *SignCheckpoint(checkpoint, {WitnessKey()}, 1700000000);
  CHECK(ReasonOf(OpenCheckpoint(witnessed, {log, witness}).status()) == "SIGNATURE_MISSING");
  CHECK(ReasonOf(OpenCheckpoint(witnessed, {witness}).status()) == "ORIGIN_DIFFERS");

  // By another log that is known too.
  const SignerKey other = LogKey("registry.example/log2");
  const std::string foreign = *SignCheckpoint(checkpoint, {other});
  CHECK(ReasonOf(OpenCheckpoint(foreign, {other.verifier(), log}).status()) == "SIGNATURE_MISSING");
  const auto differs = OpenCheckpoint(foreign, {other.verifier()});
  CHECK(ReasonOf(differs.status()) == "ORIGIN_DIFFERS");
  CHECK(gusu::ErrorMetadataValue(differs.status(), "origin") == "registry.example/log1");

  // By a cosigner that has the log's name: it states consistency, not that the log said so.
  const SignerKey cosigner =
      *SignerKey::Make("registry.example/log1", SignatureType::kCosignature, Seed(0));
  const std::string cosigned = *SignCheckpoint(checkpoint, {cosigner}, 1700000000);
  CHECK(ReasonOf(OpenCheckpoint(cosigned, {cosigner.verifier(), log}).status()) ==
        "SIGNATURE_MISSING");

  // During a change of keys both sign, and either is enough.
  const SignerKey next =
      *SignerKey::Make("registry.example/log1", SignatureType::kEd25519, Seed(7));
  const std::string both = *SignCheckpoint(checkpoint, {LogKey(), next});
  CHECK(OpenCheckpoint(both, {log})->signatures.size() == 1);
  CHECK(OpenCheckpoint(both, {next.verifier()})->signatures.size() == 1);
  CHECK(OpenCheckpoint(both, {log, next.verifier()})->signatures.size() == 2);
}

TEST_CASE("a signed text that is no checkpoint is none") {
  gusu::SignedNote note{"text\n", {LogKey().Sign("text\n")}};
  const auto opened = OpenCheckpoint(*gusu::FormatSignedNote(note), {LogKey().verifier()});
  CHECK(ReasonOf(opened.status()) == "CHECKPOINT_MALFORMED");
}
