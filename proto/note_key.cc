#include "proto/note_key.h"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "proto/base64.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr std::string_view kSecretBeginning = "PRIVATE+KEY+";
constexpr std::string_view kCosignatureDomain = "cosignature/v1\n";
constexpr size_t kKeyBytes = 32;  // of a public key, and of a seed
constexpr size_t kSignatureBytes = 64;
constexpr size_t kTimeBytes = 8;
constexpr uint64_t kTimeMax = ~uint64_t{0} >> 1;

// Signing, and making keys of the right length, have no failure that a caller could handle.
void StopUnless(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "fatal: OpenSSL could not %s\n", what);
  std::abort();
}

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) {
  StopUnless(key != nullptr, "make an Ed25519 key");
  return {key, EVP_PKEY_free};
}

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFree>;

const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = (number << 8) | static_cast<uint8_t>(c);
  return number;
}

std::string BigEndian(uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "KEY_MALFORMED", what, std::move(metadata));
}

absl::Status CheckParts(std::string_view name, SignatureType type, size_t key_bytes) {
  if (!IsKeyName(name)) {
    return Malformed(Concat("\"", Quote(name), "\" is not a key's name"), {{"name", Quote(name)}});
  }
  if (type != SignatureType::kEd25519 && type != SignatureType::kCosignature) {
    return Malformed(
        Concat("key ", Quote(name), " is of the unknown type ", static_cast<int>(type)),
        {{"name", Quote(name)}, {"type", std::to_string(static_cast<int>(type))}});
  }
  if (key_bytes != kKeyBytes) {
    return Malformed(Concat("key ", Quote(name), " has ", key_bytes, " bytes, not 32"),
                     {{"name", Quote(name)}, {"bytes", std::to_string(key_bytes)}});
  }
  return absl::OkStatus();
}

char TypeByte(SignatureType type) { return static_cast<char>(type); }

std::string HexOfId(uint32_t id) { return HexEncode(std::string_view(BigEndian(id)).substr(4)); }

// name+hex8+base64(type ‖ key), of public and secret keys alike.
struct KeyText {
  std::string_view name;
  std::string_view id_hex;
  SignatureType type;
  std::string key;
};

std::optional<KeyText> SplitKeyText(std::string_view text) {
  const size_t name_end = text.find('+');
  if (name_end == text.npos) return std::nullopt;
  const size_t id_end = text.find('+', name_end + 1);
  if (id_end == text.npos) return std::nullopt;
  const std::optional<std::string> typed_key = Base64Decode(text.substr(id_end + 1));
  if (!typed_key || typed_key->empty()) return std::nullopt;
  return KeyText{text.substr(0, name_end), text.substr(name_end + 1, id_end - name_end - 1),
                 static_cast<SignatureType>((*typed_key)[0]), typed_key->substr(1)};
}

// What an Ed25519 key signs for a note's text.
std::string SignedBytes(SignatureType type, std::string_view text, uint64_t time_s) {
  if (type == SignatureType::kEd25519) return std::string(text);
  return Concat(kCosignatureDomain, "time ", time_s, "\n", text);
}

}  // namespace

bool IsKeyName(std::string_view name) {
  if (name.empty() || name.size() > kKeyNameBytesMax) return false;
  while (!name.empty()) {
    const std::optional<char32_t> c = TakeCharacter(name);
    // U+2028 and U+2029 are spaces too: line and paragraph separator.
    if (!c || IsControl(*c) || IsSpace(*c) || *c == '+' || *c == 0x2028 || *c == 0x2029) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<VerifierKey> VerifierKey::Make(std::string_view name, SignatureType type,
                                              std::string_view public_key) {
  GUSU_RETURN_IF_ERROR(CheckParts(name, type, public_key.size()));
  VerifierKey key;
  key.name_ = std::string(name);
  key.type_ = type;
  key.public_key_ = std::string(public_key);
  const char type_byte = TypeByte(type);
  const Hash hash = Sha256({name, "\n", std::string_view(&type_byte, 1), public_key});
  key.id_ = static_cast<uint32_t>(ReadBigEndian(AsBytes(hash).substr(0, 4)));
  key.key_ = Own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Octets(public_key),
                                             public_key.size()));
  return key;
}

