// One call, one answer: admits the caller, hands the request to a rule, and finishes with its
// answer.
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

// Admits, then runs `work(caller, reactor)` as the core says; `work` finishes the reactor.
template <typename Work>
grpc::ServerUnaryReactor* Serve(const Core& core, Method method,
                                grpc::CallbackServerContext* context, size_t cost, Work work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::StatusOr<Caller> caller = core.Admit(method, *context, cost);
  if (!caller.ok()) {
    reactor->Finish(Conclude(method, caller.status()));
    return reactor;
  }
  const absl::Status queued = core.Run(
      [work = std::move(work), caller = *std::move(caller), reactor] { work(caller, reactor); });
  if (!queued.ok()) reactor->Finish(Conclude(method, queued));
  return reactor;
}

// A rule that answers later, through a callback.
template <typename Rules, typename Request, typename Response>
grpc::ServerUnaryReactor* Write(const Core& core, Method method,
                                grpc::CallbackServerContext* context, Rules* rules,
                                void (Rules::*rule)(const Request&, const Caller&, Done<Response>),
                                const Request* request, Response* response) {
  return Serve(core, method, context, CostOf(*request),
               [=](const Caller& caller, grpc::ServerUnaryReactor* reactor) {
                 (rules->*rule)(*request, caller,
                                [method, response, reactor](absl::StatusOr<Response> answer) {
                                  const absl::Status status = answer.status();
                                  if (status.ok()) *response = *std::move(answer);
                                  reactor->Finish(Conclude(method, status));
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
               [=](const Caller& caller, grpc::ServerUnaryReactor* reactor) {
                 reactor->Finish(Conclude(method, (rules->*rule)(*request, caller, response)));
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
