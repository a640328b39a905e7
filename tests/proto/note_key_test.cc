#include "proto/note_key.h"

#include <catch2/catch.hpp>

#include "proto/base64.h"
#include "proto/error.h"
#include "tests/proto/audit_keys.h"
#include "tests/random.h"

using gusu::Base64Decode;
using gusu::Base64Encode;
using gusu::IsKeyName;
using gusu::NoteSignature;
using gusu::SignatureType;
using gusu::SignerKey;
using gusu::VerifierKey;
using gusu::test::LogKey;
using gusu::test::Seed;
using gusu::test::WitnessKey;

namespace {

constexpr std::string_view kLogText =
    "registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
constexpr std::string_view kWitnessText =
    "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";

}  // namespace

TEST_CASE("base64 is RFC 4648 section 4 with padding, and has one form") {
  CHECK(Base64Encode("").empty());
  CHECK(Base64Encode("f") == "Zg==");
  CHECK(Base64Encode("fo") == "Zm8=");
  CHECK(Base64Encode("foo") == "Zm9v");
  CHECK(Base64Encode("\xfb\xff\xfe") == "+//+");
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xfb\xff\xfe"}) {
    CHECK(Base64Decode(Base64Encode(bytes)) == bytes);
  }
  for (const std::string wrong : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg..", "Zg==\n",
                                  " Zg==", "Z g==", "Zm9v=", "====", "-__-", "Zm9vZ"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Base64Decode(wrong).has_value());
  }
}

TEST_CASE("a key's text has its name, its ID, its type and its public key") {
  CHECK(LogKey().verifier().Text() == kLogText);
  CHECK(LogKey().verifier().id() == 0x4517142d);
  CHECK(WitnessKey().verifier().Text() == kWitnessText);
  // The same key under the same name has another ID as a cosigner.
  const SignerKey cosigner =
      *SignerKey::Make("registry.example/log1", SignatureType::kCosignature, Seed(0));
  CHECK(cosigner.verifier().id() == 0xcea9e4e2);
  for (const std::string_view text : {kLogText, kWitnessText}) {
    const auto key = VerifierKey::Parse(text);
    REQUIRE(key.ok());
    CHECK(key->Text() == text);
  }
  CHECK(VerifierKey::Parse(kLogText)->type() == SignatureType::kEd25519);
  CHECK(VerifierKey::Parse(kWitnessText)->type() == SignatureType::kCosignature);
}