absl::StatusOr<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  const std::optional<KeyText> text = SplitKeyText(vkey);
  if (!text) {
    return Malformed(Concat("\"", Quote(vkey), "\" is not a verifier key"), {{"key", Quote(vkey)}});
  }
  GUSU_ASSIGN_OR_RETURN(VerifierKey key, Make(text->name, text->type, text->key));
  if (text->id_hex != HexOfId(key.id_)) {
    return Malformed(
        Concat("key ", Quote(text->name), " has the ID ", HexOfId(key.id_), ", not ",
               Quote(text->id_hex)),
        {{"name", Quote(text->name)}, {"id", Quote(text->id_hex)}, {"id_right", HexOfId(key.id_)}});
  }
  return key;
}

std::string VerifierKey::Text() const {
  return Concat(name_, "+", HexOfId(id_), "+", Base64Encode(Concat(TypeByte(type_), public_key_)));
}

bool VerifierKey::Verify(std::string_view text, const NoteSignature& signature) const {
  if (!Names(signature)) return false;
  std::string_view bytes = signature.signature;
  uint64_t time_s = 0;
  if (type_ == SignatureType::kCosignature) {
    const std::optional<uint64_t> stated = CosignatureTime(signature);
    if (!stated) return false;
    time_s = *stated;
    bytes.remove_prefix(kTimeBytes);
  }
  if (bytes.size() != kSignatureBytes) return false;
  const std::string message = SignedBytes(type_, text, time_s);
  const Context context(EVP_MD_CTX_new());
  StopUnless(
      context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1,
      "verify with Ed25519");
  return EVP_DigestVerify(context.get(), Octets(bytes), bytes.size(), Octets(message),
                          message.size()) == 1;
}

std::optional<uint64_t> CosignatureTime(const NoteSignature& signature) {
  if (signature.signature.size() != kTimeBytes + kSignatureBytes) return std::nullopt;
  const uint64_t time_s =
      ReadBigEndian(std::string_view(signature.signature).substr(0, kTimeBytes));
  if (time_s > kTimeMax) return std::nullopt;
  return time_s;
}

absl::StatusOr<SignerKey> SignerKey::Make(std::string_view name, SignatureType type,
                                          std::string_view seed) {
  GUSU_RETURN_IF_ERROR(CheckParts(name, type, seed.size()));
  std::shared_ptr<EVP_PKEY> key =
      Own(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Octets(seed), seed.size()));
  std::string public_key(kKeyBytes, '\0');
  size_t bytes = public_key.size();
  StopUnless(EVP_PKEY_get_raw_public_key(
                 key.get(), reinterpret_cast<unsigned char*>(public_key.data()), &bytes) == 1,
             "derive a public key");
  GUSU_ASSIGN_OR_RETURN(VerifierKey verifier, VerifierKey::Make(name, type, public_key));
  return SignerKey(std::move(verifier), std::string(seed), std::move(key));
}

absl::StatusOr<SignerKey> SignerKey::Generate(std::string_view name, SignatureType type) {
  return Make(name, type, RandomBytes(kKeyBytes));
}

absl::StatusOr<SignerKey> SignerKey::Parse(std::string_view secret_text) {
  if (!secret_text.starts_with(kSecretBeginning)) {
    return Malformed("the text does not begin as a secret key");
  }
  // One error for all that can be wrong: the text's parts may be secret where they should not be.
  const std::optional<KeyText> text = SplitKeyText(secret_text.substr(kSecretBeginning.size()));
  if (text) {
    absl::StatusOr<SignerKey> key = Make(text->name, text->type, text->key);
    if (key.ok() && text->id_hex == HexOfId(key->verifier_.id())) return key;
  }
  return Malformed("the text of the secret key is damaged");
}

std::string SignerKey::SecretText() const {
  return Concat(kSecretBeginning, verifier_.name(), "+", HexOfId(verifier_.id()), "+",
                Base64Encode(Concat(TypeByte(verifier_.type()), seed_)));
}

NoteSignature SignerKey::Sign(std::string_view text, uint64_t time_s) const {
  const bool timed = verifier_.type() == SignatureType::kCosignature;
  if (timed && time_s > kTimeMax) {
    std::fprintf(stderr, "fatal: a cosignature's time is beyond 63 bits\n");
    std::abort();
  }
  const std::string message = SignedBytes(verifier_.type(), text, time_s);
  std::string bytes(kSignatureBytes, '\0');
  size_t count = bytes.size();
  const Context context(EVP_MD_CTX_new());
  StopUnless(context &&
                 EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                 EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                &count, Octets(message), message.size()) == 1,
             "sign with Ed25519");
  return {verifier_.name(), verifier_.id(), timed ? BigEndian(time_s) + bytes : bytes};
}

}  // namespace gusu
