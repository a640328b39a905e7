// The files of pages, embedded when the server is built.
#pragma once

#include <string_view>

#include "server/doors/http/html.h"

namespace gusu::server {

struct Asset {
  std::string_view name;  // style.css
  std::string_view content_type;
  std::string_view content;
  std::string_view hash;  // of its content; 16 hexadecimal digits
};

// nullptr: no such file.
const Asset* FindAsset(std::string_view name);

// /assets/{name}?v={hash}: for ever the same content. The file must exist.
HtmlUrl AssetUrl(std::string_view name);

}  // namespace gusu::server
