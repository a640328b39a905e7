// The connection that programs use: calls over a stub, repeated where an error says that trying
// again may help and the request is the same request again.
#include <algorithm>

#include "client/connection/register_stream.h"
#include "client/connection/resolve_many.h"
#include "client/connection/retrying_registrar.h"
#include "client/connection/watch_entries.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr size_t kBatchIdentifiersMax = 2000;

class RetryingConnection final : public RetryingRegistrar {
 public:
  using RetryingRegistrar::RetryingRegistrar;

  // ---- Registry --------------------------------------------------------------------------------

  Result<RegisterResult> Register(const RegisterRequest& request,
                                  const CallOptions& call) override {
    if (Status fault = CheckText(request); !fault.ok()) return fault;
    Result<v1::RegisterResponse> response =
        Try<v1::RegisterResponse>(ToProto(request), call, Effect::kWrite, request.row.request_id);
    if (!response) return std::move(response).status();
    return FromProto(response->result());
  }
  Result<std::vector<RegisterResult>> BatchRegister(const BatchRegisterRequest& request,
                                                    const CallOptions& call) override {
    Result<v1::BatchRegisterResponse> response = Write<v1::BatchRegisterResponse>(request, call);
    if (!response) return std::move(response).status();
    std::vector<RegisterResult> results;
    results.reserve(request.rows.size());
    for (const v1::RegisterResult& result : response->results()) {
      results.push_back(FromProto(result));
    }
    return results;
  }
  std::unique_ptr<RegisterStream> OpenRegisterStream(RegisterStreamOptions options,
                                                     const CallOptions& call) override {
    if (!stub_) return MakeFailedRegisterStream(options_fault_);
    return MakeRegisterStream(stub_, std::move(options), options_.retry, DeadlineOf(call));
  }

  // ---- Resolver --------------------------------------------------------------------------------

  Result<ResolveAnswer> Resolve(const std::string& identifier, const ResolveOptions& options,
                                const CallOptions& call) override {
    if (!IsUtf8(identifier)) return NotUtf8(identifier).answer.status();
    if (Status fault = CheckText(options); !fault.ok()) return fault;
    v1::ResolveRequest request;
    request.set_identifier(identifier);
    *request.mutable_options() = ToProto(options);
    return Converted(Read<v1::ResolveResponse>(request, call));
  }

  Result<std::vector<ResolveOutcome>> BatchResolve(const std::vector<std::string>& identifiers,
                                                   const ResolveOptions& options,
                                                   const CallOptions& call) override {
    if (Status fault = CheckText(options); !fault.ok()) return fault;
    std::vector<ResolveOutcome> outcomes(identifiers.size());
    std::vector<size_t> left;  // indexes that have no outcome yet, in order
    for (size_t i = 0; i < identifiers.size(); ++i) {
      if (IsUtf8(identifiers[i])) {
        left.push_back(i);
      } else {
        outcomes[i] = NotUtf8(identifiers[i]);
      }
    }
    v1::BatchResolveRequest request;
    *request.mutable_options() = ToProto(options);
    while (!left.empty()) {
      const size_t count = std::min(left.size(), kBatchIdentifiersMax);
      request.clear_identifiers();
      for (size_t i = 0; i < count; ++i) request.add_identifiers(identifiers[left[i]]);
      Result<v1::BatchResolveResponse> response = Read<v1::BatchResolveResponse>(request, call);
      if (!response) return std::move(response).status();
      std::vector<size_t> rest;
      for (int i = 0; i < response->outcomes_size() && static_cast<size_t>(i) < count; ++i) {
        const v1::ResolveOutcome& outcome = response->outcomes(i);
        if (IsRest(outcome)) {
          rest.push_back(left[static_cast<size_t>(i)]);
        } else {
          outcomes[left[static_cast<size_t>(i)]] = FromProto(outcome);
        }
      }
      if (static_cast<size_t>(response->outcomes_size()) != count || rest.size() == count) {
        return Status{
            StatusCode::kInternal, "the server's answer does not fit the question", "", {}};
      }
      rest.insert(rest.end(), left.begin() + static_cast<std::ptrdiff_t>(count), left.end());
      left = std::move(rest);
    }
    return outcomes;
  }

