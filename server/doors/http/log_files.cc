#include "server/doors/http/log_files.h"

#include "gusu/v1/audit.pb.h"
#include "server/audit/audit.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/finish.h"

namespace gusu::server {
namespace {

constexpr char kCheckpointCache[] = "public, max-age=2";
// What a tile's path names never changes, neither a full tile's bytes nor a partial one's, but for
// leaves that are lost to a new epoch of the log.
constexpr char kTileCache[] = "public, max-age=31536000, immutable";

}  // namespace

void LogFilesArea::Answer(const HttpCall& call) {
  const std::string& path = call.target.raw_path;
  if (call.request->method != "GET") return call.reply(MethodNotAllowed("GET, HEAD"));
  const bool is_checkpoint = path == "/checkpoint";
  if (!is_checkpoint && !path.starts_with("/tile/")) {
    return call.reply(NothingHere());
  }
  const Method method = is_checkpoint ? Method::kGetCheckpoint : Method::kGetTile;
  const auto caller = core_->Authenticated(*call.request);
  absl::Status status = caller.status();
  if (status.ok()) status = core_->Admit(method, *caller, 1);
  if (status.ok()) {
    status = core_->Run([this, call, is_checkpoint, caller = *caller] {
      call.reply(is_checkpoint ? Checkpoint(caller) : Tile(caller, call.target.raw_path.substr(1)));
    });
  }
  if (!status.ok()) call.reply(StatusAnswer(MethodName(method), status));
}

HttpResponse LogFilesArea::Checkpoint(const Caller& caller) const {
  v1::GetCheckpointResponse read;
  const absl::Status status = core_->rules().audit->GetCheckpoint({}, caller, &read);
  if (!status.ok()) return StatusAnswer(MethodName(Method::kGetCheckpoint), status);
  HttpResponse response = TextAnswer(200, read.checkpoint());
  response.SetHeader("Cache-Control", kCheckpointCache);
  response.SetHeader("ETag", EtagOf(response.body));
  return response;
}

HttpResponse LogFilesArea::Tile(const Caller& caller, const std::string& path) const {
  v1::GetTileRequest request;
  request.set_path(path);
  v1::GetTileResponse read;
  const absl::Status status = core_->rules().audit->GetTile(request, caller, &read);
  if (!status.ok()) return StatusAnswer(MethodName(Method::kGetTile), status);
  HttpResponse response = server::Answer(200, "application/octet-stream", read.data());
  response.SetHeader("Cache-Control", kTileCache);
  response.SetHeader("ETag", EtagOf(response.body));
  return response;
}

}  // namespace gusu::server
