#include "gusu/connection.h"

namespace gusu {
namespace {

Status NotOverridden(const char* method) {
  return {StatusCode::kUnimplemented, std::string("this connection does not do ") + method, "", {}};
}

}  // namespace

Connection::~Connection() = default;
RegisterStream::~RegisterStream() = default;

// One definition for each method, so that a mock overrides only what its program calls.
#define GUSU_UNIMPLEMENTED(Answer, Method, ...)                        \
  Result<Answer> Connection::Method(__VA_ARGS__, const CallOptions&) { \
    return NotOverridden(#Method);                                     \
  }
#define GUSU_UNIMPLEMENTED_RANGE(Item, Method, ...)                 \
  Range<Item> Connection::Method(__VA_ARGS__, const CallOptions&) { \
    return Range<Item>::OfError(NotOverridden(#Method));            \
  }

GUSU_UNIMPLEMENTED(RegistrantAnswer, ApplyRegistrant, const ApplyRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, UpdateRegistrant, const UpdateRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, ApproveRegistrant, const ApproveRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, ReturnRegistrant, const ReturnRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, RejectRegistrant, const RejectRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, SuspendRegistrant, const SuspendRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, ActivateRegistrant, const ActivateRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, CloseRegistrant, const CloseRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, DesignateRegistrant, const DesignateRegistrantRequest&)
GUSU_UNIMPLEMENTED(RegistrantAnswer, RevokeDesignation, const RevokeDesignationRequest&)
GUSU_UNIMPLEMENTED(Registrant, GetRegistrant, const std::string&)
GUSU_UNIMPLEMENTED_RANGE(Registrant, ListRegistrants, const ListRegistrantsRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, GrantPrefix, const GrantPrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, UpdatePrefix, const UpdatePrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, DelegatePrefix, const DelegatePrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, TransferPrefix, const TransferPrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, SuspendPrefix, const SuspendPrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, ActivatePrefix, const ActivatePrefixRequest&)
GUSU_UNIMPLEMENTED(PrefixAnswer, RetirePrefix, const RetirePrefixRequest&)
GUSU_UNIMPLEMENTED(Prefix, GetPrefix, const std::string&)
GUSU_UNIMPLEMENTED_RANGE(Prefix, ListPrefixes, const ListPrefixesRequest&)
GUSU_UNIMPLEMENTED(CredentialAnswer, CreateCredential, const CreateCredentialRequest&)
GUSU_UNIMPLEMENTED_RANGE(Credential, ListCredentials, const ListCredentialsRequest&)
GUSU_UNIMPLEMENTED(CredentialAnswer, RevokeCredential, const RevokeCredentialRequest&)
GUSU_UNIMPLEMENTED(Template, GetTemplate, const std::string&, uint32_t)
GUSU_UNIMPLEMENTED_RANGE(Template, ListTemplates, const ListTemplatesRequest&)
GUSU_UNIMPLEMENTED(TemplateAnswer, CreateTemplate, const CreateTemplateRequest&)
GUSU_UNIMPLEMENTED(TemplateAnswer, UpdateTemplate, const UpdateTemplateRequest&)
GUSU_UNIMPLEMENTED(TemplateAnswer, PublishTemplate, const PublishTemplateRequest&)
GUSU_UNIMPLEMENTED(TemplateAnswer, WithdrawTemplate, const WithdrawTemplateRequest&)
GUSU_UNIMPLEMENTED(GrantAnswer, CreateGrant, const CreateGrantRequest&)
GUSU_UNIMPLEMENTED(GrantAnswer, RevokeGrant, const RevokeGrantRequest&)
GUSU_UNIMPLEMENTED_RANGE(Grant, ListGrants, const ListGrantsRequest&)
GUSU_UNIMPLEMENTED(GroupAnswer, SetGroup, const SetGroupRequest&)
GUSU_UNIMPLEMENTED_RANGE(Group, ListGroups, const ListGroupsRequest&)
GUSU_UNIMPLEMENTED_RANGE(DayCounts, GetStatistics, const StatisticsRequest&)
GUSU_UNIMPLEMENTED_RANGE(DayUsage, ListUsage, const StatisticsRequest&)
GUSU_UNIMPLEMENTED(RecountPage, RecountStatistics, const RecountStatisticsRequest&)
GUSU_UNIMPLEMENTED(RegisterResult, Register, const RegisterRequest&)
GUSU_UNIMPLEMENTED(std::vector<RegisterResult>, BatchRegister, const BatchRegisterRequest&)
GUSU_UNIMPLEMENTED(Record, GetRecord, const GetRecordRequest&)
GUSU_UNIMPLEMENTED_RANGE(Record, ListRecords, const ListRecordsRequest&)
GUSU_UNIMPLEMENTED_RANGE(RecordRevision, ListRevisions, const ListRevisionsRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, UpdateRecord, const UpdateRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, ModifyValues, const ModifyValuesRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, SuspendRecord, const SuspendRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, ActivateRecord, const ActivateRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, RetireRecord, const RetireRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, ReinstateRecord, const ReinstateRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, HoldRecord, const HoldRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, UnholdRecord, const UnholdRecordRequest&)
GUSU_UNIMPLEMENTED(RecordAnswer, EraseValues, const EraseValuesRequest&)
GUSU_UNIMPLEMENTED(SerialRangeAnswer, AllocateSerialRange, const AllocateSerialRangeRequest&)
GUSU_UNIMPLEMENTED(SerialRangeAnswer, ActivateSerialRange, const ActivateSerialRangeRequest&)
GUSU_UNIMPLEMENTED(SerialRangeAnswer, ReleaseSerialRange, const ReleaseSerialRangeRequest&)
GUSU_UNIMPLEMENTED(SerialRange, GetSerialRange, const std::string&)
GUSU_UNIMPLEMENTED_RANGE(SerialRange, ListSerialRanges, const ListSerialRangesRequest&)
GUSU_UNIMPLEMENTED(TransferAnswer, OfferTransfer, const OfferTransferRequest&)
GUSU_UNIMPLEMENTED(TransferAnswer, AcceptTransfer, const AcceptTransferRequest&)
GUSU_UNIMPLEMENTED(TransferAnswer, DeclineTransfer, const DeclineTransferRequest&)
GUSU_UNIMPLEMENTED(TransferAnswer, WithdrawTransfer, const WithdrawTransferRequest&)
GUSU_UNIMPLEMENTED(Transfer, GetTransfer, const std::string&)
GUSU_UNIMPLEMENTED_RANGE(Transfer, ListTransfers, const ListTransfersRequest&)
GUSU_UNIMPLEMENTED(ResolveAnswer, Resolve, const std::string&, const ResolveOptions&)
GUSU_UNIMPLEMENTED(std::vector<ResolveOutcome>, BatchResolve, const std::vector<std::string>&,
                   const ResolveOptions&)
GUSU_UNIMPLEMENTED_RANGE(LogEntry, ListEntries, const ListEntriesRequest&)
GUSU_UNIMPLEMENTED(InclusionProof, GetInclusionProof, uint64_t, uint64_t)
GUSU_UNIMPLEMENTED(ConsistencyProof, GetConsistencyProof, uint64_t, uint64_t)
GUSU_UNIMPLEMENTED(std::string, GetTile, const std::string&)
GUSU_UNIMPLEMENTED(std::string, AddCosignatures, const AddCosignaturesRequest&)
GUSU_UNIMPLEMENTED_RANGE(StoredRow, ListRows, const ListRowsRequest&)
#undef GUSU_UNIMPLEMENTED
#undef GUSU_UNIMPLEMENTED_RANGE

std::unique_ptr<RegisterStream> Connection::OpenRegisterStream(RegisterStreamOptions,
                                                               const CallOptions&) {
  return nullptr;
}

Status Connection::ResolveMany(const std::function<std::optional<std::string>()>&,
                               const ResolveManyOptions&,
                               const std::function<void(ResolveOutcome)>&, const CallOptions&) {
  return NotOverridden("ResolveMany");
}

Result<LogCheckpoint> Connection::GetCheckpoint(const CallOptions&) {
  return NotOverridden("GetCheckpoint");
}

Status Connection::WatchEntries(const WatchEntriesRequest&, const std::function<bool(WatchEvent)>&,
                                const CallOptions&) {
  return NotOverridden("WatchEntries");
}

Result<std::vector<StoredFile>> Connection::ListFiles(const CallOptions&) {
  return NotOverridden("ListFiles");
}

Status Connection::VerifyFile(const std::string&, const CallOptions&) {
  return NotOverridden("VerifyFile");
}

}  // namespace gusu
