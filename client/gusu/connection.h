// What a Client sends its calls to: one virtual method for each thing that the registry does.
//
// Programs use Client; tests of programs derive from Connection, override what the program calls,
// and hand it to Client's constructor. What is not overridden answers kUnimplemented.
//
//   class OneRecord : public gusu::Connection {
//     gusu::Result<gusu::ResolveAnswer> Resolve(const std::string&, const gusu::ResolveOptions&,
//                                               const gusu::CallOptions&) override {
//       return gusu::ResolveAnswer{record_};
//     }
//   };
//
// The real one, made by MakeConnection, repeats what is safe to repeat; it may be used from many
// threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gusu/audit.h"
#include "gusu/options.h"
#include "gusu/range.h"
#include "gusu/requests.h"
#include "gusu/serial_range.h"
#include "gusu/stream.h"
#include "gusu/transfer.h"

namespace gusu {

class GUSU_EXPORT Connection {
 public:
  virtual ~Connection();

  // Registrar
  virtual Result<RegistrantAnswer> ApplyRegistrant(const ApplyRegistrantRequest& request,
                                                   const CallOptions& call);
  virtual Result<RegistrantAnswer> UpdateRegistrant(const UpdateRegistrantRequest& request,
                                                    const CallOptions& call);
  virtual Result<RegistrantAnswer> ApproveRegistrant(const ApproveRegistrantRequest& request,
                                                     const CallOptions& call);
  virtual Result<RegistrantAnswer> ReturnRegistrant(const ReturnRegistrantRequest& request,
                                                    const CallOptions& call);
  virtual Result<RegistrantAnswer> RejectRegistrant(const RejectRegistrantRequest& request,
                                                    const CallOptions& call);
  virtual Result<RegistrantAnswer> SuspendRegistrant(const SuspendRegistrantRequest& request,
                                                     const CallOptions& call);
  virtual Result<RegistrantAnswer> ActivateRegistrant(const ActivateRegistrantRequest& request,
                                                      const CallOptions& call);
  virtual Result<RegistrantAnswer> CloseRegistrant(const CloseRegistrantRequest& request,
                                                   const CallOptions& call);
  virtual Result<RegistrantAnswer> DesignateRegistrant(const DesignateRegistrantRequest& request,
                                                       const CallOptions& call);
  virtual Result<RegistrantAnswer> RevokeDesignation(const RevokeDesignationRequest& request,
                                                     const CallOptions& call);
  virtual Result<Registrant> GetRegistrant(const std::string& name, const CallOptions& call);
  virtual Range<Registrant> ListRegistrants(const ListRegistrantsRequest& request,
                                            const CallOptions& call);
  virtual Result<PrefixAnswer> GrantPrefix(const GrantPrefixRequest& request,
                                           const CallOptions& call);
  virtual Result<PrefixAnswer> UpdatePrefix(const UpdatePrefixRequest& request,
                                            const CallOptions& call);
  virtual Result<PrefixAnswer> DelegatePrefix(const DelegatePrefixRequest& request,
                                              const CallOptions& call);
  virtual Result<PrefixAnswer> TransferPrefix(const TransferPrefixRequest& request,
                                              const CallOptions& call);
  virtual Result<PrefixAnswer> SuspendPrefix(const SuspendPrefixRequest& request,
                                             const CallOptions& call);
  virtual Result<PrefixAnswer> ActivatePrefix(const ActivatePrefixRequest& request,
                                              const CallOptions& call);
  virtual Result<PrefixAnswer> RetirePrefix(const RetirePrefixRequest& request,
                                            const CallOptions& call);
  virtual Result<Prefix> GetPrefix(const std::string& name, const CallOptions& call);
  virtual Range<Prefix> ListPrefixes(const ListPrefixesRequest& request, const CallOptions& call);
  virtual Result<CredentialAnswer> CreateCredential(const CreateCredentialRequest& request,
                                                    const CallOptions& call);
  virtual Range<Credential> ListCredentials(const ListCredentialsRequest& request,
                                            const CallOptions& call);
  virtual Result<CredentialAnswer> RevokeCredential(const RevokeCredentialRequest& request,
                                                    const CallOptions& call);
  virtual Result<Template> GetTemplate(const std::string& name, uint32_t version,
                                       const CallOptions& call);
  virtual Range<Template> ListTemplates(const ListTemplatesRequest& request,
                                        const CallOptions& call);
  virtual Result<TemplateAnswer> CreateTemplate(const CreateTemplateRequest& request,
                                                const CallOptions& call);
  virtual Result<TemplateAnswer> UpdateTemplate(const UpdateTemplateRequest& request,
                                                const CallOptions& call);
  virtual Result<TemplateAnswer> PublishTemplate(const PublishTemplateRequest& request,
                                                 const CallOptions& call);
  virtual Result<TemplateAnswer> WithdrawTemplate(const WithdrawTemplateRequest& request,
                                                  const CallOptions& call);
  virtual Result<GrantAnswer> CreateGrant(const CreateGrantRequest& request,
                                          const CallOptions& call);
  virtual Result<GrantAnswer> RevokeGrant(const RevokeGrantRequest& request,
                                          const CallOptions& call);
  virtual Range<Grant> ListGrants(const ListGrantsRequest& request, const CallOptions& call);
  virtual Result<GroupAnswer> SetGroup(const SetGroupRequest& request, const CallOptions& call);
  virtual Range<Group> ListGroups(const ListGroupsRequest& request, const CallOptions& call);

