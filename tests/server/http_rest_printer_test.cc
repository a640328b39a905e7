// Messages as JSON: the same as protobuf's own printer writes, for every message of the API.
#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "server/doors/http/rest/json_printer.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

std::string Print(const Message& message) {
  std::string json;
  INFO(message.ShortDebugString());
  REQUIRE(PrintJson(message, &json));
  return json;
}

std::string PrintByProtobuf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  REQUIRE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

// Sets about half of a message's fields to values at which printers go wrong.
class Filler {
 public:
  explicit Filler(test::Random* random) : random_(*random) {}

  void Fill(Message* message, int depth) {
    if (auto* time = dynamic_cast<Timestamp*>(message)) return FillTime(time);
    const Descriptor& descriptor = *message->GetDescriptor();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      // What stands in an Any is printed by protobuf itself.
      if (is_message && field.message_type()->full_name() == "google.protobuf.Any") continue;
      if (field.is_map() || random_.Below(2) == 0 || (is_message && depth == 0)) continue;
      const size_t count = field.is_repeated() ? random_.Below(4) : 1;
      for (size_t j = 0; j < count; ++j) Set(message, field, depth);
    }
  }

 private:
  void FillTime(Timestamp* time) {
    constexpr int64_t kSeconds[] = {-62'135'596'800, -1, 0, 951'782'400, 1'795'414'695,
                                    253'402'300'799};
    constexpr int kNanos[] = {0, 1, 1'000, 1'500'000, 120'000'000, 999'999'999};
    time->set_seconds(kSeconds[random_.Below(6)]);
    time->set_nanos(kNanos[random_.Below(6)]);
  }

  std::string Text() {
    const char* const parts[] = {"泵 HP-1",    "\"",       "\\",     "/",         "</script>",
                                 "\n\r\t\b\f", "\x01\x7f", "\u200b", "\u202e",    "\ufeff",
                                 "é",          "𝄞",        "\u2028", "{\"a\":1}", "",
                                 "\u00a0x",    "\uffff",   "&amp;",  "\u061c",    "\U000e0041"};
    std::string text;
    for (size_t i = random_.Below(5); i > 0; --i) text += parts[random_.Below(std::size(parts))];
    return text;
  }

  template <typename Number>
  Number Pick() {
    using Limits = std::numeric_limits<Number>;
    const Number numbers[] = {Limits::min(), Limits::max(), Limits::lowest(),
                              Number(0),     Number(1),     Number(100)};
    return numbers[random_.Below(6)];
  }
  double PickReal() {
    const double numbers[] = {0.1,  -2.5e-9, 1e300, 3, std::numeric_limits<double>::infinity(),
                              1e21, -0.0};
    return numbers[random_.Below(std::size(numbers))];
  }

  void Set(Message* message, const FieldDescriptor& field, int depth) {
    const Reflection& to = *message->GetReflection();
    const auto put = [&](auto set, auto add, auto value) {
      field.is_repeated() ? (to.*add)(message, &field, std::move(value))
                          : (to.*set)(message, &field, std::move(value));
    };
    using R = Reflection;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return put(&R::SetInt32, &R::AddInt32, Pick<int32_t>());
      case FieldDescriptor::CPPTYPE_UINT32:
        return put(&R::SetUInt32, &R::AddUInt32, Pick<uint32_t>());
      case FieldDescriptor::CPPTYPE_INT64:
        return put(&R::SetInt64, &R::AddInt64, Pick<int64_t>());
      case FieldDescriptor::CPPTYPE_UINT64:
        return put(&R::SetUInt64, &R::AddUInt64, Pick<uint64_t>());
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return put(&R::SetDouble, &R::AddDouble, PickReal());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return put(&R::SetFloat, &R::AddFloat, static_cast<float>(PickReal()));
      case FieldDescriptor::CPPTYPE_BOOL:
        return put(&R::SetBool, &R::AddBool, random_.Below(2) == 1);
      case FieldDescriptor::CPPTYPE_ENUM:
        // 99: a value of a later version.
        return put(&R::SetEnumValue, &R::AddEnumValue,
                   random_.Below(4) == 0 ? 99 : static_cast<int>(random_.Below(3)));
      case FieldDescriptor::CPPTYPE_STRING:
        return put(
            &R::SetString, &R::AddString,
            field.type() == FieldDescriptor::TYPE_BYTES ? random_.Bytes(random_.Below(7)) : Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(field.is_repeated() ? to.AddMessage(message, &field)
                                        : to.MutableMessage(message, &field),
                    depth - 1);
    }
  }

  test::Random& random_;
};

// Those of the services, and those that they are made of.
std::set<const FileDescriptor*> ApiFiles() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::vector<const FileDescriptor*> left;
  for (const char* service : {"audit", "registrar", "registry", "resolver", "statistics"}) {
    left.push_back(pool->FindFileByName(std::string("gusu/v1/") + service + ".proto"));
  }
  std::set<const FileDescriptor*> files;
  while (!left.empty()) {
    const FileDescriptor* file = left.back();
    left.pop_back();
    REQUIRE(file != nullptr);
    if (file->package() != "gusu.v1" || !files.insert(file).second) continue;
    for (int i = 0; i < file->dependency_count(); ++i) left.push_back(file->dependency(i));
  }
  return files;
}

