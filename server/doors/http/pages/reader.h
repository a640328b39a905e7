// For whom a page is written: the language, whether it was chosen, and the registry's time zone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "server/doors/http/html.h"
#include "server/doors/http/language.h"

namespace google::protobuf {
class Timestamp;
}

namespace gusu::server {

struct HttpCall;

struct Reader {
  Language language = Language::kChinese;
  bool chose_language = false;  // links keep it then
  absl::TimeZone zone;

  std::string_view In(Words words) const { return words.In(language); }
  // With the chosen language, if one was chosen.
  HtmlUrl Keep(const HtmlUrl& url) const;
  // The page of a code, which need not exist.
  HtmlUrl CodeUrl(std::string_view identifier) const;
  HtmlUrl Home() const { return Keep(HtmlUrl::OfPath("/")); }

  // <time>: 2026-03-01 08:00:00 +08:00.
  void WriteTime(const google::protobuf::Timestamp& time, HtmlWriter& html) const;
  void WriteTime(uint64_t time_us, HtmlWriter& html) const;
};

Reader ReaderOf(const HttpCall& call, const absl::TimeZone& zone);

// The path of a code's page: /88.118.8/HP-1. Read back by HttpTarget::DecodedPath.
HtmlUrl CodePath(std::string_view identifier);

}  // namespace gusu::server
