// A watch of the audit log: messages as there is something to tell, and one every 10 seconds
// otherwise.
//
// A stream waits on an alarm and on nothing else; a publication wakes it by cancelling that. One
// message is in work at a time, so a client that reads slowly holds its stream back by flow
// control.
//
// Lifetime: gRPC owns the stream until OnDone; alarms that fire later hold it weakly. One mutex
// guards the state; gRPC never calls back from within the Start… functions.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "gusu/v1/audit.pb.h"
#include "server/doors/grpc/core.h"
#include "server/doors/stream_set.h"

namespace gusu::server {

inline constexpr absl::Duration kWatchIdleInterval = absl::Seconds(10);

class WatchStream final : public grpc::ServerWriteReactor<v1::WatchEntriesResponse>,
                          public OpenStream,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  // Admits the caller and begins. The result is gRPC's; the request lives as long as it.
  static grpc::ServerWriteReactor<v1::WatchEntriesResponse>* Open(
      Core* core, grpc::CallbackServerContext* context, const v1::WatchEntriesRequest* request);

  WatchStream(Core* core, grpc::CallbackServerContext* context,
              const v1::WatchEntriesRequest* request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void Drain() override;

 private:
  // Makes the next message, here or on the pool, when it is time for one. Without the mutex.
  void Run();
  void Work();
  void Answer(absl::Status status, v1::WatchEntriesResponse response);
  void OnAlarm();
  void OnPublished();

  // These need the mutex. True when a message is to be made now.
  bool Advance();
  void Wait();
  void End(const absl::Status& status);

  Core* const core_;
  grpc::CallbackServerContext* const context_;
  const v1::WatchEntriesRequest* const request_;
  std::shared_ptr<WatchStream> self_;  // until OnDone
  std::shared_ptr<void> listening_;    // set before the first message

  std::mutex mutex_;
  uint64_t next_leaf_index_;
  v1::WatchEntriesResponse response_;  // being written
  std::unique_ptr<grpc::Alarm> alarm_;
  bool due_ = true;       // there may be something to tell
  bool working_ = false;  // a message is being made
  bool writing_ = false;
  bool draining_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace gusu::server
