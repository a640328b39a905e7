#include "server/doors/http/bureau/heavy.h"

#include <utility>

#include "proto/error.h"

namespace gusu::server {

void RunHeavy(const BureauCall& call, BureauSection section, WorkPool& heavy,
              std::function<void(const BureauRequest&)> answer) {
  if (heavy.Submit([call, answer = std::move(answer)] { answer(*call); })) return;
  AnswerFault(*call, section,
              Error(absl::StatusCode::kResourceExhausted, "CALL_QUEUE_FULL",
                    "too many reports are being counted; try again later"),
              call->Url("/bureau"));
}

}  // namespace gusu::server
