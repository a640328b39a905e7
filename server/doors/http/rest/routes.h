// Where each method of the API stands among the paths of /v1: the one table that the server, the
// OpenAPI document and the tests read.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/access.h"

namespace gusu::server {

// How requests and answers follow each other.
enum class RestForm {
  kUnary,
  kRows,   // NDJSON in the body, NDJSON in the answer
  kWatch,  // one request, NDJSON in the answer without end
};

struct RestRoute {
  std::string_view http_method;  // GET, POST, PUT or PATCH
  // As google.api.http writes it: /v1/{name=prefixes/*/records/*}:retire. At most one field is
  // bound, of one segment or more; all other fields come from the query of a GET, and from the body
  // otherwise.
  std::string_view path;
  Method method;
  std::string_view full_name;  // gusu.v1.RegistryService.RetireRecord
  RestForm form = RestForm::kUnary;
};

// In the order of Method. A method with several paths has them one after the other.
std::span<const RestRoute> RestRoutes();

// A route's path in parts.
struct RestPattern {
  // Without a leading "v1"; "*" takes any segment that is not empty.
  std::vector<std::string_view> segments;
  std::string_view verb;  // behind the last segment's ":"; empty: none
  std::string_view field;
  size_t field_begin = 0;  // segments of the field's value
  size_t field_end = 0;
};
RestPattern ParsePattern(std::string_view path);

}  // namespace gusu::server
