#include "proto/merkle.h"

#include <catch2/catch.hpp>

#include "proto/base64.h"
#include "proto/error.h"
#include "tests/proto/naive_tree.h"
#include "tests/random.h"

using gusu::AsBytes;
using gusu::CompactRange;
using gusu::Hash;
using gusu::HexEncode;
using gusu::LeafHash;
using gusu::MakeConsistencyProof;
using gusu::MakeInclusionProof;
using gusu::TreeHead;
using gusu::VerifyConsistency;
using gusu::VerifyInclusion;
using gusu::test::HeadOf;
using gusu::test::Leaves;
using gusu::test::NumberedLeaves;
using gusu::test::ReadFrom;

namespace {

using std::string_literals::operator""s;

// The leaves of RFC 6962's reference implementation.
const std::vector<std::string> kReferenceEntries = {
    ""s,
    "\x00"s,
    "\x10"s,
    "\x20\x21"s,
    "\x30\x31"s,
    "\x40\x41\x42\x43"s,
    "\x50\x51\x52\x53\x54\x55\x56\x57"s,
    "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"s,
};

std::vector<Hash> ReferenceLeaves() {
  std::vector<Hash> leaves;
  for (const std::string& entry : kReferenceEntries) leaves.push_back(LeafHash(entry));
  return leaves;
}

std::string Hex(const Hash& hash) { return HexEncode(AsBytes(hash)); }

// The first 8 digits of each hash.
std::string Short(const absl::StatusOr<std::vector<Hash>>& proof) {
  REQUIRE(proof.ok());
  std::string text;
  for (const Hash& hash : *proof) text += (text.empty() ? "" : " ") + Hex(hash).substr(0, 8);
  return text;
}

// Of every size.
std::vector<TreeHead> HeadsOf(const std::vector<Hash>& leaves) {
  std::vector<TreeHead> heads;
  for (size_t size = 0; size <= leaves.size(); ++size) heads.push_back(HeadOf(leaves, size));
  return heads;
}

void RequireInvalid(const absl::Status& status) {
  REQUIRE(status.code() == absl::StatusCode::kInvalidArgument);
  REQUIRE(gusu::ErrorReason(status) == "PROOF_INVALID");
}

// Every way in which one hash can be wrong, and one too few or too many.
std::vector<std::vector<Hash>> Damaged(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> all;
  for (size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i][i % 32] ^= 1;
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<ptrdiff_t>(i));
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<ptrdiff_t>(i), proof[i]);
    if (i > 0 && proof[i] != proof[i - 1]) {
      all.push_back(proof);
      std::swap(all.back()[i], all.back()[i - 1]);
    }
  }
  all.push_back(proof);
  all.back().push_back(gusu::EmptyRoot());
  return all;
}

}  // namespace

TEST_CASE("leaves and roots of the reference tree are those of RFC 6962") {
  const std::vector<std::string> leaves = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
      "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
      "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1"};
  const std::vector<std::string> roots = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  const std::vector<Hash> reference = ReferenceLeaves();
  CompactRange range;
  CHECK(Hex(range.Root()) == roots[0]);
  for (size_t i = 0; i < reference.size(); ++i) {
    CHECK(Hex(reference[i]) == leaves[i]);
    range.Append(reference[i]);
    CHECK(range.size() == i + 1);
    CHECK(Hex(range.Root()) == roots[i + 1]);
    CHECK(Hex(*gusu::ReadRoot(i + 1, ReadFrom(reference))) == roots[i + 1]);
  }
}

