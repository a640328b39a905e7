#include "server/doors/http/rest/watch_lines.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "gusu/v1/audit.pb.h"
#include "server/audit/audit.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/rest/message_json.h"
#include "server/doors/http/rest/row_stream.h"

namespace gusu::server {

WatchClock::WatchClock(const Audit* audit) : thread_([this] { Run(); }) {
  if (audit == nullptr) return;
  listening_ = audit->Listen([this](const std::shared_ptr<const SignedCheckpoint>&) {
    const std::lock_guard lock(mutex_);
    published_ = true;
    changed_.notify_one();
  });
}

WatchClock::~WatchClock() {
  listening_.reset();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void WatchClock::Add(std::weak_ptr<WatchLines> watch) {
  const std::lock_guard lock(mutex_);
  watches_.push_back(std::move(watch));
  changed_.notify_one();
}

std::list<std::shared_ptr<WatchLines>> WatchClock::Living() {
  std::list<std::shared_ptr<WatchLines>> living;
  for (auto i = watches_.begin(); i != watches_.end();) {
    if (auto watch = i->lock()) {
      living.push_back(std::move(watch));
      ++i;
    } else {
      i = watches_.erase(i);
    }
  }
  return living;
}

void WatchClock::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (watches_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !watches_.empty(); });
    } else {
      changed_.wait_for(lock, absl::ToChronoMilliseconds(kTick),
                        [this] { return stopping_ || published_; });
    }
    const bool published = std::exchange(published_, false);
    const auto living = Living();
    lock.unlock();
    for (const auto& watch : living) watch->Wake(published, absl::Now());
    lock.lock();
  }
}

void WatchLines::Open(const HttpCore& core, std::unique_ptr<v1::WatchEntriesRequest> request,
                      const HttpCall& call, std::shared_ptr<StreamSet> streams, WatchClock* clock) {
  const auto watch = std::make_shared<WatchLines>(core, std::move(request), call, streams);
  const auto caller = core.Authenticated(*call.request);
  absl::Status status = caller.status();
  if (status.ok()) status = core.Admit(Method::kWatchEntries, *caller, 1);
  if (status.ok()) status = streams->Add(watch, caller->peer);
  if (!status.ok()) {
    return call.reply(StatusAnswer(MethodName(Method::kWatchEntries), status));
  }
  {
    const std::lock_guard lock(watch->mutex_);
    watch->self_ = watch;
  }
  clock->Add(watch);
  watch->Advance();
}

WatchLines::WatchLines(const HttpCore& core, std::unique_ptr<v1::WatchEntriesRequest> request,
                       const HttpCall& call, std::shared_ptr<StreamSet> streams)
    : core_(core),
      request_(std::move(request)),
      call_(call),
      streams_(std::move(streams)),
      next_leaf_index_(request_->start_leaf_index()) {}

WatchLines::~WatchLines() = default;

void WatchLines::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
  }
  Advance();
}

void WatchLines::Wake(bool published, absl::Time now) {
  {
    const std::lock_guard lock(mutex_);
    if (published || now - silent_since_ >= WatchClock::kIdleInterval) due_ = true;
  }
  Advance();
}

// What ends the watch comes first, then what is to be told, then waiting.
void WatchLines::Advance() {
  bool ends = false;
  {
    const std::lock_guard lock(mutex_);
    if (finished_ || working_ || !wanted_) return;
    ends = draining_;
    if (!ends && !due_) return;
    due_ = false;
    working_ = true;
  }
  if (ends) return End(ServerStopping());
  const absl::Status queued = core_.Run([self = shared_from_this()] { self->Work(); });
  if (!queued.ok()) End(queued);
}

// The credential is looked at again for each message, so that a revoked one ends its watches.
void WatchLines::Work() {
  const absl::StatusOr<Caller> caller = core_.Authenticated(*call_.request);
  absl::Status status = caller.status();
  if (status.ok()) status = core_.Admit(Method::kWatchEntries, *caller, 0);
  v1::WatchEntriesResponse response;
  if (status.ok()) {
    status = core_.rules().audit->NextOfWatch(*request_, next_leaf_index_, *caller, &response);
  }
  if (!status.ok()) return End(status);
  absl::StatusOr<std::string> line = ToJson(response);
  if (!line.ok()) return End(line.status());
  Send(*line + "\n", static_cast<uint64_t>(response.entries_size()));
}

void WatchLines::Send(std::string line, uint64_t entries) {
  {
    const std::lock_guard lock(mutex_);
    next_leaf_index_ += entries;
    working_ = false;
    wanted_ = false;
    started_ = true;
  }
  HttpResponse part = Answer(200, "application/x-ndjson", std::move(line));
  const auto self = shared_from_this();
  part.more = MakeMore([self] { self->Taken(); }, [self] { self->Finish(); });
  call_.reply(std::move(part));
}

void WatchLines::End(const absl::Status& status) {
  const std::string_view where = MethodName(Method::kWatchEntries);
  const std::shared_ptr<WatchLines> self = shared_from_this();
  Finish();
  call_.reply(started_ ? Answer(200, "application/x-ndjson", ErrorLine(where, status))
                       : StatusAnswer(where, status));
}

void WatchLines::Taken() {
  const uint64_t published = core_.rules().audit->PublishedSize();
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    silent_since_ = absl::Now();
    if (published > next_leaf_index_) due_ = true;
  }
  Advance();
}

void WatchLines::Finish() {
  std::shared_ptr<WatchLines> self;
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    self = std::move(self_);
  }
  streams_->Remove(this);
}

}  // namespace gusu::server
