// /openapi.json: every method, field and value of the API stands in it, and it holds together.
#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/text.h"
#include "server/doors/http/rest/routes.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;

json Document() {
  HttpWorld world;
  const HttpResponse response = world.Get("/openapi.json");
  REQUIRE(response.status == 200);
  REQUIRE(response.Header("Content-Type") == "application/json");
  return json::parse(response.body);
}

// Every file of the API, which linking brings into the pool.
std::vector<const google::protobuf::FileDescriptor*> ServiceFiles() {
  return {v1::ApproveRegistrantRequest::descriptor()->file(),
          v1::RegisterRequest::descriptor()->file(), v1::ResolveRequest::descriptor()->file(),
          v1::GetCheckpointRequest::descriptor()->file(),
          v1::GetStatisticsRequest::descriptor()->file()};
}

std::string SchemaName(const std::string& full_name) {
  return full_name.substr(std::string("gusu.v1.").size());
}

bool IsOfApi(const std::string& full_name) { return full_name.starts_with("gusu.v1."); }

// What a value of the field must be described as.
json ValueOf(const FieldDescriptor& field) {
  const auto reference = [](const std::string& name) {
    return json{{"$ref", Concat("#/components/schemas/", name)}};
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->full_name() == "google.protobuf.Timestamp") {
        return {{"type", "string"}, {"format", "date-time"}};
      }
      return reference(IsOfApi(field.message_type()->full_name())
                           ? SchemaName(field.message_type()->full_name())
                           : field.message_type()->name());
    case FieldDescriptor::CPPTYPE_ENUM:
      return reference(SchemaName(field.enum_type()->full_name()));
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {{"type", "number"}, {"format", "double"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"format", "uint32"}, {"minimum", 0}};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}, {"pattern", "^[0-9]+$"}};
    default:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      }
      return {{"type", "string"}};
  }
}

// Compares a message with its schema, and then those of its fields.
void CheckMessage(const Descriptor& type, const json& schemas, std::set<std::string>* seen) {
  if (!IsOfApi(type.full_name()) || !seen->insert(SchemaName(type.full_name())).second) return;
  INFO(type.full_name());
  REQUIRE(schemas.contains(SchemaName(type.full_name())));
  const json& schema = schemas[SchemaName(type.full_name())];
  CHECK(schema["type"] == "object");
  if (type.containing_type() == nullptr) CHECK(schema.value("description", "") != "");
  const json properties = schema.value("properties", json::object());
  CHECK(properties.size() == static_cast<size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    INFO(field.full_name());
    REQUIRE(properties.contains(field.name()));
    json property = properties[field.name()];
    CHECK(property.value("description", "") != "");
    property.erase("description");
    CHECK(property == (field.is_repeated() ? json{{"type", "array"}, {"items", ValueOf(field)}}
                                           : ValueOf(field)));
    if (const EnumDescriptor* const values = field.enum_type(); values != nullptr) {
      const std::string name = SchemaName(values->full_name());
      seen->insert(name);
      REQUIRE(schemas.contains(name));
      json names = json::array();
      for (int j = 0; j < values->value_count(); ++j) names.push_back(values->value(j)->name());
      CHECK(schemas[name]["enum"] == names);
    }
    if (field.message_type() != nullptr) CheckMessage(*field.message_type(), schemas, seen);
  }
}

TEST_CASE("every method of the services is an operation with its request and its answer") {
  const json document = Document();
  std::map<std::string, json> operations;
  size_t count = 0;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [http_method, operation] : methods.items()) {
      INFO(path);
      ++count;
      CHECK(operations.emplace(operation["operationId"], operation).second);
      CHECK(!operation["summary"].get<std::string>().empty());
      CHECK(!operation["description"].get<std::string>().empty());
    }
  }
  CHECK(count == RestRoutes().size());
  for (const auto* file : ServiceFiles()) {
    REQUIRE(file->service_count() == 1);
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      const auto& method = *file->service(0)->method(i);
      INFO(method.full_name());
      REQUIRE(operations.contains(method.name()));
      const json& operation = operations[method.name()];
      CHECK(operation["tags"] == json{file->service(0)->name()});
      const char* type = method.server_streaming() ? "application/x-ndjson" : "application/json";
      CHECK(operation["responses"]["200"]["content"][type]["schema"]["$ref"] ==
            Concat("#/components/schemas/", SchemaName(method.output_type()->full_name())));
      CHECK(operation["responses"]["default"]["$ref"] == "#/components/responses/Error");
      if (!operation.contains("requestBody")) continue;
      CHECK(operation["requestBody"]["content"]
                     [method.client_streaming() ? "application/x-ndjson" : "application/json"]
                     ["schema"]["$ref"] ==
            Concat("#/components/schemas/", SchemaName(method.input_type()->full_name())));
    }
  }
}

