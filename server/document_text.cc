#include "server/document_text.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "proto/text.h"
#include "server/attribute_text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using Json = nlohmann::json;

constexpr size_t kSha256Digits = 64;
constexpr size_t kMediaTypeCharactersMax = 127;

// RFC 6838, section 4.2: two names around a "/".
bool IsMediaType(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size() ||
      text.size() > kMediaTypeCharactersMax) {
    return false;
  }
  const auto is_name = [](std::string_view name) {
    return std::isalnum(static_cast<unsigned char>(name.front())) &&
           std::all_of(name.begin(), name.end(), [](char c) {
             return std::isalnum(static_cast<unsigned char>(c)) ||
                    std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
           });
  };
  return is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

bool IsSha256(std::string_view text) {
  return text.size() == kSha256Digits && std::all_of(text.begin(), text.end(), [](char c) {
           return std::isxdigit(static_cast<unsigned char>(c));
         });
}

std::string FaultOfMember(std::string_view name, std::string_view text) {
  if (name == "url") return IsUrl(text) ? "" : "has a url that is no http or https URL";
  if (name == "media_type") return IsMediaType(text) ? "" : "has a media_type that is none";
  if (name == "sha256") return IsSha256(text) ? "" : "has a sha256 that is not 64 hex digits";
  if (name == "expires_on") return IsDate(text) ? "" : "has an expires_on that is not YYYY-MM-DD";
  if (name == "title") {
    return !text.empty() && CharacterCount(text) <= kDocumentTitleCharactersMax
               ? ""
               : Concat("has a title of not 1 to ", kDocumentTitleCharactersMax, " characters");
  }
  return Concat("has a member ", Quote(name), ", which no document has");
}

}  // namespace

std::string FaultOfDocument(std::string_view text) {
  std::set<std::string> names;
  std::string repeated;
  const Json json = Json::parse(
      text,
      [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::key && depth == 1) {
          const auto& name = parsed.get_ref<const std::string&>();
          if (!names.insert(name).second) repeated = name;
        }
        return true;
      },
      /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return "is not a JSON object";
  if (!repeated.empty()) return Concat("has ", Quote(repeated), " twice");
  for (const auto& [name, member] : json.items()) {
    if (!member.is_string()) return Concat("has a ", Quote(name), " that is not text");
    std::string fault = FaultOfMember(name, member.get_ref<const std::string&>());
    if (!fault.empty()) return fault;
  }
  for (const char* required : {"url", "sha256"}) {
    if (!json.contains(required)) return Concat("has no ", required);
  }
  return "";
}

}  // namespace gusu::server
