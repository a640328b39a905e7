// What errors that officers meet mean, in Chinese; their messages are in English.
#pragma once

#include <string_view>

namespace gusu::server {

// Of an error's reason; empty for one that has no sentence of its own.
std::string_view FaultInChinese(std::string_view reason);

}  // namespace gusu::server
