#include "proto/opening.h"

#include <catch2/catch.hpp>

#include "proto/error.h"
#include "proto/hash.h"
#include "tests/proto/golden.h"
#include "tests/random.h"

using gusu::Change;
using gusu::DecodeOpening;
using gusu::EncodeOpening;
using gusu::HexEncode;

namespace {

std::string Salt(char byte) { return std::string(32, byte); }

Change Registration() {
  Change change;
  change.operation = gusu::Operation::kRegister;
  change.resource = "prefixes/88.118.8/records/HP-1";
  change.prefix_key = "88.118.8";
  change.registrant = "sz-pumps";
  change.actor = "bureau";
  change.credential = "c1";
  change.on_behalf_of = "registrants/sz-pumps";
  change.reason = "drill";
  change.commitments = {{"BODY", gusu::CommitmentHash(Salt('b'), "body")},
                        {"PUBLIC", gusu::CommitmentHash(Salt('p'), "public")}};
  change.revision = 1767225600000001;
  change.previous_leaf_count = 41;
  change.sequence = 7;
  return change;
}

Change Erasing() {
  Change change = Registration();
  change.operation = gusu::Operation::kEraseValues;
  change.erasures = {{0, "OWNER"}, {0x0102030405060708, "PARTNER"}};
  return change;
}

// Every field that an opening carries.
std::string Text(const Change& change) {
  std::string text = std::string(gusu::OperationName(change.operation));
  for (const std::string& part : {change.resource, change.registrant, change.actor,
                                  change.credential, change.on_behalf_of, change.reason}) {
    text += "|" + part;
  }
  for (const uint64_t number : {change.revision, change.previous_leaf_count, change.sequence}) {
    text += "|" + std::to_string(number);
  }
  for (const gusu::Commitment& commitment : change.commitments) {
    text += "|" + commitment.label + "=" + HexEncode(gusu::AsBytes(commitment.hash));
  }
  for (const gusu::Erasure& erasure : change.erasures) {
    text += "|-" + std::to_string(erasure.leaf_index) + " " + erasure.label;
  }
  return text;
}

}  // namespace

TEST_CASE("openings, leaves and commitments are the bytes that they always were") {
  const std::string full = EncodeOpening(Registration());
  Change first;
  first.operation = gusu::Operation::kInitialize;
  first.resource = "registry";
  first.actor = "bureau";
  first.revision = 1767225600000000;
  first.commitments = {{"BODY", gusu::CommitmentHash(Salt('b'), "")}};
  const std::string least = EncodeOpening(first);
  const std::string erasing = EncodeOpening(Erasing());
  gusu::test::CheckGolden("opening.txt",
                          {{"commitment of \"body\" with salt 62…",
                            HexEncode(gusu::AsBytes(gusu::CommitmentHash(Salt('b'), "body")))},
                           {"opening of a registration", HexEncode(full)},
                           {"leaf of a registration with salt 73…",
                            HexEncode(gusu::LeafBytes(1767225600000001, Salt('s'), full))},
                           {"opening of the first change", HexEncode(least)},
                           {"leaf of the first change with salt 73…",
                            HexEncode(gusu::LeafBytes(1767225600000000, Salt('s'), least))},
                           {"opening of an erasure", HexEncode(erasing)},
                           {"leaf of an erasure with salt 73…",
                            HexEncode(gusu::LeafBytes(1767225600000001, Salt('s'), erasing))}});
}

TEST_CASE("a leaf is version, commit time and hash: 41 bytes that bind all three") {
  const std::string leaf = gusu::LeafBytes(0x0102030405060708, Salt('s'), "opening");
  CHECK(leaf.size() == 41);
  CHECK(HexEncode(leaf).substr(0, 18) == "010102030405060708");
  CHECK(gusu::LeafBytes(0x0102030405060709, Salt('s'), "opening") != leaf);
  CHECK(gusu::LeafBytes(0x0102030405060708, Salt('t'), "opening") != leaf);
  CHECK(gusu::LeafBytes(0x0102030405060708, Salt('s'), "openinG") != leaf);
}

TEST_CASE("a decoded opening says what was encoded") {
  const auto decoded = DecodeOpening(EncodeOpening(Registration()));
  REQUIRE(decoded.ok());
  CHECK(Text(*decoded) == Text(Registration()));
  const auto erasing = DecodeOpening(EncodeOpening(Erasing()));
  REQUIRE(erasing.ok());
  CHECK(Text(*erasing) == Text(Erasing()));
  CHECK(DecodeOpening(EncodeOpening(Change{})).ok());
}

TEST_CASE("every operation has a name, and the name gives it back") {
  using gusu::Operation;
  for (int i = 0; i <= static_cast<int>(Operation::kNewLogEpoch); ++i) {
    const auto operation = static_cast<Operation>(i);
    CAPTURE(i);
    CHECK_FALSE(gusu::OperationName(operation).empty());
    CHECK(gusu::OperationFromName(gusu::OperationName(operation)) == operation);
  }
  CHECK_FALSE(gusu::OperationFromName("").has_value());
  CHECK_FALSE(gusu::OperationFromName("register").has_value());
}