TEST_CASE("proofs of the reference tree are those of RFC 6962") {
  const std::vector<Hash> leaves = ReferenceLeaves();
  const gusu::NodeReader read = ReadFrom(leaves);
  CHECK(Short(MakeInclusionProof(0, 1, read)).empty());
  CHECK(Short(MakeInclusionProof(0, 8, read)) == "96a296d2 5f083f0a 6b47aaf2");
  CHECK(Short(MakeInclusionProof(5, 8, read)) == "bc1a0643 ca854ea1 d37ee418");
  CHECK(Short(MakeInclusionProof(2, 3, read)) == "fac54203");
  CHECK(Short(MakeInclusionProof(1, 5, read)) == "6e340b9c 5f083f0a bc1a0643");
  CHECK(Short(MakeConsistencyProof(1, 1, read)).empty());
  CHECK(Short(MakeConsistencyProof(1, 8, read)) == "96a296d2 5f083f0a 6b47aaf2");
  CHECK(Short(MakeConsistencyProof(6, 8, read)) == "0ebc5d34 ca854ea1 d37ee418");
  CHECK(Short(MakeConsistencyProof(2, 5, read)) == "5f083f0a bc1a0643");
}

TEST_CASE("roots of the log \"entry 0\", \"entry 1\", … are those that other programs compute") {
  const std::vector<Hash> leaves = NumberedLeaves(70000);
  CompactRange range;
  std::vector<std::string> roots;
  for (const Hash& leaf : leaves) {
    range.Append(leaf);
    for (const uint64_t size : {1, 5, 256, 300, 512, 70000}) {
      if (range.size() == size) roots.push_back(gusu::Base64Encode(AsBytes(range.Root())));
    }
  }
  CHECK(roots == std::vector<std::string>{"dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=",
                                          "fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=",
                                          "2mWW2VNp9f7zIquOTg2jsLUCNqqcijsdJG90Ecni4y4=",
                                          "yjk9Apa+xeC43KuYO9H7fRRh9RLnJny4ljGtJv1m2Eg=",
                                          "xtuUnnbP1dYUB8c6SBkhJlqwJOphMdAtxrcN79/U+to=",
                                          "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao="});
}

TEST_CASE("a tree goes on from its complete subtrees") {
  const std::vector<Hash> leaves = NumberedLeaves(100);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    CAPTURE(size);
    CompactRange range(size, *ReadFrom(leaves)(gusu::NodesOf(size)));
    REQUIRE(TreeHead{range.size(), range.Root()} == HeadOf(leaves, size));
    for (size_t i = size; i < leaves.size(); ++i) range.Append(leaves[i]);
    REQUIRE(TreeHead{range.size(), range.Root()} == HeadOf(leaves, leaves.size()));
  }
}

TEST_CASE("proofs of every leaf and size up to 40 are the definition's, and valid") {
  const std::vector<Hash> leaves = NumberedLeaves(40);
  const gusu::NodeReader read = ReadFrom(leaves);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const TreeHead head = HeadOf(leaves, size);
    REQUIRE(*gusu::ReadRoot(size, read) == head.root);
    for (size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const auto proof = MakeInclusionProof(index, size, read);
      REQUIRE(proof.ok());
      REQUIRE(*proof == gusu::test::NaivePath(index, Leaves(leaves).first(size)));
      REQUIRE(VerifyInclusion(leaves[index], index, *proof, head).ok());
    }
    for (size_t old_size = 0; old_size <= size; ++old_size) {
      CAPTURE(size, old_size);
      const auto proof = MakeConsistencyProof(old_size, size, read);
      REQUIRE(proof.ok());
      if (old_size > 0) {
        REQUIRE(*proof == gusu::test::NaiveSubproof(old_size, Leaves(leaves).first(size), true));
      }
      REQUIRE(VerifyConsistency(HeadOf(leaves, old_size), head, *proof).ok());
    }
  }
}

TEST_CASE("an inclusion proof with anything wrong is refused") {
  const std::vector<Hash> leaves = NumberedLeaves(40);
  const std::vector<TreeHead> heads = HeadsOf(leaves);
  for (size_t size = 1; size < leaves.size(); ++size) {
    const TreeHead head = heads[size];
    for (size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const std::vector<Hash> proof = *MakeInclusionProof(index, size, ReadFrom(leaves));
      RequireInvalid(VerifyInclusion(LeafHash("another"), index, proof, head));
      for (size_t other = 0; other <= size + 1; ++other) {
        if (other == index) continue;
        RequireInvalid(VerifyInclusion(leaves[index], other, proof, head));
      }
      RequireInvalid(VerifyInclusion(leaves[index], index, proof, heads[size - 1]));
      RequireInvalid(VerifyInclusion(leaves[index], index, proof, heads[size + 1]));
      TreeHead wrong = head;
      wrong.root[31] ^= 0x80;
      RequireInvalid(VerifyInclusion(leaves[index], index, proof, wrong));
      for (const auto& damaged : Damaged(proof)) {
        RequireInvalid(VerifyInclusion(leaves[index], index, damaged, head));
      }
    }
  }
}

