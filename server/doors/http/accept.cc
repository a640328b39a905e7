#include "server/doors/http/accept.h"

#include "absl/strings/ascii.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr size_t kItemsMax = 64;

std::string_view Trimmed(std::string_view text) {
  return StdView(absl::StripAsciiWhitespace(AbslView(text)));
}

std::string_view TakeUntil(char divider, std::string_view& rest) {
  const size_t end = rest.find(divider);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return Trimmed(part);
}

// "0.8" is 800. nullopt for what is no weight.
std::optional<int> WeightOf(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int unit = 100;
  for (size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    weight += (text[i] - '0') * unit;
  }
  return weight <= 1000 ? std::optional<int>(weight) : std::nullopt;
}

// How exactly a range names the type: 3 as it is, 2 by its first half, 1 by */*, 0 not.
int Fit(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "*/*") return 1;
  const size_t slash = type.find('/');
  return range.ends_with("/*") && range.substr(0, range.size() - 1) == type.substr(0, slash + 1)
             ? 2
             : 0;
}

}  // namespace

std::vector<AcceptedItem> ParseAccept(std::string_view header) {
  std::vector<AcceptedItem> items;
  while (!header.empty() && items.size() < kItemsMax) {
    std::string_view rest = TakeUntil(',', header);
    AcceptedItem item;
    item.name = absl::AsciiStrToLower(AbslView(TakeUntil(';', rest)));
    bool is_wellformed = !item.name.empty();
    while (!rest.empty()) {
      std::string_view value = TakeUntil(';', rest);
      const std::string name = absl::AsciiStrToLower(AbslView(TakeUntil('=', value)));
      if (name != "q") continue;
      const std::optional<int> weight = WeightOf(Trimmed(value));
      is_wellformed = is_wellformed && weight.has_value();
      item.weight = weight.value_or(0);
    }
    if (is_wellformed) items.push_back(std::move(item));
  }
  return items;
}

std::optional<size_t> ChooseMediaType(std::string_view accept,
                                      const std::vector<std::string_view>& offered) {
  const std::vector<AcceptedItem> items = ParseAccept(accept);
  if (items.empty()) return offered.empty() ? std::nullopt : std::optional<size_t>(0);
  std::optional<size_t> best;
  int best_weight = 0;
  for (size_t i = 0; i < offered.size(); ++i) {
    int fit = 0;
    int weight = 0;
    for (const AcceptedItem& item : items) {
      const int item_fit = Fit(item.name, offered[i]);
      if (item_fit <= fit) continue;
      fit = item_fit;
      weight = item.weight;
    }
    if (weight <= best_weight) continue;
    best = i;
    best_weight = weight;
  }
  return best;
}

}  // namespace gusu::server
