// Values of the predefined types, files, and the codes of errors.
#include <catch2/catch.hpp>

#include "handle_bytes.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/key.h"
#include "proto/handle/private_key_file.h"
#include "proto/handle/response_code.h"
#include "proto/handle/site.h"
#include "proto/handle/site_json.h"

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at
using gusu::test::FromHex;

namespace {

std::string PublicRecord(std::string_view type, std::initializer_list<std::string> numbers) {
  std::string bytes;
  Writer writer(bytes);
  writer.Bytes(type).Short(0);
  for (const std::string& number : numbers) writer.Bytes(number);
  return bytes;
}

Site SiteOf(size_t servers) {
  Site site;
  for (size_t i = 0; i < servers; ++i) {
    site.servers.emplace_back().id = static_cast<uint32_t>(i + 1);
  }
  return site;
}

}  // namespace

TEST_CASE("types are asked for whole, or with a dot by what they begin with") {
  CHECK(AsksForType("URL", "URL"));
  CHECK(AsksForType("url", "URL"));
  CHECK_FALSE(AsksForType("URL", "URLS"));
  CHECK(AsksForType("a.", "a.b"));
  CHECK(AsksForType("HS_SITE.", "HS_SITE.6"));
  CHECK_FALSE(AsksForType("a.", "a"));
  CHECK_FALSE(AsksForType("a.", "ab"));
  CHECK_FALSE(AsksForType("a", "a.b"));
}

TEST_CASE("an administrator's rights are twelve digits, the last right first") {
  CHECK(RightsText(kAllRights) == "111111111111");
  CHECK(RightsText(kAddHandle) == "000000000001");
  CHECK(RightsText(kListHandlesRight) == "100000000000");
  CHECK(RightsFromText("011111110011") == 0x7f3);
  CHECK(RightsText(0x7f3) == "011111110011");
  for (const char* text : {"", "01111111001", "0111111100111", "01111111001x"}) {
    CHECK_FALSE(RightsFromText(text));
  }
}

TEST_CASE("references of a value are kept in their order") {
  const std::vector<Reference> references = {{"1.2/ADMIN", 300}, {"", 0}};
  std::string scratch;
  Value value;
  value.references = ReferenceList(std::span<const Reference>(references), scratch);
  std::string bytes;
  Writer writer(bytes);
  Write(writer, value);
  Reader reader(bytes);
  Value read;
  Read(reader, read);
  REQUIRE(reader.ok());
  CHECK(std::vector<Reference>(read.references.begin(), read.references.end()) == references);
}

