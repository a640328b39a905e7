// Versions, digests, signatures and answers to challenges.
#include <catch2/catch.hpp>

#include "handle_bytes.h"
#include "proto/error.h"
#include "proto/handle/challenge.h"
#include "proto/handle/credential.h"
#include "proto/handle/digest.h"
#include "proto/handle/private_key_file.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at
using gusu::test::FromHex;

namespace {

// One key for all cases: making one takes its time.
const PrivateKey& ServerKey() {
  static const PrivateKey key =
      *DecodePrivateKeyFile(gusu::test::ReadGoldenKeys()["rsa_file_plain"], "");
  return key;
}

Envelope RequestOf(Version version, Version suggested) {
  Envelope envelope;
  envelope.version = version;
  envelope.suggested = suggested;
  envelope.request_id = 0x11223344;
  return envelope;
}

std::string IntBytes(uint32_t number) {
  std::string bytes;
  Writer(bytes).Int(number);
  return bytes;
}

constexpr std::string_view kNonce = "0123456789abcdef";
constexpr std::string_view kDigest = "the digest of what was challenged";
constexpr Challenge kChallenge{kNonce, kDigest};

}  // namespace

TEST_CASE("an answer is in the best version that both sides speak") {
  const auto answered = [](Version version, Version suggested) {
    const Envelope answer = AnswerEnvelope(RequestOf(version, suggested));
    CHECK(answer.suggested == kOwnVersion);
    CHECK((answer.request_id == 0x11223344 && answer.session_id == 0 && answer.flags == 0));
    return answer.version;
  };
  CHECK(answered({2, 3}, {2, 11}) == Version{2, 11});
  CHECK(answered({2, 3}, {2, 5}) == Version{2, 5});
  CHECK(answered({2, 3}, {2, 12}) == Version{2, 11});
  CHECK(answered({2, 3}, {3, 0}) == Version{2, 11});
  CHECK(answered({2, 3}, {1, 9}) == Version{2, 0});
  CHECK(answered({2, 3}, {0, 0}) == Version{2, 3});
  CHECK(answered({2, 99}, {0, 0}) == Version{2, 11});
  CHECK(answered({5, 0}, {0, 0}) == Version{2, 0});
  CHECK(FormatVersion(RequestOf({5, 9}, {2, 11})) == Version{2, 0});
  CHECK(FormatVersion(RequestOf({2, 7}, {2, 11})) == Version{2, 7});
}

TEST_CASE("the envelope's flags and suggested version share a byte") {
  Envelope envelope = RequestOf({2, 3}, {2, 11});
  envelope.flags = kTruncated | kEncrypted;
  std::string bytes;
  Writer writer(bytes);
  EncodeEnvelope(writer, envelope);
  CHECK(bytes.substr(0, 4) == FromHex("0203620b"));
  CHECK(DecodeEnvelope(bytes) == envelope);
}

