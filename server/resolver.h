// The rules of reading records. Knows no door and no bytes; speaks the API's own messages.
//
// Each call reads from one view of the ledger, on the calling thread. Where the engine may block
// (Engine::MayBlock), the doors call it on a bounded pool.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class BatchResolveRequest;
class BatchResolveResponse;
class GetRecordRequest;
class ListRecordsRequest;
class ListRecordsResponse;
class ListRevisionsRequest;
class ListRevisionsResponse;
class Record;
class ResolveOptions;
class ResolveRequest;
class ResolveResponse;
class StreamResolveRequest;
class StreamResolveResponse;
}  // namespace gusu::v1

namespace gusu::server {

class Proofs;
class UsageRecorder;

class Resolver {
 public:
  static constexpr int kBatchIdentifiersMax = 2000;
  static constexpr int kStreamMessageIdentifiersMax = 1000;
  // Where an answer with many outcomes stops and marks the rest RETRY_REST.
  static constexpr size_t kAnswerBytesMax = 3 << 20;

  // Ledger and proofs are not owned and outlive the resolver; `proofs` may be nullptr where nobody
  // asks for any. `clock` says what is beyond now.
  Resolver(const storage::Ledger* ledger, const Proofs* proofs,
           std::function<absl::Time()> clock = absl::Now);

  // Counts resolutions from then on; called before the first request. Not owned, outlives the
  // requests.
  void CountIn(UsageRecorder* usage) { usage_ = usage; }

  absl::Status Resolve(const v1::ResolveRequest& request, const Caller& caller,
                       v1::ResolveResponse* response) const;
  absl::Status BatchResolve(const v1::BatchResolveRequest& request, const Caller& caller,
                            v1::BatchResolveResponse* response) const;
  // One message of a stream, with the options that count for it.
  absl::Status ResolveMany(const v1::StreamResolveRequest& request,
                           const v1::ResolveOptions& options, const Caller& caller,
                           v1::StreamResolveResponse* response) const;

  absl::Status GetRecord(const v1::GetRecordRequest& request, const Caller& caller,
                         v1::Record* response) const;
  absl::Status ListRecords(const v1::ListRecordsRequest& request, const Caller& caller,
                           v1::ListRecordsResponse* response) const;
  absl::Status ListRevisions(const v1::ListRevisionsRequest& request, const Caller& caller,
                             v1::ListRevisionsResponse* response) const;

 private:
  const storage::Ledger* ledger_;
  const Proofs* proofs_;
  std::function<absl::Time()> clock_;
  UsageRecorder* usage_ = nullptr;
};

}  // namespace gusu::server
