#include "server/doors/http/handle_api/parameters.h"

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/content_type.h"
#include "server/doors/http/handle_api/json_fields.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

absl::Status AddMember(const std::string& name, const Json& value, FormPairs* pairs) {
  if (value.is_array()) {
    for (const Json& element : value) {
      if (element.is_structured()) return ApiMalformed(name, "has an element that is no value");
      GUSU_RETURN_IF_ERROR(AddMember(name, element, pairs));
    }
    return absl::OkStatus();
  }
  if (value.is_object()) return ApiMalformed(name, "is an object");
  if (value.is_null()) return absl::OkStatus();
  if (pairs->size() >= HttpTarget::kPairsMax) return ApiMalformed("body", "has too many members");
  pairs->emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  return absl::OkStatus();
}

absl::Status AddJson(std::string_view body, FormPairs* pairs) {
  GUSU_ASSIGN_OR_RETURN(const Json json, ParseApiJson(body));
  if (!json.is_object()) return ApiMalformed("body", "is no object of parameters");
  for (const auto& [name, value] : json.items()) {
    GUSU_RETURN_IF_ERROR(AddMember(name, value, pairs));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ApiParameters> ApiParameters::Read(const HttpCall& call) {
  ApiParameters parameters;
  parameters.pairs_ = call.target.query;
  const HttpRequest& request = *call.request;
  if (request.method != "POST" || request.body.empty()) return parameters;
  const std::string type = ContentType(request);
  if (type == kJsonType) {
    GUSU_RETURN_IF_ERROR(AddJson(request.body, &parameters.pairs_));
  } else if (type == kFormType) {
    GUSU_ASSIGN_OR_RETURN(FormPairs form, ParseForm(request.body));
    for (auto& pair : form) parameters.pairs_.push_back(std::move(pair));
  } else {
    return ApiMalformed("Content-Type",
                        Concat(Quote(type), " is neither a form's nor ", kJsonType));
  }
  return parameters;
}

std::optional<std::string_view> ApiParameters::Text(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> ApiParameters::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : pairs_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

absl::StatusOr<bool> ApiParameters::Flag(std::string_view name, bool fallback) const {
  const auto text = Text(name);
  if (!text.has_value()) return fallback;
  const auto is = [&text](std::string_view word) {
    return absl::EqualsIgnoreCase(AbslView(*text), AbslView(word));
  };
  if (is("") || is("true") || is("1") || is("yes")) return true;
  if (is("false") || is("0") || is("no")) return false;
  return ApiMalformed(name, Concat(Quote(*text), " is neither true nor false"));
}

absl::StatusOr<uint32_t> ApiParameters::Number(std::string_view name, uint32_t fallback) const {
  const auto text = Text(name);
  if (!text.has_value()) return fallback;
  const auto number = ParseNumber(*text);
  if (number.has_value()) return *number;
  return ApiMalformed(name, Concat(Quote(*text), " is no number from 0 to 4294967295"));
}

absl::StatusOr<std::vector<uint32_t>> ApiParameters::Numbers(std::string_view name) const {
  std::vector<uint32_t> numbers;
  for (const std::string_view text : All(name)) {
    const auto number = ParseNumber(text);
    if (!number.has_value()) {
      return ApiMalformed(name, Concat(Quote(text), " is no number from 0 to 4294967295"));
    }
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace gusu::server
