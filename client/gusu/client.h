// The client library of the Gusu identifier registry.
//
//   gusu::ClientOptions options;
//   options.server = "registry.example:7440";
//   options.ca_file = "ca.pem";
//   options.token_file = "sz-pumps.token";
//   gusu::Client client(options);
//
//   gusu::RegisterRow row;
//   row.identifier = "88.118.8/HP-1";
//   row.template_id = "product";
//   row.values = {gusu::TextValue("name", "Pump"), gusu::TextValue("model", "HP")};
//   gusu::Result<gusu::RegisterResult> result = client.Register(row);
//   gusu::Result<gusu::ResolveAnswer> answer = client.Resolve("88.118.8/HP-1");
//
// A Client is cheap to copy, all copies share one connection, and all of its methods may be called
// from many threads. Calls wait for their answer, repeat what is safe to repeat, and end within the
// deadline. A write that got no answer within it ends as kUnknownOutcome: repeat the same call.
#pragma once

#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gusu/audit.h"
#include "gusu/connection.h"
#include "gusu/options.h"
#include "gusu/requests.h"
#include "gusu/resources.h"
#include "gusu/secret.h"
#include "gusu/serial_range.h"
#include "gusu/stream.h"
#include "gusu/transfer.h"

namespace gusu {

// A value of a template attribute or a Handle type.
inline Value TextValue(std::string type, std::string data, Tier tier = Tier::kUnspecified) {
  Value value;
  value.type = std::move(type);
  value.data = std::move(data);
  value.tier = tier;
  return value;
}

class GUSU_EXPORT Client {
 public:
  explicit Client(ClientOptions options);
  // For mocks, and for several clients on one connection.
  explicit Client(std::shared_ptr<Connection> connection);

  // ---- Registrar: who may register, and where --------------------------------------------------

  // Needs no credential.
  Result<RegistrantAnswer> ApplyRegistrant(ApplyRegistrantRequest request, CallOptions call = {});
  // By the applicant with its claim or by the registrant's admin.
  Result<RegistrantAnswer> UpdateRegistrant(UpdateRegistrantRequest request, CallOptions call = {});
  // By the bureau, to RevokeDesignation.
  Result<RegistrantAnswer> ApproveRegistrant(ApproveRegistrantRequest request,
                                             CallOptions call = {});
  Result<RegistrantAnswer> ReturnRegistrant(ReturnRegistrantRequest request, CallOptions call = {});
  Result<RegistrantAnswer> RejectRegistrant(RejectRegistrantRequest request, CallOptions call = {});
  Result<RegistrantAnswer> SuspendRegistrant(SuspendRegistrantRequest request,
                                             CallOptions call = {});
  Result<RegistrantAnswer> ActivateRegistrant(ActivateRegistrantRequest request,
                                              CallOptions call = {});
  Result<RegistrantAnswer> CloseRegistrant(CloseRegistrantRequest request, CallOptions call = {});
  Result<RegistrantAnswer> DesignateRegistrant(DesignateRegistrantRequest request,
                                               CallOptions call = {});
  Result<RegistrantAnswer> RevokeDesignation(RevokeDesignationRequest request,
                                             CallOptions call = {});
  Result<Registrant> GetRegistrant(const std::string& name, CallOptions call = {});
  // In the order of names.
  Range<Registrant> ListRegistrants(ListRegistrantsRequest request = {}, CallOptions call = {});

