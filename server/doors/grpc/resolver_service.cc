#include "gusu/v1/resolver.grpc.pb.h"
#include "server/bureau_reads.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/stream.h"
#include "server/doors/grpc/unary.h"
#include "server/resolver.h"

namespace gusu::server {
namespace {

class ResolveStream final
    : public WindowedStream<v1::StreamResolveRequest, v1::StreamResolveResponse> {
 public:
  using WindowedStream::WindowedStream;

 private:
  void Process(v1::StreamResolveRequest* request, const Caller& caller,
               Done<v1::StreamResolveResponse> done) override {
    if (request->has_options()) options_ = request->options();
    if (!options_.reason().empty()) {
      core().rules().bureau_reads->ResolveMany(*request, options_, caller, std::move(done));
      return;
    }
    v1::StreamResolveResponse response;
    const absl::Status status =
        core().rules().resolver->ResolveMany(*request, options_, caller, &response);
    if (status.ok()) {
      done(std::move(response));
    } else {
      done(status);
    }
  }

  v1::ResolveOptions options_;  // count until a message gives others
};

class ResolverDoor final : public v1::ResolverService::CallbackService {
 public:
  explicit ResolverDoor(Core* core) : core_(*core) {
    SetMessageAllocatorFor_BatchResolve(&batches_);
  }

  grpc::ServerUnaryReactor* Resolve(grpc::CallbackServerContext* context,
                                    const v1::ResolveRequest* request,
                                    v1::ResolveResponse* response) override {
    if (!request->options().reason().empty()) {
      return Write(core_, Method::kResolve, context, core_.rules().bureau_reads,
                   &BureauReads::Resolve, request, response);
    }
    return Read(core_, Method::kResolve, context, core_.rules().resolver, &Resolver::Resolve,
                request, response);
  }

  grpc::ServerUnaryReactor* BatchResolve(grpc::CallbackServerContext* context,
                                         const v1::BatchResolveRequest* request,
                                         v1::BatchResolveResponse* response) override {
    if (!request->options().reason().empty()) {
      return Write(core_, Method::kBatchResolve, context, core_.rules().bureau_reads,
                   &BureauReads::BatchResolve, request, response);
    }
    return Read(core_, Method::kBatchResolve, context, core_.rules().resolver,
                &Resolver::BatchResolve, request, response);
  }

  grpc::ServerBidiReactor<v1::StreamResolveRequest, v1::StreamResolveResponse>* StreamResolve(
      grpc::CallbackServerContext* context) override {
    return ResolveStream::Open(
        std::make_shared<ResolveStream>(&core_, Method::kStreamResolve, context));
  }

 private:
  Core& core_;
  ArenaMessages<v1::BatchResolveRequest, v1::BatchResolveResponse> batches_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeResolverService(Core* core) {
  return std::make_unique<ResolverDoor>(core);
}

}  // namespace gusu::server
