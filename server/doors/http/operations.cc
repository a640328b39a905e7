#include "server/doors/http/operations.h"

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/metrics/text.h"
#include "server/net/address.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

// A proxy on the server's own machine says for whom it asks; then the address tells nothing.
bool IsForwarded(const HttpRequest& request) {
  for (const char* name : {"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host",
                           "X-Forwarded-Proto", "X-Real-IP"}) {
    if (request.HeaderCount(name) > 0) return true;
  }
  return false;
}

absl::Status CheckMayReadFigures(const HttpCore& core, const HttpRequest& request) {
  GUSU_ASSIGN_OR_RETURN(const Caller caller, core.Authenticated(request));
  if (caller.is_bureau()) return absl::OkStatus();
  if (caller.role == Role::kAnonymous) {
    if (IsLoopbackAddress(request.peer) && !IsForwarded(request)) return absl::OkStatus();
    return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_MISSING",
                 "figures are for the server's own machine, and for credentials of the bureau");
  }
  return Error(absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
               Concat("figures are not for ", RoleName(caller.role)),
               {{"role", std::string(RoleName(caller.role))}, {"method", "metrics"}});
}

}  // namespace

void OperationsArea::Answer(const HttpCall& call) {
  const std::string& path = call.target.raw_path;
  if (path != "/healthz" && path != "/readyz" && path != "/metrics") {
    return call.reply(NothingHere());
  }
  if (call.request->method != "GET") return call.reply(MethodNotAllowed("GET, HEAD"));
  if (path == "/healthz") return call.reply(TextAnswer(200, "serving\n"));
  if (path == "/readyz") return call.reply(Readiness());
  const absl::Status status = core_->Run([this, call] { call.reply(Figures(*call.request)); });
  if (!status.ok()) call.reply(StatusAnswer("metrics", status));
}

HttpResponse OperationsArea::Readiness() const {
  if (draining_) return TextAnswer(503, "the server is stopping\n");
  const absl::Status writable = core_->rules().ledger->Writable();
  if (writable.ok()) return TextAnswer(200, "ready\n");
  return TextAnswer(503,
                    Concat("the registry is not writable: ", StdView(writable.message()), "\n"));
}

HttpResponse OperationsArea::Figures(const HttpRequest& request) const {
  const absl::Status status = CheckMayReadFigures(*core_, request);
  if (!status.ok()) return StatusAnswer("metrics", status);
  const DoorRules& rules = core_->rules();
  return server::Answer(200, kMetricsContentType,
                        MetricsText({rules.metrics, rules.ledger, rules.checkpoints}));
}

}  // namespace gusu::server
