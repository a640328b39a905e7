#include "server/doors/handle/call_counts.h"

#include <utility>

#include "proto/handle/message.h"
#include "server/metrics/metrics.h"

namespace gusu::server {
namespace {

using handle::Operation;

constexpr std::pair<Operation, std::string_view> kOperations[] = {
    {Operation::kResolve, "resolve"},
    {Operation::kGetSiteInfo, "get_site_info"},
    {Operation::kCreateHandle, "create_handle"},
    {Operation::kDeleteHandle, "delete_handle"},
    {Operation::kAddValue, "add_value"},
    {Operation::kRemoveValue, "remove_value"},
    {Operation::kModifyValue, "modify_value"},
    {Operation::kListHandles, "list_handles"},
    {Operation::kChallengeAnswer, "challenge_answer"},
    {Operation::kVerifyChallenge, "verify_challenge"},
};

int CodeOf(const WireAnswer& answer) {
  if (answer.bytes.size() < handle::kEnvelopeBytes) return CallCounter::kNoAnswer;
  const auto header =
      handle::DecodeHeader(std::string_view(answer.bytes).substr(handle::kEnvelopeBytes));
  return header.ok() ? static_cast<int>(header->response_code) : CallCounter::kNoAnswer;
}

}  // namespace

HandleCallCounts::HandleCallCounts(Metrics* metrics)
    : other_(metrics->CounterOf(Door::kHandle, Metrics::kOtherMethod)),
      unreadable_(metrics->CounterOf(Door::kHandle, "unreadable")) {
  for (const auto& [operation, name] : kOperations) {
    by_operation_[operation] = metrics->CounterOf(Door::kHandle, name);
  }
}

Reply HandleCallCounts::Counted(Operation operation, const Reply& reply) const {
  const auto found = by_operation_.find(operation);
  return CountedBy(found == by_operation_.end() ? other_ : found->second, reply);
}

Reply HandleCallCounts::CountedBy(CallCounter* counter, const Reply& reply) {
  if (counter == nullptr) return reply;
  return [reply, timer = CallTimer(counter)](WireAnswer answer) {
    if (answer.more == nullptr) timer.End(CodeOf(answer));
    reply(std::move(answer));
  };
}

}  // namespace gusu::server
