// Answers of the Handle JSON API: a response code of the protocol in a JSON object, and the HTTP
// status that goes with it.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/handle/protocol.h"
#include "server/doors/http/call.h"

namespace gusu::server {

class ApiParameters;
class ApiSessions;

// As the protocol's table has it: 404 for kHandleNotFound, 409 for kHandleAlreadyExists…
int HttpStatusOfCode(handle::ResponseCode code);

// Where a call's answer goes. Whoever answers later keeps a copy.
class ApiReply {
 public:
  static constexpr size_t kCallbackBytesMax = 128;

  // `sessions`: where to prove who asks.
  ApiReply(HttpCall call, std::shared_ptr<const ApiSessions> sessions);

  const HttpCall& call() const { return call_; }
  // Of the handle, or what else is asked for: shown in every answer from then on.
  void About(std::string member, std::string text);
  // `pretty` and `callback`: a function's name, by which a script of another site is called with
  // the answer. HANDLE_MALFORMED for what is no such name, and for one beside a credential: a
  // browser adds that by itself, and the script would be told what is its user's to read.
  absl::Status Format(const ApiParameters& parameters);

  // {"responseCode": 1, about, members…}.
  void Answer(const nlohmann::ordered_json& members, int http_status = 200) const;
  // `members` alone.
  void AnswerBare(const nlohmann::ordered_json& members, int http_status,
                  std::vector<HttpHeader> headers = {}) const;
  // With the code that the error's reason has. What has no reason is logged whole, and told
  // neutrally.
  void Refuse(const absl::Status& status) const;
  void Refuse(handle::ResponseCode code, std::string_view text) const;
  // Under another HTTP status than the code's, with members more.
  void Refuse(handle::ResponseCode code, int http_status, std::string_view text,
              const nlohmann::ordered_json& members) const;
  // The protocol's word for an operation that is not supported.
  void RefuseMethod(std::string_view allowed) const;

 private:
  void Refuse(handle::ResponseCode code, int http_status, std::string_view text,
              const nlohmann::ordered_json& members, std::string retry_after_s) const;
  void Send(const nlohmann::ordered_json& json, int http_status,
            std::vector<HttpHeader> headers) const;
  std::vector<HttpHeader> ChallengeHeaders() const;

  HttpCall call_;
  std::shared_ptr<const ApiSessions> sessions_;
  bool pretty_ = false;
  std::string callback_;
  std::string about_member_;
  std::string about_;
};

}  // namespace gusu::server
