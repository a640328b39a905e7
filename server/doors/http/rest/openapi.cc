#include "server/doors/http/rest/openapi.h"

#include <google/protobuf/descriptor.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "proto/text.h"
#include "server/doors/http/rest/routes.h"

namespace gusu::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using Json = nlohmann::ordered_json;

constexpr std::string_view kAbout =
    "The API of a Gusu registry as JSON. Names, codes and reasons are those of the gRPC API; "
    "proto/README.md of the source says how they work together.\n\n"
    "Fields are named as in the .proto files; lowerCamelCase is read, too. Fields that are empty "
    "are not written. 64-bit numbers are strings, bytes base64, times RFC 3339. The fields that a "
    "path gives need not stand in the body; resource names in paths have their segments "
    "percent-encoded (`prefixes/88.118.8/records/HP%2F1`). Of a query's lists of messages the "
    "first element is described: the second one's fields begin with `[1]`, and so on.\n\n"
    "A credential is sent as `Authorization: Bearer TOKEN`, over TLS or from the server's own "
    "machine.";
constexpr int kQueryDepthMax = 4;

[[noreturn]] void End(std::string_view why) {
  std::cerr << why << "\n";
  std::exit(1);
}

// A comment as one text: lines joined, without the space behind the slashes.
template <typename Described>
std::string CommentOf(const Described& described) {
  google::protobuf::SourceLocation location;
  if (!described.GetSourceLocation(&location)) return "";
  std::string text;
  for (absl::string_view line : absl::StrSplit(location.leading_comments, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!text.empty() && !line.empty()) text += ' ';
    text += std::string(line);
  }
  return text;
}

// The first sentence, without its end.
std::string SummaryOf(std::string_view comment) {
  const size_t end = std::min(comment.find(". "), comment.size());
  std::string_view summary = comment.substr(0, end);
  if (summary.ends_with('.')) summary.remove_suffix(1);
  return std::string(summary);
}

// "Record.State" of gusu.v1.Record.State.
template <typename Type>
std::string SchemaName(const Type& type) {
  const std::string_view full_name = type.full_name();
  const std::string_view package = type.file()->package();
  return std::string(full_name.substr(package.size() + 1));
}

template <typename Type>
Json Reference(const Type& type) {
  return {{"$ref", Concat("#/components/schemas/", SchemaName(type))}};
}

bool IsTimestamp(const Descriptor& type) { return type.full_name() == "google.protobuf.Timestamp"; }

// Of one value of a field.
Json ValueSchema(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_MESSAGE:
      if (IsTimestamp(*field.message_type())) return {{"type", "string"}, {"format", "date-time"}};
      return Reference(*field.message_type());
    case FieldDescriptor::TYPE_ENUM:
      return Reference(*field.enum_type());
    case FieldDescriptor::TYPE_BYTES:
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    case FieldDescriptor::TYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::TYPE_DOUBLE:
      return {{"type", "number"}, {"format", "double"}};
    case FieldDescriptor::TYPE_UINT32:
      return {{"type", "integer"}, {"format", "uint32"}, {"minimum", 0}};
    case FieldDescriptor::TYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::TYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}, {"pattern", "^[0-9]+$"}};
    case FieldDescriptor::TYPE_INT64:
      return {{"type", "string"}, {"format", "int64"}, {"pattern", "^-?[0-9]+$"}};
    case FieldDescriptor::TYPE_STRING:
      return {{"type", "string"}};
    default:
      End(Concat("a type without a schema: ", field.full_name()));
  }
}

Json FieldSchema(const FieldDescriptor& field) {
  Json schema = ValueSchema(field);
  if (field.is_repeated()) schema = {{"type", "array"}, {"items", std::move(schema)}};
  if (std::string comment = CommentOf(field); !comment.empty()) schema["description"] = comment;
  return schema;
}

