// The bureau's reads of what is not public: first the log says who reads what and why, then it is
// read.
//
// A read that gives a reason comes here. It is done first for what would be read, so that one that
// fails leaves nothing in the log; then one READ change is committed for each record that it is
// answered with, inherited ones too, or one for a page of a list and one more for each other owner
// of values that are not PUBLIC in it; and after that commit it is done again, with the right to
// what was logged and to nothing else.
//
// A record's READ names the owner that it has now, as of whatever time the answer is: the rights
// are those of now, and so is whose the values are. The owner finds the change in its log.
//
// A reason from anybody else is kInvalidArgument / FIELD_INVALID.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/work_pool.h"

namespace gusu::server {

// What is to be logged of a read, and what its commit gives the right to.
struct ReadPlan;

class BureauReads {
 public:
  // Neither is owned; both outlive it, and the ledger is stopped before its end, since the ledger's
  // answer thread hands it work.
  BureauReads(storage::Ledger* ledger, const Resolver* resolver,
              std::function<absl::Time()> clock = absl::Now);

  // Each answers as the resolver's function of that name, through `done`: on the calling thread
  // when nothing is to be logged, else on a thread for that. The request is copied where it is
  // needed later.
  void Resolve(const v1::ResolveRequest& request, const Caller& caller,
               Done<v1::ResolveResponse> done);
  void BatchResolve(const v1::BatchResolveRequest& request, const Caller& caller,
                    Done<v1::BatchResolveResponse> done);
  void ResolveMany(const v1::StreamResolveRequest& request, const v1::ResolveOptions& options,
                   const Caller& caller, Done<v1::StreamResolveResponse> done);
  void GetRecord(const v1::GetRecordRequest& request, const Caller& caller, Done<v1::Record> done);
  void ListRecords(const v1::ListRecordsRequest& request, const Caller& caller,
                   Done<v1::ListRecordsResponse> done);
  void ListRevisions(const v1::ListRevisionsRequest& request, const Caller& caller,
                     Done<v1::ListRevisionsResponse> done);

 private:
  static constexpr size_t kThreads = 2;
  static constexpr size_t kTasksMax = 64;

  template <typename Response>
  using ReadAs = std::function<absl::Status(const Caller& caller, Response* response)>;
  // From what would be answered.
  template <typename Response>
  using MakePlan =
      std::function<absl::StatusOr<ReadPlan>(const storage::View& view, const Response& response)>;

  template <typename Response>
  void Read(const std::string& reason, std::string_view field, const Caller& caller,
            const MakePlan<Response>& make_plan, ReadAs<Response> read, Done<Response> done);

  storage::Ledger* const ledger_;
  const Resolver* const resolver_;
  const std::function<absl::Time()> clock_;
  WorkPool pool_{kThreads, kTasksMax};
};

}  // namespace gusu::server
