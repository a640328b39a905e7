#include "proto/signed_note.h"

#include <catch2/catch.hpp>

#include "proto/error.h"
#include "tests/proto/audit_keys.h"
#include "tests/random.h"

using gusu::FormatSignedNote;
using gusu::ParseSignedNote;
using gusu::SignatureType;
using gusu::SignedNote;
using gusu::SignerKey;
using gusu::VerifierKey;
using gusu::VerifyNote;
using gusu::test::LogKey;
using gusu::test::Seed;
using gusu::test::WitnessKey;

namespace {

using std::string_literals::operator""s;

SignedNote Signed(const std::string& text, const std::vector<SignerKey>& signers) {
  SignedNote note{text, {}};
  for (const SignerKey& signer : signers) note.signatures.push_back(signer.Sign(text, 1700000000));
  return note;
}

std::string ReasonOf(const absl::Status& status) {
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return gusu::ErrorReason(status);
}

// A checked-in note of a text that anybody can sign.
const std::string kNote =
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwH"
    "jG1Yu72IneyaQM=\n";
const std::string kKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

}  // namespace

TEST_CASE("a note that another program signed is verified") {
  const auto note = ParseSignedNote(kNote);
  REQUIRE(note.ok());
  CHECK(note->text == "This is an example message.\n");
  CHECK(*FormatSignedNote(*note) == kNote);
  const auto verified = VerifyNote(*note, {*VerifierKey::Parse(kKey)});
  REQUIRE(verified.ok());
  CHECK(*verified == std::vector<gusu::VerifiedSignature>{
                         {"example.com/foo", 0x530d903a, SignatureType::kEd25519, 0}});
}

TEST_CASE("a note with any bit changed is refused, or is not signed by the key") {
  const VerifierKey key = *VerifierKey::Parse(kKey);
  for (size_t bit = 0; bit < kNote.size() * 8; ++bit) {
    std::string bytes = kNote;
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    CAPTURE(bit, bytes);
    const auto note = ParseSignedNote(bytes);
    REQUIRE_FALSE((note.ok() && VerifyNote(*note, {key}).ok()));
  }
}

TEST_CASE("the last empty line divides text and signatures") {
  const SignedNote note = Signed("one\n\n— two AAAAAAA=\n\nthree\n", {LogKey()});
  const auto bytes = FormatSignedNote(note);
  REQUIRE(bytes.ok());
  CHECK(*ParseSignedNote(*bytes) == note);
  CHECK(VerifyNote(*ParseSignedNote(*bytes), {LogKey().verifier()}).ok());
}

TEST_CASE("text of another form is no note") {
  const std::string line = kNote.substr(kNote.find("—"));
  const std::string text = "text\n";
  for (const std::string& wrong : {std::string(),
                                   std::string("\n"),
                                   std::string("\n\n"),
                                   text,
                                   text + "\n",
                                   text + line,
                                   "\n" + line,
                                   text + "\n" + line + "\n",
                                   text + "\n" + line.substr(0, line.size() - 1),
                                   text + "\n" + line + "more\n",
                                   text + "\n-" + line.substr(3),
                                   text + "\n—" + line.substr(4),
                                   text + "\n" + line.substr(0, line.size() - 2) + "\n",
                                   text + "\r\n\r\n" + line,
                                   "te\txt\n\n" + line,
                                   "te\0xt\n\n"s + line,
                                   "te\xffxt\n\n" + line,
                                   text + "\n— example.com/foo\n",
                                   text + "\n— example.com/foo \n",
                                   text + "\n—  AAAAAAA=\n",
                                   text + "\n— foo AAAAAA==\n",  // no more than a key ID
                                   text + "\n— foo AAAAAAA\n",
                                   text + "\n— foo AAAAAAA= \n",
                                   text + "\n— foo bar AAAAAAA=\n",
                                   text + "\n— foo+bar AAAAAAA=\n",
                                   text + "\n— foo\u3000bar AAAAAAA=\n"}) {
    CAPTURE(wrong);
    const auto note = ParseSignedNote(wrong);
    REQUIRE_FALSE(note.ok());
    CHECK(ReasonOf(note.status()) == "NOTE_MALFORMED");
  }
  CHECK(ParseSignedNote(text + "\n— foo AAAAAAA=\n").ok());
}

TEST_CASE("a note that would be read otherwise is not written") {
  const SignedNote note = Signed("text\n", {LogKey()});
  REQUIRE(FormatSignedNote(note).ok());
  for (const auto& change : std::vector<void (*)(SignedNote&)>{
           [](SignedNote& n) { n.text = "text"; },
           [](SignedNote& n) { n.text = ""; },
           [](SignedNote& n) { n.text = "a\tb\n"; },
           [](SignedNote& n) { n.signatures.clear(); },
           [](SignedNote& n) { n.signatures[0].key_name = "a b"; },
           [](SignedNote& n) { n.signatures[0].key_name = "a\n"; },
           [](SignedNote& n) { n.signatures[0].signature.clear(); },
       }) {
    SignedNote wrong = note;
    change(wrong);
    CHECK(ReasonOf(FormatSignedNote(wrong).status()) == "NOTE_MALFORMED");
  }
}

