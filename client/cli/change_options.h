// Options of commands that decide on a registrant, prefix, template, grant or group.
#pragma once

#include <ostream>
#include <string>

#include "client/cli/session.h"
#include "gusu/json.h"

namespace CLI {
class App;
}

namespace gusu::cli {

struct ChangeOptions {
  std::string etag;
  std::string request_id;
};

// `noun` for the help: "registrant".
void AddChangeOptions(CLI::App* command, const std::string& noun, ChangeOptions* options);
void AddRequestId(CLI::App* command, std::string* request_id);

// A failure that says what a reason is kept for, when --reason is required and not there.
MaybeFailure RequireReason(const Session& session);

// Prints the answer as JSON, or with `print` for people.
template <typename Answer, typename Print>
MaybeFailure PrintAnswer(Session& session, const Result<Answer>& answer, Print print) {
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    print(*answer);
  }
  return std::nullopt;
}

}  // namespace gusu::cli
