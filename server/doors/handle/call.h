// One message in work.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "proto/handle/message.h"
#include "proto/handle/site.h"
#include "server/caller.h"
#include "server/doors/handle/answer_form.h"
#include "server/net/answer.h"

namespace gusu::server {

struct HandlePeer {
  std::string address;  // numeric, without port
  handle::Transport transport = handle::Transport::kTcp;

  // Who asks as long as nothing is proved.
  Caller Anonymous() const {
    Caller caller;
    caller.door = Door::kHandle;
    caller.peer = address;
    return caller;
  }
};

// Envelope, message and peer are valid while the message is handled: whoever answers later copies
// `form` and `reply`, and of the rest what it needs.
struct HandleCall {
  const handle::Envelope& envelope;
  const handle::Message& message;
  const HandlePeer& peer;
  AnswerForm form;
  Reply reply;

  // The one answer.
  void Answer(handle::ResponseCode code, AnswerForm::WriteBody write_body) const {
    reply({form.Encode(code, write_body), false, nullptr});
  }
  void Refuse(handle::ResponseCode code, std::string_view text = {}) const {
    reply({form.Refusal(code, text), false, nullptr});
  }
  void Refuse(const absl::Status& status) const { reply({form.Refusal(status), false, nullptr}); }
};

}  // namespace gusu::server