TEST_CASE("every message of the API is printed as protobuf's own printer does") {
  test::Random random("http rest printer");
  Filler filler(&random);
  size_t kinds = 0;
  for (const auto* file : ApiFiles()) {
    for (int i = 0; i < file->message_type_count(); ++i, ++kinds) {
      const Message* prototype =
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(
              file->message_type(i));
      for (int round = 0; round < 20; ++round) {
        const std::unique_ptr<Message> message(prototype->New());
        filler.Fill(message.get(), 4);
        const std::string json = Print(*message);
        INFO("GUSU_SEED=" << random.seed() << " " << file->message_type(i)->full_name() << "\n"
                          << json);
        REQUIRE(nlohmann::json::parse(json) == nlohmann::json::parse(PrintByProtobuf(*message)));
        REQUIRE(json.find('\n') == std::string::npos);
        REQUIRE(json.find('<') == std::string::npos);
      }
    }
  }
  CHECK(kinds > 100);
}

TEST_CASE("fields are printed in the order of their numbers, names as in the .proto files") {
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/HP-1");
  request.mutable_options()->set_reason("a <b>");
  CHECK(Print(request) ==
        R"({"identifier":"88.118.8/HP-1","options":{"reason":"a \u003cb\u003e"}})");
  CHECK(Print(v1::ResolveRequest()) == "{}");
}

TEST_CASE("characters that are not seen are escaped, and all others stand as they are") {
  v1::ResolveRequest request;
  request.set_identifier(
      "泵é𝄞\u00a0|\u00ad\u061c\u180e\u200b\u202e\u2066\ufeff\U000e0041\x7f\u0085\x01");
  CHECK(
      Print(request) ==
      "{\"identifier\":\"泵é𝄞\u00a0|\\u00ad\\u061c\\u180e\\u200b\\u202e\\u2066\\ufeff\\udb40\\udc41"
      "\\u007f\\u0085\\u0001\"}");
}

TEST_CASE("maps, and the details of an error, are printed as protobuf's own printer does") {
  google::rpc::ErrorInfo info;
  CHECK(Print(info) == "{}");
  (*info.mutable_metadata())["field"] = "row.values[0]";
  (*info.mutable_metadata())["val\"ue"] = "\n";
  info.set_reason("FIELD_INVALID");
  CHECK(nlohmann::json::parse(Print(info)) == nlohmann::json::parse(PrintByProtobuf(info)));
  const google::rpc::Status status =
      ToRpcStatus(Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND", "no", {{"prefix", "1"}}));
  CHECK(nlohmann::json::parse(Print(status)) == nlohmann::json::parse(PrintByProtobuf(status)));
  CHECK(Print(status).find("type.googleapis.com/google.rpc.ErrorInfo") != std::string::npos);
}

TEST_CASE("a text that is not UTF-8 and a time without a form are not printed") {
  std::string json;
  for (const char* text : {"\x80", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"}) {
    v1::ResolveRequest request;
    request.set_identifier(text);
    CHECK_FALSE(PrintJson(request, &json));
  }
  Timestamp time;
  time.set_seconds(253'402'300'800);
  CHECK_FALSE(PrintJson(time, &json));
  time.set_seconds(-62'135'596'801);
  CHECK_FALSE(PrintJson(time, &json));
  time.set_seconds(0);
  time.set_nanos(-1);
  CHECK_FALSE(PrintJson(time, &json));
  time.set_nanos(1'000'000'000);
  CHECK_FALSE(PrintJson(time, &json));
}

}  // namespace
}  // namespace gusu::server
