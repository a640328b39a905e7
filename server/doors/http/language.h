// The two languages of pages. Texts in both stand side by side where they are used:
//
//   html.Element("h2", Words{"历史", "History"}.In(language));
#pragma once

#include <string_view>

namespace gusu::server {

struct HttpCall;

enum class Language { kChinese, kEnglish };

struct Words {
  std::string_view chinese;
  std::string_view english;
  std::string_view In(Language language) const {
    return language == Language::kChinese ? chinese : english;
  }
};

// `?lang=zh|en`, else what Accept-Language prefers of the two, else Chinese. Whoever asks sets
// Vary: Accept-Language (PageAnswer does).
Language LanguageOf(const HttpCall& call);

// The lang attribute: zh-CN, en.
std::string_view LanguageTag(Language language);
// The value of ?lang=: zh, en.
std::string_view LanguageParameter(Language language);

}  // namespace gusu::server
