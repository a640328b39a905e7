// The OpenAPI document of /v1, made from the .proto files when the server is built.
#pragma once

#include <string_view>

namespace gusu::server {

extern const std::string_view kOpenApiDocument;

}  // namespace gusu::server
