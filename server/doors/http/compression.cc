#include "server/doors/http/compression.h"

#include <zlib.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr int kLevel = 5;
constexpr int kGzipWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;

// Of one member of the list: 1 without "q", 0 for one that is none.
double WeightOf(absl::string_view parameters) {
  for (absl::string_view parameter : absl::StrSplit(parameters, ';')) {
    parameter = absl::StripAsciiWhitespace(parameter);
    if (!absl::ConsumePrefix(&parameter, "q=") && !absl::ConsumePrefix(&parameter, "Q=")) continue;
    double weight = 0;
    return absl::SimpleAtod(parameter, &weight) ? weight : 0;
  }
  return 1;
}

}  // namespace

bool AcceptsGzip(std::string_view accept_encoding) {
  bool any = false;
  for (const absl::string_view member : absl::StrSplit(AbslView(accept_encoding), ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(member, absl::MaxSplits(';', 1));
    const absl::string_view coding = absl::StripAsciiWhitespace(parts.first);
    const bool accepted = WeightOf(parts.second) > 0;
    if (absl::EqualsIgnoreCase(coding, "gzip") || absl::EqualsIgnoreCase(coding, "x-gzip")) {
      return accepted;
    }
    if (coding == "*") any = accepted;
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
