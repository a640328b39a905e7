#include "gusu/client.h"

#include <algorithm>

namespace gusu {
namespace {

// What tells a repetition from a second request, for writes that are not told apart by content.
template <typename Request>
void FillRequestId(Request& request) {
  if (request.request_id.empty()) request.request_id = MakeRequestId();
}

// Equal minted rows are different requests; a given identifier is told by its content.
void FillRowRequestId(RegisterRow& row) {
  if (row.mint) FillRequestId(row);
}

// Sees that minted rows have their request id before they are written.
class IdentifyingStream : public RegisterStream {
 public:
  explicit IdentifyingStream(std::unique_ptr<RegisterStream> stream) : stream_(std::move(stream)) {}
  Status Write(RegisterRow row) override {
    FillRowRequestId(row);
    return stream_->Write(std::move(row));
  }
  std::optional<RowOutcome> Read() override { return stream_->Read(); }
  Status Finish() override { return stream_->Finish(); }

 private:
  const std::unique_ptr<RegisterStream> stream_;
};

}  // namespace

Client::Client(ClientOptions options) : connection_(MakeConnection(std::move(options))) {}
Client::Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

Result<RegistrantAnswer> Client::ApplyRegistrant(ApplyRegistrantRequest request, CallOptions call) {
  return connection_->ApplyRegistrant(request, call);
}

Result<RegistrantAnswer> Client::ApproveRegistrant(ApproveRegistrantRequest request,
                                                   CallOptions call) {
  FillRequestId(request);
  return connection_->ApproveRegistrant(request, call);
}

Result<Registrant> Client::GetRegistrant(const std::string& name, CallOptions call) {
  return connection_->GetRegistrant(name, call);
}

Range<Registrant> Client::ListRegistrants(ListRegistrantsRequest request, CallOptions call) {
  return connection_->ListRegistrants(request, call);
}

Result<PrefixAnswer> Client::GrantPrefix(GrantPrefixRequest request, CallOptions call) {
  return connection_->GrantPrefix(request, call);
}

Result<Prefix> Client::GetPrefix(const std::string& name, CallOptions call) {
  return connection_->GetPrefix(name, call);
}

Range<Prefix> Client::ListPrefixes(ListPrefixesRequest request, CallOptions call) {
  return connection_->ListPrefixes(request, call);
}

Result<CredentialAnswer> Client::CreateCredential(CreateCredentialRequest request,
                                                  CallOptions call) {
  return connection_->CreateCredential(request, call);
}

Range<Credential> Client::ListCredentials(ListCredentialsRequest request, CallOptions call) {
  return connection_->ListCredentials(request, call);
}

Result<CredentialAnswer> Client::RevokeCredential(RevokeCredentialRequest request,
                                                  CallOptions call) {
  return connection_->RevokeCredential(request, call);
}

Result<Template> Client::GetTemplate(const std::string& name, CallOptions call) {
  return connection_->GetTemplate(name, call);
}

Range<Template> Client::ListTemplates(CallOptions call) { return connection_->ListTemplates(call); }

Result<RegisterResult> Client::Register(RegisterRow row, CallOptions call) {
  return Register(RegisterRequest{std::move(row), std::nullopt}, call);
}

Result<RegisterResult> Client::Register(RegisterRequest request, CallOptions call) {
  FillRowRequestId(request.row);
  return connection_->Register(request, call);
}

Result<std::vector<RegisterResult>> Client::BatchRegister(BatchRegisterRequest request,
                                                          CallOptions call) {
  if (std::any_of(request.rows.begin(), request.rows.end(),
                  [](const RegisterRow& row) { return row.mint.has_value(); })) {
    FillRequestId(request);
  }
  return connection_->BatchRegister(request, call);
}

std::unique_ptr<RegisterStream> Client::OpenRegisterStream(RegisterStreamOptions options,
                                                           CallOptions call) {
  auto stream = connection_->OpenRegisterStream(std::move(options), call);
  if (stream == nullptr) return nullptr;
  return std::make_unique<IdentifyingStream>(std::move(stream));
}

Result<Record> Client::GetRecord(const std::string& name_or_identifier, CallOptions call) {
  return connection_->GetRecord(name_or_identifier, call);
}

Range<Record> Client::ListRecords(ListRecordsRequest request, CallOptions call) {
  return connection_->ListRecords(request, call);
}

Range<RecordRevision> Client::ListRevisions(ListRevisionsRequest request, CallOptions call) {
  return connection_->ListRevisions(request, call);
}

Result<RecordAnswer> Client::UpdateRecord(UpdateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->UpdateRecord(request, call);
}

Result<RecordAnswer> Client::ModifyValues(ModifyValuesRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ModifyValues(request, call);
}

Result<RecordAnswer> Client::SuspendRecord(SuspendRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->SuspendRecord(request, call);
}

Result<RecordAnswer> Client::ActivateRecord(ActivateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ActivateRecord(request, call);
}

Result<RecordAnswer> Client::RetireRecord(RetireRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->RetireRecord(request, call);
}

Result<RecordAnswer> Client::ReinstateRecord(ReinstateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ReinstateRecord(request, call);
}

Result<RecordAnswer> Client::EraseValues(EraseValuesRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->EraseValues(request, call);
}

Result<ResolveAnswer> Client::Resolve(const std::string& identifier, ResolveOptions options,
                                      CallOptions call) {
  return connection_->Resolve(identifier, options, call);
}

Result<std::vector<ResolveOutcome>> Client::BatchResolve(
    const std::vector<std::string>& identifiers, ResolveOptions options, CallOptions call) {
  return connection_->BatchResolve(identifiers, options, call);
}

Status Client::ResolveMany(const std::function<std::optional<std::string>()>& next,
                           const std::function<void(ResolveOutcome)>& on_outcome,
                           const ResolveManyOptions& options, CallOptions call) {
  return connection_->ResolveMany(next, options, on_outcome, call);
}

Result<LogCheckpoint> Client::GetCheckpoint(CallOptions call) {
  return connection_->GetCheckpoint(call);
}

Range<LogEntry> Client::ListEntries(ListEntriesRequest request, CallOptions call) {
  return connection_->ListEntries(request, call);
}

Result<InclusionProof> Client::GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                                 CallOptions call) {
  return connection_->GetInclusionProof(leaf_index, tree_size, call);
}

Result<ConsistencyProof> Client::GetConsistencyProof(uint64_t old_size, uint64_t new_size,
                                                     CallOptions call) {
  return connection_->GetConsistencyProof(old_size, new_size, call);
}

Result<std::string> Client::GetTile(const std::string& path, CallOptions call) {
  return connection_->GetTile(path, call);
}

Status Client::WatchEntries(WatchEntriesRequest request,
                            const std::function<bool(WatchEvent)>& on_event, CallOptions call) {
  return connection_->WatchEntries(request, on_event, call);
}

Result<std::string> Client::AddCosignatures(AddCosignaturesRequest request, CallOptions call) {
  return connection_->AddCosignatures(request, call);
}

Range<StoredRow> Client::ListRows(ListRowsRequest request, CallOptions call) {
  return connection_->ListRows(request, call);
}

Result<std::vector<StoredFile>> Client::ListFiles(CallOptions call) {
  return connection_->ListFiles(call);
}

Status Client::VerifyFile(const std::string& name, CallOptions call) {
  return connection_->VerifyFile(name, call);
}

}  // namespace gusu
