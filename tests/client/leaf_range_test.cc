// Whole runs of leaves against a signed root: every run of every small tree, and every one of its
// parts wrong.
#include "gusu/leaf_range.h"

#include <catch2/catch.hpp>

#include "proto/tlog_proof.h"
#include "tests/client/fake_log.h"

namespace gusu {
namespace {

std::vector<std::string> HashesOf(const test::FakeLog& log, uint64_t leaf_index,
                                  uint64_t tree_size) {
  std::vector<std::string> hashes;
  const LeafProof proof = log.Prove(leaf_index, tree_size);
  const TlogProof receipt = ParseTlogProof(proof.tlog_proof).value();
  for (const Hash& hash : receipt.hashes) {
    hashes.emplace_back(reinterpret_cast<const char*>(hash.data()), hash.size());
  }
  return hashes;
}

VerifiedCheckpoint CheckpointOf(const test::FakeLog& log, uint64_t tree_size) {
  return VerifyCheckpoint(log.Checkpoint(tree_size), {log.vkey()}).value();
}

test::FakeLog LogOf(size_t leaves_count) {
  test::FakeLog log;
  log.AppendMany(leaves_count);
  return log;
}

TEST_CASE("every run of leaves of every tree up to 20 is proven") {
  const test::FakeLog log = LogOf(20);
  for (uint64_t size = 1; size <= log.size(); ++size) {
    const VerifiedCheckpoint checkpoint = CheckpointOf(log, size);
    for (uint64_t first = 0; first < size; ++first) {
      LeafRange range(size, first, HashesOf(log, first, size));
      for (uint64_t last = first; last < size; ++last) {
        range.Append(log.leaf(last));
        CAPTURE(size, first, last);
        CHECK(range.Verify(checkpoint, HashesOf(log, last, size)) == Status());
        CHECK(range.count() == last - first + 1);
      }
    }
  }
}

Status VerifyRun(const test::FakeLog& log, uint64_t size, uint64_t first,
                 const std::vector<std::string>& leaves, uint64_t last) {
  LeafRange range(size, first, HashesOf(log, first, size));
  for (const std::string& leaf : leaves) range.Append(leaf);
  return range.Verify(CheckpointOf(log, size), HashesOf(log, last, size));
}

TEST_CASE("a leaf that is changed, left out, added or moved is found, wherever it stands") {
  const test::FakeLog log = LogOf(21);
  const uint64_t first = 3, last = 17;
  std::vector<std::string> leaves;
  for (uint64_t i = first; i <= last; ++i) leaves.push_back(log.leaf(i));
  REQUIRE(VerifyRun(log, 21, first, leaves, last).ok());
  for (size_t at = 0; at < leaves.size(); ++at) {
    CAPTURE(at);
    std::vector<std::string> changed = leaves;
    changed[at][20] ^= 1;
    CHECK(VerifyRun(log, 21, first, changed, last).reason == "PROOF_INVALID");
    std::vector<std::string> shorter = leaves;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK(VerifyRun(log, 21, first, shorter, last).reason == "PROOF_INVALID");
    // Without its last leaf it is the run before, and right.
    const bool is_last = at + 1 == leaves.size();
    CHECK(VerifyRun(log, 21, first, shorter, last - 1).ok() == is_last);
    std::vector<std::string> longer = leaves;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), log.leaf(0));
    CHECK(VerifyRun(log, 21, first, longer, last + 1).reason == "PROOF_INVALID");
    if (at > 0) {
      std::vector<std::string> swapped = leaves;
      std::swap(swapped[at], swapped[at - 1]);
      CHECK(VerifyRun(log, 21, first, swapped, last).reason == "PROOF_INVALID");
    }
  }
}

TEST_CASE("every hash of either proof counts") {
  const test::FakeLog log = LogOf(21);
  const VerifiedCheckpoint checkpoint = CheckpointOf(log, 21);
  const std::vector<std::string> first_proof = HashesOf(log, 5, 21);
  const std::vector<std::string> last_proof = HashesOf(log, 9, 21);
  const auto verify = [&](const std::vector<std::string>& first,
                          const std::vector<std::string>& last) {
    LeafRange range(21, 5, first);
    for (uint64_t i = 5; i <= 9; ++i) range.Append(log.leaf(i));
    return range.Verify(checkpoint, last).reason;
  };
  REQUIRE(verify(first_proof, last_proof).empty());
  for (size_t i = 0; i < last_proof.size(); ++i) {
    std::vector<std::string> wrong = last_proof;
    wrong[i][0] ^= 1;
    CHECK(verify(first_proof, wrong) == "PROOF_INVALID");
    wrong[i].pop_back();
    CHECK(verify(first_proof, wrong) == "PROOF_MALFORMED");
    wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(verify(first_proof, wrong) == "PROOF_INVALID");
    CHECK(verify(wrong, last_proof) == "PROOF_INVALID");
  }
  // Leaf 5 is 101 in binary: the hashes of levels 0 and 2 stand before it, and they alone matter
  // here. What stands behind it is bound by the last leaf's proof.
  for (const size_t i : {0, 2}) {
    std::vector<std::string> wrong = first_proof;
    wrong[i][0] ^= 1;
    CHECK(verify(wrong, last_proof) == "PROOF_INVALID");
  }
}

TEST_CASE("a range is of one tree, of a leaf in it, and not of nothing") {
  const test::FakeLog log = LogOf(9);
  LeafRange none(9, 4, HashesOf(log, 4, 9));
  CHECK(none.Verify(CheckpointOf(log, 9), HashesOf(log, 4, 9)).message ==
        "there is no leaf to prove");
  LeafRange other(9, 4, HashesOf(log, 4, 9));
  other.Append(log.leaf(4));
  CHECK(other.Verify(CheckpointOf(log, 8), HashesOf(log, 4, 8)).message ==
        "the proofs are of another tree than the checkpoint");
  LeafRange beyond(9, 9, {});
  beyond.Append(log.leaf(0));
  CHECK(beyond.Verify(CheckpointOf(log, 9), {}).message == "the leaf is not in the tree");
}

}  // namespace
}  // namespace gusu
