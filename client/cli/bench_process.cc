#include "client/cli/bench_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

namespace gusu::cli {
namespace {

constexpr size_t kOutputBytesMax = 64 * 1024;

// Standard output of a program that ended well; nothing otherwise.
std::optional<std::string> RunProgramForOutput(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string output;
  std::array<char, 4096> buffer;
  for (ssize_t size = 0; error == 0 && output.size() < kOutputBytesMax;) {
    size = read(ends[0], buffer.data(), buffer.size());
    if (size <= 0) break;
    output.append(buffer.data(), static_cast<size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  if (error != 0 || waitpid(child, &status, 0) != child) return std::nullopt;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return output;
}

}  // namespace

std::optional<double> CpuSecondsOf(int process_id) {
  std::ifstream file("/proc/" + std::to_string(process_id) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t name_end = text.rfind(')');  // the name may hold spaces
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  const std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
  if (words.size() < 13) return std::nullopt;
  const double ticks = std::stod(words[11]) + std::stod(words[12]);
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::optional<int> ServerProcessId(const std::string& data_directory) {
  std::ifstream file(data_directory + "/lock");
  int process_id = 0;
  if (!(file >> process_id) || process_id <= 0) return std::nullopt;
  return process_id;
}

OrFailure<Ceiling> MeasureCeiling(const std::vector<std::string>& command) {
  const std::optional<std::string> output = RunProgramForOutput(command);
  const auto json = nlohmann::json::parse(output.value_or(""), nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    return FileFailure(command.front() + " did not measure a ceiling");
  }
  return Ceiling{json.value("calls_per_second", 0.0), json.value("median_us", 0.0),
                 json.value("p99_us", 0.0), json.value("server_cpu_us_per_call", 0.0)};
}

std::string FindEchoProgram() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto echo = self.parent_path() / "gusu_echo";
  return !error && std::filesystem::exists(echo, error) ? echo.string() : "";
}

}  // namespace gusu::cli
