// The OpenAPI 3.1 document of /v1, from the routes and the .proto files with their comments.
//
// Every route is an operation; every message and enumeration that one of them takes or gives,
// however deep, a schema.
#pragma once

#include <string>

namespace google::protobuf {
class DescriptorPool;
}

namespace gusu::server {

// `pool` has the API's files with their source locations. Ends the program, naming it, when a route
// stands for a method that the pool does not have, or a field's type has no schema.
std::string MakeOpenApiDocument(const google::protobuf::DescriptorPool& pool);

}  // namespace gusu::server
