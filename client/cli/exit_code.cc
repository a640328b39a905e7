#include "client/cli/exit_code.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

std::string HintFor(const Status& status, const std::string& server, bool has_ca) {
  if (status.code == StatusCode::kUnknownOutcome) {
    const auto request_id = status.metadata.find("request_id");
    if (request_id == status.metadata.end()) return "repeat the same command";
    return "repeat the same command with --request-id " + request_id->second;
  }
  // An answer of the server has a reason of its own.
  const bool unreachable = status.reason.empty() || status.reason == kReasonServerUnreachable;
  if (status.code == StatusCode::kUnavailable && unreachable) {
    if (!has_ca) return "if the server is up, trust its CA first: gusu trust --server " + server;
    return "is gusud running at " + server + ", and is its CA the one that is trusted here?";
  }
  if (status.reason == "CREDENTIAL_MISSING") {
    return "name a token with --token-file FILE or GUSU_TOKEN_FILE, or --data DIR of a local "
           "server";
  }
  if (status.reason == "IDENTIFIER_MALFORMED") return "a code is PREFIX/SUFFIX, as 88.118.8/HP-1";
  if (status.reason == "RECORD_HELD") return "gusu resolve shows who holds it, and why";
  if (status.reason == "RANGE_OVERLAPS") return "gusu range list PREFIX shows the ranges";
  if (status.reason == "ETAG_MISMATCH") return "look at it again (gusu show), then change it again";
  return "";
}

std::string ReasonOf(const Status& status) {
  return status.reason.empty() ? std::string(ToText(status.code)) : status.reason;
}

}  // namespace

ExitCode ToExitCode(const Status& status) {
  switch (status.code) {
    case StatusCode::kOk:
      return ExitCode::kDone;
    case StatusCode::kInvalidArgument:
    case StatusCode::kOutOfRange:
      return ExitCode::kUsage;
    case StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case StatusCode::kPermissionDenied:
    case StatusCode::kUnauthenticated:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnimplemented:
      return ExitCode::kRefused;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
      return ExitCode::kConflict;
    case StatusCode::kUnknownOutcome:
      return ExitCode::kOutcomeUnknown;
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kCancelled:
    case StatusCode::kInternal:
    case StatusCode::kDataLoss:
    case StatusCode::kUnknown:
      return ExitCode::kUnreachable;
  }
  return ExitCode::kUnreachable;
}

Failure ToFailure(const Status& status, const std::string& server, bool has_ca) {
  return {ToExitCode(status), ReasonOf(status), status.message, HintFor(status, server, has_ca),
          status.metadata};
}

void PrintFailure(const Failure& failure, bool json, std::ostream& out, std::ostream& err) {
  if (failure.reason.empty() && failure.message.empty()) return;
  if (json) {
    nlohmann::ordered_json error = {{"reason", failure.reason}, {"message", failure.message}};
    if (!failure.hint.empty()) error["hint"] = failure.hint;
    if (!failure.metadata.empty()) error["metadata"] = failure.metadata;
    error["exit_code"] = static_cast<int>(failure.exit_code);
    const nlohmann::ordered_json object = {{"error", error}};
    out << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  err << "gusu: " << failure.reason << ": " << Printable(failure.message) << '\n';
  if (!failure.hint.empty()) err << "  " << Printable(failure.hint) << '\n';
}

}  // namespace gusu::cli
