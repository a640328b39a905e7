// Registrations: rows of a request, checked against one view and made into changes.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/instance_of.h"
#include "server/write_scope.h"
#include "storage/ledger.h"

namespace gusu::storage::v1 {
class RecordRow;
}
namespace gusu::v1 {
class RegisterResult;
class RegisterRow;
}  // namespace gusu::v1

namespace gusu::server {

// A row that is fit to be registered. Whether its identifier is free is the ledger's to say: that
// is the change's first precondition, unless the ledger mints it.
struct Registration {
  Change change;
  // Of what was asked: the identifier or pattern and the content. What makes two requests the same.
  Hash digest;
  // As written; empty when the ledger mints it.
  std::string identifier;
};

// For one request and one view, which it must not outlive. One thread at a time.
class Registrations {
 public:
  Registrations(const storage::View& view, const Acting& acting, const Caller& caller)
      : view_(view), acting_(acting), caller_(caller) {}

  // Checks the row and seals its content. `keeps_request_id`: the row's request id is kept in the
  // record (else a request row of the ledger keeps it).
  absl::StatusOr<Registration> Prepare(const v1::RegisterRow& row, bool keeps_request_id);

  // Of a row that may be unfit for what it finds now: of a repeat, for example.
  absl::StatusOr<Hash> DigestOf(const v1::RegisterRow& row) const;

  // Lets later rows be instances of this one, which is part of the same change set, and not have
  // its unique values.
  void Plan(const Registration& registration);

  // What rows below these prefixes (by key, each once) rest on, for ChangeSet::preconditions.
  std::vector<Precondition> Preconditions(const std::vector<std::string>& prefix_keys) const;

 private:
  struct Draft;
  absl::Status ReadDraft(const v1::RegisterRow& row, Draft* draft) const;
  absl::StatusOr<const WriteScope*> ScopeOf(std::string_view prefix, std::string_view prefix_key);
  absl::Status FitPattern(const v1::RegisterRow& row, Draft* draft);
  absl::StatusOr<const Ancestor*> FitAncestor(const v1::RegisterRow& row, Draft* draft);
  absl::Status FitRanges(Draft* draft, std::vector<Precondition>* preconditions) const;
  absl::Status AddEffects(const Draft& draft, Change* change) const;
  absl::Status FitTemplate(const Draft& draft, const Ancestor* ancestor) const;
  absl::Status UnlessRegistered(const Draft& draft, absl::Status refusal) const;

  const storage::View& view_;
  const Acting& acting_;
  const Caller& caller_;
  absl::flat_hash_map<std::string, WriteScope> scopes_;   // by prefix key
  absl::flat_hash_map<std::string, Ancestor> ancestors_;  // by comparison key
  std::set<std::string> planned_;                         // intervals that must be empty
};

// What a registration comes to when a record stands at its identifier in the view: UNCHANGED with
// the first receipt when it is the same registration or has the same content, else kAlreadyExists /
// IDENTIFIER_TAKEN with the fields that differ (of the registrant's own records only),
// kAlreadyExists / REQUEST_ID_REUSED, or kFailedPrecondition / RECORD_RETIRED. Once values of the
// record were erased, what it was registered as is not known any more, and only content counts.
absl::StatusOr<v1::RegisterResult> AnswerForTaken(const storage::View& view,
                                                  const Registration& registration,
                                                  const Acting& acting,
                                                  const storage::Row& existing);

v1::RegisterResult AnswerForCreated(std::string_view identifier, const storage::Receipt& receipt);

// The first answer of a change set that registered: for each change, in order, the record as it was
// registered.
absl::StatusOr<std::vector<v1::RegisterResult>> AnswersOfFirst(const storage::View& view,
                                                               const storage::Receipt& first,
                                                               size_t change_count);

// Of a record that is known to be registered: UNCHANGED, with its first receipt.
absl::StatusOr<v1::RegisterResult> AnswerForRegistered(const storage::View& view,
                                                       std::string_view identifier);

}  // namespace gusu::server
