#include "client/audit/auditor_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "client/json_object.h"
#include "client/json_value.h"

namespace gusu {
namespace {

constexpr char kReason[] = "AUDITOR_STATE";
constexpr char kFormat[] = "gusu.auditor/v1";
// Three notes, with every character escaped.
constexpr size_t kStateBytesMax = 16 << 20;

// A file descriptor that is closed.
class File {
 public:
  File(const std::string& path, int flags)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (is_open()) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

Status FileFault(const std::string& path, const char* doing) {
  const std::string cause = std::strerror(errno);
  return {StatusCode::kInternal,
          std::string("cannot ") + doing + " " + path + ": " + cause,
          kReason,
          {{"path", path}, {"cause", cause}}};
}

Status NotState(const std::string& path) {
  return {StatusCode::kDataLoss,
          path + " is not the state of an auditor; move it away to begin anew",
          kReason,
          {{"path", path}}};
}

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// False when it does not end within the bound or cannot be read.
bool ReadAll(int descriptor, std::string& bytes) {
  char buffer[64 << 10];
  while (bytes.size() <= kStateBytesMax) {
    const ssize_t read_bytes = read(descriptor, buffer, sizeof buffer);
    if (read_bytes < 0 && errno == EINTR) continue;
    if (read_bytes <= 0) return read_bytes == 0;
    bytes.append(buffer, static_cast<size_t>(read_bytes));
  }
  errno = EFBIG;
  return false;
}

// Takes the text members named, all of which the object must have, and no others.
bool TakeTexts(const JsonValue& object,
               std::initializer_list<std::pair<const char*, std::string*>> texts) {
  if (object.members.size() != texts.size()) return false;
  return std::all_of(texts.begin(), texts.end(), [&object](const auto& text) {
    for (const auto& [name, value] : object.members) {
      if (name != text.first || value.kind != JsonValue::Kind::kText) continue;
      *text.second = value.text;
      return true;
    }
    return false;
  });
}

std::string StateJson(const AuditorState& state) {
  JsonObject out;
  out.Text("format", kFormat).Raw("checkpoint", JsonString(state.checkpoint));
  if (state.alarm) {
    out.Raw("alarm", JsonObject()
                         .Raw("message", JsonString(state.alarm->message))
                         .Raw("seen", JsonString(state.alarm->seen))
                         .Raw("found", JsonString(state.alarm->found))
                         .Take());
  }
  return out.Take() + "\n";
}

bool ReadState(JsonValue value, AuditorState& state) {
  const auto alarm = std::find_if(value.members.begin(), value.members.end(),
                                  [](const JsonMember& member) { return member.name == "alarm"; });
  if (alarm != value.members.end()) {
    AuditAlarm& to = state.alarm.emplace();
    if (!TakeTexts(alarm->value,
                   {{"message", &to.message}, {"seen", &to.seen}, {"found", &to.found}})) {
      return false;
    }
    value.members.erase(alarm);
  }
  std::string format;
  return TakeTexts(value, {{"format", &format}, {"checkpoint", &state.checkpoint}}) &&
         format == kFormat;
}

}  // namespace

Result<AuditorState> LoadAuditorState(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open() && errno == ENOENT) return AuditorState();
  std::string bytes;
  if (!file.is_open() || !ReadAll(file.descriptor(), bytes)) return FileFault(path, "read");
  Result<JsonValue> value = ParseJson(bytes);
  AuditorState state;
  if (!value || !ReadState(*std::move(value), state)) return NotState(path);
  return state;
}

Status SaveAuditorState(const std::string& path, const AuditorState& state) {
  const std::string temporary = path + ".new";
  {
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open() || fchmod(file.descriptor(), 0600) != 0 ||
        !WriteAll(file.descriptor(), StateJson(state)) || fsync(file.descriptor()) != 0) {
      return FileFault(temporary, "write");
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return FileFault(path, "write");
  const size_t slash = path.rfind('/');
  const File directory(slash == path.npos ? "." : path.substr(0, slash + 1),
                       O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || fsync(directory.descriptor()) != 0) return FileFault(path, "write");
  return {};
}

}  // namespace gusu
