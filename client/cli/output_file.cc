#include "client/cli/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace gusu::cli {

MaybeFailure WriteOutputFile(const std::string& path, std::string_view content) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file.fail() && std::rename(part.c_str(), path.c_str()) == 0) return std::nullopt;
  const std::string why = std::strerror(errno);
  std::remove(part.c_str());
  return FileFailure("cannot write " + path + ": " + why);
}

}  // namespace gusu::cli
