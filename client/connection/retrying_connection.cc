// The connection that programs use: calls over a stub, repeated where an error says that trying
// again may help and the request is the same request again.
#include <algorithm>
#include <thread>

#include "client/connection/convert.h"
#include "client/connection/register_stream.h"
#include "client/connection/resolve_many.h"
#include "client/connection/retry.h"
#include "client/connection/stub.h"
#include "client/connection/text_check.h"
#include "client/connection/watch_entries.h"
#include "google/rpc/status.pb.h"
#include "gusu/connection.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr size_t kBatchIdentifiersMax = 2000;

enum class Effect { kRead, kWrite };

// What a write ends with that was sent and never got an answer.
Status OutcomeUnknown(const Status& last, const std::string& request_id) {
  Status status{
      StatusCode::kUnknownOutcome,
      "the write may or may not have happened: repeat the same call (" + last.ToString() + ")",
      std::string(kReasonOutcomeUnknown),
      {{"last_error", last.ToString()}}};
  if (!request_id.empty()) status.metadata["request_id"] = request_id;
  return status;
}

class RetryingConnection final : public Connection,
                                 public std::enable_shared_from_this<RetryingConnection> {
 public:
  // Without a stub, every call ends with the stub's status.
  RetryingConnection(Result<std::shared_ptr<Stub>> stub, ClientOptions options)
      : options_fault_(stub.status()),
        stub_(stub ? *std::move(stub) : nullptr),
        options_(std::move(options)),
        policy_(options_.retry) {}

  // ---- Registrar -------------------------------------------------------------------------------

  Result<RegistrantAnswer> ApplyRegistrant(const ApplyRegistrantRequest& request,
                                           const CallOptions& call) override {
    return Converted(Write<v1::RegistrantResponse>(request, call));
  }
  Result<RegistrantAnswer> ApproveRegistrant(const ApproveRegistrantRequest& request,
                                             const CallOptions& call) override {
    return Converted(Write<v1::RegistrantResponse>(request, call));
  }
  Result<Registrant> GetRegistrant(const std::string& name, const CallOptions& call) override {
    return Converted(ReadByName<v1::GetRegistrantRequest, v1::Registrant>(name, call));
  }
  Range<Registrant> ListRegistrants(const ListRegistrantsRequest& request,
                                    const CallOptions& call) override {
    return Pages<Registrant, v1::ListRegistrantsResponse>(
        ToProto(request), "", "", call,
        [](const auto& page) -> auto& { return page.registrants(); });
  }
  Result<PrefixAnswer> GrantPrefix(const GrantPrefixRequest& request,
                                   const CallOptions& call) override {
    return Converted(Write<v1::PrefixResponse>(request, call));
  }
  Result<Prefix> GetPrefix(const std::string& name, const CallOptions& call) override {
    return Converted(ReadByName<v1::GetPrefixRequest, v1::Prefix>(name, call));
  }
  Range<Prefix> ListPrefixes(const ListPrefixesRequest& request, const CallOptions& call) override {
    return Pages<Prefix, v1::ListPrefixesResponse>(
        ToProto(request), "holder", request.holder, call,
        [](const auto& page) -> auto& { return page.prefixes(); });
  }
  Result<CredentialAnswer> CreateCredential(const CreateCredentialRequest& request,
                                            const CallOptions& call) override {
    return Converted(Write<v1::CredentialResponse>(request, call));
  }
  Range<Credential> ListCredentials(const ListCredentialsRequest& request,
                                    const CallOptions& call) override {
    return Pages<Credential, v1::ListCredentialsResponse>(
        ToProto(request), "parent", request.parent, call,
        [](const auto& page) -> auto& { return page.credentials(); });
  }
  Result<CredentialAnswer> RevokeCredential(const RevokeCredentialRequest& request,
                                            const CallOptions& call) override {
    return Converted(Write<v1::CredentialResponse>(request, call));
  }
  Result<Template> GetTemplate(const std::string& name, const CallOptions& call) override {
    return Converted(ReadByName<v1::GetTemplateRequest, v1::Template>(name, call));
  }
  Range<Template> ListTemplates(const CallOptions& call) override {
    return Pages<Template, v1::ListTemplatesResponse>(
        v1::ListTemplatesRequest(), "", "", call,
        [](const auto& page) -> auto& { return page.templates(); });
  }

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
  Result<Record> GetRecord(const std::string& name, const CallOptions& call) override {
    return Converted(ReadByName<v1::GetRecordRequest, v1::Record>(name, call));
  }
  Range<Record> ListRecords(const ListRecordsRequest& request, const CallOptions& call) override {
    return Pages<Record, v1::ListRecordsResponse>(
        ToProto(request), "parent", request.parent, call,
        [](const auto& page) -> auto& { return page.records(); });
  }
  Range<RecordRevision> ListRevisions(const ListRevisionsRequest& request,
                                      const CallOptions& call) override {
    return Pages<RecordRevision, v1::ListRevisionsResponse>(
        ToProto(request), "name", request.name, call,
        [](const auto& page) -> auto& { return page.revisions(); });
  }
  Result<RecordAnswer> UpdateRecord(const UpdateRecordRequest& request,
                                    const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> ModifyValues(const ModifyValuesRequest& request,
                                    const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> SuspendRecord(const SuspendRecordRequest& request,
                                     const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> ActivateRecord(const ActivateRecordRequest& request,
                                      const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> RetireRecord(const RetireRecordRequest& request,
                                    const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> ReinstateRecord(const ReinstateRecordRequest& request,
                                       const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
  }
  Result<RecordAnswer> EraseValues(const EraseValuesRequest& request,
                                   const CallOptions& call) override {
    return Converted(Write<v1::RecordResponse>(request, call));
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

 private:
  std::chrono::milliseconds DeadlineOf(const CallOptions& call) const {
    return call.deadline.count() > 0 ? call.deadline : options_.deadline;
  }

  // One request, as often as it takes.
  template <typename Response, typename Request>
  Result<Response> Try(const Request& request, const CallOptions& call, Effect effect,
                       const std::string& request_id) {
    if (!stub_) return options_fault_;
    TryLimit limit(TryLimit::Clock::now() + DeadlineOf(call), options_.retry.attempts_max);
    std::optional<Backoff> backoff;
    bool may_have_happened = false;
    for (;;) {
      Response response;
      Tried tried = stub_->Call(limit.deadline(), request, &response);
      if (tried.status.ok()) return response;
      may_have_happened |= tried.may_have_happened;
      if (policy_.ShouldRetry(tried.status)) {
        if (!backoff) backoff.emplace(options_.retry);
        const auto pause = backoff->Next();
        if (limit.MayTryAgain(pause)) {
          std::this_thread::sleep_for(pause);
          continue;
        }
      } else if (!tried.may_have_happened) {
        return std::move(tried.status);  // a refusal, which is true of earlier tries too
      }
      if (effect == Effect::kWrite && may_have_happened) {
        return OutcomeUnknown(tried.status, request_id);
      }
      return std::move(tried.status);
    }
  }

  template <typename Response, typename Request>
  Result<Response> Write(const Request& request, const CallOptions& call) {
    if (Status fault = CheckText(request); !fault.ok()) return fault;
    return Try<Response>(ToProto(request), call, Effect::kWrite, request.request_id);
  }

  template <typename Response, typename Request>
  Result<Response> Read(const Request& request, const CallOptions& call) {
    return Try<Response>(request, call, Effect::kRead, "");
  }

  template <typename Request, typename Response>
  Result<Response> ReadByName(const std::string& name, const CallOptions& call) {
    if (Status fault = CheckText("name", name); !fault.ok()) return fault;
    Request request;
    request.set_name(name);
    return Read<Response>(request, call);
  }

  template <typename Response>
  static auto Converted(Result<Response> response) -> Result<decltype(FromProto(*response))> {
    if (!response) return std::move(response).status();
    return FromProto(*response);
  }

  // `named` is the only text of the request, and `field` where it stands.
  template <typename Item, typename Response, typename Request, typename ItemsOf>
  Range<Item> Pages(Request request, const char* field, const std::string& named,
                    const CallOptions& call, ItemsOf items_of) {
    if (Status fault = CheckText(field, named); !fault.ok()) return Range<Item>::OfError(fault);
    return Range<Item>([self = shared_from_this(), request, call,
                        items_of](const std::string& page_token) mutable -> Result<Page<Item>> {
      request.set_page_token(page_token);
      Result<Response> response = self->template Read<Response>(request, call);
      if (!response) return std::move(response).status();
      Page<Item> page;
      for (const auto& item : items_of(*response)) page.items.push_back(FromProto(item));
      page.next_page_token = response->next_page_token();
      return page;
    });
  }

  const Status options_fault_;
  const std::shared_ptr<Stub> stub_;  // nullptr when the options are at fault
  const ClientOptions options_;
  const RetryPolicy policy_;
};

}  // namespace

std::shared_ptr<Connection> MakeConnection(ClientOptions options) {
  Result<std::shared_ptr<Stub>> stub = Stub::Make(options);
  return std::make_shared<RetryingConnection>(std::move(stub), std::move(options));
}

}  // namespace gusu
