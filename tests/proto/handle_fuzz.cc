#include "handle_fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "handle_again.h"
#include "proto/handle/challenge.h"
#include "proto/handle/envelope.h"
#include "proto/handle/key.h"
#include "proto/handle/packet_set.h"
#include "proto/handle/private_key_file.h"
#include "proto/handle/site.h"
#include "proto/handle/site_json.h"
#include "proto/utf8.h"

namespace gusu::test {
namespace {

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at

// The length of a credential, and the sign byte of each number of a key.
constexpr size_t kLeftOutBytesMax = 16;

void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "FuzzHandleCodec: not so: %s\n", claim);
  std::abort();
}

template <typename Again>
void FuzzAgain(std::string_view bytes, Again again) {
  const std::optional<std::string> once = again(bytes);
  if (!once) return;
  Require(once->size() <= bytes.size() + kLeftOutBytesMax, "no longer than what came");
  Require(again(*once) == once, "the same bytes when it is read once more");
}

void FuzzPart(Part part, std::string_view bytes) {
  FuzzAgain(bytes, [part](std::string_view given) { return PartAgain(part, given); });
}

void FuzzSite(std::string_view bytes) {
  FuzzPart(Part::kSite, bytes);
  const auto site = DecodeSite(bytes);
  if (!site.ok()) return;
  const auto json = SiteJson(*site);
  Require(!json.ok() || IsUtf8(*json), "JSON is UTF-8");
  Require(ServerIndexFor(*site, "1.2/A") < std::max<size_t>(1, site->servers.size()),
          "a handle's server is one of the site's");
}

void FuzzAnswer(std::string_view bytes) {
  const Challenge challenge{"nonce", "digest"};
  // The greatest number of iterations would leave time for little else.
  if (bytes.size() > 9 && bytes[0] == 0x22) return;
  const auto proved = IsAnswerOfSecret(challenge, bytes, "secret");
  Require(!proved.ok() || !*proved, "a secret that was not given is not proved");
}

// Whether OpenSSL finds a usable key does not matter here; that it survives the numbers does.
// Signing a sample with numbers that nobody chose well is for the key's owner alone.
void FuzzKey(std::string_view bytes) {
  FuzzPart(Part::kKeyRecord, bytes);
  const auto key = PublicKey::Decode(bytes);
  Require(!key.ok() || !key->Verify(HashAlgorithm::kSha256, {"sample"}, "no signature"),
          "nothing is a signature of every key");
}

void FuzzKeyFile(std::string_view bytes) {
  // Deriving a key takes milliseconds, so encrypted files are few.
  if (bytes.size() > 3 && bytes[3] != 1) return;
  const auto key = DecodePrivateKeyFile(bytes, "");
  if (!key.ok()) return;
  const auto again = DecodePrivateKeyFile(EncodePrivateKeyFile(*key, ""), "");
  Require(again.ok() && again->Encode() == key->Encode(), "a key that is read can be written");
}

void FuzzPackets(std::string_view bytes) {
  std::optional<PacketSet> set;
  std::string message;
  while (!bytes.empty()) {
    const std::string_view packet = bytes.substr(0, kPacketBytesMax);
    bytes.remove_prefix(packet.size());
    const auto envelope = DecodeEnvelope(packet);
    if (!envelope) continue;
    if (!set) set.emplace(*envelope);
    const std::string_view data = packet.substr(kEnvelopeBytes);
    const size_t bytes_before = set->bytes();
    const bool added = set->Add(*envelope, data).ok();
    Require(added || set->bytes() == bytes_before, "a refused packet changes nothing");
    Require(set->bytes() <= set->envelope().message_bytes, "no more than the message");
    if (set->complete()) {
      message = set->Join();
      Require(message.size() == set->envelope().message_bytes, "the whole message");
      if (added) {
        Require(PacketData(message, envelope->sequence_number) == data, "a packet in its place");
      }
    }
  }
}

}  // namespace

void FuzzHandleCodec(std::string_view input) {
  if (input.empty()) return;
  const char kind = input[0];
  const size_t count = input.size() - 1;
  const auto alone = std::make_unique<char[]>(count);
  std::copy(input.begin() + 1, input.end(), alone.get());
  const std::string_view bytes(alone.get(), count);
  switch (kind) {
    case 'm':
      return FuzzAgain(bytes, MessageAgain);
    case 'a':
      return FuzzPart(Part::kAdminValue, bytes);
    case 'v':
      return FuzzPart(Part::kVlist, bytes);
    case 's':
      return FuzzSite(bytes);
    case 'k':
      return FuzzKey(bytes);
    case 'c':
      return FuzzPart(Part::kCredential, bytes);
    case 'f':
      return FuzzKeyFile(bytes);
    case 'q':
      return FuzzAnswer(bytes);
    case 'p':
      return FuzzPackets(bytes);
    default:
      return;
  }
}

}  // namespace gusu::test
