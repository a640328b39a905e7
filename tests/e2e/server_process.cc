#include "tests/e2e/server_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace gusu::e2e {
namespace {

constexpr auto kStartTimeMax = std::chrono::seconds(30);
constexpr auto kPollInterval = std::chrono::milliseconds(5);

pid_t Spawn(const std::vector<std::string>& flags, const std::string& output,
            const std::string& error) {
  std::vector<std::string> arguments = {GUSUD_PATH};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid > 0) return pid;
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err = open(error.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

ServerProcess::ServerProcess(std::vector<std::string> more_flags)
    : more_flags_(std::move(more_flags)) {
  Start();
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) Stop(SIGKILL);
}

void ServerProcess::Start() {
  const std::string listen = address_.empty() ? "127.0.0.1:0" : address_;
  std::vector<std::string> flags = {"--data", data(), "--grpc", listen};
  for (const char* door : {"--handle", "--http"}) {
    if (std::find(more_flags_.begin(), more_flags_.end(), door) == more_flags_.end()) {
      flags.insert(flags.end(), {door, "127.0.0.1:0"});
    }
  }
  flags.insert(flags.end(), more_flags_.begin(), more_flags_.end());
  // What a killed server left there would name its address.
  unlink((data() + "/grpc.address").c_str());
  pid_ = Spawn(flags, directory_.File("output"), directory_.File("log"));
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeMax;
  while (std::chrono::steady_clock::now() < deadline) {
    address_ = ReadWholeFile(data() + "/grpc.address");
    if (!address_.empty()) {
      address_.pop_back();  // the line's end
      return;
    }
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error("gusud ended with " + std::to_string(ExitCode(status)) + ":\n" +
                               log());
    }
    std::this_thread::sleep_for(kPollInterval);
  }
  throw std::runtime_error("gusud does not listen:\n" + log());
}

void ServerProcess::Signal(int signal) const { kill(pid_, signal); }

int ServerProcess::Wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return ExitCode(status);
}

int ServerProcess::Stop(int signal) {
  Signal(signal);
  return Wait();
}

std::string ServerProcess::token() const {
  std::string token = ReadWholeFile(data() + "/bureau-admin.token");
  if (!token.empty()) token.pop_back();
  return token;
}

std::string ServerProcess::AddressIn(const std::string& file) const {
  std::string address = ReadWholeFile(data() + "/" + file);
  if (!address.empty()) address.pop_back();  // the line's end
  return address;
}

std::string ServerProcess::ca() const { return ReadWholeFile(data() + "/tls/ca.crt"); }

std::string ServerProcess::log() const { return ReadWholeFile(directory_.File("log")); }

Ended RunServer(const std::vector<std::string>& flags) {
  const TemporaryDirectory directory;
  const pid_t pid = Spawn(flags, directory.File("output"), directory.File("error"));
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeMax;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) kill(pid, SIGKILL);
    std::this_thread::sleep_for(kPollInterval);
  }
  return {ExitCode(status), ReadWholeFile(directory.File("output")),
          ReadWholeFile(directory.File("error"))};
}

}  // namespace gusu::e2e
