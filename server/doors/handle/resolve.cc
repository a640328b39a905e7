#include "server/doors/handle/resolve.h"

#include "proto/handle/response.h"
#include "server/doors/handle/administration.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;

class MessageAnswer final : public HandleReadingAnswer {
 public:
  MessageAnswer(const HandleCall& call, std::string_view handle, HandleAdministration* challenger)
      : call_(call), handle_(handle), challenger_(challenger) {}

  void Values(std::span<const handle::Value> values) override {
    call_.Answer(ResponseCode::kSuccess, [&](handle::Writer& body) {
      handle::WriteResolveResponse(body, handle_, values);
    });
  }
  void Referral(std::string_view handle, std::span<const handle::Value> sites) override {
    call_.Answer(ResponseCode::kPrefixReferral,
                 [&](handle::Writer& body) { handle::WriteReferral(body, handle, sites); });
  }
  void Refuse(ResponseCode code, std::string_view text) override { call_.Refuse(code, text); }
  void Refuse(const absl::Status& status) override { call_.Refuse(status); }
  void AskWho() override { challenger_->ChallengeReader(call_); }

 private:
  const HandleCall& call_;
  const std::string_view handle_;
  HandleAdministration* const challenger_;
};

}  // namespace

void HandleResolve::Resolve(const HandleCall& call, const Caller& caller,
                            HandleAdministration* challenger) const {
  const auto request = handle::DecodeResolveRequest(call.message.body);
  if (!request.ok()) return call.Refuse(request.status());
  const handle::Header& header = call.message.header;
  HandleReading::Question question{*request, caller};
  question.follows_aliases = header.Has(handle::kPublicOnly) && !header.Has(handle::kAuthoritative);
  question.refers = !header.Has(handle::kDoNotRefer);
  question.asks_who = challenger != nullptr && !header.Has(handle::kPublicOnly);
  MessageAnswer answer(call, request->handle, challenger);
  reading_.Ask(question, &answer);
}

}  // namespace gusu::server
