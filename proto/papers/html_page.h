// Pages of HTML that stand alone: no scripts, no other files, and they print well on A4.
//
// Everything between tags is escaped here; a caller gives text. Labels are in Chinese, English or
// both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gusu::papers {

enum class Language { kChinese, kEnglish, kBoth };
// zh, en or both; empty: both. nullopt for other texts.
std::optional<Language> ParseLanguage(std::string_view text);

// A text in two languages.
struct Label {
  std::string_view chinese;
  std::string_view english;
};

// As EscapeMarkup, of text in which what a browser could not show, or would take for something
// else, was made visible.
std::string EscapeHtml(std::string_view text);

struct HtmlTable {
  Label caption;
  std::string note;  // below the caption; may be empty
  struct Column {
    Label heading;
    bool is_number = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> total;  // the last row, set apart; may be empty
};

struct HtmlBar {
  std::string name;
  uint64_t count = 0;
};

class HtmlPage {
 public:
  HtmlPage(Language language, Label title);

  void AddHeading(Label text);
  void AddParagraph(Label text);
  // Points of a list, one a line.
  void AddList(const std::vector<std::string>& chinese, const std::vector<std::string>& english);
  // Names and values, for example of a summary.
  struct Fact {
    Label name;
    std::string value;
  };
  void AddFacts(const std::vector<Fact>& facts);
  void AddTable(const HtmlTable& table);
  // Bars beside one another, as a drawing of their own; the first and the last one named.
  void AddBars(Label caption, const std::vector<HtmlBar>& bars);
  // Text as it is, in a fixed width.
  void AddText(std::string_view text);

  // The whole page.
  std::string Finish() &&;

 private:
  std::string Localized(Label label) const;

  Language language_;
  std::string title_;
  std::string body_;
};

}  // namespace gusu::papers
