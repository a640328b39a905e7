// A stream of requests, each with one answer, in order, with at most kStreamWindowMessages in work.
//
// The next message is read only when the window has room, so a client that sends faster than the
// rules answer, or reads slower, is held back by HTTP/2's flow control. A message that fails as a
// whole ends the stream with its status, after the answers to the messages before it. Each message
// is counted as a call; so is what ends a stream otherwise, unless it is the client's own end.
//
// Lifetime: gRPC owns the stream until OnDone; answers that come later (of a call that was
// cancelled) hold a share of it, and are dropped. One mutex guards the state; gRPC never calls back
// from within the Start… functions, so they are called under it.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "server/doors/grpc/core.h"
#include "server/doors/grpc/status.h"
#include "server/doors/stream_set.h"
#include "server/registry.h"

namespace gusu::server {

inline constexpr size_t kStreamWindowMessages = 4;

template <typename Request, typename Response>
class WindowedStream : public grpc::ServerBidiReactor<Request, Response>, public OpenStream {
 public:
  WindowedStream(Core* core, Method method, grpc::CallbackServerContext* context)
      : core_(core), method_(method), context_(context) {}

  // Admits the caller and begins to read. The result is gRPC's.
  static grpc::ServerBidiReactor<Request, Response>* Open(std::shared_ptr<WindowedStream> stream) {
    absl::StatusOr<Caller> caller = stream->core_->Admit(stream->method_, *stream->context_, 0);
    absl::Status status = caller.status();
    if (status.ok()) status = stream->core_->streams().Add(stream, caller->peer);
    stream->self_ = stream;
    const std::lock_guard lock(stream->mutex_);
    if (status.ok()) {
      stream->Advance();
    } else {
      stream->End(status);
    }
    return stream.get();
  }

  void OnReadDone(bool ok) override {
    std::shared_ptr<Slot> slot;
    {
      const std::lock_guard lock(mutex_);
      reading_ = false;
      slot = std::move(incoming_);
      slot->timer = core_->Begin(method_);
      if (!ok) half_closed_ = true;
      if (!ok || draining_ || finished_) return Advance();
      slots_.push_back(slot);
      working_ = true;
    }
    Work(std::move(slot));
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    slots_.pop_front();
    if (!ok) cancelled_ = true;
    Advance();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    Advance();
  }

  void OnDone() override {
    core_->streams().Remove(this);
    const std::shared_ptr<WindowedStream> last = std::move(self_);
  }

  void Drain() override {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    Advance();
  }

 protected:
  Core& core() { return *core_; }

  // One message, in the stream's order and never two at once. `done` is called exactly once, on any
  // thread; the request lives until then.
  virtual void Process(Request* request, const Caller& caller, Done<Response> done) = 0;

 private:
  struct Slot {
    Request request;
    CallTimer timer{nullptr};
    std::optional<absl::StatusOr<Response>> answer;
  };

  // The credential is looked at again for each message, so that a revoked one ends its streams.
  void Work(std::shared_ptr<Slot> slot) {
    const std::shared_ptr<WindowedStream> self = self_;
    absl::StatusOr<Caller> caller = core_->Admit(method_, *context_, CostOf(slot->request));
    absl::Status status = caller.status();
    if (status.ok()) {
      status = core_->Run([self, slot, caller = *std::move(caller)] {
        self->Process(&slot->request, caller, [self, slot](absl::StatusOr<Response> answer) {
          self->TakeAnswer(slot.get(), std::move(answer));
        });
        self->Worked();
      });
      if (status.ok()) return;
    }
    TakeAnswer(slot.get(), status);
    Worked();
  }

  void TakeAnswer(Slot* slot, absl::StatusOr<Response> answer) {
    const std::lock_guard lock(mutex_);
    if (!answer.ok()) failed_ = true;
    if (answer.ok()) slot->timer.End(grpc::StatusCode::OK);
    slot->answer = std::move(answer);
    Advance();
  }

  void Worked() {
    const std::lock_guard lock(mutex_);
    working_ = false;
    Advance();
  }

  // Starts whatever can be started now. Needs the mutex.
  void Advance() {
    if (finished_) return;
    if (cancelled_) {
      if (!writing_) End(absl::CancelledError());
      return;
    }
    if (!writing_ && !slots_.empty() && slots_.front()->answer.has_value()) {
      const absl::StatusOr<Response>& answer = *slots_.front()->answer;
      if (!answer.ok()) return End(answer.status());
      writing_ = true;
      this->StartWrite(&*answer);
    }
    const bool closing = half_closed_ || draining_;
    if (closing && slots_.empty() && !working_) {
      return End(half_closed_ ? absl::OkStatus() : ServerStopping());
    }
    if (!closing && !failed_ && !reading_ && !working_ && slots_.size() < kStreamWindowMessages) {
      reading_ = true;
      incoming_ = std::make_shared<Slot>();
      this->StartRead(&incoming_->request);
    }
  }

  // Needs the mutex, and no write under way. A read that is under way ends with the stream. Takes a
  // copy: the status may stand in a slot.
  void End(absl::Status status) {
    finished_ = true;
    slots_.clear();
    const grpc::Status told = cancelled_ ? grpc::Status::CANCELLED : Conclude(method_, status);
    if (!told.ok()) core_->Begin(method_).EndUntimed(told.error_code());
    this->Finish(told);
  }

  Core* const core_;
  const Method method_;
  grpc::CallbackServerContext* const context_;
  std::shared_ptr<WindowedStream> self_;  // until OnDone

  std::mutex mutex_;
  std::shared_ptr<Slot> incoming_;           // what the read under way reads into
  std::deque<std::shared_ptr<Slot>> slots_;  // messages in work, oldest first
  bool reading_ = false;
  bool working_ = false;  // a message is being handed to the rules
  bool writing_ = false;  // of slots_.front()
  bool half_closed_ = false;
  bool draining_ = false;
  bool failed_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace gusu::server
