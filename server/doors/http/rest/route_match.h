// From a request's path to the method of the API that it stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/doors/http/rest/routes.h"

namespace gusu::server {

// The field that a route's path gives, and its value: a resource's name, its segments
// percent-encoded as names are, whatever encoding they were sent in.
struct RestField {
  std::string_view name;  // "name", "group.name"; empty: the path gives none
  std::string value;
};

// What a request's path stands for.
struct RestMatch {
  const RestRoute* route = nullptr;  // nullptr: nothing with this HTTP method
  RestField field;
  // "GET, HEAD, PUT": methods of HTTP that the path takes; empty: there is no such path.
  std::string allowed;
};

// `segments` as HttpTarget has them, with "v1" first. TARGET_MALFORMED for an encoding that is
// none.
absl::StatusOr<RestMatch> FindRoute(std::string_view http_method,
                                    std::span<const std::string> segments);

}  // namespace gusu::server