TEST_CASE("a consistency proof with anything wrong is refused") {
  const std::vector<Hash> leaves = NumberedLeaves(40);
  const std::vector<TreeHead> heads = HeadsOf(leaves);
  for (size_t size = 1; size < leaves.size(); ++size) {
    const TreeHead head = heads[size];
    for (size_t old_size = 1; old_size <= size; ++old_size) {
      CAPTURE(size, old_size);
      const TreeHead old_head = heads[old_size];
      const std::vector<Hash> proof = *MakeConsistencyProof(old_size, size, ReadFrom(leaves));
      for (size_t other = 1; other <= size + 1; ++other) {
        if (other != old_size) {
          RequireInvalid(VerifyConsistency(heads[other], head, proof));
        }
        if (other != size) {
          RequireInvalid(VerifyConsistency(old_head, heads[other], proof));
        }
      }
      TreeHead wrong = old_head;
      wrong.root[0] ^= 1;
      RequireInvalid(VerifyConsistency(wrong, head, proof));
      wrong = head;
      wrong.root[0] ^= 1;
      RequireInvalid(VerifyConsistency(old_head, wrong, proof));
      for (const auto& damaged : Damaged(proof)) {
        RequireInvalid(VerifyConsistency(old_head, head, damaged));
      }
    }
  }
}

TEST_CASE("a tree equals itself with an empty proof only, and everything extends the empty tree") {
  const std::vector<Hash> leaves = NumberedLeaves(9);
  const TreeHead head = HeadOf(leaves, 9);
  const TreeHead empty;
  CHECK(VerifyConsistency(head, head, {}).ok());
  CHECK(VerifyConsistency(empty, empty, {}).ok());
  CHECK(VerifyConsistency(empty, head, {}).ok());
  RequireInvalid(VerifyConsistency(head, head, {head.root}));
  RequireInvalid(VerifyConsistency(empty, head, {head.root}));
  RequireInvalid(VerifyConsistency(head, empty, {}));
  RequireInvalid(VerifyConsistency({0, head.root}, head, {}));
  RequireInvalid(VerifyConsistency(empty, {0, head.root}, {}));
  RequireInvalid(VerifyInclusion(leaves[0], 0, {}, empty));
}

TEST_CASE("no proof is made of what the tree has not") {
  const std::vector<Hash> leaves = NumberedLeaves(4);
  const auto leaf = MakeInclusionProof(4, 4, ReadFrom(leaves));
  CHECK(leaf.status().code() == absl::StatusCode::kOutOfRange);
  CHECK(gusu::ErrorReason(leaf.status()) == "TREE_SIZE_UNKNOWN");
  CHECK(gusu::ErrorMetadataValue(leaf.status(), "leaf_index") == "4");
  CHECK(gusu::ErrorMetadataValue(leaf.status(), "leaf_count") == "4");
  const auto size = MakeConsistencyProof(5, 4, ReadFrom(leaves));
  CHECK(gusu::ErrorReason(size.status()) == "TREE_SIZE_UNKNOWN");
  CHECK(gusu::ErrorMetadataValue(size.status(), "size") == "5");
}

TEST_CASE("an error of whoever reads the nodes is passed on") {
  const gusu::NodeReader read = [](const auto&) -> absl::StatusOr<std::vector<Hash>> {
    return absl::UnavailableError("gone");
  };
  CHECK(MakeInclusionProof(1, 4, read).status() == absl::UnavailableError("gone"));
  CHECK(MakeConsistencyProof(1, 4, read).status() == absl::UnavailableError("gone"));
  CHECK(gusu::ReadRoot(4, read).status() == absl::UnavailableError("gone"));
}

