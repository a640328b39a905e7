// /v1: the API as JSON, and the document that describes it, /openapi.json.
//
// A path and an HTTP method stand for a method of the API (routes.h). The request is read from path
// and query, or from path and body; then come the same rules as behind gRPC, and their answer, or
// google.rpc.Status, as JSON. Holds no rule.
#pragma once

#include <memory>

#include "server/doors/http/core.h"

namespace gusu::server {

class StreamSet;
class WatchClock;

class RestApi final : public HttpArea {
 public:
  // `core` is not owned and outlives the area.
  explicit RestApi(const HttpCore* core);
  ~RestApi() override;

  void Answer(const HttpCall& call) override;
  void Drain() override;

 private:
  struct Request;

  void AnswerUnary(const Request& request);
  void AnswerRows(const Request& request);
  void AnswerWatch(const Request& request);

  const HttpCore* const core_;
  // Streams hold shares: their last words may come later than the area's end.
  const std::shared_ptr<StreamSet> streams_;
  const std::unique_ptr<WatchClock> clock_;
};

// /openapi.json.
class OpenApiFile final : public HttpArea {
 public:
  OpenApiFile();
  void Answer(const HttpCall& call) override;

 private:
  const std::string etag_;
};

}  // namespace gusu::server
