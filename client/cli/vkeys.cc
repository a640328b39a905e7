#include "client/cli/vkeys.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "client/cli/config_file.h"

namespace gusu::cli {
namespace {

// NAME+8 hexadecimal digits+base64; whether it is right is for the library to say.
bool LooksLikeVkey(const std::string& text) {
  const size_t plus = text.find('+');
  return plus != std::string::npos && plus > 0 && text.size() > plus + 9 && text[plus + 9] == '+';
}

MaybeFailure AppendFile(const std::string& path, std::vector<std::string>* vkeys) {
  if (!std::ifstream(path)) return FileFailure("cannot read " + path);
  const OrFailure<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.failure();
  const size_t count_before = vkeys->size();
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    if (!LooksLikeVkey(line)) return FileFailure(path + " holds other lines than vkeys");
    vkeys->push_back(line);
  }
  if (vkeys->size() > count_before) return std::nullopt;
  return FileFailure("there is no vkey in " + path);
}

// The file to read when no key was given; empty: none is known.
OrFailure<std::string> DefaultFile(const Session& session) {
  if (!session.flags().data.empty()) return session.flags().data + "/log.vkey";
  const OrFailure<Settings> settings = ResolveSettings(session.flags(), Environment::OfProcess());
  if (!settings.ok()) return settings.failure();
  return settings->vkey_file;
}

}  // namespace

void AddVkeyOption(CLI::App* command, std::vector<std::string>* given) {
  command
      ->add_option("--vkey", *given,
                   "Verifier key of the log, or a file of them; again for more, also of "
                   "witnesses. Default: log.vkey of --data, else GUSU_VKEY, else the profile's")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

OrFailure<std::vector<std::string>> FindVkeys(const Session& session,
                                              const std::vector<std::string>& given) {
  std::vector<std::string> vkeys;
  for (const std::string& key : given) {
    if (LooksLikeVkey(key)) {
      vkeys.push_back(key);
    } else if (MaybeFailure failure = AppendFile(key, &vkeys)) {
      return *failure;
    }
  }
  if (!vkeys.empty()) return vkeys;
  const OrFailure<std::string> path = DefaultFile(session);
  if (!path.ok()) return path.failure();
  if (path->empty()) {
    return UsageFailure("which log? no verifier key is known",
                        "--vkey KEY or FILE, as the registry's operator hands it out");
  }
  if (MaybeFailure failure = AppendFile(*path, &vkeys)) return *failure;
  return vkeys;
}

}  // namespace gusu::cli
