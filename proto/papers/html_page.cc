#include "proto/papers/html_page.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "proto/markup.h"
#include "proto/papers/text.h"

namespace gusu::papers {
namespace {

constexpr char kStyle[] = R"(@page { size: A4; margin: 16mm 15mm 18mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  "DejaVu Sans", sans-serif; color: #1b1f24; max-width: 180mm; margin: 8mm auto; padding: 0 4mm; }
h1 { font-size: 18pt; line-height: 1.25; margin: 0 0 4mm; }
h2 { font-size: 13pt; margin: 9mm 0 2mm; break-after: avoid; border-bottom: .4mm solid #1f5f99; }
p, ul { margin: 0 0 3mm; }
span.en { color: #57606a; }
span.zh + span.en { margin-left: .4em; font-size: .92em; }
table { border-collapse: collapse; width: 100%; margin: 0 0 5mm; font-size: 9.5pt; }
caption { text-align: left; font-weight: 600; padding: 0 0 1mm; break-after: avoid; }
caption small { display: block; font-weight: 400; color: #57606a; overflow-wrap: anywhere; }
th, td { border-bottom: .2mm solid #d0d7de; padding: .8mm 2mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
thead { display: table-header-group; }
thead th { border-bottom: .4mm solid #57606a; font-weight: 600; }
tr { break-inside: avoid; }
tfoot { display: table-row-group; }
tfoot td { border-top: .4mm solid #57606a; font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
table.facts th { width: 36%; font-weight: 600; }
figure { margin: 0 0 5mm; break-inside: avoid; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
svg rect { fill: #1f5f99; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
svg text { font-size: 11px; fill: #57606a; }
pre { font: 8.5pt/1.4 "DejaVu Sans Mono", monospace; background: #f6f8fa; padding: 2mm; margin: 0 0 4mm;
  white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
)";

constexpr int kChartWidth = 720;
constexpr int kChartHeight = 150;
constexpr int kChartTop = 16;
constexpr int kChartBottom = 130;

std::string Decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", number);
  return text;
}

std::string SvgText(int x, int y, std::string_view anchor, std::string_view text) {
  return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" text-anchor=\"" +
         std::string(anchor) + "\">" + EscapeHtml(text) + "</text>\n";
}

}  // namespace

std::optional<Language> ParseLanguage(std::string_view text) {
  if (text.empty() || text == "both") return Language::kBoth;
  if (text == "zh") return Language::kChinese;
  if (text == "en") return Language::kEnglish;
  return std::nullopt;
}

std::string EscapeHtml(std::string_view text) { return EscapeMarkup(Printable(text)); }

HtmlPage::HtmlPage(Language language, Label title) : language_(language) {
  title_ = language == Language::kEnglish ? EscapeHtml(title.english)
           : language == Language::kChinese
               ? EscapeHtml(title.chinese)
               : EscapeHtml(title.chinese) + " · " + EscapeHtml(title.english);
  body_ = "<h1>" + Localized(title) + "</h1>\n";
}

std::string HtmlPage::Localized(Label label) const {
  std::string text;
  if (language_ != Language::kEnglish && !label.chinese.empty()) {
    text += "<span class=\"zh\" lang=\"zh\">" + EscapeHtml(label.chinese) + "</span>";
  }
  if (language_ == Language::kBoth && !label.chinese.empty() && !label.english.empty()) text += " ";
  if (language_ != Language::kChinese && !label.english.empty()) {
    text += "<span class=\"en\" lang=\"en\">" + EscapeHtml(label.english) + "</span>";
  }
  return text;
}

void HtmlPage::AddHeading(Label text) { body_ += "<h2>" + Localized(text) + "</h2>\n"; }

void HtmlPage::AddParagraph(Label text) { body_ += "<p>" + Localized(text) + "</p>\n"; }

void HtmlPage::AddList(const std::vector<std::string>& chinese,
                       const std::vector<std::string>& english) {
  body_ += "<ul>\n";
  for (size_t i = 0; i < std::max(chinese.size(), english.size()); ++i) {
    const std::string_view zh = i < chinese.size() ? std::string_view(chinese[i]) : "";
    const std::string_view en = i < english.size() ? std::string_view(english[i]) : "";
    body_ += "<li>" + Localized({zh, en}) + "</li>\n";
  }
  body_ += "</ul>\n";
}

void HtmlPage::AddFacts(const std::vector<Fact>& facts) {
  body_ += "<table class=\"facts\"><tbody>\n";
  for (const Fact& fact : facts) {
    body_ += "<tr><th scope=\"row\">" + Localized(fact.name) + "</th><td>" +
             EscapeHtml(fact.value) + "</td></tr>\n";
  }
  body_ += "</tbody></table>\n";
}

void HtmlPage::AddTable(const HtmlTable& table) {
  const auto row = [&table](const std::vector<std::string>& cells) {
    std::string text = "<tr>";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      text += table.columns[i].is_number ? "<td class=\"n\">" : "<td>";
      if (i < cells.size()) text += EscapeHtml(cells[i]);
      text += "</td>";
    }
    return text + "</tr>\n";
  };
  body_ += "<table><caption>" + Localized(table.caption);
  if (!table.note.empty()) body_ += "<small>" + EscapeHtml(table.note) + "</small>";
  body_ += "</caption>\n<thead><tr>";
  for (const HtmlTable::Column& column : table.columns) {
    body_ += column.is_number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">";
    body_ += Localized(column.heading) + "</th>";
  }
  body_ += "</tr></thead>\n<tbody>\n";
  for (const auto& cells : table.rows) body_ += row(cells);
  body_ += "</tbody>\n";
  if (!table.total.empty()) body_ += "<tfoot>\n" + row(table.total) + "</tfoot>\n";
  body_ += "</table>\n";
}

void HtmlPage::AddBars(Label caption, const std::vector<HtmlBar>& bars) {
  if (bars.empty()) return;
  uint64_t greatest = 0;
  for (const HtmlBar& bar : bars) greatest = std::max(greatest, bar.count);
  const double step = static_cast<double>(kChartWidth) / static_cast<double>(bars.size());
  const double width = std::min(step * 0.8, 40.0);
  body_ += "<figure><figcaption>" + Localized(caption) + "</figcaption>\n<svg viewBox=\"0 0 " +
           std::to_string(kChartWidth) + " " + std::to_string(kChartHeight) +
           "\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">\n";
  for (size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].count == 0) continue;
    const double height =
        std::max(1.0, static_cast<double>(bars[i].count) / static_cast<double>(greatest) *
                          (kChartBottom - kChartTop));
    const double x = (static_cast<double>(i) + 0.5) * step - width / 2;
    body_ += "<rect x=\"" + Decimal(x) + "\" y=\"" + Decimal(kChartBottom - height) +
             "\" width=\"" + Decimal(width) + "\" height=\"" + Decimal(height) + "\"><title>" +
             EscapeHtml(bars[i].name) + ": " + WithThousands(bars[i].count) + "</title></rect>\n";
  }
  const std::string bottom = std::to_string(kChartBottom);
  body_ += "<path d=\"M0 " + bottom + "H" + std::to_string(kChartWidth) +
           "\" stroke=\"#57606a\"/>\n" +
           SvgText(0, kChartTop - 4, "start", WithThousands(greatest)) +
           SvgText(0, kChartHeight - 4, "start", bars.front().name);
  if (bars.size() > 1) {
    body_ += SvgText(kChartWidth, kChartHeight - 4, "end", bars.back().name);
  }
  body_ += "</svg></figure>\n";
}

void HtmlPage::AddText(std::string_view text) {
  body_ += "<pre>";
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    body_ += EscapeHtml(text.substr(at, end - at));
    if (end < text.size()) body_ += "\n";
    at = end + 1;
  }
  body_ += "</pre>\n";
}

std::string HtmlPage::Finish() && {
  const std::string_view lang = language_ == Language::kEnglish ? "en" : "zh";
  return "<!DOCTYPE html>\n<html lang=\"" + std::string(lang) +
         "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width\">\n<title>" +
         title_ + "</title>\n<style>\n" + kStyle + "</style>\n</head>\n<body>\n" +
         std::move(body_) + "</body>\n</html>\n";
}

}  // namespace gusu::papers
