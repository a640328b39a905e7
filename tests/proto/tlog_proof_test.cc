#include "proto/tlog_proof.h"

#include <catch2/catch.hpp>

#include "proto/base64.h"
#include "proto/error.h"
#include "tests/proto/audit_keys.h"
#include "tests/proto/naive_tree.h"
#include "tests/random.h"

using gusu::FormatTlogProof;
using gusu::Hash;
using gusu::ParseTlogProof;
using gusu::TlogProof;
using gusu::VerifyTlogProof;
using gusu::test::LogKey;
using gusu::test::NumberedLeaves;
using gusu::test::WitnessKey;

namespace {

// Entry 2 of 5, as another program proves it from the same seeds.
const std::string kReceipt =
    "c2sp.org/tlog-proof@v1\n"
    "index 2\n"
    "YcoROfaBWEHVuvLQ0tm9nf7pfImN1ve6DAqpQe5sAes=\n"
    "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=\n"
    "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=\n"
    "\n"
    "registry.example/log1\n"
    "5\n"
    "fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=\n"
    "\n"
    "— registry.example/log1 "
    "RRcULR/dLTFOCveZCwuPHQY1VFloHzC+chPCnLJ168FXGtjztQepD+qgI+ek/FyKro+xQJRLrCRLDrQ/xp9YtGhFPgQ=\n"
    "— witness.example/w1 "
    "IDJKvgAAAABlU/EA/"
    "LFluLQLLzZ9JkYkZpEVxYILvL2Pn4pUl2W07V1PMJxc+HL46HCgwPRG2xulHcfo80eabmnyCBV3ZxJrXTQmDg==\n";

std::vector<gusu::VerifierKey> Keys() { return {LogKey().verifier(), WitnessKey().verifier()}; }

TlogProof ProofOf(uint64_t leaf_index, size_t size, const std::string& extra = "") {
  const std::vector<Hash> leaves = NumberedLeaves(size);
  const gusu::Checkpoint checkpoint{"registry.example/log1", gusu::test::HeadOf(leaves, size), {}};
  return {extra, leaf_index,
          *gusu::MakeInclusionProof(leaf_index, size, gusu::test::ReadFrom(leaves)),
          *gusu::SignCheckpoint(checkpoint, {LogKey(), WitnessKey()}, 1700000000)};
}

std::string ReasonOf(const absl::Status& status) {
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return gusu::ErrorReason(status);
}

// The text with its checkpoint left as it is.
std::string WithHead(const std::string& head) { return head + "\n" + ProofOf(0, 1).checkpoint; }

}  // namespace

TEST_CASE("a proof's text is version, extra, index, hashes and the checkpoint as it is") {
  const TlogProof proof = ProofOf(2, 3, "extra");
  const auto text = FormatTlogProof(proof);
  REQUIRE(text.ok());
  CHECK(*text == "c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 2\n" +
                     gusu::Base64Encode(gusu::AsBytes(proof.hashes[0])) + "\n\n" +
                     proof.checkpoint);
  CHECK(*ParseTlogProof(*text) == proof);
  CHECK(*FormatTlogProof(ProofOf(0, 1)) ==
        "c2sp.org/tlog-proof@v1\nindex 0\n\n" + ProofOf(0, 1).checkpoint);
}

TEST_CASE("a proof is the text that another program writes for it") {
  CHECK(*FormatTlogProof(ProofOf(2, 5)) == kReceipt);
  const auto proof = ParseTlogProof(kReceipt);
  REQUIRE(proof.ok());
  const auto opened = VerifyTlogProof(*proof, gusu::LeafHash("entry 2"), Keys());
  REQUIRE(opened.ok());
  CHECK(opened->checkpoint.head == gusu::test::HeadOf(NumberedLeaves(5), 5));
  CHECK(opened->signatures ==
        std::vector<gusu::VerifiedSignature>{
            {"registry.example/log1", 0x4517142d, gusu::SignatureType::kEd25519, 0},
            {"witness.example/w1", 0x20324abe, gusu::SignatureType::kCosignature, 1700000000}});
}

TEST_CASE("every leaf of logs up to 20 entries is proven by its text alone") {
  const std::vector<Hash> leaves = NumberedLeaves(20);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    for (size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const auto proof = ParseTlogProof(*FormatTlogProof(ProofOf(index, size)));
      REQUIRE(proof.ok());
      const auto opened = VerifyTlogProof(*proof, leaves[index], Keys());
      REQUIRE(opened.ok());
      REQUIRE(opened->checkpoint.head == gusu::test::HeadOf(leaves, size));
      REQUIRE(opened->signatures.size() == 2);
      REQUIRE(ReasonOf(VerifyTlogProof(*proof, leaves[(index + 1) % 20], Keys()).status()) ==
              "PROOF_INVALID");
    }
  }
}