  // Statistics
  virtual Range<DayCounts> GetStatistics(const StatisticsRequest& request, const CallOptions& call);
  virtual Range<DayUsage> ListUsage(const StatisticsRequest& request, const CallOptions& call);
  virtual Result<RecountPage> RecountStatistics(const RecountStatisticsRequest& request,
                                                const CallOptions& call);

  // Registry
  virtual Result<RegisterResult> Register(const RegisterRequest& request, const CallOptions& call);
  virtual Result<std::vector<RegisterResult>> BatchRegister(const BatchRegisterRequest& request,
                                                            const CallOptions& call);
  // nullptr unless overridden.
  virtual std::unique_ptr<RegisterStream> OpenRegisterStream(RegisterStreamOptions options,
                                                             const CallOptions& call);
  virtual Result<Record> GetRecord(const GetRecordRequest& request, const CallOptions& call);
  virtual Range<Record> ListRecords(const ListRecordsRequest& request, const CallOptions& call);
  virtual Range<RecordRevision> ListRevisions(const ListRevisionsRequest& request,
                                              const CallOptions& call);
  virtual Result<RecordAnswer> UpdateRecord(const UpdateRecordRequest& request,
                                            const CallOptions& call);
  virtual Result<RecordAnswer> ModifyValues(const ModifyValuesRequest& request,
                                            const CallOptions& call);
  virtual Result<RecordAnswer> SuspendRecord(const SuspendRecordRequest& request,
                                             const CallOptions& call);
  virtual Result<RecordAnswer> ActivateRecord(const ActivateRecordRequest& request,
                                              const CallOptions& call);
  virtual Result<RecordAnswer> RetireRecord(const RetireRecordRequest& request,
                                            const CallOptions& call);
  virtual Result<RecordAnswer> ReinstateRecord(const ReinstateRecordRequest& request,
                                               const CallOptions& call);
  virtual Result<RecordAnswer> HoldRecord(const HoldRecordRequest& request,
                                          const CallOptions& call);
  virtual Result<RecordAnswer> UnholdRecord(const UnholdRecordRequest& request,
                                            const CallOptions& call);
  virtual Result<RecordAnswer> EraseValues(const EraseValuesRequest& request,
                                           const CallOptions& call);

  // Serial ranges
  virtual Result<SerialRangeAnswer> AllocateSerialRange(const AllocateSerialRangeRequest& request,
                                                        const CallOptions& call);
  virtual Result<SerialRangeAnswer> ActivateSerialRange(const ActivateSerialRangeRequest& request,
                                                        const CallOptions& call);
  virtual Result<SerialRangeAnswer> ReleaseSerialRange(const ReleaseSerialRangeRequest& request,
                                                       const CallOptions& call);
  virtual Result<SerialRange> GetSerialRange(const std::string& name, const CallOptions& call);
  virtual Range<SerialRange> ListSerialRanges(const ListSerialRangesRequest& request,
                                              const CallOptions& call);

  // Transfers
  virtual Result<TransferAnswer> OfferTransfer(const OfferTransferRequest& request,
                                               const CallOptions& call);
  virtual Result<TransferAnswer> AcceptTransfer(const AcceptTransferRequest& request,
                                                const CallOptions& call);
  virtual Result<TransferAnswer> DeclineTransfer(const DeclineTransferRequest& request,
                                                 const CallOptions& call);
  virtual Result<TransferAnswer> WithdrawTransfer(const WithdrawTransferRequest& request,
                                                  const CallOptions& call);
  virtual Result<Transfer> GetTransfer(const std::string& name, const CallOptions& call);
  virtual Range<Transfer> ListTransfers(const ListTransfersRequest& request,
                                        const CallOptions& call);

  // Resolver
  virtual Result<ResolveAnswer> Resolve(const std::string& identifier,
                                        const ResolveOptions& options, const CallOptions& call);
  virtual Result<std::vector<ResolveOutcome>> BatchResolve(
      const std::vector<std::string>& identifiers, const ResolveOptions& options,
      const CallOptions& call);
  virtual Status ResolveMany(const std::function<std::optional<std::string>()>& next,
                             const ResolveManyOptions& options,
                             const std::function<void(ResolveOutcome)>& on_outcome,
                             const CallOptions& call);

  // Audit log
  virtual Result<LogCheckpoint> GetCheckpoint(const CallOptions& call);
  virtual Range<LogEntry> ListEntries(const ListEntriesRequest& request, const CallOptions& call);
  virtual Result<InclusionProof> GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                                   const CallOptions& call);
  virtual Result<ConsistencyProof> GetConsistencyProof(uint64_t old_size, uint64_t new_size,
                                                       const CallOptions& call);
  virtual Result<std::string> GetTile(const std::string& path, const CallOptions& call);
  virtual Status WatchEntries(const WatchEntriesRequest& request,
                              const std::function<bool(WatchEvent)>& on_event,
                              const CallOptions& call);
  virtual Result<std::string> AddCosignatures(const AddCosignaturesRequest& request,
                                              const CallOptions& call);
  virtual Range<StoredRow> ListRows(const ListRowsRequest& request, const CallOptions& call);
  virtual Result<std::vector<StoredFile>> ListFiles(const CallOptions& call);
  virtual Status VerifyFile(const std::string& name, const CallOptions& call);
};

// Over gRPC. Never fails to be made: what is wrong with the options, or a server that is not there,
// is told by every call.
GUSU_EXPORT std::shared_ptr<Connection> MakeConnection(ClientOptions options);

}  // namespace gusu
