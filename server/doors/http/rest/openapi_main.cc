// Run when the server is built: gusu_openapi DESCRIPTOR_SET JSON_FILE CC_FILE
//
// Writes the OpenAPI document of /v1 as it is, and as a string of C++.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "server/doors/http/rest/openapi.h"

namespace gusu::server {
namespace {

// Compilers need not take longer literals.
constexpr size_t kLiteralBytesMax = 16'000;

std::string AsCpp(std::string_view document) {
  std::string text =
      "#include \"server/doors/http/rest/openapi_document.h\"\n\n"
      "namespace gusu::server {\n\n"
      "constexpr std::string_view kText =";
  for (size_t begin = 0; begin < document.size(); begin += kLiteralBytesMax) {
    text +=
        "\n    R\"openapi(" + std::string(document.substr(begin, kLiteralBytesMax)) + ")openapi\"";
  }
  return text +
         ";\nconst std::string_view kOpenApiDocument = kText;\n\n}  // namespace gusu::server\n";
}

bool Write(const char* path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (out.flush()) return true;
  std::cerr << path << " cannot be written\n";
  return false;
}

int Run(const char* descriptor_set_path, const char* json_path, const char* cc_path) {
  google::protobuf::FileDescriptorSet files;
  std::ifstream in(descriptor_set_path, std::ios::binary);
  if (!files.ParseFromIstream(&in)) {
    std::cerr << descriptor_set_path << " is no set of descriptors\n";
    return 1;
  }
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) return 1;  // which says why
  }
  const std::string document = MakeOpenApiDocument(pool);
  return Write(json_path, document + "\n") && Write(cc_path, AsCpp(document)) ? 0 : 1;
}

}  // namespace
}  // namespace gusu::server

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "gusu_openapi DESCRIPTOR_SET JSON_FILE CC_FILE\n";
    return 2;
  }
  return gusu::server::Run(argv[1], argv[2], argv[3]);
}