TEST_CASE("a secret key's text is that of Go's note package, and signs the same") {
  const auto key = SignerKey::Parse(
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  REQUIRE(key.ok());
  CHECK(key->verifier().Text() ==
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  CHECK(key->SecretText() ==
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  const NoteSignature signature = key->Sign(
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n");
  CHECK(
      Base64Encode("\xc7\x4f\x20\xa3" + signature.signature) ==
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
      "=");
}

TEST_CASE("a secret key that is damaged is refused, and the error does not repeat it") {
  const std::string secret = LogKey().SecretText();
  REQUIRE(SignerKey::Parse(secret)->SecretText() == secret);
  for (size_t i = 0; i < secret.size(); ++i) {
    std::string damaged = secret;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    const auto key = SignerKey::Parse(damaged);
    REQUIRE_FALSE(key.ok());
    CHECK(gusu::ErrorReason(key.status()) == "KEY_MALFORMED");
    CHECK(std::string(key.status().message()).find("AAAB") == std::string::npos);
    CHECK_FALSE(SignerKey::Parse(std::string_view(secret).substr(0, i)).ok());
  }
  CHECK_FALSE(SignerKey::Make("a", SignatureType::kEd25519, Seed(0).substr(1)).ok());
  CHECK_FALSE(SignerKey::Make("a b", SignatureType::kEd25519, Seed(0)).ok());
}

TEST_CASE("a fresh key is another key each time") {
  const auto one = SignerKey::Generate("log", SignatureType::kEd25519);
  const auto two = SignerKey::Generate("log", SignatureType::kEd25519);
  REQUIRE(one.ok());
  REQUIRE(two.ok());
  CHECK(one->verifier().Text() != two->verifier().Text());
  CHECK(one->verifier().Verify("text\n", one->Sign("text\n")));
  CHECK_FALSE(two->verifier().Verify("text\n", one->Sign("text\n")));
}

TEST_CASE("names of keys have no spaces, no plus sign and no control characters") {
  for (const std::string name : {"a", "registry.example/log1/epoch/2", "表", "a~!@#$%^&*()"}) {
    CAPTURE(name);
    CHECK(IsKeyName(name));
  }
  CHECK(IsKeyName(std::string(255, 'a')));
  CHECK_FALSE(IsKeyName(std::string(256, 'a')));
  for (const std::string name : {"", " ", "a b", "a+b", "a\n", "a\tb", "a\u00A0b", "a\u3000b",
                                 "a\u2028b", "a\u0085b", "\x80", "a\x7f"}) {
    CAPTURE(name);
    CHECK_FALSE(IsKeyName(name));
  }
}

TEST_CASE("a verifier key in another form, or with a wrong part, is refused") {
  const std::string text(kLogText);
  const std::string key = Base64Encode("\1" + Seed(0));
  for (const std::string& wrong :
       {std::string(), std::string("+"), std::string("++"), text + " ", " " + text, text + "=",
        text.substr(0, text.size() - 1), "registry.example/log2" + text.substr(21),
        std::string("registry.example/log1+4517142D+") + text.substr(31),
        std::string("registry.example/log1+4517142e+") + text.substr(31),
        std::string("registry.example/log1+04517142d+") + text.substr(31),
        std::string("registry.example/log1+4517142d+"),
        "registry.example/log1+4517142d+" + Base64Encode("\1" + Seed(0).substr(1)),
        "registry.example/log1+4517142d+" + Base64Encode("\1" + Seed(0) + "x"),
        "registry.example/log1+4517142d+" + Base64Encode("\2" + Seed(0)),
        "registry.example/log1+4517142d+" + Base64Encode("\6" + Seed(0)),
        "registry example/log1+4517142d+" + key, "+4517142d+" + key}) {
    CAPTURE(wrong);
    const auto parsed = VerifierKey::Parse(wrong);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(gusu::ErrorReason(parsed.status()) == "KEY_MALFORMED");
  }
}

TEST_CASE("each character of a verifier key, changed alone, makes it another text or none") {
  gusu::test::Random random("verifier keys");
  for (size_t i = 0; i < kLogText.size(); ++i) {
    std::string text(kLogText);
    while (text[i] == kLogText[i]) text[i] = static_cast<char>(random.Below(256));
    CAPTURE(text);
    CHECK_FALSE(VerifierKey::Parse(text).ok());
  }
}

TEST_CASE("a signature with anything wrong is not the key's") {
  const SignerKey signer = LogKey();
  const VerifierKey& key = signer.verifier();
  const NoteSignature signature = signer.Sign("text\n");
  REQUIRE(signature.signature.size() == 64);
  CHECK(key.Verify("text\n", signature));
  CHECK_FALSE(key.Verify("text", signature));
  CHECK_FALSE(key.Verify("", signature));
  CHECK_FALSE(LogKey("other").verifier().Verify("text\n", signature));
  for (size_t bit = 0; bit < 64 * 8; ++bit) {
    NoteSignature wrong = signature;
    wrong.signature[bit / 8] ^= static_cast<char>(1 << bit % 8);
    CAPTURE(bit);
    CHECK_FALSE(key.Verify("text\n", wrong));
  }
  for (const size_t length : {0, 1, 63, 65, 72}) {
    NoteSignature wrong = signature;
    wrong.signature.resize(length, 'x');
    CHECK_FALSE(key.Verify("text\n", wrong));
  }
  NoteSignature wrong = signature;
  ++wrong.key_id;
  CHECK_FALSE(key.Verify("text\n", wrong));
}

TEST_CASE("a cosignature binds its time, and is no signature of the text alone") {
  const SignerKey signer = WitnessKey();
  const VerifierKey& key = signer.verifier();
  const NoteSignature signature = signer.Sign("text\n", 1700000000);
  CHECK(signature.signature.size() == 72);
  CHECK(gusu::CosignatureTime(signature) == 1700000000);
  CHECK(key.Verify("text\n", signature));
  CHECK_FALSE(key.Verify("texts\n", signature));
  for (size_t i = 0; i < 72; ++i) {
    NoteSignature wrong = signature;
    wrong.signature[i] ^= 1;
    CAPTURE(i);
    CHECK_FALSE(key.Verify("text\n", wrong));
  }
  NoteSignature wrong = signature;
  wrong.signature.resize(64);
  CHECK_FALSE(key.Verify("text\n", wrong));
  CHECK_FALSE(gusu::CosignatureTime(wrong).has_value());
  // The same key as a log's, made to look like the witness's.
  const SignerKey plain =
      *SignerKey::Make("witness.example/w1", SignatureType::kEd25519, Seed(0x20));
  wrong = plain.Sign("text\n");
  wrong.key_id = key.id();
  CHECK_FALSE(key.Verify("text\n", wrong));
  wrong = signature;
  wrong.signature = wrong.signature.substr(8);
  wrong.key_id = plain.verifier().id();
  CHECK_FALSE(plain.verifier().Verify("text\n", wrong));

  const uint64_t latest = ~uint64_t{0} >> 1;
  CHECK(key.Verify("text\n", signer.Sign("text\n", latest)));
  CHECK(key.Verify("text\n", signer.Sign("text\n", 0)));
  wrong = signer.Sign("text\n", latest);
  wrong.signature[0] = '\x80';
  CHECK_FALSE(gusu::CosignatureTime(wrong).has_value());
  CHECK_FALSE(key.Verify("text\n", wrong));
}