Json EnumSchema(const EnumDescriptor& type) {
  std::string description = CommentOf(type);
  Json values = Json::array();
  for (int i = 0; i < type.value_count(); ++i) {
    values.push_back(type.value(i)->name());
    const std::string comment = CommentOf(*type.value(i));
    if (comment.empty()) continue;
    description +=
        Concat(description.empty() ? "" : "\n", "- `", type.value(i)->name(), "`: ", comment);
  }
  Json schema = {{"type", "string"}, {"enum", std::move(values)}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}

Json MessageSchema(const Descriptor& type) {
  std::string description = CommentOf(type);
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    std::string names;
    for (int j = 0; j < type.oneof_decl(i)->field_count(); ++j) {
      names += Concat(names.empty() ? "`" : ", `", type.oneof_decl(i)->field(j)->name(), "`");
    }
    description += Concat(description.empty() ? "" : " ", "At most one of ", names, ".");
  }
  Json properties = Json::object();
  for (int i = 0; i < type.field_count(); ++i) {
    properties[type.field(i)->name()] = FieldSchema(*type.field(i));
  }
  Json schema = {{"type", "object"}};
  if (!description.empty()) schema["description"] = description;
  schema["properties"] = std::move(properties);
  return schema;
}

// google.rpc.Status, whose details are one google.rpc.ErrorInfo.
Json StatusSchema() {
  const Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"description",
           "How a call failed. `code` is one of google.rpc.Code; the reasons stand in "
           "proto/README.md of the source."},
          {"properties",
           {{"code", {{"type", "integer"}, {"format", "int32"}}},
            {"message", text},
            {"details",
             {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"description", "A google.rpc.ErrorInfo."},
                {"properties",
                 {{"@type", text},
                  {"reason", text},
                  {"domain", text},
                  {"metadata", {{"type", "object"}, {"additionalProperties", text}}}}}}}}}}}};
}

// Schemas by name, each once.
class Schemas {
 public:
  void Add(const Descriptor& type) {
    if (IsTimestamp(type) || !names_.insert(SchemaName(type)).second) return;
    if (type.full_name() == "google.rpc.Status") {
      by_name_[SchemaName(type)] = StatusSchema();
      return;
    }
    by_name_[SchemaName(type)] = MessageSchema(type);
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.message_type() != nullptr) Add(*field.message_type());
      if (field.enum_type() != nullptr)
        by_name_[SchemaName(*field.enum_type())] = EnumSchema(*field.enum_type());
    }
  }
  Json Take() {
    Json schemas = Json::object();
    for (auto& [name, schema] : by_name_) schemas[name] = std::move(schema);
    return schemas;
  }

 private:
  std::set<std::string> names_;
  std::map<std::string, Json> by_name_;
};

// "record" of "records".
std::string ParameterName(std::string_view collection) {
  static const std::map<std::string_view, std::string_view> kNames = {
      {"prefixes", "prefix"}, {"serialRanges", "serial_range"}};
  const auto found = kNames.find(collection);
  if (found != kNames.end()) return std::string(found->second);
  return std::string(collection.substr(0, collection.size() - 1));
}

// /v1/prefixes/{prefix}/records/{record}:retire, and the parameters.
std::string PathOf(const RestPattern& pattern, Json* parameters) {
  std::string path = "/v1";
  for (size_t i = 0; i < pattern.segments.size(); ++i) {
    if (pattern.segments[i] != "*") {
      path += Concat("/", pattern.segments[i]);
      continue;
    }
    const std::string name = ParameterName(pattern.segments[i - 1]);
    path += Concat("/{", name, "}");
    parameters->push_back({{"name", name},
                           {"in", "path"},
                           {"required", true},
                           {"description", Concat("Of the field `", pattern.field, "`: behind `",
                                                  pattern.segments[i - 1], "/`.")},
                           {"schema", {{"type", "string"}}}});
  }
  return pattern.verb.empty() ? path : Concat(path, ":", pattern.verb);
}

// Fields of a message within a query: what their names begin with, and what is said of all of them.
struct QueryPart {
  std::string name;
  std::string comment;
  int depth = 0;
};

std::string Joined(std::string_view first, std::string_view second) {
  return Concat(first, first.empty() || second.empty() ? "" : " ", second);
}

