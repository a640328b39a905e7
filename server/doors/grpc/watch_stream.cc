#include "server/doors/grpc/watch_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "server/audit/audit.h"
#include "server/doors/grpc/status.h"

namespace gusu::server {

grpc::ServerWriteReactor<v1::WatchEntriesResponse>* WatchStream::Open(
    Core* core, grpc::CallbackServerContext* context, const v1::WatchEntriesRequest* request) {
  const auto stream = std::make_shared<WatchStream>(core, context, request);
  stream->self_ = stream;
  absl::StatusOr<Caller> caller = core->Admit(Method::kWatchEntries, *context, 1);
  absl::Status status = caller.status();
  if (status.ok()) status = core->streams().Add(stream, caller->peer);
  if (!status.ok()) {
    const std::lock_guard lock(stream->mutex_);
    stream->End(status);
    return stream.get();
  }
  const std::weak_ptr<WatchStream> weak = stream;
  stream->listening_ =
      core->rules().audit->Listen([weak](const std::shared_ptr<const SignedCheckpoint>&) {
        if (const auto self = weak.lock()) self->OnPublished();
      });
  stream->Run();
  return stream.get();
}

WatchStream::WatchStream(Core* core, grpc::CallbackServerContext* context,
                         const v1::WatchEntriesRequest* request)
    : core_(core),
      context_(context),
      request_(request),
      next_leaf_index_(request->start_leaf_index()) {}

// What ends the stream comes first, then what is to be told, then waiting.
bool WatchStream::Advance() {
  if (finished_ || working_ || writing_) return false;
  if (cancelled_ || draining_) {
    End(cancelled_ ? absl::CancelledError() : ServerStopping());
    return false;
  }
  if (!due_) {
    if (alarm_ == nullptr) Wait();
    return false;
  }
  due_ = false;
  working_ = true;
  alarm_.reset();
  return true;
}

void WatchStream::Run() {
  {
    const std::lock_guard lock(mutex_);
    if (!Advance()) return;
  }
  const auto self = shared_from_this();
  const absl::Status queued = core_->Run([self] { self->Work(); });
  if (!queued.ok()) Answer(queued, {});
}

// The credential is looked at again for each message, so that a revoked one ends its streams.
void WatchStream::Work() {
  const CallTimer timer = core_->Begin(Method::kWatchEntries);
  const absl::StatusOr<Caller> caller = core_->Admit(Method::kWatchEntries, *context_, 0);
  v1::WatchEntriesResponse response;
  absl::Status status = caller.status();
  if (status.ok()) {
    status = core_->rules().audit->NextOfWatch(*request_, next_leaf_index_, *caller, &response);
  }
  if (status.ok()) timer.End(grpc::StatusCode::OK);
  Answer(std::move(status), std::move(response));
}

void WatchStream::Answer(absl::Status status, v1::WatchEntriesResponse response) {
  const std::lock_guard lock(mutex_);
  working_ = false;
  if (!status.ok() && !cancelled_) return End(status);
  if (cancelled_ || draining_) {
    Advance();
    return;
  }
  next_leaf_index_ += static_cast<uint64_t>(response.entries_size());
  response_ = std::move(response);
  writing_ = true;
  StartWrite(&response_);
}

void WatchStream::OnWriteDone(bool ok) {
  const uint64_t published = core_->rules().audit->PublishedSize();
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
    if (published > next_leaf_index_) due_ = true;
  }
  Run();
}

void WatchStream::OnCancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  Advance();
}

void WatchStream::Drain() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
  Advance();
}

void WatchStream::OnDone() {
  listening_.reset();
  core_->streams().Remove(this);
  const std::shared_ptr<WatchStream> last = std::move(self_);
}

void WatchStream::Wait() {
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(absl::ToChronoTime(absl::Now() + kWatchIdleInterval),
              [weak = weak_from_this()](bool) {
                if (const auto self = weak.lock()) self->OnAlarm();
              });
}

void WatchStream::OnAlarm() {
  {
    const std::lock_guard lock(mutex_);
    alarm_.reset();
    due_ = true;
  }
  Run();
}

// On the thread that publishes, which must not wait for what a stream reads: the alarm's callback
// comes on one of gRPC's.
void WatchStream::OnPublished() {
  const std::lock_guard lock(mutex_);
  due_ = true;
  if (alarm_ != nullptr) alarm_->Cancel();
}

void WatchStream::End(const absl::Status& status) {
  finished_ = true;
  alarm_.reset();
  const grpc::Status told =
      cancelled_ ? grpc::Status::CANCELLED : Conclude(Method::kWatchEntries, status);
  if (!told.ok()) core_->Begin(Method::kWatchEntries).EndUntimed(told.error_code());
  Finish(told);
}

}  // namespace gusu::server
