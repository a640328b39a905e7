#include "server/write_scope.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/delegation.h"
#include "server/resource_fields.h"
#include "server/suffix_policy.h"

namespace gusu::server {
namespace {

absl::Status Unfit(std::string_view reason, std::string message, ErrorMetadata metadata) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message, std::move(metadata));
}

}  // namespace

absl::StatusOr<WriteScope> FindWriteScope(const storage::Directory& directory, const Acting& acting,
                                          std::string_view prefix, std::string_view prefix_key) {
  WriteScope scope{directory.FindPrefix(prefix_key), directory.FindRegistrant(acting.registrant),
                   false};
  const std::string prefix_text(prefix);
  if (scope.prefix == nullptr) {
    GUSU_RETURN_IF_ERROR(CheckNotDelegated(directory, prefix));
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", Quote(prefix), " is not granted to anybody"),
                 {{"prefix", prefix_text}});
  }
  if (scope.registrant == nullptr) {
    return Error(absl::StatusCode::kNotFound, "REGISTRANT_NOT_FOUND",
                 Concat("registrant ", Quote(acting.registrant), " does not exist"),
                 {{"registrant", RegistrantName(acting.registrant)}});
  }
  scope.is_holder = scope.prefix->row->holder() == acting.registrant;
  const uint32_t registrant_state = scope.registrant->row->state();
  if (registrant_state != v1::Registrant::ACTIVE) {
    const std::string& state =
        v1::Registrant::State_Name(static_cast<v1::Registrant::State>(registrant_state));
    return Unfit("REGISTRANT_NOT_ACTIVE",
                 Concat("registrant ", acting.registrant, " is ", state, ", not ACTIVE"),
                 {{"registrant", RegistrantName(acting.registrant)}, {"state", state}});
  }
  switch (scope.prefix->row->state()) {
    case v1::Prefix::SUSPENDED:
      return Unfit("PREFIX_SUSPENDED", Concat("prefix ", prefix, " is suspended"),
                   {{"prefix", prefix_text}});
    case v1::Prefix::RETIRED:
      return Unfit("PREFIX_RETIRED", Concat("prefix ", prefix, " is retired"),
                   {{"prefix", prefix_text}});
    default:
      break;
  }
  if (!scope.prefix->row->sites().empty()) {
    GUSU_RETURN_IF_ERROR(CheckNotDelegated(directory, prefix));
  }
  return scope;
}

absl::Status CheckIsHolder(const WriteScope& scope, const Acting& acting, std::string_view prefix) {
  if (scope.is_holder) return absl::OkStatus();
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
      Concat("registrant ", acting.registrant, " does not hold prefix ", prefix),
      {{"registrant", RegistrantName(acting.registrant)}, {"prefix", std::string(prefix)}});
}

Precondition Absent(std::string key) {
  Precondition precondition;
  precondition.kind = Precondition::Kind::kAbsent;
  precondition.key = std::move(key);
  return precondition;
}

Precondition AtRevision(std::string key, uint64_t revision) {
  Precondition precondition;
  precondition.kind = Precondition::Kind::kRevision;
  precondition.key = std::move(key);
  precondition.revision = revision;
  return precondition;
}

Precondition EmptyInterval(std::string begin, std::string end) {
  Precondition precondition;
  precondition.kind = Precondition::Kind::kEmptyInterval;
  precondition.key = std::move(begin);
  precondition.end = std::move(end);
  return precondition;
}

void AddActingPreconditions(const storage::Directory& directory, const Acting& acting,
                            const Caller& caller, std::vector<Precondition>* preconditions) {
  if (const auto* registrant = directory.FindRegistrant(acting.registrant)) {
    preconditions->push_back(
        AtRevision(storage::RegistrantKey(acting.registrant), registrant->revision));
  }
  if (!caller.proof_key.empty()) {
    preconditions->push_back(AtRevision(caller.proof_key, caller.proof_revision));
  }
}

void AddPrefixPrecondition(const WriteScope& scope, std::string_view prefix_key,
                           std::vector<Precondition>* preconditions) {
  preconditions->push_back(AtRevision(storage::PrefixKey(prefix_key), scope.prefix->revision));
}

absl::Status CheckSuffix(const WriteScope& scope, std::string_view suffix) {
  return CheckSuffixPolicy(*scope.prefix->row, suffix);
}

}  // namespace gusu::server
