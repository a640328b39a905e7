#include "server/doors/http/compression.h"

#include <zlib.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "proto/text.h"
#include "server/doors/http/accept.h"

namespace gusu::server {
namespace {

constexpr int kLevel = 5;
constexpr int kGzipWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;

}  // namespace

bool AcceptsGzip(std::string_view accept_encoding) {
  bool any = false;
  for (const AcceptedItem& item : ParseAccept(accept_encoding)) {
    if (item.name == "gzip" || item.name == "x-gzip") return item.weight > 0;
    if (item.name == "*") any = item.weight > 0;
  }
  return any;
}

bool IsCompressible(std::string_view content_type) {
  const absl::string_view type =
      absl::StripAsciiWhitespace(AbslView(content_type.substr(0, content_type.find(';'))));
  return absl::StartsWithIgnoreCase(type, "text/") || absl::EndsWithIgnoreCase(type, "json") ||
         absl::EndsWithIgnoreCase(type, "xml") || absl::EndsWithIgnoreCase(type, "javascript");
}

std::optional<std::string> Gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  // All of it at once, into what is no longer than what it came from.
  std::string packed(bytes.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  return packed;
}

}  // namespace gusu::server
