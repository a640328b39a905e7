// Completion scripts for shells, made from the tree of commands, so that they never fall behind it.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace gusu::cli {

std::string BashCompletion(const CLI::App& root);
std::string ZshCompletion(const CLI::App& root);

}  // namespace gusu::cli
