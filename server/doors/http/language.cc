#include "server/doors/http/language.h"

#include "server/doors/http/accept.h"
#include "server/doors/http/call.h"

namespace gusu::server {
namespace {

bool IsOf(std::string_view tag, std::string_view language) {
  return tag == language || (tag.starts_with(language) && tag.substr(language.size())[0] == '-');
}

}  // namespace

Language LanguageOf(const HttpCall& call) {
  const auto asked = call.target.Parameter("lang");
  if (asked == "zh") return Language::kChinese;
  if (asked == "en") return Language::kEnglish;
  Language best = Language::kChinese;
  int best_weight = 0;
  for (const AcceptedItem& item : ParseAccept(call.request->Header("Accept-Language"))) {
    if (item.weight <= best_weight) continue;
    if (IsOf(item.name, "zh")) {
      best = Language::kChinese;
    } else if (IsOf(item.name, "en")) {
      best = Language::kEnglish;
    } else {
      continue;
    }
    best_weight = item.weight;
  }
  return best;
}

std::string_view LanguageTag(Language language) {
  return language == Language::kChinese ? "zh-CN" : "en";
}

std::string_view LanguageParameter(Language language) {
  return language == Language::kChinese ? "zh" : "en";
}

}  // namespace gusu::server
