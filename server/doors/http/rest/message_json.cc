#include "server/doors/http/rest/message_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "proto/error.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/rest/json_printer.h"
#include "server/doors/http/rest/request_field.h"
#include "server/doors/http/rest/scalar_field.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

// Of text that is no JSON, in errors.
constexpr size_t kShownBytesMax = 100;
constexpr size_t kEndBytesMax = 24;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// Of nlohmann's errors: a number that no double holds.
constexpr int kNumberTooLarge = 406;

// Its last characters.
std::string_view EndOf(std::string_view text) {
  size_t begin = text.size() - std::min(text.size(), kEndBytesMax);
  while (begin < text.size() && (text[begin] & 0xC0) == 0x80) ++begin;
  return text.substr(begin);
}

// `octet` counts from 1; `text` is what stands there, `field` the place in the message.
absl::Status Malformed(size_t octet, std::string_view text, std::string_view field,
                       std::string_view why) {
  ErrorMetadata metadata = {{"octet", std::to_string(octet)},
                            {"text", std::string(CutUtf8(text, kShownBytesMax))}};
  std::string place = Concat("the JSON of the body, at octet ", octet);
  if (!field.empty()) {
    metadata.emplace_back("field", field);
    place += Concat(" in ", field);
  }
  return Error(absl::StatusCode::kInvalidArgument, "BODY_MALFORMED", Concat(place, ": ", why),
               std::move(metadata));
}

// Fills a message while the text is parsed. Every handler says whether to go on; when one does not,
// status() says why.
class Filler final : public nlohmann::json_sax<Json> {
 public:
  Filler(std::string_view json, Message* message) : json_(json), root_(message) {}

  const absl::Status& status() const { return status_; }