TEST_CASE("64 signatures are read, and no more; 512 KiB, and no more") {
  std::vector<SignerKey> signers(64, LogKey());
  const std::string most = *FormatSignedNote(Signed("text\n", signers));
  CHECK(ParseSignedNote(most)->signatures.size() == 64);
  // A key counts once however often it signed.
  CHECK(VerifyNote(*ParseSignedNote(most), {LogKey().verifier()})->size() == 1);
  const std::string line = most.substr(most.find("—"), most.find('\n', most.find("—")) + 1 - 6);
  CHECK(ReasonOf(ParseSignedNote(most + line).status()) == "NOTE_MALFORMED");

  const std::string end = "\n\n— foo AAAAAAA=\n";
  CHECK(ParseSignedNote(std::string(gusu::kNoteBytesMax - end.size(), 'a') + end).ok());
  CHECK_FALSE(ParseSignedNote(std::string(gusu::kNoteBytesMax - end.size() + 1, 'a') + end).ok());
}

TEST_CASE("signatures of unknown keys are passed over, a wrong one of a known key is not") {
  const SignerKey log = LogKey();
  const SignerKey other = *SignerKey::Make("other", SignatureType::kEd25519, Seed(1));
  const SignerKey namesake =
      *SignerKey::Make(log.verifier().name(), SignatureType::kEd25519, Seed(1));
  const std::vector<VerifierKey> keys = {log.verifier()};
  SignedNote note = Signed("text\n", {other, namesake, log, WitnessKey()});
  CHECK(VerifyNote(note, keys)->size() == 1);
  CHECK(VerifyNote(note, {log.verifier(), WitnessKey().verifier()})->size() == 2);

  // The same ID under another name is unknown too, whatever it holds.
  note.signatures[0].key_id = log.verifier().id();
  note.signatures[1].signature = "x";
  CHECK(VerifyNote(note, keys).ok());

  // A wrong signature of the log beside its right one, before or after it.
  for (const bool before : {true, false}) {
    SignedNote wrong = Signed("text\n", {log, log});
    wrong.signatures[before ? 0 : 1].signature[0] ^= 1;
    CHECK(ReasonOf(VerifyNote(wrong, keys).status()) == "SIGNATURE_INVALID");
    CHECK(gusu::ErrorMetadataValue(VerifyNote(wrong, keys).status(), "key") ==
          log.verifier().Text());
  }
  CHECK(ReasonOf(VerifyNote(Signed("text\n", {other}), keys).status()) == "SIGNATURE_MISSING");
  CHECK(ReasonOf(VerifyNote(Signed("text\n", {log}), {}).status()) == "SIGNATURE_MISSING");
}

TEST_CASE("a witness's line is read alone, and added to a note") {
  SignedNote note = Signed("text\n", {LogKey()});
  const std::string line = gusu::FormatNoteSignature(WitnessKey().Sign("text\n", 1700000000));
  const auto cosignature = gusu::ParseNoteSignature(line);
  REQUIRE(cosignature.ok());
  note.signatures.push_back(*cosignature);
  const auto verified = VerifyNote(*ParseSignedNote(*FormatSignedNote(note)),
                                   {LogKey().verifier(), WitnessKey().verifier()});
  REQUIRE(verified.ok());
  CHECK((*verified)[1] == gusu::VerifiedSignature{"witness.example/w1", 0x20324abe,
                                                  SignatureType::kCosignature, 1700000000});
  for (const std::string& wrong : {std::string(), line.substr(0, line.size() - 1), line + line,
                                   "\n" + line, line + "\n", line.substr(3)}) {
    CHECK_FALSE(gusu::ParseNoteSignature(wrong).ok());
  }
}

TEST_CASE("whatever is done to a note, what is read is exactly what its bytes say") {
  gusu::test::Random random("notes");
  const std::string whole = *FormatSignedNote(Signed("one\ntwo\n", {LogKey(), WitnessKey()}));
  for (int i = 0; i < 20000; ++i) {
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
          bytes.insert(at, whole.substr(random.Below(whole.size()), 1 + random.Below(8)));
      }
      if (bytes.empty()) bytes = whole;
    }
    const auto note = ParseSignedNote(bytes);
    if (note.ok()) REQUIRE(*FormatSignedNote(*note) == bytes);
  }
}
