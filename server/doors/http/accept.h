// What a client takes, by weight: the headers Accept, Accept-Encoding and Accept-Language (RFC
// 9110, 12.4.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gusu::server {

struct AcceptedItem {
  std::string name;   // lower case, without parameters: text/html, gzip, zh-cn, */*
  int weight = 1000;  // thousandths; 0: not taken
};

// At most 64 items; what is malformed is left out. Empty: no wish.
std::vector<AcceptedItem> ParseAccept(std::string_view header);

// Which of `offered` (media types, the server's own preference first) is taken best. Without a
// header the first one; nullopt when none is taken.
std::optional<size_t> ChooseMediaType(std::string_view accept,
                                      const std::vector<std::string_view>& offered);

}  // namespace gusu::server