  bool null() override { return Count() && TakeNull(); }
  bool boolean(bool value) override { return Scalar(TextKind::kBoolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return Scalar(TextKind::kNumber, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Scalar(TextKind::kNumber, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return Scalar(TextKind::kNumber, text);
  }
  bool string(string_t& text) override { return Scalar(TextKind::kString, text); }
  bool binary(binary_t&) override { return FailField("there are no octets in JSON"); }

  bool start_object(size_t) override;
  bool key(string_t& name) override;
  bool end_object() override { return End(); }
  bool start_array(size_t) override;
  bool end_array() override { return End(); }
  bool parse_error(size_t octet, const std::string& number, const Json::exception& error) override {
    if (error.id == kNumberTooLarge) return FailField("the number is too large", number);
    if (octet > json_.size()) return Fail(Malformed(octet, "", Path(), "it ends too early"));
    const std::string_view text = EndOf(json_.substr(0, octet));
    return Fail(Malformed(octet, text, Path(), Concat("this is no JSON: ", Quote(text))));
  }

 private:
  // An object, or a list of one field's values.
  struct Level {
    Message* message;
    const FieldDescriptor* field = nullptr;  // whose value comes next; of a list all the time
    bool is_list = false;
    size_t count = 0;                             // of a list's values so far
    std::set<const FieldDescriptor*> given = {};  // of an object
  };

  bool Fail(absl::Status status) {
    status_ = std::move(status);
    return false;
  }
  bool FailField(std::string_view why, std::string_view value = "") {
    return Fail(FieldInvalid(Path(), value, why));
  }
  bool Count() {
    if (++parts_ <= kJsonPartsMax) return true;
    return Fail(Error(absl::StatusCode::kInvalidArgument, "BODY_MALFORMED",
                      Concat("the JSON of the body has more than ", kJsonPartsMax, " parts"),
                      {{"parts_max", std::to_string(kJsonPartsMax)}}));
  }

  // "row.values[0].index": of the value that comes next.
  std::string Path() const;
  // Whether the value that comes next may be given beside those before it.
  bool CheckChoice();
  bool Scalar(TextKind kind, std::string_view text);
  bool TakeNull();
  void ValueTaken() {
    Level& level = levels_.back();
    if (level.is_list) {
      ++level.count;
    } else {
      level.field = nullptr;
    }
  }
  bool Push(Level level) {
    if (levels_.size() >= kJsonDepthMax) {
      return Fail(
          Error(absl::StatusCode::kInvalidArgument, "BODY_MALFORMED",
                Concat("the JSON of the body is nested deeper than ", kJsonDepthMax, " levels"),
                {{"depth_max", std::to_string(kJsonDepthMax)}}));
    }
    levels_.push_back(std::move(level));
    return true;
  }
  bool End() {
    levels_.pop_back();
    if (!levels_.empty()) ValueTaken();
    return true;
  }

  const std::string_view json_;
  Message* const root_;
  std::vector<Level> levels_;
  size_t parts_ = 0;
  absl::Status status_;
};

std::string Filler::Path() const {
  std::string path;
  for (const Level& level : levels_) {
    if (level.is_list) {
      path += Concat("[", level.count, "]");
    } else if (level.field != nullptr) {
      path += Concat(path.empty() ? "" : ".", level.field->name());
    }
  }
  return path;
}

bool Filler::CheckChoice() {
  const FieldDescriptor* other = OtherOfChoice(*levels_.back().message, *levels_.back().field);
  return other == nullptr || FailField(Concat("it is given beside ", other->name()));
}

bool Filler::Scalar(TextKind kind, std::string_view text) {
  if (!Count()) return false;
  Level& level = levels_.back();
  if (level.field->is_repeated() && !level.is_list) return FailField("a list is needed", text);
  if (!CheckChoice()) return false;
  absl::Status status = SetFieldText(Path(), kind, text, *level.field, level.message);
  if (!status.ok()) return Fail(std::move(status));
  ValueTaken();
  return true;
}

// A field that is null is one that is not given.
bool Filler::TakeNull() {
  if (levels_.back().is_list) return FailField("null is no value of a list", "null");
  ValueTaken();
  return true;
}

bool Filler::start_object(size_t) {
  if (!Count()) return false;
  if (levels_.empty()) return Push({.message = root_});
  Level& level = levels_.back();
  const FieldDescriptor& field = *level.field;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsTime(field)) {
    return FailField("an object is none of its values", "{");
  }
  if (field.is_repeated() && !level.is_list) return FailField("a list is needed", "{");
  if (!CheckChoice()) return false;
  const google::protobuf::Reflection& reflection = *level.message->GetReflection();
  Message* const part = field.is_repeated() ? reflection.AddMessage(level.message, &field)
                                            : reflection.MutableMessage(level.message, &field);
  return Push({.message = part});
}

bool Filler::start_array(size_t) {
  if (!Count()) return false;
  const Level& level = levels_.back();
  if (level.is_list || !level.field->is_repeated())
    return FailField("a list is none of its values", "[");
  return Push({.message = level.message, .field = level.field, .is_list = true});
}

bool Filler::key(string_t& name) {
  if (!Count()) return false;
  Level& level = levels_.back();
  const Descriptor& type = *level.message->GetDescriptor();
  const FieldDescriptor* const field = FindField(type, name);
  if (field == nullptr) {
    const std::string above = Path();
    return Fail(
        FieldInvalid(Concat(above, above.empty() ? "" : ".", CutUtf8(name, kFieldNameBytesMax)), "",
                     Concat(type.full_name(), " has no such field")));
  }
  level.field = field;
  return level.given.insert(field).second || FailField("it is given twice");
}

}  // namespace

absl::Status FromJson(std::string_view json, Message* message) {
  const size_t mark = json.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const size_t begin = json.find_first_not_of(kBlanks, mark);
  if (begin == std::string_view::npos) return absl::OkStatus();
  if (json[begin] != '{') {
    const std::string_view text = json.substr(begin);
    return Malformed(begin + 1, text, "", Concat("an object is needed, not ", Quote(text)));
  }
  // Which nlohmann takes for the text's end.
  if (const size_t nul = json.find('\0'); nul != std::string_view::npos) {
    return Malformed(nul + 1, json.substr(nul, 1), "", "a character NUL is no JSON");
  }
  Filler filler(json, message);
  if (Json::sax_parse(json, &filler)) return absl::OkStatus();
  return filler.status();
}

absl::StatusOr<std::string> ToJson(const Message& message) {
  std::string json;
  if (PrintJson(message, &json)) return json;
  return absl::InternalError(Concat("a ", message.GetDescriptor()->full_name(),
                                    " has a text or a time without JSON form"));
}

}  // namespace gusu::server