TEST_CASE("proofs hold for sizes of 64 bits") {
  gusu::test::Random random("64-bit trees");
  for (int round = 0; round < 300; ++round) {
    const uint64_t size =
        round == 0 ? ~uint64_t{0} : 1 + (random.engine()() >> (1 + random.Below(63)));
    const uint64_t index = round == 1 ? size - 1 : random.engine()() % size;
    const uint64_t old_size = 1 + random.engine()() % size;
    CAPTURE(size, index, old_size);
    const gusu::NodeReader read = gusu::test::ReadFromEqualLeavesBut(index);
    const TreeHead head{size, *gusu::ReadRoot(size, read)};
    const std::vector<Hash> proof = *MakeInclusionProof(index, size, read);
    REQUIRE(proof.size() <= gusu::kInclusionProofHashesMax);
    REQUIRE(VerifyInclusion(LeafHash("special"), index, proof, head).ok());
    RequireInvalid(VerifyInclusion(LeafHash("special"), index ^ 1, proof, head));
    for (const auto& damaged : Damaged(proof)) {
      RequireInvalid(VerifyInclusion(LeafHash("special"), index, damaged, head));
    }
    const TreeHead old_head{old_size, *gusu::ReadRoot(old_size, read)};
    const std::vector<Hash> growth = *MakeConsistencyProof(old_size, size, read);
    REQUIRE(VerifyConsistency(old_head, head, growth).ok());
    for (const auto& damaged : Damaged(growth)) {
      RequireInvalid(VerifyConsistency(old_head, head, damaged));
    }
  }
}

TEST_CASE("random trees and proofs are those of the definition") {
  gusu::test::Random random("random trees");
  for (int round = 0; round < 60; ++round) {
    std::vector<Hash> leaves(1 + random.Below(700));
    CompactRange range;
    for (Hash& leaf : leaves) {
      leaf = LeafHash(random.Bytes(random.Below(64)));
      range.Append(leaf);
    }
    const size_t size = leaves.size();
    const size_t index = random.Below(size);
    const size_t old_size = 1 + random.Below(size);
    CAPTURE(size, index, old_size);
    const TreeHead head{range.size(), range.Root()};
    REQUIRE(head == HeadOf(leaves, size));
    const std::vector<Hash> proof = *MakeInclusionProof(index, size, ReadFrom(leaves));
    REQUIRE(proof == gusu::test::NaivePath(index, leaves));
    REQUIRE(VerifyInclusion(leaves[index], index, proof, head).ok());
    const std::vector<Hash> growth = *MakeConsistencyProof(old_size, size, ReadFrom(leaves));
    REQUIRE(growth == gusu::test::NaiveSubproof(old_size, leaves, true));
    REQUIRE(VerifyConsistency(HeadOf(leaves, old_size), head, growth).ok());
  }
}

TEST_CASE("hashes that arrive are 32 bytes each, and no more than a proof can have") {
  const std::string hash(32, 'h');
  const auto two = gusu::HashesFromBytes({hash, hash});
  REQUIRE(two.ok());
  CHECK(AsBytes((*two)[1]) == hash);
  CHECK(gusu::HashesFromBytes({})->empty());
  CHECK(gusu::HashesFromBytes(std::vector<std::string_view>(65, hash)).ok());
  for (const auto& wrong : {gusu::HashesFromBytes({hash, hash.substr(1)}),
                            gusu::HashesFromBytes({hash + "h"}), gusu::HashesFromBytes({""}),
                            gusu::HashesFromBytes(std::vector<std::string_view>(66, hash))}) {
    CHECK(gusu::ErrorReason(wrong.status()) == "PROOF_MALFORMED");
  }
  CHECK(gusu::ErrorMetadataValue(gusu::HashesFromBytes({hash, ""}).status(), "hash_index") == "1");
}
