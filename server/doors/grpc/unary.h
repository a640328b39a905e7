// One call, one answer: admits the caller, hands the request to a rule, finishes with its answer,
// and counts the call.
//
// gRPC keeps context, request and response until the reactor has finished.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/message_allocator.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "server/doors/grpc/core.h"
#include "server/doors/grpc/status.h"
#include "server/registry.h"

namespace gusu::server {

// A call under way; copies are of the same call.
class UnaryCall {
 public:
  UnaryCall(const Core& core, Method method, grpc::ServerUnaryReactor* reactor)
      : method_(method), reactor_(reactor), timer_(core.Begin(method)) {}

  // Once. After it the request is gone.
  void Finish(const absl::Status& status) const {
    const grpc::Status told = Conclude(method_, status);
    timer_.End(told.error_code());
    reactor_->Finish(told);
  }

 private:
  Method method_;
  grpc::ServerUnaryReactor* reactor_;
  CallTimer timer_;
};

// Admits, then runs `work(caller, call)` as the core says; `work` finishes the call.
template <typename Work>
grpc::ServerUnaryReactor* Serve(const Core& core, Method method,
                                grpc::CallbackServerContext* context, size_t cost, Work work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const UnaryCall call(core, method, reactor);
  absl::StatusOr<Caller> caller = core.Admit(method, *context, cost);
  if (!caller.ok()) {
    call.Finish(caller.status());
    return reactor;
  }
  const absl::Status queued =
      core.Run([work = std::move(work), caller = *std::move(caller), call] { work(caller, call); });
  if (!queued.ok()) call.Finish(queued);
  return reactor;
}

// A rule that answers later, through a callback.
template <typename Rules, typename Request, typename Response>
grpc::ServerUnaryReactor* Write(const Core& core, Method method,
                                grpc::CallbackServerContext* context, Rules* rules,
                                void (Rules::*rule)(const Request&, const Caller&, Done<Response>),
                                const Request* request, Response* response) {
  return Serve(
      core, method, context, CostOf(*request), [=](const Caller& caller, const UnaryCall& call) {
        (rules->*rule)(*request, caller, [response, call](absl::StatusOr<Response> answer) {
          const absl::Status status = answer.status();
          if (status.ok()) *response = *std::move(answer);
          call.Finish(status);
        });
      });
}

// A rule that answers at once.
template <typename Rules, typename Request, typename Response>
grpc::ServerUnaryReactor* Read(const Core& core, Method method,
                               grpc::CallbackServerContext* context, const Rules* rules,
                               absl::Status (Rules::*rule)(const Request&, const Caller&, Response*)
                                   const,
                               const Request* request, Response* response) {
  return Serve(core, method, context, CostOf(*request),
               [=](const Caller& caller, const UnaryCall& call) {
                 call.Finish((rules->*rule)(*request, caller, response));
               });
}

// Keeps a call's request and response on one arena: for messages of thousands of parts.
template <typename Request, typename Response>
class ArenaMessages : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override { return new Holder; }

 private:
  class Holder : public grpc::MessageHolder<Request, Response> {
   public:
    Holder() {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    void Release() override { delete this; }

   private:
    google::protobuf::Arena arena_;
  };
};

}  // namespace gusu::server
