#include "server/audit/checkpoints.h"

#include <utility>

#include "absl/time/clock.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/log.h"

namespace gusu::server {

Checkpoints::Checkpoints(const storage::Ledger* ledger, Anchor anchor, const Options& options)
    : signer_(ledger, std::move(anchor), options.origin, options.signers),
      publish_interval_(options.publish_interval),
      idle_interval_(options.idle_interval) {}

absl::StatusOr<std::unique_ptr<Checkpoints>> Checkpoints::Start(const storage::Ledger* ledger,
                                                                Anchor anchor, Options options) {
  std::unique_ptr<Checkpoints> checkpoints(new Checkpoints(ledger, std::move(anchor), options));
  GUSU_ASSIGN_OR_RETURN(
      checkpoints->cosignatures_,
      Cosignatures::Load(ledger, &checkpoints->signer_, std::move(options.cosigned_path)));
  GUSU_RETURN_IF_ERROR(checkpoints->Publish());
  GUSU_RETURN_IF_ERROR(checkpoints->signer_.SyncAnchor());
  checkpoints->thread_ = std::thread([self = checkpoints.get()] { self->Run(); });
  return checkpoints;
}

Checkpoints::~Checkpoints() { Stop(); }

absl::StatusOr<std::shared_ptr<const SignedCheckpoint>> Checkpoints::Sign(const TreeHead& head) {
  return signer_.Sign(head);
}

absl::StatusOr<SignedView> Checkpoints::SignLatest() { return signer_.SignLatest(); }

absl::StatusOr<std::string> Checkpoints::SignStatement(std::string text) const {
  return signer_.SignStatement(std::move(text));
}

std::shared_ptr<const SignedCheckpoint> Checkpoints::Published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

std::shared_ptr<void> Checkpoints::Listen(Listener listener) {
  const std::lock_guard lock(listeners_->mutex);
  const uint64_t id = listeners_->next_id++;
  listeners_->by_id.emplace(id, std::move(listener));
  return std::shared_ptr<void>(nullptr, [listeners = listeners_, id](void*) {
    const std::lock_guard removing(listeners->mutex);
    listeners->by_id.erase(id);
  });
}

absl::StatusOr<std::string> Checkpoints::AddCosignatures(
    std::string_view checkpoint, const std::vector<VerifierKey>& witnesses) {
  return cosignatures_->Add(checkpoint, witnesses);
}

absl::Status Checkpoints::Publish() {
  GUSU_ASSIGN_OR_RETURN(const SignedView latest, signer_.SignLatest());
  const absl::Time now = absl::Now();
  {
    const std::lock_guard lock(mutex_);
    if (published_ != nullptr && published_->head == latest.checkpoint->head &&
        now - publish_time_ < idle_interval_) {
      return absl::OkStatus();
    }
    published_ = latest.checkpoint;
  }
  publish_time_ = now;
  if (IsLogged(LogLevel::kDebug)) {
    Log(LogLevel::kDebug, "checkpoint",
        {{"size", std::to_string(latest.checkpoint->head.size)},
         {"root", HexEncode(AsBytes(latest.checkpoint->head.root))}});
  }
  const std::lock_guard calling(listeners_->mutex);
  for (const auto& [id, listener] : listeners_->by_id) listener(latest.checkpoint);
  return absl::OkStatus();
}

void Checkpoints::Tick() {
  absl::Status status = Publish();
  status.Update(signer_.SyncAnchor());
  Tell(status);
}

void Checkpoints::Tell(const absl::Status& status) {
  if (status.ok() == !is_failing_) return;
  is_failing_ = !status.ok();
  Log(is_failing_ ? LogLevel::kError : LogLevel::kInfo,
      is_failing_ ? "checkpoint_not_published" : "checkpoint_published",
      {{"status", is_failing_ ? StdView(status.message()) : std::string_view("OK")}});
}

void Checkpoints::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_asked_.wait_for(lock, absl::ToChronoNanoseconds(publish_interval_),
                               [this] { return stopping_; })) {
    lock.unlock();
    Tick();
    lock.lock();
  }
  lock.unlock();
  Tick();
}

void Checkpoints::Stop() {
  std::call_once(stopped_, [this] {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    stop_asked_.notify_all();
    if (thread_.joinable()) thread_.join();
  });
}

}  // namespace gusu::server