TEST_CASE(
    "every message, field and value that a method takes or gives is described, and no other") {
  const json schemas = Document()["components"]["schemas"];
  std::set<std::string> seen = {"Status"};
  for (const auto* file : ServiceFiles()) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      CheckMessage(*file->service(0)->method(i)->input_type(), schemas, &seen);
      CheckMessage(*file->service(0)->method(i)->output_type(), schemas, &seen);
    }
  }
  std::set<std::string> described;
  for (const auto& [name, schema] : schemas.items()) described.insert(name);
  CHECK(described == seen);
}

TEST_CASE("a path's parameters are those in its braces, and a query's the other fields") {
  const json paths = Document()["paths"];
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [http_method, operation] : methods.items()) {
      INFO(http_method << " " << path);
      std::set<std::string> names;
      const json parameters = operation.value("parameters", json::array());
      for (const json& parameter : parameters) {
        CHECK(names.insert(parameter["name"]).second);
        const bool in_path = parameter["in"] == "path";
        CHECK((path.find(Concat("{", parameter["name"].get<std::string>(), "}")) !=
               std::string::npos) == in_path);
        CHECK(in_path == parameter.value("required", false));
        CHECK((in_path || http_method == "get"));
      }
      CHECK(static_cast<size_t>(std::count(path.begin(), path.end(), '{')) ==
            static_cast<size_t>(std::count_if(parameters.begin(), parameters.end(),
                                              [](const json& p) { return p["in"] == "path"; })));
    }
  }
  std::set<std::string> list;
  for (const json& p : paths["/v1/prefixes/{prefix}/records"]["get"]["parameters"]) {
    list.insert(p["name"]);
    // What is said of a message is said of its fields.
    if (p["name"] == "update_time.before") {
      CHECK(p["description"] == "Last changed in this interval. Exclusive; absent: to the end.");
    }
  }
  CHECK(list == std::set<std::string>{
                    "as_of_time", "attributes[0].begins_with", "attributes[0].equals",
                    "attributes[0].name", "create_time.before", "create_time.from", "custodian",
                    "instance_of", "level", "owner", "page_size", "page_token", "prefix", "reason",
                    "state", "template", "update_time.before", "update_time.from"});
}

// Each "$ref" of the document.
void CollectReferences(const json& part, std::set<std::string>* references) {
  if (part.is_object() && part.contains("$ref")) references->insert(part["$ref"]);
  if (part.is_structured()) {
    for (const json& below : part) CollectReferences(below, references);
  }
}

TEST_CASE("the document is whole: every reference leads somewhere, and a copy is not sent twice") {
  const json document = Document();
  CHECK(document["openapi"] == "3.1.0");
  std::set<std::string> references;
  CollectReferences(document, &references);
  CHECK(references.size() > 150);
  for (const std::string& reference : references) {
    INFO(reference);
    CHECK(document.contains(json::json_pointer(reference.substr(1))));
  }

  HttpWorld world;
  const HttpResponse response = world.Get("/openapi.json");
  const std::string etag(response.Header("ETag"));
  REQUIRE(etag.size() > 2);
  CHECK(world.Get("/openapi.json", {{"If-None-Match", etag}}).status == 304);
  CHECK(world.Get("/openapi.json/x").status == 404);
  CHECK(world.Ask("POST", "/openapi.json").status == 405);
}

}  // namespace
}  // namespace gusu::server