  Status ResolveMany(const std::function<std::optional<std::string>()>& next,
                     const ResolveManyOptions& options,
                     const std::function<void(ResolveOutcome)>& on_outcome,
                     const CallOptions& call) override {
    if (!stub_) return options_fault_;
    if (Status fault = CheckText(options.resolve); !fault.ok()) return fault;
    return StreamResolveMany(*stub_, next, options, on_outcome, options_.retry, DeadlineOf(call));
  }

  // ---- Audit log -------------------------------------------------------------------------------

  Result<LogCheckpoint> GetCheckpoint(const CallOptions& call) override {
    return Converted(Read<v1::GetCheckpointResponse>(v1::GetCheckpointRequest(), call));
  }
  Range<LogEntry> ListEntries(const ListEntriesRequest& request, const CallOptions& call) override {
    return Pages<LogEntry, v1::ListEntriesResponse>(
        ToProto(request), "prefix", request.prefix, call,
        [](const auto& page) -> auto& { return page.entries(); });
  }
  Result<InclusionProof> GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                           const CallOptions& call) override {
    v1::GetInclusionProofRequest request;
    request.set_leaf_index(leaf_index);
    request.set_tree_size(tree_size);
    return Converted(Read<v1::GetInclusionProofResponse>(request, call));
  }
  Result<ConsistencyProof> GetConsistencyProof(uint64_t old_size, uint64_t new_size,
                                               const CallOptions& call) override {
    v1::GetConsistencyProofRequest request;
    request.set_old_size(old_size);
    request.set_new_size(new_size);
    return Converted(Read<v1::GetConsistencyProofResponse>(request, call));
  }
  Result<std::string> GetTile(const std::string& path, const CallOptions& call) override {
    if (Status fault = CheckText("path", path); !fault.ok()) return fault;
    v1::GetTileRequest request;
    request.set_path(path);
    Result<v1::GetTileResponse> response = Read<v1::GetTileResponse>(request, call);
    if (!response) return std::move(response).status();
    return std::move(*response->mutable_data());
  }
  Status WatchEntries(const WatchEntriesRequest& request,
                      const std::function<bool(WatchEvent)>& on_event,
                      const CallOptions& call) override {
    if (!stub_) return options_fault_;
    return StreamWatchEntries(*stub_, request, on_event, options_.retry, DeadlineOf(call));
  }
  Result<std::string> AddCosignatures(const AddCosignaturesRequest& request,
                                      const CallOptions& call) override {
    if (Status fault = CheckText(request); !fault.ok()) return fault;
    Result<v1::AddCosignaturesResponse> response =
        Try<v1::AddCosignaturesResponse>(ToProto(request), call, Effect::kWrite, "");
    if (!response) return std::move(response).status();
    return std::move(*response->mutable_cosigned_checkpoint());
  }
  Range<StoredRow> ListRows(const ListRowsRequest& request, const CallOptions& call) override {
    return Pages<StoredRow, v1::ListRowsResponse>(
        ToProto(request), "table", request.table, call,
        [](const auto& page) -> auto& { return page.rows(); });
  }
  Result<std::vector<StoredFile>> ListFiles(const CallOptions& call) override {
    return Converted(Read<v1::ListFilesResponse>(v1::ListFilesRequest(), call));
  }
  Status VerifyFile(const std::string& name, const CallOptions& call) override {
    return ReadByName<v1::VerifyFileRequest, v1::VerifyFileResponse>(name, call).status();
  }
};

}  // namespace

std::shared_ptr<Connection> MakeConnection(ClientOptions options) {
  Result<std::shared_ptr<Stub>> stub = Stub::Make(options);
  return std::make_shared<RetryingConnection>(std::move(stub), std::move(options));
}

}  // namespace gusu