TEST_CASE("a key's numbers must be positive and of a size that is calculated with") {
  const std::string n = FromHex("00") + std::string(128, '\xf1');
  const std::string e = FromHex("010001");
  CHECK(PublicKey::Decode(PublicRecord(kRsaPublicType, {e, n})).ok());
  const auto refused = [](const std::string& record) {
    const auto key = PublicKey::Decode(record);
    return !key.ok() && gusu::ErrorReason(key.status()) == "HANDLE_MALFORMED";
  };
  CHECK(refused(PublicRecord(kRsaPublicType, {e, n.substr(1)})));                 // negative
  CHECK(refused(PublicRecord(kRsaPublicType, {FromHex("00"), n})));               // zero
  CHECK(refused(PublicRecord(kRsaPublicType, {e, ""})));                          // none
  CHECK(refused(PublicRecord(kRsaPublicType, {e, n.substr(0, 128)})));            // 1,016 bits
  CHECK(refused(PublicRecord(kRsaPublicType, {e, std::string(1'026, '\x01')})));  // 8,202 bits
  CHECK(refused(PublicRecord(kRsaPublicType, {std::string(9, '\x01'), n})));
  CHECK(refused(PublicRecord("DH_PUB_KEY", {e, n, n})));
  CHECK(refused(PublicRecord(kRsaPublicType, {e, n}) + "x"));
  CHECK(refused(""));
  auto golden = gusu::test::ReadGoldenKeys();
  CHECK(refused(golden["rsa_file_plain"].substr(4)));
  CHECK_FALSE(PrivateKey::Decode(golden["rsa_public"]).ok());
}

TEST_CASE("a private key that signs what its public key does not verify is refused") {
  auto golden = gusu::test::ReadGoldenKeys();
  for (const std::string file : {"rsa_file_plain", "dsa_file_plain"}) {
    INFO(file);
    const std::string record = golden[file].substr(4);
    REQUIRE(PrivateKey::Decode(record).ok());
    // Within the modulus.
    const size_t at = file == "rsa_file_plain" ? 100 : 200;
    std::string changed = record;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    CHECK_FALSE(PrivateKey::Decode(changed).ok());
    for (size_t bytes = 0; bytes < record.size(); bytes += 7) {
      CHECK_FALSE(PrivateKey::Decode(record.substr(0, bytes)).ok());
    }
  }
}

TEST_CASE("a key that was made here is written to a file, and read from it") {
  const PrivateKey key = PrivateKey::GenerateRsa(2'048);
  for (const std::string passphrase : {"", "correct horse"}) {
    const std::string file = EncodePrivateKeyFile(key, passphrase);
    CHECK(file.substr(0, 4) == FromHex(passphrase.empty() ? "00000001" : "00000004"));
    const auto read = DecodePrivateKeyFile(file, passphrase);
    REQUIRE(read.ok());
    CHECK(read->Encode() == key.Encode());
  }
  const std::string file = EncodePrivateKeyFile(key, "correct horse");
  CHECK(EncodePrivateKeyFile(key, "correct horse") != file);
  CHECK_FALSE(DecodePrivateKeyFile(file, "wrong horse").ok());
  CHECK_FALSE(DecodePrivateKeyFile(file.substr(0, file.size() - 1), "correct horse").ok());
  CHECK_FALSE(DecodePrivateKeyFile(FromHex("00000002") + file.substr(4), "correct horse").ok());
  CHECK_FALSE(DecodePrivateKeyFile("", "").ok());
}

TEST_CASE("a key file may not make its reader calculate for long") {
  std::string file;
  Writer(file)
      .Int(4)
      .Bytes("salt")
      .Int(0x7fffffff)
      .Int(128)
      .Bytes(std::string(16, 'i'))
      .Bytes(std::string(32, 'c'));
  CHECK(gusu::ErrorMetadataValue(DecodePrivateKeyFile(file, "x").status(), "field") ==
        "key file's iterations");
}

TEST_CASE("of several servers, a hash of the handle's part says which has it") {
  Site site = SiteOf(1);
  CHECK(ServerIndexFor(site, "1.2/A") == 0);
  CHECK(ServerIndexFor(SiteOf(0), "1.2/A") == 0);
  // From Python's hashlib: abs(int.from_bytes(md5(part)[-4:], "big", signed=True)) % 3; the first
  // number is negative.
  site = SiteOf(3);
  CHECK(ServerIndexFor(site, "1.2/A") == 1);
  CHECK(ServerIndexFor(site, "1.2/a") == 1);
  site.hash = SiteHash::kPrefix;
  CHECK(ServerIndexFor(site, "1.2/A") == 1);
  CHECK(ServerIndexFor(site, "1.2/B") == 1);
  site.hash = SiteHash::kSuffix;
  CHECK(ServerIndexFor(site, "1.2/A") == 2);
  CHECK(ServerIndexFor(site, "1.3/a") == 2);
}

TEST_CASE("a site in JSON has the form that clients are configured by") {
  Site site;
  site.serial = 7;
  site.attributes = {{"desc", "line 1\n\"苏州\""}};
  SiteServer server;
  server.address = *AddressFromText("192.0.2.1");
  server.public_key = PublicRecord(kRsaPublicType, {FromHex("010001"), FromHex("00fffe")});
  server.interfaces = {{kQueryInterface, Transport::kUdp, 2'641},
                       {kAdminInterface | kQueryInterface, Transport::kTcp, 2'641}};
  site.servers = {server};
  const auto json = SiteJson(site);
  REQUIRE(json.ok());
  CHECK(*json == R"({
  "version": 1,
  "protocolVersion": "2.11",
  "serialNumber": 7,
  "primarySite": true,
  "multiPrimary": false,
  "attributes": [
    {
      "name": "desc",
      "value": "line 1\u000a\"苏州\""
    }
  ],
  "servers": [
    {
      "serverId": 1,
      "address": "192.0.2.1",
      "publicKey": {
        "format": "key",
        "value": {
          "kty": "RSA",
          "n": "__4",
          "e": "AQAB"
        }
      },
      "interfaces": [
        {
          "query": true,
          "admin": false,
          "protocol": "UDP",
          "port": 2641
        },
        {
          "query": true,
          "admin": true,
          "protocol": "TCP",
          "port": 2641
        }
      ]
    }
  ]
}
)");
  CHECK(*DecodeSite(EncodeSite(site)) == site);
  site.attributes[0].second = "\xff";
  CHECK_FALSE(SiteJson(site).ok());
  site.attributes.clear();
  site.servers[0].public_key = "no key";
  CHECK_FALSE(SiteJson(site).ok());
  site = SiteOf(2);
  CHECK(SiteJson(site).ok());
  site.hash = SiteHash::kPrefix;
  CHECK_FALSE(SiteJson(site).ok());
}

TEST_CASE("addresses of both kinds are written and read") {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::1"}) {
    INFO(text);
    const auto address = AddressFromText(text);
    REQUIRE(address);
    CHECK(AddressText(*address) == text);
  }
  for (const char* text : {"", "192.0.2", "2001:db8::g", "example.com", "192.0.2.1 "}) {
    CHECK_FALSE(AddressFromText(text));
  }
  CHECK_FALSE(AddressFromText(std::string_view("192.0.2.1\0x", 11)));
  CHECK(AlternativeAddressAttribute(3) == "alt_addr.3");
}

TEST_CASE("an error's response code says what the client should do next") {
  const auto code = [](absl::StatusCode canonical, std::string_view reason) {
    return ResponseCodeFor(gusu::Error(canonical, reason, "message"));
  };
  using absl::StatusCode;
  CHECK(ResponseCodeFor(absl::OkStatus()) == ResponseCode::kSuccess);
  CHECK(code(StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND") == ResponseCode::kHandleNotFound);
  CHECK(code(StatusCode::kNotFound, "PREFIX_NOT_FOUND") == ResponseCode::kServerNotResponsible);
  CHECK(code(StatusCode::kInvalidArgument, "IDENTIFIER_MALFORMED") == ResponseCode::kInvalidHandle);
  CHECK(code(StatusCode::kInvalidArgument, "HANDLE_MALFORMED") == ResponseCode::kProtocolError);
  CHECK(code(StatusCode::kInvalidArgument, "TEMPLATE_VIOLATED") == ResponseCode::kInvalidValue);
  CHECK(code(StatusCode::kAlreadyExists, "IDENTIFIER_TAKEN") == ResponseCode::kHandleAlreadyExists);
  CHECK(code(StatusCode::kFailedPrecondition, "RECORD_HELD") ==
        ResponseCode::kInsufficientPermissions);
  CHECK(code(StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER") == ResponseCode::kInvalidAdmin);
  CHECK(code(StatusCode::kPermissionDenied, "HANDLE_ADMIN_REFUSED") == ResponseCode::kInvalidAdmin);
  CHECK(code(StatusCode::kPermissionDenied, "HANDLE_RIGHT_REFUSED") ==
        ResponseCode::kInsufficientPermissions);
  CHECK(code(StatusCode::kUnauthenticated, "CREDENTIAL_MISSING") ==
        ResponseCode::kAuthenticationNeeded);
  CHECK(code(StatusCode::kUnauthenticated, "CREDENTIAL_INVALID") ==
        ResponseCode::kAuthenticationFailed);
  CHECK(code(StatusCode::kUnauthenticated, "SESSION_EXPIRED") == ResponseCode::kSessionTimeout);
  CHECK(code(StatusCode::kPermissionDenied, "TLS_REQUIRED") == ResponseCode::kAuthenticationNeeded);
  CHECK(code(StatusCode::kInvalidArgument, "TARGET_MALFORMED") == ResponseCode::kProtocolError);
  CHECK(code(StatusCode::kUnavailable, "NOT_LEADER") == ResponseCode::kServerReadOnly);
  CHECK(code(StatusCode::kResourceExhausted, "RATE_LIMITED") == ResponseCode::kServerTooBusy);
  CHECK(code(StatusCode::kAborted, "ETAG_MISMATCH") == ResponseCode::kServerTooBusy);
  CHECK(code(StatusCode::kDataLoss, "RECORD_CORRUPT") == ResponseCode::kError);
  CHECK(ResponseCodeFor(absl::UnimplementedError("x")) == ResponseCode::kOperationNotSupported);
  CHECK(ResponseCodeFor(absl::InternalError("x")) == ResponseCode::kError);
}

TEST_CASE("clients before 2.5 are told an invalid value in the word they know") {
  CHECK(CodeInVersion(ResponseCode::kInvalidValue, {2, 5}) == ResponseCode::kInvalidValue);
  CHECK(CodeInVersion(ResponseCode::kInvalidValue, {2, 4}) == ResponseCode::kValueAlreadyExists);
  CHECK(CodeInVersion(ResponseCode::kHandleNotFound, {2, 0}) == ResponseCode::kHandleNotFound);
}
