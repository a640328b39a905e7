#include "server/doors/http/finish.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/doors/http/compression.h"

namespace gusu::server {
namespace {

constexpr char kPagePolicy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'; "
    "media-src 'self' blob:";
// An SVG that is opened by itself is a document, too: it may look as it likes, and do nothing.
constexpr char kImagePolicy[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
constexpr char kDataPolicy[] = "default-src 'none'; frame-ancestors 'none'";
constexpr char kMethods[] = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
constexpr char kRequestHeaders[] =
    "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, Origin, X-Requested-With";
constexpr char kAnswerHeaders[] = "Allow, ETag, Location, Retry-After, WWW-Authenticate";
constexpr char kPreflightSecondsMax[] = "86400";
constexpr size_t kEtagHashBytes = 16;

void SetDefault(std::string_view name, std::string_view value, HttpResponse* response) {
  if (response->Header(name).empty()) response->SetHeader(name, std::string(value));
}

void AddVary(std::string_view name, HttpResponse* response) {
  const std::string_view listed = response->Header("Vary");
  for (const absl::string_view member : absl::StrSplit(AbslView(listed), ',')) {
    if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(member), AbslView(name))) return;
  }
  response->SetHeader("Vary", listed.empty() ? std::string(name) : Concat(listed, ", ", name));
}

std::string_view PolicyFor(std::string_view content_type) {
  if (content_type.starts_with("text/html")) return kPagePolicy;
  return content_type.starts_with("image/svg") ? kImagePolicy : kDataPolicy;
}

std::string_view WithoutWeak(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

// Whether the caller has it already: then only headers are left.
bool TakeNotModified(const HttpRequest& request, HttpResponse* response) {
  const std::string_view etag = response->Header("ETag");
  if (request.method != "GET" || response->status != 200 || response->more != nullptr ||
      etag.empty()) {
    return false;
  }
  // A list may come in several headers.
  const bool listed =
      std::any_of(request.headers.begin(), request.headers.end(), [etag](const HttpHeader& header) {
        return absl::EqualsIgnoreCase(header.name, "If-None-Match") &&
               EtagListed(header.value, etag);
      });
  if (!listed) return false;
  response->status = 304;
  response->body.clear();
  return true;
}

bool IsPackable(const HttpResponse& response) {
  return response.more == nullptr && response.body.size() >= kCompressBytesMin &&
         response.body.size() <= kCompressBytesMax && response.Header("Content-Encoding").empty() &&
         IsCompressible(response.Header("Content-Type"));
}

void Pack(HttpResponse* response) {
  auto packed = Gzip(response->body);
  if (!packed.has_value()) return;
  response->body = *std::move(packed);
  response->SetHeader("Content-Encoding", "gzip");
  // Other bytes than without the coding: the tag is of the same thing, but no longer of its bytes.
  const std::string etag(response->Header("ETag"));
  if (!etag.empty() && !etag.starts_with("W/")) response->SetHeader("ETag", "W/" + etag);
}

}  // namespace

std::string EtagOf(std::string_view body) {
  const Hash hash = Sha256(body);
  return Concat("\"", HexEncode(AsBytes(hash).substr(0, kEtagHashBytes)), "\"");
}

bool EtagListed(std::string_view if_none_match, std::string_view etag) {
  const std::string_view wanted = WithoutWeak(etag);
  absl::string_view rest = AbslView(if_none_match);
  for (;;) {
    while (absl::ConsumePrefix(&rest, " ") || absl::ConsumePrefix(&rest, ",") ||
           absl::ConsumePrefix(&rest, "\t")) {
    }
    if (rest == "*") return true;
    absl::ConsumePrefix(&rest, "W/");
    const size_t end = rest.empty() || rest[0] != '"' ? absl::string_view::npos : rest.find('"', 1);
    if (end == absl::string_view::npos) return false;
    if (StdView(rest.substr(0, end + 1)) == wanted) return true;
    rest.remove_prefix(end + 1);
  }
}

void Finish(const HttpRequest& request, const FinishRules& rules, HttpResponse* response) {
  SetDefault("Cache-Control", "no-store", response);
  SetDefault("X-Content-Type-Options", "nosniff", response);
  SetDefault("Referrer-Policy", "no-referrer", response);
  SetDefault("Content-Security-Policy", PolicyFor(response->Header("Content-Type")), response);
  if (rules.is_public) {
    SetDefault("Access-Control-Allow-Origin", "*", response);
    SetDefault("Access-Control-Expose-Headers", kAnswerHeaders, response);
  }
  const bool is_packable = rules.compress && IsPackable(*response);
  if (is_packable) AddVary("Accept-Encoding", response);
  if (TakeNotModified(request, response)) return;
  if (is_packable && AcceptsGzip(request.Header("Accept-Encoding"))) Pack(response);
}

HttpResponse OptionsAnswer(const FinishRules& rules) {
  HttpResponse response;
  response.status = 204;
  response.SetHeader("Allow", kMethods);
  if (rules.is_public) {
    response.SetHeader("Access-Control-Allow-Methods", kMethods);
    response.SetHeader("Access-Control-Allow-Headers", kRequestHeaders);
    response.SetHeader("Access-Control-Max-Age", kPreflightSecondsMax);
  }
  return response;
}

}  // namespace gusu::server
