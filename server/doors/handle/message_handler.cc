#include "server/doors/handle/message_handler.h"

#include "proto/handle/response.h"
#include "server/access.h"
#include "server/doors/handle/administration.h"
#include "server/doors/handle/site.h"
#include "server/rate_limit.h"

namespace gusu::server {
namespace {

using handle::Operation;
using handle::ResponseCode;

constexpr uint8_t kUnreadableFlags = handle::kEncrypted | handle::kCompressed;
constexpr std::string_view kNoSessions =
    "is encrypted or compressed, and this server has no sessions";
constexpr std::string_view kOnlyOverTcp = "this operation is answered over TCP only";
constexpr std::string_view kAdministrationOff =
    "this server is not administered over this protocol";
constexpr std::string_view kUnknownOperation = "this operation is not supported";
constexpr std::string_view kTooManyServers =
    "the message went through more servers than the protocol allows";

// Lets a request that is not answered end.
void Drop(const Reply& reply) { reply({}); }

}  // namespace

MessageHandler::MessageHandler(const HandleResolve::Sources& sources, RateLimiter* rate_limiter)
    : site_(*sources.site), resolve_(sources), rate_limiter_(rate_limiter) {}

void MessageHandler::Handle(const handle::Envelope& envelope, std::string_view bytes,
                            const HandlePeer& peer, const Reply& uncounted_reply) const {
  const auto message = handle::DecodeMessage(envelope, bytes);
  const auto header = handle::DecodeHeader(bytes);
  const bool is_readable = message.ok() && (envelope.flags & kUnreadableFlags) == 0;
  const Reply reply = is_readable ? counts_.Counted(message->header.operation, uncounted_reply)
                                  : counts_.CountedAsUnreadable(uncounted_reply);
  // An answer that is answered would go back and forth between two servers for ever.
  if (header.ok() && header->response_code != ResponseCode::kNone) return Drop(reply);
  if ((envelope.flags & kUnreadableFlags) != 0) {
    return RefuseUnreadable(envelope, bytes, handle::Malformed("message", kNoSessions), reply);
  }
  if (!message.ok()) return RefuseUnreadable(envelope, bytes, message.status(), reply);
  const HandleCall call{envelope, *message, peer,
                        AnswerForm(site_, envelope, message->header, message->header_and_body),
                        reply};
  if (message->header.recursion_count > handle::kRecursionCountMax) {
    return call.Refuse(ResponseCode::kRecursionCountTooHigh, kTooManyServers);
  }
  Dispatch(call);
}

void MessageHandler::Dispatch(const HandleCall& call) const {
  const Caller caller = call.peer.Anonymous();
  if (const absl::Status status = Admit(call, caller); !status.ok()) {
    if (call.peer.transport == handle::Transport::kUdp) return Drop(call.reply);
    // What was too much is not signed either.
    AnswerForm form = call.form;
    form.LeaveUnsigned();
    return call.reply({form.Refusal(status), false, nullptr});
  }
  switch (call.message.header.operation) {
    case Operation::kResolve:
      return resolve_.Resolve(call, caller, administration_);
    case Operation::kGetSiteInfo:
      return AnswerSiteInfo(call);
    case Operation::kCreateHandle:
    case Operation::kDeleteHandle:
    case Operation::kAddValue:
    case Operation::kRemoveValue:
    case Operation::kModifyValue:
    case Operation::kListHandles:
      if (call.peer.transport == handle::Transport::kUdp) {
        return call.Refuse(ResponseCode::kOperationNotSupported, kOnlyOverTcp);
      }
      [[fallthrough]];
    case Operation::kChallengeAnswer:
    case Operation::kVerifyChallenge:
      if (administration_ == nullptr) {
        return call.Refuse(ResponseCode::kOperationNotSupported, kAdministrationOff);
      }
      return administration_->Administer(call);
    default:
      return call.Refuse(ResponseCode::kOperationNotSupported, kUnknownOperation);
  }
}

absl::Status MessageHandler::Admit(const HandleCall& call, const Caller& caller) const {
  const Operation operation = call.message.header.operation;
  const bool reads = operation == Operation::kResolve || operation == Operation::kGetSiteInfo;
  if (!reads && !call.form.is_certified()) return absl::OkStatus();
  return rate_limiter_->Admit(Method::kResolve, caller,
                              call.form.is_certified() ? kCertifyCost : 1);
}

void MessageHandler::Resolve(const HandleCall& call, const Caller& caller) const {
  resolve_.Resolve(call, caller, nullptr);
}

void MessageHandler::AnswerSiteInfo(const HandleCall& call) const {
  call.Answer(ResponseCode::kSuccess,
              [this](handle::Writer& body) { handle::WriteSiteInfoResponse(body, site_.bytes()); });
}

void MessageHandler::RefuseUnreadable(const handle::Envelope& envelope, std::string_view bytes,
                                      const absl::Status& fault, const Reply& reply) const {
  // As much of the header as can be told; nothing of what an encrypted one seems to say.
  handle::Header header;
  if ((envelope.flags & kUnreadableFlags) == 0) {
    header = handle::DecodeHeader(bytes).value_or(header);
  }
  const AnswerForm form(site_, envelope, header, {});
  reply({form.Refusal(fault), false, nullptr});
}

}  // namespace gusu::server
