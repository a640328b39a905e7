#include "client/audit/prefix_tallies.h"

namespace gusu {
namespace {

constexpr std::string_view kPrefixes = "prefixes/";
constexpr std::string_view kRecords = "/records/";

}  // namespace

std::string PrefixKeyOf(std::string_view resource) {
  if (!resource.starts_with(kPrefixes)) return {};
  resource.remove_prefix(kPrefixes.size());
  std::string key(resource.substr(0, resource.find('/')));
  for (char& c : key) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return key;
}

bool IsRecordName(std::string_view resource) {
  return resource.starts_with(kPrefixes) && resource.find(kRecords) != std::string_view::npos;
}

}  // namespace gusu
