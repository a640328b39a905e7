#include "server/doors/handle/challenged_administration.h"

#include <utility>

#include "proto/handle/admin_value.h"
#include "proto/handle/digest.h"
#include "proto/handle/response.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/doors/handle/admin_request.h"
#include "server/doors/handle/message_handler.h"
#include "server/doors/handle/proof.h"
#include "server/doors/handle/site.h"
#include "server/handle_administrators.h"
#include "server/rate_limit.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

using handle::Operation;
using handle::ResponseCode;

constexpr std::string_view kNoChallenge = "there is no such challenge: send the request again";
constexpr std::string_view kTooLate = "the challenge has expired: send the request again";
constexpr std::string_view kTooManyGuesses =
    "too many wrong answers from this address; wait a minute";
constexpr std::string_view kOnlyOverTcp = "this operation is answered over TCP only";
constexpr std::string_view kNotHere = "That prefix doesn't live here";

AttemptLimiter::Options PerTime(int attempts, absl::Duration time,
                                const std::function<absl::Time()>& clock) {
  AttemptLimiter::Options options{static_cast<double>(attempts),
                                  attempts / absl::ToDoubleSeconds(time)};
  options.clock = clock;
  return options;
}

Challenges::Options WithClock(const std::function<absl::Time()>& clock) {
  Challenges::Options options;
  options.clock = clock;
  return options;
}

// What a resolve may show of a record depends on who asks by its HS_ADMIN values, too.
absl::Status CheckMayRead(const storage::View& view, const handle::Message& message,
                          const Administrator& administrator) {
  if (!administrator.is_bound_by_handle()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const auto request, handle::DecodeResolveRequest(message.body));
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(request.handle));
  const auto record = FindHandleRecord(view, identifier);
  // Keys of credentials stand where there is no record, too.
  if (absl::IsNotFound(record.status())) return absl::OkStatus();
  if (!record.ok()) return record.status();
  return CheckHandleRights(view, *record->row, administrator.identity(), handle::kReadValue);
}

// What is wrong with a request whoever asks.
absl::Status CheckAsked(const storage::View& view, const handle::Message& message) {
  if (message.header.operation == Operation::kListHandles) {
    GUSU_ASSIGN_OR_RETURN(const std::string prefix, ReadListRequest(message));
    return CheckPrefixIsHere(view, prefix);
  }
  GUSU_ASSIGN_OR_RETURN(const AdminRequest request, ReadAdminRequest(message));
  return CheckBeforeAsking(view, request);
}

}  // namespace

ChallengedAdministration::ChallengedAdministration(Rules rules)
    : rules_(std::move(rules)),
      challenges_(WithClock(rules_.clock)),
      guesses_(PerTime(kGuessesMax, kGuessesTime, rules_.clock)),
      datagram_checks_(PerTime(kDatagramChecksPerSecond, absl::Seconds(1), rules_.clock)) {}

void ChallengedAdministration::Administer(const HandleCall& call) {
  switch (call.message.header.operation) {
    case Operation::kChallengeAnswer:
      return TakeAnswer(call);
    case Operation::kVerifyChallenge:
      return CheckForOther(call);
    default:
      return AskWho(call);
  }
}

void ChallengedAdministration::AskWho(const HandleCall& call) {
  // It costs a read, as a resolve does.
  const absl::Status admitted = rules_.rate_limiter->Admit(Method::kResolve, call.peer.Anonymous());
  if (!admitted.ok()) return call.Refuse(admitted);
  const auto view = rules_.ledger->Latest();
  if (!view.ok()) return call.Refuse(view.status());
  const absl::Status status = CheckAsked(**view, call.message);
  if (!status.ok()) return call.Refuse(status);
  Challenge(call);
}

void ChallengedAdministration::Challenge(const HandleCall& call) {
  const std::string_view request = call.message.header_and_body;
  const handle::RequestDigest digest = handle::DigestOf(request, call.form.version());
  const Challenges::Issued issued =
      challenges_.Issue(call.peer, call.envelope, request, digest.bytes);
  AnswerForm form = call.form;
  form.SetChallenge(issued.session_id, request);
  const auto write_nonce = [&issued](handle::Writer& body) {
    handle::WriteChallenge(body, issued.nonce);
  };
  call.reply({form.Encode(ResponseCode::kAuthenticationNeeded, write_nonce), false, nullptr});
}