TEST_CASE("each field of a change, changed alone, changes the opening") {
  const std::string bytes = EncodeOpening(Erasing());
  const std::vector<void (*)(Change&)> wrong = {
      [](Change& c) { c.operation = gusu::Operation::kUpdate; },
      [](Change& c) { c.resource += "x"; },
      [](Change& c) { c.registrant += "x"; },
      [](Change& c) { c.actor += "x"; },
      [](Change& c) { c.credential.clear(); },
      [](Change& c) { c.on_behalf_of.clear(); },
      [](Change& c) { c.reason += "x"; },
      [](Change& c) { ++c.revision; },
      [](Change& c) { c.previous_leaf_count = 0; },
      [](Change& c) { ++c.sequence; },
      [](Change& c) { c.commitments[0].label = "OWNER"; },
      [](Change& c) { c.commitments[1].hash[31] ^= 1; },
      [](Change& c) { std::swap(c.commitments[0], c.commitments[1]); },
      [](Change& c) { c.commitments.pop_back(); },
      [](Change& c) { ++c.erasures[0].leaf_index; },
      [](Change& c) { c.erasures[1].leaf_index ^= uint64_t{1} << 63; },
      [](Change& c) { c.erasures[0].label = "PUBLIC"; },
      [](Change& c) { std::swap(c.erasures[0], c.erasures[1]); },
      [](Change& c) { c.erasures.pop_back(); },
      [](Change& c) { c.erasures.push_back(c.erasures[1]); },
  };
  for (size_t i = 0; i < wrong.size(); ++i) {
    CAPTURE(i);
    Change change = Erasing();
    wrong[i](change);
    CHECK(EncodeOpening(change) != bytes);
  }
}

TEST_CASE("an opening cut off anywhere but between optional fields is refused") {
  const std::string bytes = EncodeOpening(Erasing());
  size_t accepted = 0;
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto decoded = DecodeOpening(std::string_view(bytes).substr(0, length));
    if (!decoded.ok()) continue;
    // Then it is the whole opening of a change with fewer fields.
    ++accepted;
    REQUIRE(EncodeOpening(*decoded) == bytes.substr(0, length));
  }
  // After each field but the last; not after the version alone, since an operation is required.
  CHECK(accepted == 13);
}

TEST_CASE("no second form of an opening is read") {
  using std::string_literals::operator""s;
  const std::string registered = "\1\1\0\0\0\10REGISTER"s;
  REQUIRE(DecodeOpening(registered).ok());
  for (const std::string& bytes : {
           ""s,
           "\1"s,
           "\2\1\0\0\0\10REGISTER"s,
           "\1\1\0\0\0\0"s,
           "\1\1\0\0\0\10register"s,
           registered + "\1\0\0\0\10REGISTER"s,          // twice
           registered + "\2\0\0\0\0"s,                   // empty text
           registered + "\7\0\0\0\10\0\0\0\0\0\0\0\0"s,  // zero
           registered + "\7\0\0\0\1\1"s,                 // a short number
           registered + "\15\0\0\0\1x"s,                 // an unknown field
           registered + "\13\0\0\0\4BODY"s,              // a commitment without its hash
           registered + "\13\0\0\0\41\0"s + Salt('h'),   // … without its label
           registered + "\13\0\0\0\46BODY\0"s + Salt('h') + "x",
           registered + "\14\0\0\0\0"s,                       // an erasure of nothing
           registered + "\14\0\0\0\1x"s,                      // … with less than a leaf index
           registered + "\14\0\0\0\10\0\0\0\0\0\0\0\7"s,      // … without a label
           registered + "\14\0\0\0\15\0\0\0\0\0\0\0\7OWNE"s,  // … cut off
           registered + "\14\0\0\0\15\0\0\0\0\0\0\0\7OWNER"s + "\13\0\0\0\45BODY\0"s +
               Salt('h'),                           // before a commitment
           registered + "\3\0\0\0\1a\2\0\0\0\1b"s,  // descending
           registered + "x",
       }) {
    CAPTURE(HexEncode(bytes));
    const auto decoded = DecodeOpening(bytes);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(gusu::ErrorReason(decoded.status()) == "CANONICAL_BYTES_MALFORMED");
  }
}

TEST_CASE("an opening is at most 16 KiB") {
  Change change = Registration();
  change.reason.assign(gusu::kOpeningBytesMax - EncodeOpening(change).size() + change.reason.size(),
                       'r');
  CHECK(EncodeOpening(change).size() == gusu::kOpeningBytesMax);
  CHECK(DecodeOpening(EncodeOpening(change)).ok());
  change.reason += 'r';
  CHECK_FALSE(DecodeOpening(EncodeOpening(change)).ok());
}

TEST_CASE("whatever is done to an opening, what is read is exactly what the bytes say") {
  gusu::test::Random random("openings");
  const std::string whole = EncodeOpening(Erasing());
  for (int i = 0; i < 50000; ++i) {
    std::string bytes = whole;
    for (size_t n = 1 + random.Below(3); n > 0; --n) {
      const size_t at = random.Below(bytes.size());
      switch (random.Below(3)) {
        case 0:
          bytes[at] = static_cast<char>(random.Below(256));
          break;
        case 1:
          bytes.erase(at, 1 + random.Below(8));
          break;
        default:
          bytes.insert(at, random.Bytes(1 + random.Below(8)));
      }
      if (bytes.empty()) bytes = whole;
    }
    const auto decoded = DecodeOpening(bytes);
    if (decoded.ok()) REQUIRE(EncodeOpening(*decoded) == bytes);
  }
}
