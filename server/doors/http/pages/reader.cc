#include "server/doors/http/pages/reader.h"

#include <google/protobuf/timestamp.pb.h>

#include "server/doors/http/call.h"

namespace gusu::server {
namespace {

void Write(absl::Time time, const absl::TimeZone& zone, HtmlWriter& html) {
  html.Element("time", absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", time, zone),
               {{"datetime", absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", time, zone)}});
}

}  // namespace

HtmlUrl Reader::Keep(const HtmlUrl& url) const {
  return chose_language ? url.With("lang", LanguageParameter(language)) : url;
}

HtmlUrl Reader::CodeUrl(std::string_view identifier) const { return Keep(CodePath(identifier)); }

void Reader::WriteTime(const google::protobuf::Timestamp& time, HtmlWriter& html) const {
  Write(absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()), zone, html);
}

void Reader::WriteTime(uint64_t time_us, HtmlWriter& html) const {
  Write(absl::FromUnixMicros(static_cast<int64_t>(time_us)), zone, html);
}

Reader ReaderOf(const HttpCall& call, const absl::TimeZone& zone) {
  const auto asked = call.target.Parameter("lang");
  return {LanguageOf(call), asked == "zh" || asked == "en", zone};
}

HtmlUrl CodePath(std::string_view identifier) {
  const size_t slash = identifier.find('/');
  if (slash == std::string_view::npos) return HtmlUrl::OfSegments({identifier});
  const std::string_view suffix = identifier.substr(slash + 1);
  // A browser takes these for steps in the path, whatever way they are written.
  if (suffix == "." || suffix == "..") return HtmlUrl::OfSegments({identifier});
  return HtmlUrl::OfSegments({identifier.substr(0, slash), suffix});
}

}  // namespace gusu::server