void ChallengedAdministration::TakeAnswer(const HandleCall& call) {
  const auto answer = handle::DecodeChallengeAnswerRequest(call.message.body);
  if (!answer.ok()) return call.Refuse(answer.status());
  const auto spent = challenges_.Spend(call.peer, call.envelope.session_id);
  if (!spent.has_value()) return call.Refuse(ResponseCode::kSessionTimeout, kNoChallenge);
  if (spent->expired) return call.Refuse(ResponseCode::kAuthenticationTimeout, kTooLate);
  const std::string source = AddressGroup(call.peer.address);
  if (!guesses_.HasLeft(source)) return call.Refuse(ResponseCode::kServerTooBusy, kTooManyGuesses);
  const auto view = rules_.ledger->Latest();
  if (!view.ok()) return call.Refuse(view.status());
  const PendingRequest& pending = spent->request;
  const auto message = handle::DecodeMessage(pending.envelope, pending.message);
  if (!message.ok()) return call.Refuse(message.status());
  // From here on the answer is one to the request that was challenged.
  HandleCall request{pending.envelope, *message, call.peer, call.form, call.reply};
  request.form.SetOperation(message->header.operation);
  if (call.peer.transport == handle::Transport::kUdp &&
      message->header.operation != Operation::kResolve) {
    return request.Refuse(ResponseCode::kOperationNotSupported, kOnlyOverTcp);
  }
  const auto caller =
      CheckProof(**view, *rules_.vault, {pending.nonce, pending.digest}, *answer,
                 rules_.site->key().public_key(), call.peer.address, rules_.clock());
  if (!caller.ok()) {
    guesses_.Count(source);
    return request.Refuse(caller.status());
  }
  Run(request, {*caller, std::string(answer->user.handle), answer->user.index});
}

void ChallengedAdministration::Run(const HandleCall& call, Administrator administrator) {
  const Operation operation = call.message.header.operation;
  if (operation == Operation::kResolve) return Read(call, administrator);
  const LateAnswer late{call.form, call.reply};
  if (operation == Operation::kListHandles) {
    const auto prefix = ReadListRequest(call.message);
    if (!prefix.ok()) return late.Refuse(prefix.status());
    const HandleListing listing{rules_.resolver, rules_.pool};
    return listing.List(*prefix, std::move(administrator.caller), late);
  }
  auto request = ReadAdminRequest(call.message);
  if (!request.ok()) return late.Refuse(request.status());
  const AdminWriting writing{rules_.registry, rules_.ledger};
  WriteAndAnswer(writing, rules_.pool, *std::move(request), std::move(administrator), late);
}

void ChallengedAdministration::Read(const HandleCall& call,
                                    const Administrator& administrator) const {
  const auto view = rules_.ledger->Latest();
  if (!view.ok()) return call.Refuse(view.status());
  const absl::Status status = CheckMayRead(**view, call.message, administrator);
  if (!status.ok()) return call.Refuse(status);
  rules_.handler->Resolve(call, administrator.caller);
}

void ChallengedAdministration::CheckForOther(const HandleCall& call) {
  if (call.peer.transport == handle::Transport::kUdp) {
    // Silence: the other server asks again over TCP.
    if (!datagram_checks_.HasLeft("")) return call.reply({});
    datagram_checks_.Count("");
  }
  const auto request = handle::DecodeVerifyChallengeRequest(call.message.body);
  if (!request.ok()) return call.Refuse(request.status());
  const auto identifier = Identifier::Parse(request->key.handle);
  if (!identifier.ok()) return call.Refuse(identifier.status());
  const std::string source = AddressGroup(call.peer.address);
  if (!guesses_.HasLeft(source)) return call.Refuse(ResponseCode::kServerTooBusy, kTooManyGuesses);
  const auto view = rules_.ledger->Latest();
  if (!view.ok()) return call.Refuse(view.status());
  const absl::Time now = rules_.clock();
  const auto is_right = IsAnswerOfIdentity(**view, *rules_.vault, *request, now);
  if (!is_right.ok() || !*is_right) guesses_.Count(source);
  if (!is_right.ok()) return call.Refuse(is_right.status());
  if (!*is_right && (*view)->directory().FindPrefix(identifier->prefix_key()) == nullptr) {
    return call.Refuse(ResponseCode::kServerNotResponsible, kNotHere);
  }
  call.Answer(ResponseCode::kSuccess,
              [&](handle::Writer& body) { handle::WriteVerifyChallengeResponse(body, *is_right); });
}

}  // namespace gusu::server
