// Where the answer to an administrator goes.
#pragma once

#include <string>
#include <string_view>

#include "server/doors/handle/answer_form.h"
#include "server/handle_administration/administrator.h"
#include "server/net/answer.h"
#include "server/work_pool.h"

namespace gusu::server {

// An answer that is given later than its request's message is kept.
struct LateAnswer {
  AnswerForm form;
  Reply reply;

  void Answer(handle::ResponseCode code, AnswerForm::WriteBody write_body) const {
    reply({form.Encode(code, write_body), false, nullptr});
  }
  void Refuse(handle::ResponseCode code, std::string_view text) const {
    reply({form.Refusal(code, text), false, nullptr});
  }
  void Refuse(const absl::Status& status) const { reply({form.Refusal(status), false, nullptr}); }
};

}  // namespace gusu::server
