#include "server/doors/http/rest/message_query.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/rest/request_field.h"
#include "server/doors/http/rest/scalar_field.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Names within names.
constexpr size_t kQueryDepthMax = 16;
constexpr std::string_view kElementsNumbered =
    "elements are numbered from 0, in order, without a gap";

struct Step {
  std::string_view name;
  std::optional<size_t> index;  // of an element
};

// Takes the first step off `path`: "attributes[0]" of "attributes[0].name". nullopt: there is none.
std::optional<Step> TakeStep(std::string_view& path) {
  const std::string_view step = path.substr(0, path.find('.'));
  path.remove_prefix(std::min(path.size(), step.size() + 1));
  const size_t bracket = step.find('[');
  if (bracket == std::string_view::npos) return Step{step, std::nullopt};
  size_t index = 0;
  const char* const end = step.data() + step.size();
  const auto parsed = std::from_chars(step.data() + bracket + 1, end, index);
  if (parsed.ec != std::errc() || parsed.ptr + 1 != end || *parsed.ptr != ']') return std::nullopt;
  return Step{step.substr(0, bracket), index};
}

absl::Status Invalid(std::string_view path, std::string_view value, std::string_view why) {
  return FieldInvalid(CutUtf8(path, kFieldNameBytesMax), value, why);
}

// Where a path leads to.
struct Place {
  Message* message = nullptr;
  const FieldDescriptor* field = nullptr;
  std::string path;  // in names of the .proto files
};

absl::StatusOr<Place> FindPlace(std::string_view path, std::string_view value, Message* message) {
  const std::string_view whole = path;
  Place place{message, nullptr, ""};
  for (size_t depth = 0; depth < kQueryDepthMax; ++depth) {
    const auto& type = *place.message->GetDescriptor();
    const std::optional<Step> step = TakeStep(path);
    if (!step.has_value()) return Invalid(whole, value, "this names no field");
    place.field = FindField(type, step->name);
    if (place.field == nullptr) {
      return Invalid(whole, value, Concat(type.full_name(), " has no such field"));
    }
    const FieldDescriptor& field = *place.field;
    const Reflection& reflection = *place.message->GetReflection();
    if (const FieldDescriptor* other = OtherOfChoice(*place.message, field); other != nullptr) {
      return Invalid(whole, value, Concat("it is given beside ", other->name()));
    }
    if (step->index.has_value() && !field.is_repeated()) {
      return Invalid(whole, value, Concat(field.full_name(), " is no list"));
    }
    place.path += Concat(place.path.empty() ? "" : ".", field.name());
    const auto size =
        field.is_repeated() ? static_cast<size_t>(reflection.FieldSize(*place.message, &field)) : 0;
    if (path.empty()) {
      if (step->index.value_or(size) != size) return Invalid(whole, value, kElementsNumbered);
      return place;
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsTime(field)) {
      return Invalid(whole, value, Concat(field.full_name(), " has no fields"));
    }
    if (!field.is_repeated()) {
      place.message = reflection.MutableMessage(place.message, &field);
      continue;
    }
    const size_t index = step->index.value_or(0);
    if (index > size) return Invalid(whole, value, kElementsNumbered);
    place.path += Concat("[", index, "]");
    place.message = index == size ? reflection.AddMessage(place.message, &field)
                                  : reflection.MutableRepeatedMessage(place.message, &field,
                                                                      static_cast<int>(index));
  }
  return Invalid(whole, value, "it is nested too deep");
}

}  // namespace

absl::Status FromQuery(const FormPairs& pairs, Message* message) {
  std::set<std::string> given;
  for (const auto& [name, value] : pairs) {
    GUSU_ASSIGN_OR_RETURN(const Place place, FindPlace(name, value, message));
    if (!place.field->is_repeated() && !given.insert(place.path).second) {
      return FieldInvalid(place.path, value, "it is given twice");
    }
    GUSU_RETURN_IF_ERROR(
        SetFieldText(place.path, TextKind::kAny, value, *place.field, place.message));
  }
  return absl::OkStatus();
}

absl::Status SetPathField(std::string_view path, std::string_view value, Message* message) {
  GUSU_ASSIGN_OR_RETURN(const Place place, FindPlace(path, value, message));
  const Reflection& reflection = *place.message->GetReflection();
  const std::string given = reflection.GetString(*place.message, place.field);
  if (!given.empty() && given != value) {
    return FieldInvalid(place.path, given, Concat("the path says ", value));
  }
  reflection.SetString(place.message, place.field, std::string(value));
  return absl::OkStatus();
}

}  // namespace gusu::server
