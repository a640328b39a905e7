// Charts that the server draws: SVG that is readable in print, each with its numbers as a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/doors/http/html.h"
#include "server/doors/http/language.h"

namespace gusu::server {

struct Bar {
  std::string name;
  uint64_t count = 0;
};

struct Chart {
  std::string caption;
  Words of_names;   // heading of the names in the table
  Words of_counts;  // and of the counts
  std::vector<Bar> bars;
};

// Columns beside one another, for days: the greatest, the first and the last one named. The table
// leaves out what is nothing.
HtmlWriter& DrawColumns(HtmlWriter& html, Language language, const Chart& chart);
// Bars below one another, each with its name and its count, for top tens.
HtmlWriter& DrawBars(HtmlWriter& html, Language language, const Chart& chart);

}  // namespace gusu::server
