// The audit log's files at the paths of tlog-tiles (proto/AUDIT.md): /checkpoint and /tile/…
#pragma once

#include "server/doors/http/call.h"
#include "server/doors/http/core.h"

namespace gusu::server {

class LogFilesArea final : public HttpArea {
 public:
  // The core outlives it.
  explicit LogFilesArea(const HttpCore* core) : core_(core) {}

  void Answer(const HttpCall& call) override;

 private:
  HttpResponse Checkpoint(const Caller& caller) const;
  HttpResponse Tile(const Caller& caller, const std::string& path) const;

  const HttpCore* const core_;
};

}  // namespace gusu::server
