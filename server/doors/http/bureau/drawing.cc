#include "server/doors/http/bureau/drawing.h"

#include <algorithm>
#include <cstdio>

#include "proto/papers/text.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/bureau/page.h"

namespace gusu::server {
namespace {

using papers::WithThousands;

constexpr int kWidth = 720;
constexpr int kColumnsHeight = 180, kColumnsTop = 20, kColumnsBottom = 156;
constexpr int kBarHeight = 20, kBarStep = 26;
constexpr int kNameWidth = 250, kCountWidth = 90;
constexpr size_t kNameCharactersMax = 20;

std::string Decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", number);
  return text;
}

uint64_t Greatest(const std::vector<Bar>& bars) {
  uint64_t greatest = 0;
  for (const Bar& bar : bars) greatest = std::max(greatest, bar.count);
  return greatest;
}

// At most kNameCharactersMax characters.
std::string Shortened(const std::string& name) {
  std::string_view rest = name;
  for (size_t i = 0; i < kNameCharactersMax; ++i) {
    if (!TakeCharacter(rest).has_value()) return name;
  }
  return rest.empty() ? name : name.substr(0, name.size() - rest.size()) + "…";
}

void DrawText(HtmlWriter& html, int x, int y, std::string_view anchor, std::string_view text) {
  html.Element("text", text,
               {{"x", std::to_string(x)}, {"y", std::to_string(y)}, {"text-anchor", anchor}});
}

void DrawRectangle(HtmlWriter& html, double x, double y, double width, double height,
                   const Bar& bar) {
  html.Open("rect", {{"class", "bar"},
                     {"x", Decimal(x)},
                     {"y", Decimal(y)},
                     {"width", Decimal(width)},
                     {"height", Decimal(height)}});
  html.Element("title", Concat(bar.name, ": ", WithThousands(bar.count))).Close();
}

void OpenDrawing(HtmlWriter& html, const Chart& chart, int height, std::string_view description) {
  html.Open("figure").Element("figcaption", chart.caption);
  html.Open("svg", {{"class", "chart"},
                    {"viewBox", Concat("0 0 ", kWidth, " ", height)},
                    {"role", "img"},
                    {"aria-label", Concat(chart.caption, ": ", description)}});
}

void WriteNumbers(HtmlWriter& html, Language language, const Chart& chart) {
  PageTable table;
  table.caption = chart.caption;
  table.hides_caption = true;
  table.columns = {{chart.of_names}, {chart.of_counts, true}};
  for (const Bar& bar : chart.bars) {
    if (bar.count == 0) continue;
    table.rows.push_back({{bar.name, {}}, {WithThousands(bar.count), {}}});
  }
  html.Open("details", {{"open", ""}});
  html.Element("summary", Words{"数据表", "The numbers"}.In(language));
  WriteTable(html, language, table);
  html.Close();
}

HtmlWriter& Nothing(HtmlWriter& html, Language language, const Chart& chart) {
  html.Open("figure").Element("figcaption", chart.caption);
  html.Element("p", Words{"这一时期没有。", "None in this period."}.In(language));
  return html.Close();
}

}  // namespace

HtmlWriter& DrawColumns(HtmlWriter& html, Language language, const Chart& chart) {
  const uint64_t greatest = Greatest(chart.bars);
  if (greatest == 0) return Nothing(html, language, chart);
  const std::string most = Concat(Words{"最多 ", "at most "}.In(language), WithThousands(greatest));
  OpenDrawing(html, chart, kColumnsHeight, most);
  const double step = static_cast<double>(kWidth) / static_cast<double>(chart.bars.size());
  const double width = std::min(step * 0.8, 40.0);
  for (size_t i = 0; i < chart.bars.size(); ++i) {
    if (chart.bars[i].count == 0) continue;
    const double share = static_cast<double>(chart.bars[i].count) / static_cast<double>(greatest);
    const double height = std::max(1.0, share * (kColumnsBottom - kColumnsTop));
    const double x = (static_cast<double>(i) + 0.5) * step - width / 2;
    DrawRectangle(html, x, kColumnsBottom - height, width, height, chart.bars[i]);
  }
  html.Open("path", {{"class", "axis"}, {"d", Concat("M0 ", kColumnsBottom, "H", kWidth)}}).Close();
  DrawText(html, 0, kColumnsTop - 6, "start", most);
  DrawText(html, 0, kColumnsHeight - 6, "start", chart.bars.front().name);
  if (chart.bars.size() > 1) {
    DrawText(html, kWidth, kColumnsHeight - 6, "end", chart.bars.back().name);
  }
  html.Close();
  WriteNumbers(html, language, chart);
  return html.Close();
}

HtmlWriter& DrawBars(HtmlWriter& html, Language language, const Chart& chart) {
  const uint64_t greatest = Greatest(chart.bars);
  if (greatest == 0) return Nothing(html, language, chart);
  const int height = static_cast<int>(chart.bars.size()) * kBarStep;
  OpenDrawing(html, chart, height, Concat(chart.bars.size(), Words{" 项", " in all"}.In(language)));
  constexpr int kRoom = kWidth - kNameWidth - kCountWidth;
  for (size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    const int top = static_cast<int>(i) * kBarStep;
    const double share = static_cast<double>(bar.count) / static_cast<double>(greatest);
    const double width = std::max(1.0, share * kRoom);
    DrawText(html, kNameWidth - 8, top + kBarHeight - 5, "end", Shortened(bar.name));
    DrawRectangle(html, kNameWidth, top, width, kBarHeight, bar);
    DrawText(html, kNameWidth + static_cast<int>(width) + 8, top + kBarHeight - 5, "start",
             WithThousands(bar.count));
  }
  html.Close();
  WriteNumbers(html, language, chart);
  return html.Close();
}

}  // namespace gusu::server
