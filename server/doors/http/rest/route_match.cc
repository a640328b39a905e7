#include "server/doors/http/rest/route_match.h"

#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/target.h"

namespace gusu::server {
namespace {

const std::vector<RestPattern>& Patterns() {
  static const auto* const kPatterns = [] {
    auto* parsed = new std::vector<RestPattern>;
    for (const RestRoute& route : RestRoutes()) parsed->push_back(ParsePattern(route.path));
    return parsed;
  }();
  return *kPatterns;
}

// Whether the segments, those behind "v1", fit the pattern.
bool Fits(const RestPattern& pattern, std::span<const std::string> segments) {
  if (segments.size() != pattern.segments.size()) return false;
  for (size_t i = 0; i < segments.size(); ++i) {
    std::string_view segment = segments[i];
    if (i + 1 == segments.size() && !pattern.verb.empty()) {
      if (!segment.ends_with(pattern.verb)) return false;
      segment.remove_suffix(pattern.verb.size());
      if (!segment.ends_with(':')) return false;
      segment.remove_suffix(1);
    }
    if (pattern.segments[i] == "*" ? segment.empty() : segment != pattern.segments[i]) return false;
  }
  return true;
}

absl::StatusOr<RestField> FieldOf(const RestPattern& pattern,
                                  std::span<const std::string> segments) {
  RestField field{pattern.field, ""};
  for (size_t i = pattern.field_begin; i < pattern.field_end; ++i) {
    std::string_view segment = segments[i];
    if (i + 1 == segments.size() && !pattern.verb.empty()) {
      segment.remove_suffix(pattern.verb.size() + 1);
    }
    GUSU_ASSIGN_OR_RETURN(const std::string decoded, PercentDecode(segment));
    if (i > pattern.field_begin) field.value += '/';
    field.value += PercentEncode(decoded);
  }
  return field;
}

}  // namespace

absl::StatusOr<RestMatch> FindRoute(std::string_view http_method,
                                    std::span<const std::string> segments) {
  RestMatch match;
  if (segments.empty()) return match;
  segments = segments.subspan(1);
  const std::vector<RestPattern>& patterns = Patterns();
  const RestPattern* found = nullptr;
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (!Fits(patterns[i], segments)) continue;
    const std::string_view method = RestRoutes()[i].http_method;
    if (match.allowed.find(method) == std::string::npos) {
      match.allowed += Concat(match.allowed.empty() ? "" : ", ", method);
      if (method == "GET") match.allowed += ", HEAD";  // which is asked as GET
    }
    // A name may have a ":" of its own: where a verb fits, it is the verb's.
    if (method != http_method || (found != nullptr && !found->verb.empty())) continue;
    found = &patterns[i];
    match.route = &RestRoutes()[i];
  }
  if (found != nullptr) {
    GUSU_ASSIGN_OR_RETURN(match.field, FieldOf(*found, segments));
  }
  return match;
}

}  // namespace gusu::server
