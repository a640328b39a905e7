#include "server/doors/handle/admin_write.h"

#include <utility>

#include "proto/handle/response.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;

void AnswerWritten(const LateAnswer& answer, bool is_creation, const AdminOutcome& outcome) {
  if (!outcome.status.ok()) return answer.Refuse(outcome.status);
  answer.Answer(ResponseCode::kSuccess, [&](handle::Writer& body) {
    if (is_creation) handle::WriteCreateResponse(body, outcome.handle, answer.form.version());
  });
}

}  // namespace

void WriteAndAnswer(const AdminWriting& writing, WorkPool* pool, AdminRequest request,
                    Administrator administrator, LateAnswer answer) {
  const bool is_creation = request.kind == AdminRequest::Kind::kCreate;
  auto done = [pool, is_creation, answer = std::move(answer)](const AdminOutcome& outcome) mutable {
    // On the ledger's thread, which others wait for: signing, which takes long, is done elsewhere.
    if (answer.form.is_certified() && pool != nullptr) {
      auto task = [answer, is_creation, outcome] { AnswerWritten(answer, is_creation, outcome); };
      if (pool->Submit(std::move(task))) return;
      answer.form.LeaveUnsigned();
    }
    AnswerWritten(answer, is_creation, outcome);
  };
  writing.Write(std::move(request), std::move(administrator), std::move(done));
}

}  // namespace gusu::server
