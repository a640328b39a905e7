// Hex and golden files for the tests of the Handle codec.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gusu::test {

// Spaces between digits are passed over.
inline std::string FromHex(std::string_view hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ') digits += c;
  }
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

inline std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// golden/handle/keys.txt: bytes by their name.
inline std::map<std::string, std::string> ReadGoldenKeys() {
  std::map<std::string, std::string> bytes;
  for (const std::string& line : LinesOf(GUSU_GOLDEN_DIRECTORY "/handle/keys.txt")) {
    std::istringstream words(line);
    std::string name;
    std::string hex;
    words >> name >> hex;
    if (name != "#") bytes[name] = FromHex(hex);
  }
  return bytes;
}

// golden/handle/captured.txt.
struct Captured {
  std::string section;
  bool udp = false;
  bool sent = false;
  std::string bytes;
};
inline std::vector<Captured> ReadCaptured() {
  std::vector<Captured> all;
  std::string section;
  for (const std::string& line : LinesOf(GUSU_GOLDEN_DIRECTORY "/handle/captured.txt")) {
    if (line.starts_with("## ")) section = line.substr(3);
    if (line.starts_with("#")) continue;
    std::istringstream words(line);
    std::string way;
    size_t length = 0;
    std::string hex;
    words >> way >> length >> hex;
    all.push_back({section, way[0] == 'U', way[1] == '>', FromHex(hex)});
    if (all.back().bytes.size() != length) throw std::runtime_error("length of: " + line);
  }
  return all;
}

}  // namespace gusu::test
