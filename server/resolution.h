// Identifiers to answers, many on one view.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/audit/proofs.h"
#include "server/caller.h"
#include "server/inheritance.h"
#include "server/ranges/range_lookup.h"
#include "server/stored_record.h"
#include "server/value_selection.h"
#include "storage/view.h"

namespace gusu::v1 {
class ResolveOptions;
class ResolveResponse;
}  // namespace gusu::v1

namespace gusu::server {

// The answers to one request: one view, one time, one caller. For one thread.
class Resolution {
 public:
  // Fails as the options do (AsOfRevision, ValueFilter). View, proofs and caller outlive it.
  static absl::StatusOr<Resolution> Begin(const storage::View& view, const Proofs* proofs,
                                          const v1::ResolveOptions& options, const Caller& caller,
                                          absl::Time now);

  // With its proof, when the options ask for one; an answer that cannot be proven fails.
  absl::Status Resolve(const std::string& identifier, v1::ResolveResponse* response);

  // Reads the rows of many identifiers in one call of the engine, for the calls of Resolve to come.
  // Replaces what was read ahead before.
  void ReadAhead(absl::Span<const std::string* const> identifiers);

 private:
  Resolution(const storage::View& view, const Caller& caller, ValueFilter filter, uint64_t as_of,
             absl::Time now)
      : view_(view),
        caller_(caller),
        filter_(std::move(filter)),
        as_of_(as_of),
        now_(now),
        lineage_(view, as_of),
        ranges_(view, as_of) {}

  // A record of its own, or what the code has of its serial range, whose name it sets then.
  absl::StatusOr<std::optional<StoredRecord>> Find(const Identifier& identifier,
                                                   std::string* serial_range);
  absl::StatusOr<std::optional<StoredRecord>> FindOwn(const Identifier& identifier) const;
  // `is_fixed`: the record is inherited from at a fixed revision, and may have changed since.
  absl::StatusOr<ReadRight> RightTo(const StoredRecord& record, std::string_view identifier_key,
                                    bool is_fixed) const;
  // The answer for a code that is not kept here: who resolves it, or that nobody issued it.
  absl::Status Refer(const Identifier& identifier, v1::ResolveResponse* response) const;
  absl::Status Prove(const StoredRecord& record, const std::vector<StoredRecord>& ancestors,
                     v1::ResolveResponse* response);

  const storage::View& view_;
  const Caller& caller_;
  ValueFilter filter_;
  uint64_t as_of_;
  absl::Time now_;  // rights are of now
  Lineage lineage_;
  RangeLookup ranges_;
  // Set when proofs are asked for.
  const Proofs* proofs_ = nullptr;
  std::unique_ptr<LeafProver> prover_;
  // Rows read ahead, by identifier key.
  absl::flat_hash_map<std::string, absl::StatusOr<std::optional<storage::Row>>> ahead_;
};

}  // namespace gusu::server