  Result<PrefixAnswer> GrantPrefix(GrantPrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> UpdatePrefix(UpdatePrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> DelegatePrefix(DelegatePrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> TransferPrefix(TransferPrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> SuspendPrefix(SuspendPrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> ActivatePrefix(ActivatePrefixRequest request, CallOptions call = {});
  Result<PrefixAnswer> RetirePrefix(RetirePrefixRequest request, CallOptions call = {});
  // `name` is prefixes/{prefix}.
  Result<Prefix> GetPrefix(const std::string& name, CallOptions call = {});
  Range<Prefix> ListPrefixes(ListPrefixesRequest request = {}, CallOptions call = {});

  Result<CredentialAnswer> CreateCredential(CreateCredentialRequest request, CallOptions call = {});
  Range<Credential> ListCredentials(ListCredentialsRequest request, CallOptions call = {});
  Result<CredentialAnswer> RevokeCredential(RevokeCredentialRequest request, CallOptions call = {});

  // `name` is templates/{id}; `version` one that was published, 0 the latest.
  Result<Template> GetTemplate(const std::string& name, uint32_t version = 0,
                               CallOptions call = {});
  Range<Template> ListTemplates(ListTemplatesRequest request = {}, CallOptions call = {});
  Result<TemplateAnswer> CreateTemplate(CreateTemplateRequest request, CallOptions call = {});
  Result<TemplateAnswer> UpdateTemplate(UpdateTemplateRequest request, CallOptions call = {});
  Result<TemplateAnswer> PublishTemplate(PublishTemplateRequest request, CallOptions call = {});
  Result<TemplateAnswer> WithdrawTemplate(WithdrawTemplateRequest request, CallOptions call = {});

  Result<GrantAnswer> CreateGrant(CreateGrantRequest request, CallOptions call = {});
  Result<GrantAnswer> RevokeGrant(RevokeGrantRequest request, CallOptions call = {});
  Range<Grant> ListGrants(ListGrantsRequest request = {}, CallOptions call = {});
  Result<GroupAnswer> SetGroup(SetGroupRequest request, CallOptions call = {});
  Range<Group> ListGroups(ListGroupsRequest request, CallOptions call = {});

  // ---- Statistics ------------------------------------------------------------------------------

  // In the order of prefixes, days and registrants; days without a change have none.
  Range<DayCounts> GetStatistics(StatisticsRequest request = {}, CallOptions call = {});
  // In the order of prefixes, days and doors.
  Range<DayUsage> ListUsage(StatisticsRequest request = {}, CallOptions call = {});
  // Has the server count a prefix's records, ranges and histories again, and compares. Begins anew
  // when something changes meanwhile; after five times it fails with kAborted /
  // STATISTICS_CHANGING. For the prefix's holder and the bureau.
  Result<StatisticsVerification> VerifyStatistics(const std::string& prefix, CallOptions call = {});

  // ---- Registry: records -----------------------------------------------------------------------

  Result<RegisterResult> Register(RegisterRow row, CallOptions call = {});
  Result<RegisterResult> Register(RegisterRequest request, CallOptions call = {});
  // 1 to 2000 rows, all or none; results in the order of rows.
  Result<std::vector<RegisterResult>> BatchRegister(BatchRegisterRequest request,
                                                    CallOptions call = {});
  // Any number of rows, an outcome each.
  std::unique_ptr<RegisterStream> OpenRegisterStream(RegisterStreamOptions options = {},
                                                     CallOptions call = {});
  // The stored record without inherited values.
  Result<Record> GetRecord(const std::string& name_or_identifier, CallOptions call = {});
  Result<Record> GetRecord(GetRecordRequest request, CallOptions call = {});
  // In the order of identifiers; with a time filter in that of time.
  Range<Record> ListRecords(ListRecordsRequest request, CallOptions call = {});
  // Newest first.
  Range<RecordRevision> ListRevisions(ListRevisionsRequest request, CallOptions call = {});
  Result<RecordAnswer> UpdateRecord(UpdateRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> ModifyValues(ModifyValuesRequest request, CallOptions call = {});
  Result<RecordAnswer> SuspendRecord(SuspendRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> ActivateRecord(ActivateRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> RetireRecord(RetireRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> ReinstateRecord(ReinstateRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> HoldRecord(HoldRecordRequest request, CallOptions call = {});
  Result<RecordAnswer> UnholdRecord(UnholdRecordRequest request, CallOptions call = {});
  // Cannot be undone. The answer is the record as it is now, at a revision of its own.
  Result<RecordAnswer> EraseValues(EraseValuesRequest request, CallOptions call = {});

  // ---- Registry: serial ranges -----------------------------------------------------------------

  Result<SerialRangeAnswer> AllocateSerialRange(AllocateSerialRangeRequest request,
                                                CallOptions call = {});
  Result<SerialRangeAnswer> ActivateSerialRange(ActivateSerialRangeRequest request,
                                                CallOptions call = {});
  Result<SerialRangeAnswer> ReleaseSerialRange(ReleaseSerialRangeRequest request,
                                               CallOptions call = {});
  // By the range's name, or a code of it.
  Result<SerialRange> GetSerialRange(const std::string& name_or_identifier, CallOptions call = {});
  // In the order of patterns and serials.
  Range<SerialRange> ListSerialRanges(ListSerialRangesRequest request, CallOptions call = {});

  // ---- Registry: transfers ---------------------------------------------------------------------

  Result<TransferAnswer> OfferTransfer(OfferTransferRequest request, CallOptions call = {});
  Result<TransferAnswer> AcceptTransfer(AcceptTransferRequest request, CallOptions call = {});
  Result<TransferAnswer> DeclineTransfer(DeclineTransferRequest request, CallOptions call = {});
  Result<TransferAnswer> WithdrawTransfer(WithdrawTransferRequest request, CallOptions call = {});
  // `name` is transfers/{id}.
  Result<Transfer> GetTransfer(const std::string& name, CallOptions call = {});
  // Newest first, without their items.
  Range<Transfer> ListTransfers(ListTransfersRequest request = {}, CallOptions call = {});

  // ---- Resolver --------------------------------------------------------------------------------

  Result<ResolveAnswer> Resolve(const std::string& identifier, ResolveOptions options = {},
                                CallOptions call = {});
  // Any number of identifiers that fits in memory, an outcome each, in order. Read 2000 at a time;
  // what did not fit an answer is fetched too.
  Result<std::vector<ResolveOutcome>> BatchResolve(const std::vector<std::string>& identifiers,
                                                   ResolveOptions options = {},
                                                   CallOptions call = {});
  // Resolves what `next` gives until it gives nullopt, over one stream, which is resumed when it
  // breaks. Both functions are called on this thread, on_outcome in the order of identifiers. Fails
  // when the server stays away for the deadline; all outcomes before that were delivered.
  Status ResolveMany(const std::function<std::optional<std::string>()>& next,
                     const std::function<void(ResolveOutcome)>& on_outcome,
                     const ResolveManyOptions& options = {}, CallOptions call = {});
  // The same for a container of strings.
  template <typename Strings, typename = decltype(std::begin(std::declval<const Strings&>()))>
  Status ResolveMany(const Strings& identifiers,
                     const std::function<void(ResolveOutcome)>& on_outcome,
                     const ResolveManyOptions& options = {}, CallOptions call = {}) {
    auto at = std::begin(identifiers);
    auto end = std::end(identifiers);
    return ResolveMany(
        [&at, end]() -> std::optional<std::string> {
          if (at == end) return std::nullopt;
          return std::string(*at++);
        },
        on_outcome, options, call);
  }

  // ---- The audit log: gusu/audit.h checks what these bring -------------------------------------

  // Needs no credential, like entries as leaves, proofs and tiles.
  Result<LogCheckpoint> GetCheckpoint(CallOptions call = {});
  // In the order of the log.
  Range<LogEntry> ListEntries(ListEntriesRequest request = {}, CallOptions call = {});
  // In the tree of `tree_size` leaves; 0: in one that has a signed checkpoint, which comes along.
  Result<InclusionProof> GetInclusionProof(uint64_t leaf_index, uint64_t tree_size = 0,
                                           CallOptions call = {});
  // 0: up to the latest published checkpoint, which comes along.
  Result<ConsistencyProof> GetConsistencyProof(uint64_t old_size, uint64_t new_size = 0,
                                               CallOptions call = {});
  // The bytes at a path of tlog-tiles: tile/0/x001/234, tile/entries/000.p/8.
  Result<std::string> GetTile(const std::string& path, CallOptions call = {});
  // Calls `on_event` on this thread with what happens, until it returns false: then OK. Goes on
  // behind the last entry told when the stream breaks. Fails when the server stays away for the
  // deadline; all events before that were told.
  Status WatchEntries(WatchEntriesRequest request, const std::function<bool(WatchEvent)>& on_event,
                      CallOptions call = {});
  // For the bureau. Answers with the checkpoint and all cosignatures that are stored for its size.
  Result<std::string> AddCosignatures(AddCosignaturesRequest request, CallOptions call = {});
  // For the bureau. In the order of tables, keys and revisions.
  Range<StoredRow> ListRows(ListRowsRequest request, CallOptions call = {});
  // For the bureau. The files that rows are stored in, by name.
  Result<std::vector<StoredFile>> ListFiles(CallOptions call = {});
  // For the bureau. Reads a file whole; kDataLoss / RECORD_CORRUPT when it is not what was written.
  Status VerifyFile(const std::string& name, CallOptions call = {});

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace gusu
