#include "client/cli/change_options.h"

#include <CLI/App.hpp>

namespace gusu::cli {

void AddRequestId(CLI::App* command, std::string* request_id) {
  command->add_option("--request-id", *request_id,
                      "Makes a repetition the same request; 1 to 64 bytes");
}

void AddChangeOptions(CLI::App* command, const std::string& noun, ChangeOptions* options) {
  command->add_option("--etag", options->etag, "Only if the " + noun + " is still as it was read");
  AddRequestId(command, &options->request_id);
}

MaybeFailure RequireReason(const Session& session) {
  if (!session.flags().reason.empty()) return std::nullopt;
  return UsageFailure("a --reason is required", "it is kept in the audit log");
}

}  // namespace gusu::cli