TEST_CASE("each field of a proof, wrong alone, makes it prove nothing") {
  const Hash leaf = NumberedLeaves(6)[5];
  const TlogProof proof = ProofOf(5, 13);
  REQUIRE(VerifyTlogProof(proof, leaf, Keys()).ok());
  const auto reason = [&](const TlogProof& wrong) {
    return ReasonOf(VerifyTlogProof(wrong, leaf, Keys()).status());
  };
  for (uint64_t index = 0; index <= 14; ++index) {
    if (index == 5) continue;
    TlogProof wrong = proof;
    wrong.leaf_index = index;
    CHECK(reason(wrong) == "PROOF_INVALID");
  }
  for (size_t i = 0; i < proof.hashes.size(); ++i) {
    TlogProof wrong = proof;
    wrong.hashes[i][i] ^= 1;
    CHECK(reason(wrong) == "PROOF_INVALID");
    wrong = proof;
    wrong.hashes.erase(wrong.hashes.begin() + static_cast<ptrdiff_t>(i));
    CHECK(reason(wrong) == "PROOF_INVALID");
  }
  TlogProof wrong = proof;
  wrong.hashes.push_back(leaf);
  CHECK(reason(wrong) == "PROOF_INVALID");
  // Another checkpoint of the same log.
  wrong = proof;
  wrong.checkpoint = ProofOf(5, 12).checkpoint;
  CHECK(reason(wrong) == "PROOF_INVALID");
  // The same signatures below another size.
  wrong = proof;
  wrong.checkpoint.replace(wrong.checkpoint.find("\n13\n"), 4, "\n14\n");
  CHECK(reason(wrong) == "SIGNATURE_INVALID");
  // Keys of others.
  CHECK(ReasonOf(VerifyTlogProof(proof, leaf, {LogKey("other").verifier()}).status()) ==
        "SIGNATURE_MISSING");
  CHECK(ReasonOf(VerifyTlogProof(proof, leaf, {WitnessKey().verifier()}).status()) ==
        "ORIGIN_DIFFERS");
  // What is extra is nobody's statement.
  wrong = proof;
  wrong.extra = "anything";
  CHECK(VerifyTlogProof(wrong, leaf, Keys()).ok());
}

TEST_CASE("text of another form is no proof") {
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = gusu::Base64Encode(std::string(32, 'h')) + "\n";
  REQUIRE(ParseTlogProof(WithHead(first + "index 0\n")).ok());
  REQUIRE(ParseTlogProof(WithHead(first + "extra AA==\nindex 0\n" + hash)).ok());
  for (const std::string& head : {std::string(),
                                  std::string("c2sp.org/tlog-proof@v2\nindex 0\n"),
                                  "\n" + first,
                                  first,
                                  first + "index\n",
                                  first + "index \n",
                                  first + "index 00\n",
                                  first + "index -1\n",
                                  first + "index 1 \n",
                                  first + "index 18446744073709551616\n",
                                  first + "Index 1\n",
                                  first + "extra AA==\n",
                                  first + "extra\nindex 0\n",
                                  first + "extra \nindex 0\n",
                                  first + "extra A\nindex 0\n",
                                  first + "extra AA==\nextra AA==\nindex 0\n",
                                  first + "index 0\nextra AA==\n",
                                  first + "index 0\nindex 0\n",
                                  first + "index 0\n" + hash.substr(4),
                                  first + "index 0\nAAAA" + hash,
                                  first + "index 0\n " + hash,
                                  first + "index 0\r\n"}) {
    CAPTURE(head);
    const auto proof = ParseTlogProof(WithHead(head));
    REQUIRE_FALSE(proof.ok());
    CHECK(ReasonOf(proof.status()) == "PROOF_MALFORMED");
  }
  CHECK(ReasonOf(ParseTlogProof(first + "index 0\n").status()) == "PROOF_MALFORMED");
  CHECK(ReasonOf(ParseTlogProof(first + "index 0\n\n").status()) == "NOTE_MALFORMED");
  CHECK(ReasonOf(ParseTlogProof(first + "index 0\n\ntext\n\n— foo AAAAAAA=\n").status()) ==
        "CHECKPOINT_MALFORMED");
}

TEST_CASE("a proof has at most 64 hashes and 64 KiB of extra bytes") {
  TlogProof proof = ProofOf(0, 1);
  proof.hashes.resize(64);
  proof.extra.assign(gusu::kTlogProofExtraBytesMax, 'e');
  REQUIRE(FormatTlogProof(proof).ok());
  CHECK(*ParseTlogProof(*FormatTlogProof(proof)) == proof);
  proof.hashes.resize(65);
  CHECK(ReasonOf(FormatTlogProof(proof).status()) == "PROOF_MALFORMED");
  proof.hashes.resize(64);
  proof.extra += 'e';
  CHECK(ReasonOf(FormatTlogProof(proof).status()) == "PROOF_MALFORMED");
  CHECK(ReasonOf(ParseTlogProof(std::string(gusu::kTlogProofBytesMax + 1, 'a')).status()) ==
        "PROOF_MALFORMED");
}

TEST_CASE("a proof cut off anywhere is no proof") {
  const std::string text = *FormatTlogProof(ProofOf(2, 7));
  const size_t log_signed = text.find('\n', text.find("—")) + 1;
  for (size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    // Without the witness's line it is a proof that the log alone signed.
    CHECK(ParseTlogProof(std::string_view(text).substr(0, length)).ok() == (length == log_signed));
  }
}

TEST_CASE("whatever is done to a proof, it proves the same leaf or none") {
  gusu::test::Random random("proofs");
  const std::vector<Hash> leaves = NumberedLeaves(7);
  const std::string whole = *FormatTlogProof(ProofOf(2, 7, "extra"));
  for (int i = 0; i < 20000; ++i) {
    std::string text = whole;
    const size_t at = random.Below(text.size());
    switch (random.Below(3)) {
      case 0:
        text[at] = static_cast<char>(random.Below(256));
        break;
      case 1:
        text.erase(at, 1 + random.Below(60));
        break;
      default:
        text.insert(at, whole.substr(random.Below(whole.size()), 1 + random.Below(60)));
    }
    const auto proof = ParseTlogProof(text);
    if (!proof.ok()) continue;
    REQUIRE(*FormatTlogProof(*proof) == text);
    const auto opened = VerifyTlogProof(*proof, leaves[2], Keys());
    if (!opened.ok()) continue;
    REQUIRE(proof->leaf_index == 2);
    REQUIRE(opened->checkpoint.head == gusu::test::HeadOf(leaves, 7));
  }
}