void AddQueryParameters(const Descriptor& type, const QueryPart& part, std::string_view bound,
                        Json* parameters) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string name = part.name + field.name();
    if (name == bound) continue;
    const std::string comment = Joined(part.comment, CommentOf(field));
    if (field.message_type() != nullptr && !IsTimestamp(*field.message_type())) {
      if (part.depth >= kQueryDepthMax) continue;
      AddQueryParameters(
          *field.message_type(),
          {Concat(name, field.is_repeated() ? "[0]." : "."), comment, part.depth + 1}, bound,
          parameters);
      continue;
    }
    Json parameter = {{"name", name}, {"in", "query"}};
    if (!comment.empty()) parameter["description"] = comment;
    Json schema = ValueSchema(field);
    if (field.is_repeated()) schema = {{"type", "array"}, {"items", std::move(schema)}};
    parameter["schema"] = std::move(schema);
    parameters->push_back(std::move(parameter));
  }
}

Json Content(RestForm form, const Descriptor& type) {
  return {{form == RestForm::kUnary ? "application/json" : "application/x-ndjson",
           {{"schema", Reference(type)}}}};
}

Json OperationOf(const RestRoute& route, const MethodDescriptor& method, const std::string& id,
                 Json parameters) {
  const RestPattern pattern = ParsePattern(route.path);
  std::string comment = CommentOf(method);
  Json operation = {
      {"tags", {method.service()->name()}}, {"operationId", id}, {"summary", SummaryOf(comment)}};
  if (route.form == RestForm::kRows)
    comment += " One JSON object a line, in the body and in the answer.";
  if (route.form == RestForm::kWatch) comment += " One JSON object a line, without end.";
  if (route.form != RestForm::kUnary) {
    comment += " A stream that fails after its first line ends with a line {\"error\": Status}.";
  }
  operation["description"] = comment;
  if (route.http_method == "GET") {
    AddQueryParameters(*method.input_type(), {}, pattern.field, &parameters);
  } else {
    operation["requestBody"] = {
        {"content", Content(route.form == RestForm::kRows ? route.form : RestForm::kUnary,
                            *method.input_type())}};
  }
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  operation["responses"] = {{"200",
                             {{"description", CommentOf(*method.output_type())},
                              {"content", Content(route.form, *method.output_type())}}},
                            {"default", {{"$ref", "#/components/responses/Error"}}}};
  return operation;
}

const MethodDescriptor& MethodOf(const DescriptorPool& pool, const RestRoute& route) {
  const MethodDescriptor* const method = pool.FindMethodByName(std::string(route.full_name));
  if (method == nullptr) End(Concat("no such method: ", route.full_name));
  return *method;
}

}  // namespace

std::string MakeOpenApiDocument(const DescriptorPool& pool) {
  Json paths = Json::object();
  Json tags = Json::array();
  Schemas schemas;
  std::set<std::string> services;
  std::map<std::string, int> uses;  // of a method's name
  for (const RestRoute& route : RestRoutes()) {
    const MethodDescriptor& method = MethodOf(pool, route);
    if (services.insert(method.service()->name()).second) {
      tags.push_back(
          {{"name", method.service()->name()}, {"description", CommentOf(*method.service())}});
    }
    const int use = ++uses[method.name()];
    const std::string id = use == 1 ? method.name() : Concat(method.name(), use);
    Json parameters = Json::array();
    const std::string path = PathOf(ParsePattern(route.path), &parameters);
    std::string key(route.http_method);
    for (char& c : key) c = static_cast<char>(c + ('a' - 'A'));
    paths[path][key] = OperationOf(route, method, id, std::move(parameters));
    schemas.Add(*method.input_type());
    schemas.Add(*method.output_type());
  }
  schemas.Add(*pool.FindMessageTypeByName("google.rpc.Status"));
  const Json document = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Gusu"},
        {"version", "v1"},
        {"description", kAbout},
        {"license", {{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"servers", {{{"url", "/"}}}},
      {"security", {Json::object(), {{"bearer", Json::array()}}}},
      {"tags", std::move(tags)},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas.Take()},
        {"responses",
         {{"Error",
           {{"description", "The call failed."},
            {"content",
             {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Status"}}}}}}}}}}},
        {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  return document.dump(1);
}

}  // namespace gusu::server