TEST_CASE("a digest has the form of the answer's version") {
  const auto written = [](Version version) {
    std::string bytes;
    Writer writer(bytes);
    WriteDigest(writer, DigestOf("abc", version));
    Reader reader(bytes);
    CHECK(ReadDigest(reader) == DigestOf("abc", version));
    CHECK((reader.ok() && reader.rest().empty()));
    return bytes;
  };
  CHECK(written({2, 11}) ==
        FromHex("03 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  CHECK(written({2, 7}).size() == 33);
  CHECK(written({2, 6}) == FromHex("02 a9993e364706816aba3e25717850c26c9cd0d89d"));
  CHECK(written({2, 0}) == FromHex("00000010 900150983cd24fb0d6963f7d28e17f72"));
  const std::string md5 = FromHex("01 900150983cd24fb0d6963f7d28e17f72");
  Reader reader(md5);
  CHECK(ReadDigest(reader).algorithm == DigestAlgorithm::kMd5);
}

TEST_CASE("what a credential signs follows the version of the message") {
  Envelope envelope = RequestOf({2, 11}, {2, 11});
  envelope.session_id = 5;
  CHECK(SignedBeginning(envelope, 9) == FromHex("020b020b 00000005 11223344 00000009"));
  envelope.version = {2, 8};
  CHECK(SignedBeginning(envelope, 9) == FromHex("0208020b 00000005 11223344 00000009"));
  envelope.version = {2, 7};
  CHECK(SignedBeginning(envelope, 9) == FromHex("0207 00000005 11223344 00000009"));
  envelope.version = {2, 6};
  CHECK(SignedBeginning(envelope, 9).empty());
}

TEST_CASE("a certified answer is signed by the server's key, with every byte of it") {
  for (const Version version : {Version{2, 11}, Version{2, 7}, Version{2, 4}}) {
    INFO(static_cast<int>(version.minor));
    Envelope envelope = RequestOf(version, kOwnVersion);
    Header header{Operation::kResolve, ResponseCode::kSuccess, kAuthoritative | kCertify};
    std::string bytes;
    MessageWriter writer(bytes, envelope);
    WriteResolveResponse(writer.Begin(header), "1.2/A", {});
    REQUIRE(FinishSigned(writer, envelope, ServerKey()));
    envelope = *DecodeEnvelope(bytes);
    const auto message = DecodeMessage(envelope, std::string_view(bytes).substr(kEnvelopeBytes));
    REQUIRE(message.ok());
    CHECK(IsSignedBy(envelope, *message, ServerKey().public_key()));
    CHECK(DecodeCredential(message->credential)->hash_name ==
          (version >= Version{2, 7} ? "SHA-256" : "SHA1"));

    for (size_t at = 0; at < message->header_and_body.size(); ++at) {
      std::string changed(message->header_and_body);
      changed[at] = static_cast<char>(changed[at] ^ 1);
      Message other = *message;
      other.header_and_body = changed;
      CHECK_FALSE(IsSignedBy(envelope, other, ServerKey().public_key()));
    }
    Envelope other_request = envelope;
    other_request.request_id += 1;
    CHECK(IsSignedBy(other_request, *message, ServerKey().public_key()) ==
          (version < Version{2, 7}));
    Message unsigned_message = *message;
    unsigned_message.credential = {};
    CHECK_FALSE(IsSignedBy(envelope, unsigned_message, ServerKey().public_key()));
  }
}

TEST_CASE("a certified answer's signature is over the bytes that the protocol names") {
  const Envelope envelope = RequestOf({2, 11}, kOwnVersion);
  std::string bytes;
  MessageWriter writer(bytes, envelope);
  WriteErrorResponse(writer.Begin(Header{}), "");
  REQUIRE(FinishSigned(writer, envelope, ServerKey()));
  // Envelope, header, body of four bytes, length, then version, reserved, options, no signer,
  // counter.
  const std::string_view all = bytes;
  const std::string_view credential = all.substr(20 + 24 + 4 + 4);
  CHECK(credential.substr(0, 12) == FromHex("00 00 0000 00000000 00000000"));
  CHECK(credential.substr(12, 13) == FromHex("00000009 48535f5349474e4544"));
  CHECK(credential.substr(25, 15) == FromHex("0000010f 00000007 5348412d323536"));
  CHECK(credential.substr(40, 4) == IntBytes(256));
  CHECK(ServerKey().public_key().Verify(
      HashAlgorithm::kSha256,
      {FromHex("020b020b 00000000 11223344 00000000"), all.substr(20, 24 + 4)},
      credential.substr(44)));
}

TEST_CASE("a credential that is cut anywhere is refused") {
  Credential credential;
  credential.hash_name = "SHA-256";
  credential.signature = "signature";
  credential.session_counter = 3;
  const std::string bytes = EncodeCredential(credential);
  REQUIRE(DecodeCredential(bytes).ok());
  CHECK(*DecodeCredential(bytes) == credential);
  for (size_t count = 0; count < bytes.size(); ++count) {
    CHECK_FALSE(DecodeCredential(bytes.substr(0, count)).ok());
  }
}

TEST_CASE("a secret is proved in every form that clients use") {
  const std::string secret = "a secret";
  const auto proved = [](std::string_view answer, std::string_view by) {
    const auto result = IsAnswerOfSecret(kChallenge, answer, by);
    REQUIRE(result.ok());
    return *result;
  };
  const HashAlgorithm hashes[] = {HashAlgorithm::kMd5, HashAlgorithm::kSha1,
                                  HashAlgorithm::kSha256};
  for (char form = 1; form <= 3; ++form) {
    const HashAlgorithm hash = hashes[form - 1];
    const std::string around =
        std::string(1, form) + HashBytes(hash, {secret, kNonce, kDigest, secret});
    const std::string hmac =
        std::string(1, static_cast<char>(0x10 | form)) + HmacBytes(hash, secret, {kNonce, kDigest});
    for (const std::string& answer : {around, hmac}) {
      CHECK(proved(answer, secret));
      CHECK_FALSE(proved(answer, "another secret"));
      CHECK_FALSE(proved(answer + "x", secret));
      CHECK_FALSE(proved(answer.substr(0, answer.size() - 1), secret));
    }
  }
  const std::string derived = AnswerWithSecret(kChallenge, secret, "0123456789abcdef");
  CHECK(proved(derived, secret));
  CHECK_FALSE(proved(derived, "another secret"));
  CHECK_FALSE(*IsAnswerOfSecret({"another nonce", kDigest}, derived, secret));
  CHECK_FALSE(*IsAnswerOfSecret({kNonce, "another digest"}, derived, secret));
}

TEST_CASE("an answer that would make the server calculate for long is refused before it does") {
  const auto answer = [](uint32_t iterations, uint32_t key_bits, size_t salt_bytes = 16) {
    std::string bytes;
    Writer(bytes)
        .Byte(0x22)
        .Bytes(std::string(salt_bytes, 's'))
        .Int(iterations)
        .Int(key_bits)
        .Bytes(std::string(20, 'm'));
    return IsAnswerOfSecret(kChallenge, bytes, "a secret");
  };
  CHECK_FALSE(*answer(1, 160));
  CHECK_FALSE(*answer(kIterationsMax, 160));
  for (const auto& refused :
       {answer(0, 160), answer(kIterationsMax + 1, 160), answer(0xffffffff, 160), answer(1, 0),
        answer(1, 161), answer(1, 1'024), answer(1, 0xfffffff8), answer(1, 160, 257)}) {
    CHECK(gusu::ErrorReason(refused.status()) == "HANDLE_MALFORMED");
  }
  for (const char* hex : {"", "22", "04", "23", "13ff00", "90"}) {
    const auto result = IsAnswerOfSecret(kChallenge, FromHex(hex), "a secret");
    CHECK((!result.ok() || !*result));
  }
}

TEST_CASE("a private key is proved with SHA-256 or SHA-1, and with nothing weaker") {
  auto golden = gusu::test::ReadGoldenKeys();
  const PrivateKey dsa = *DecodePrivateKeyFile(golden["dsa_file_plain"], "");
  for (const PrivateKey& key : {ServerKey(), dsa}) {
    const std::string answer = AnswerWithKey(kChallenge, key);
    CHECK(*IsAnswerOfKey(kChallenge, answer, key.public_key()));
    CHECK_FALSE(*IsAnswerOfKey({"another nonce", kDigest}, answer, key.public_key()));
    const auto signed_with = [&key](std::string_view name, HashAlgorithm hash) {
      std::string bytes;
      Writer(bytes).Bytes(name).Bytes(key.Sign(hash, {kNonce, kDigest}));
      return IsAnswerOfKey(kChallenge, bytes, key.public_key());
    };
    CHECK(*signed_with("SHA1", HashAlgorithm::kSha1));
    CHECK(*signed_with("SHA256", HashAlgorithm::kSha256));
    CHECK_FALSE(*signed_with("SHA1", HashAlgorithm::kSha256));
    CHECK_FALSE(signed_with("MD5", HashAlgorithm::kSha1).ok());
    CHECK_FALSE(signed_with("SM3", HashAlgorithm::kSha256).ok());
  }
  CHECK_FALSE(*IsAnswerOfKey(kChallenge, AnswerWithKey(kChallenge, dsa), ServerKey().public_key()));
}

TEST_CASE("a created handle is told to clients that know how to read it") {
  const auto body = [](Version version) {
    std::string bytes;
    Writer writer(bytes);
    WriteCreateResponse(writer, "1.2/NEW", version);
    return bytes;
  };
  CHECK(*DecodeCreateResponse(body({2, 8})) == "1.2/NEW");
  CHECK(body({2, 7}).empty());
  CHECK(DecodeCreateResponse("")->empty());
}
