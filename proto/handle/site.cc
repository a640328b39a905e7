#include "proto/handle/site.h"

#include <algorithm>
#include <cstdlib>

#include "proto/handle/message_hash.h"
#include "proto/handle/wire.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::handle {
namespace {

constexpr uint8_t kPrimaryFlag = 0x80;
constexpr uint8_t kMultiPrimaryFlag = 0x40;
constexpr uint32_t kPortMax = 65'535;
constexpr size_t kTextBytesMax = 4'096;
constexpr size_t kKeyBytesMax = 8'192;

// A count of elements that follow, each of at least `bytes_min`: so no more is set aside than came.
size_t ReadCount(Reader& reader, const char* field, size_t bytes_min) {
  const uint32_t count = reader.Int(field);
  if (count > kElementsMax || count > reader.rest().size() / bytes_min) {
    reader.Refuse(field, "is more than what follows");
    return 0;
  }
  return count;
}

SiteInterface ReadInterface(Reader& reader) {
  SiteInterface interface;
  interface.purposes = reader.Byte("interface type");
  interface.transport = static_cast<Transport>(reader.Byte("interface protocol"));
  interface.port = reader.Int("interface port");
  if (interface.transport > Transport::kHttps) reader.Refuse("interface protocol", "is not known");
  if (interface.port > kPortMax) reader.Refuse("interface port", "is more than 65535");
  return interface;
}

SiteServer ReadServer(Reader& reader) {
  SiteServer server;
  server.id = reader.Int("server id");
  const std::string_view address = reader.Raw("server address", server.address.size());
  std::copy(address.begin(), address.end(), server.address.begin());
  server.public_key = std::string(reader.Bytes("server's public key", kKeyBytesMax));
  server.interfaces.resize(ReadCount(reader, "count of interfaces", 6));
  for (SiteInterface& interface : server.interfaces) interface = ReadInterface(reader);
  return server;
}

void WriteServer(Writer& writer, const SiteServer& server) {
  writer.Int(server.id)
      .Raw({reinterpret_cast<const char*>(server.address.data()), server.address.size()})
      .Bytes(server.public_key)
      .Int(static_cast<uint32_t>(server.interfaces.size()));
  for (const SiteInterface& interface : server.interfaces) {
    writer.Byte(interface.purposes)
        .Byte(static_cast<uint8_t>(interface.transport))
        .Int(interface.port);
  }
}

std::string_view PartToHash(SiteHash hash, std::string_view handle) {
  const size_t slash = std::min(handle.find('/'), handle.size());
  if (hash == SiteHash::kPrefix) return handle.substr(0, slash);
  if (hash == SiteHash::kSuffix) return handle.substr(std::min(slash + 1, handle.size()));
  return handle;
}

}  // namespace

std::string EncodeSite(const Site& site) {
  std::string bytes;
  Writer writer(bytes);
  writer.Short(site.format)
      .Byte(site.version.major)
      .Byte(site.version.minor)
      .Short(site.serial)
      .Byte((site.primary ? kPrimaryFlag : 0) | (site.multi_primary ? kMultiPrimaryFlag : 0))
      .Byte(static_cast<uint8_t>(site.hash))
      .Bytes(site.hash_filter)
      .Int(static_cast<uint32_t>(site.attributes.size()));
  for (const auto& [name, value] : site.attributes) writer.Bytes(name).Bytes(value);
  writer.Int(static_cast<uint32_t>(site.servers.size()));
  for (const SiteServer& server : site.servers) WriteServer(writer, server);
  return bytes;
}

absl::StatusOr<Site> DecodeSite(std::string_view bytes) {
  Reader reader(bytes);
  Site site;
  site.format = reader.Short("site format");
  site.version.major = reader.Byte("site's major version");
  site.version.minor = reader.Byte("site's minor version");
  site.serial = reader.Short("site serial");
  const uint8_t flags = reader.Byte("site flags");
  site.primary = (flags & kPrimaryFlag) != 0;
  site.multi_primary = (flags & kMultiPrimaryFlag) != 0;
  site.hash = static_cast<SiteHash>(reader.Byte("hash option"));
  if (site.hash > SiteHash::kWhole) reader.Refuse("hash option", "is not known");
  site.hash_filter = std::string(reader.Bytes("hash filter", kTextBytesMax));
  site.attributes.resize(ReadCount(reader, "count of attributes", 8));
  for (auto& [name, value] : site.attributes) {
    name = std::string(reader.Bytes("attribute's name", kTextBytesMax));
    value = std::string(reader.Bytes("attribute's value", kTextBytesMax));
  }
  const size_t servers = ReadCount(reader, "count of servers", 28);
  for (size_t i = 0; i < servers && reader.ok(); ++i) site.servers.push_back(ReadServer(reader));
  reader.ExpectEnd("site");
  GUSU_RETURN_IF_ERROR(reader.status());
  return site;
}

size_t ServerIndexFor(const Site& site, std::string_view handle) {
  if (site.servers.size() < 2) return 0;
  std::string part(PartToHash(site.hash, handle));
  for (char& c : part) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const std::string hash = HashBytes(HashAlgorithm::kMd5, {part});
  Reader last(std::string_view(hash).substr(hash.size() - 4));
  const auto number = static_cast<int32_t>(last.Int("hash"));
  return static_cast<size_t>(std::llabs(number)) % site.servers.size();
}

std::string AlternativeAddressAttribute(uint32_t server_id) {
  return Concat("alt_addr.", server_id);
}

}  // namespace gusu::handle
