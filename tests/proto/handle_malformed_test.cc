// What the Handle codec refuses, and what it passes over.
#include <catch2/catch.hpp>

#include "../random.h"
#include "handle_again.h"
#include "handle_bytes.h"
#include "handle_fuzz.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/credential.h"
#include "proto/handle/message.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"
#include "proto/handle/site.h"

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at
using gusu::test::Captured;
using gusu::test::FromHex;
using gusu::test::MessageAgain;
using gusu::test::Part;
using gusu::test::PartAgain;
using gusu::test::ReadCaptured;

namespace {

constexpr size_t kMessageLengthAt = 16;
constexpr size_t kBodyLengthAt = kEnvelopeBytes + 20;

std::string WithInt(std::string bytes, size_t at, uint32_t number) {
  std::string octets;
  Writer(octets).Int(number);
  return bytes.replace(at, 4, octets);
}

// A message whose lengths fit its body, whatever that is.
std::string MessageOf(const Header& header, std::string_view body) {
  std::string bytes;
  MessageWriter message(bytes, Envelope{});
  message.Begin(header).Raw(body);
  REQUIRE(message.Finish());
  return bytes;
}

std::string FaultOf(const absl::Status& status) {
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(gusu::ErrorReason(status) == "HANDLE_MALFORMED");
  return gusu::ErrorMetadataValue(status, "field") + " " +
         gusu::ErrorMetadataValue(status, "fault");
}

std::string BodyOf(uint32_t index_count, uint32_t type_count) {
  std::string body;
  Writer writer(body);
  writer.Bytes("1.2/A").Int(index_count);
  for (uint32_t i = 0; i < std::min(index_count, 4'000u); ++i) writer.Int(i);
  writer.Int(type_count);
  return body;
}

}  // namespace

TEST_CASE("a captured message that is cut anywhere is refused") {
  for (const Captured& captured : ReadCaptured()) {
    INFO(captured.section);
    for (size_t bytes = 0; bytes < captured.bytes.size(); ++bytes) {
      INFO(bytes);
      CHECK_FALSE(MessageAgain(std::string_view(captured.bytes).substr(0, bytes)));
    }
  }
}

TEST_CASE("a body that is cut anywhere is refused, though all lengths around it fit") {
  const Captured captured = ReadCaptured().front();
  const auto message = DecodeMessage(*DecodeEnvelope(captured.bytes),
                                     std::string_view(captured.bytes).substr(kEnvelopeBytes));
  for (size_t bytes = 0; bytes < message->body.size(); ++bytes) {
    INFO(bytes);
    CHECK_FALSE(MessageAgain(MessageOf(message->header, message->body.substr(0, bytes))));
  }
}

TEST_CASE("every value of a record that is cut anywhere is refused") {
  std::string scratch;
  const Reference references[] = {{"1.2/ADMIN", 300}, {"1.2/X", 1}};
  Value value;
  value.type = "URL";
  value.data = "https://example.com";
  value.references = ReferenceList(std::span<const Reference>(references), scratch);
  std::string body;
  Writer writer(body);
  WriteValuesRequest(writer, "1.2/A", {&value, 1});
  REQUIRE(DecodeValuesRequest(body).ok());
  for (size_t bytes = 0; bytes < body.size(); ++bytes) {
    INFO(bytes);
    CHECK_FALSE(DecodeValuesRequest(body.substr(0, bytes)).ok());
  }
}

TEST_CASE("a length that would wrap, or that is more than there is, is refused in every field") {
  for (const Captured& captured : ReadCaptured()) {
    INFO(captured.section);
    for (const uint32_t length : {0xffffffffu, 0x7fffffffu, 0x80000000u, 0xfffffffcu}) {
      CHECK_FALSE(MessageAgain(WithInt(captured.bytes, kMessageLengthAt, length)));
      CHECK_FALSE(MessageAgain(WithInt(captured.bytes, kBodyLengthAt, length)));
    }
    // Wherever four bytes of a body become such a length, nothing is read beyond its end.
    for (size_t at = kEnvelopeBytes; at + 4 <= captured.bytes.size(); ++at) {
      for (const uint32_t length : {0xffffffffu, 0x7fffffffu}) {
        gusu::test::FuzzHandleCodec("m" + WithInt(captured.bytes, at, length));
      }
    }
  }
}

TEST_CASE("lengths that contradict each other are refused") {
  const std::string bytes = ReadCaptured().front().bytes;
  const auto length = static_cast<uint32_t>(bytes.size() - kEnvelopeBytes);
  CHECK(MessageAgain(bytes));
  CHECK_FALSE(MessageAgain(WithInt(bytes, kMessageLengthAt, length - 1)));
  CHECK_FALSE(MessageAgain(WithInt(bytes, kMessageLengthAt, length + 1)));
  CHECK_FALSE(MessageAgain(WithInt(bytes, kBodyLengthAt, 0x1d)));
  CHECK_FALSE(MessageAgain(WithInt(bytes, kBodyLengthAt, length)));
  CHECK_FALSE(MessageAgain(bytes + '\0'));
}

TEST_CASE("an envelope that nothing can be answered to is no envelope") {
  const std::string bytes = ReadCaptured().front().bytes;
  CHECK(DecodeEnvelope(bytes));
  CHECK_FALSE(DecodeEnvelope(bytes.substr(0, kEnvelopeBytes - 1)));
  CHECK_FALSE(DecodeEnvelope("\x03" + bytes.substr(1)));
  CHECK_FALSE(DecodeEnvelope(std::string(1, '\0') + bytes.substr(1)));
  CHECK(DecodeEnvelope(WithInt(bytes, kMessageLengthAt, kMessageBytesMax)));
  CHECK_FALSE(DecodeEnvelope(WithInt(bytes, kMessageLengthAt, kMessageBytesMax + 1)));
}

TEST_CASE("old peers may leave the credential's length out") {
  std::string bytes = ReadCaptured().front().bytes;
  bytes.resize(bytes.size() - 4);
  const auto length = static_cast<uint32_t>(bytes.size() - kEnvelopeBytes);
  CHECK(MessageAgain(WithInt(bytes, kMessageLengthAt, length)));
  CHECK(MessageAgain(WithInt(bytes + "\0\0\0"[0], kMessageLengthAt, length + 1)));
}

TEST_CASE("bytes behind a request's fields are passed over, behind an answer's refused") {
  const auto captured = ReadCaptured();
  for (const Captured& one : {captured[0], captured[1]}) {
    const auto message = DecodeMessage(*DecodeEnvelope(one.bytes),
                                       std::string_view(one.bytes).substr(kEnvelopeBytes));
    const std::string longer = std::string(message->body) + "authentication";
    CHECK(MessageAgain(MessageOf(message->header, longer)).has_value() == one.sent);
  }
}

TEST_CASE("a count that lies or is beyond the bound is refused before it costs anything") {
  CHECK(DecodeResolveRequest(BodyOf(2, 0)).ok());
  CHECK(DecodeResolveRequest(BodyOf(2'048, 0))->indexes.size() == 2'048);
  CHECK(FaultOf(DecodeResolveRequest(BodyOf(2'049, 0)).status()) ==
        "list of indexes has more elements than the protocol allows");
  CHECK(FaultOf(DecodeResolveRequest(BodyOf(0xffffffff, 0)).status()) ==
        "list of indexes has more elements than the protocol allows");
  CHECK(FaultOf(DecodeResolveRequest(BodyOf(0, 7)).status()) == "text is cut off");
  CHECK(FaultOf(DecodeResolveRequest(FromHex("ffffffff")).status()) ==
        "handle is longer than the protocol allows");
}

TEST_CASE("a handle of 2,048 octets is read, and one of 2,049 refused") {
  for (const size_t octets : {2'048, 2'049}) {
    std::string body;
    Writer writer(body);
    WriteHandleRequest(writer, std::string(octets, 'A'));
    CHECK(DecodeHandleRequest(body).ok() == (octets == 2'048));
  }
}

TEST_CASE("an answer longer than a message may be is not written") {
  const std::string data(1'000, 'x');
  const auto write = [&data](size_t count) {
    Value value;
    value.type = "URL";
    value.data = data;
    const std::vector<Value> values(count, value);
    std::string bytes;
    MessageWriter message(bytes, Envelope{});
    WriteResolveResponse(message.Begin(Header{}), "1.2/A", values);
    const bool written = message.Finish();
    CHECK(bytes.size() <= kEnvelopeBytes + kMessageBytesMax);
    return written;
  };
  CHECK(write(250));
  CHECK_FALSE(write(260));
}

TEST_CASE("a value's ttl is relative or absolute, and nothing else") {
  Value value;
  std::string body;
  Writer writer(body);
  WriteValuesRequest(writer, "1.2/A", {&value, 1});
  body[4 + 5 + 4 + 8] = 2;
  CHECK(FaultOf(DecodeValuesRequest(body).status()) == "a value's ttl type is neither 0 nor 1");
}

TEST_CASE("a site that is cut, is followed by bytes or lies about counts is refused") {
  Site site;
  site.attributes = {{"desc", "x"}};
  site.servers.resize(1);
  site.servers[0].interfaces = {SiteInterface(), SiteInterface()};
  const std::string bytes = EncodeSite(site);
  REQUIRE(DecodeSite(bytes).ok());
  for (size_t count = 0; count < bytes.size(); ++count) {
    CHECK_FALSE(DecodeSite(bytes.substr(0, count)).ok());
  }
  CHECK(FaultOf(DecodeSite(bytes + "x").status()) ==
        "site is followed by bytes that belong to nothing");
  const size_t attributes_at = 2 + 2 + 2 + 1 + 1 + 4;
  CHECK(FaultOf(DecodeSite(WithInt(bytes, attributes_at, 2'000)).status()) ==
        "count of attributes is more than what follows");
  const size_t port_at = bytes.size() - 4;
  CHECK(FaultOf(DecodeSite(WithInt(bytes, port_at, 65'536)).status()) ==
        "interface port is more than 65535");
}

TEST_CASE("HS_ADMIN and HS_VLIST that are cut or too long are refused, and two zero bytes known") {
  const std::string admin = EncodeAdminValue({kAllRights, {"1.2/ADMIN", 300}});
  CHECK(PartAgain(Part::kAdminValue, admin) == admin);
  CHECK(PartAgain(Part::kAdminValue, admin + FromHex("0000")) == admin);
  CHECK_FALSE(PartAgain(Part::kAdminValue, admin + FromHex("00")));
  CHECK_FALSE(PartAgain(Part::kAdminValue, admin + FromHex("0001")));
  CHECK_FALSE(PartAgain(Part::kAdminValue, admin + FromHex("000000")));
  const Reference members[] = {{"1.2/ADMIN", 300}, {"1.2/GROUP", 200}};
  const std::string group = EncodeVlist(members);
  CHECK(PartAgain(Part::kVlist, group) == group);
  CHECK_FALSE(PartAgain(Part::kVlist, group + FromHex("00")));
  for (size_t count = 0; count < admin.size(); ++count) {
    CHECK_FALSE(PartAgain(Part::kAdminValue, admin.substr(0, count)));
  }
  for (size_t count = 0; count < group.size(); ++count) {
    CHECK_FALSE(PartAgain(Part::kVlist, group.substr(0, count)));
  }
}

TEST_CASE("random changes of captured messages break no rule of the codec") {
  gusu::test::Random random("handle_malformed_test");
  const auto captured = ReadCaptured();
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = "m" + captured[random.Below(captured.size())].bytes;
    for (size_t changes = 1 + random.Below(4); changes > 0; --changes) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    gusu::test::FuzzHandleCodec(bytes);
  }
}
