#include "server/bureau_reads.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/as_of.h"
#include "server/inheritance.h"
#include "server/logged_reads.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/submission.h"
#include "server/write_scope.h"

namespace gusu::server {

struct ReadPlan {
  std::vector<Change> changes;
  std::shared_ptr<const LoggedReads> reads;
};

namespace {

// Changes of one set.
constexpr size_t kSetChangesMax = 2000;

Change ReadOf(std::string resource, std::string_view prefix_key, const std::string& registrant) {
  Change change;
  change.operation = Operation::kRead;
  change.resource = std::move(resource);
  change.prefix_key = std::string(prefix_key);
  change.registrant = registrant;
  change.actor = kBureauActor;
  return change;
}

// A record, or a code of a serial range, as of a revision; nullopt when there was none.
absl::StatusOr<std::optional<StoredRecord>> FindAsOf(const storage::View& view,
                                                     const Identifier& identifier,
                                                     uint64_t revision) {
  GUSU_ASSIGN_OR_RETURN(std::optional<StoredRecord> record,
                        ReadRecord(view, identifier.key(), revision));
  if (record.has_value()) return record;
  GUSU_ASSIGN_OR_RETURN(const auto code, FindRangeCode(view, identifier, revision));
  if (!code.has_value()) return record;
  return std::optional<StoredRecord>({code->revision, code->leaf_index, code->record});
}

// Who owns the record now; `then` says so where nothing stands at the identifier now.
absl::StatusOr<std::string> OwnerNow(const storage::View& view, const Identifier& identifier,
                                     const StoredRecord& then) {
  GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> now,
                        FindAsOf(view, identifier, view.last_revision()));
  return OwnerOf(now.has_value() ? *now->row : *then.row,
                 PrefixHolder(view.directory(), identifier.prefix_key()));
}

// The records that answers about identifiers are made of, each once, in the order of asking.
class RecordReads {
 public:
  RecordReads(const storage::View& view, uint64_t as_of)
      : view_(view), as_of_(as_of), lineage_(view, as_of) {}

  // What names no record is passed over: its answer says so.
  absl::Status Add(const std::string& name_or_identifier, bool with_ancestors) {
    const absl::StatusOr<Identifier> identifier = Identifier::ParseName(name_or_identifier);
    if (!identifier.ok()) return absl::OkStatus();
    GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> record,
                          FindAsOf(view_, *identifier, as_of_));
    if (!record.has_value()) return absl::OkStatus();
    GUSU_RETURN_IF_ERROR(AddRecord(*identifier, *record));
    if (!with_ancestors) return absl::OkStatus();
    GUSU_ASSIGN_OR_RETURN(const std::vector<StoredRecord> ancestors, lineage_.AncestorsOf(*record));
    for (const StoredRecord& ancestor : ancestors) {
      GUSU_ASSIGN_OR_RETURN(const Identifier one, Identifier::Parse(ancestor.row->identifier()));
      GUSU_RETURN_IF_ERROR(AddRecord(one, ancestor));
    }
    return absl::OkStatus();
  }

  ReadPlan TakePlan() {
    return {std::move(changes_),
            std::make_shared<const LoggedReads>(LoggedReads::OfRecords(std::move(keys_)))};
  }

 private:
  absl::Status AddRecord(const Identifier& identifier, const StoredRecord& record) {
    if (!keys_.insert(identifier.key()).second) return absl::OkStatus();
    GUSU_ASSIGN_OR_RETURN(const std::string owner, OwnerNow(view_, identifier, record));
    changes_.push_back(ReadOf(identifier.name(), identifier.prefix_key(), owner));
    return absl::OkStatus();
  }

  const storage::View& view_;
  const uint64_t as_of_;
  Lineage lineage_;
  absl::flat_hash_set<std::string> keys_;
  std::vector<Change> changes_;
};

// Commits the changes in sets of kSetChangesMax, one after the other, and then tells.
class Logging : public std::enable_shared_from_this<Logging> {
 public:
  Logging(storage::Ledger* ledger, Caller caller, std::vector<Change> changes,
          std::function<void(absl::Status)> done)
      : ledger_(ledger),
        caller_(std::move(caller)),
        changes_(std::move(changes)),
        done_(std::move(done)) {}

  void Next() {
    if (changes_.empty()) return done_(absl::OkStatus());
    storage::ChangeSet set;
    const auto end =
        changes_.begin() + static_cast<std::ptrdiff_t>(std::min(changes_.size(), kSetChangesMax));
    set.changes.assign(std::make_move_iterator(changes_.begin()), std::make_move_iterator(end));
    changes_.erase(changes_.begin(), end);
    if (!caller_.proof_key.empty()) {
      set.preconditions.push_back(AtRevision(caller_.proof_key, caller_.proof_revision));
    }
    ledger_->Append(std::move(set), [self = shared_from_this()](storage::AppendOutcome outcome) {
      if (!outcome.ok()) return self->done_(std::move(outcome).status());
      // The credential has changed since it was looked at: a repeat looks at it again.
      if (std::holds_alternative<storage::Refused>(*outcome)) {
        return self->done_(RetriesExhausted());
      }
      self->Next();
    });
  }

 private:
  storage::Ledger* const ledger_;
  const Caller caller_;
  std::vector<Change> changes_;
  const std::function<void(absl::Status)> done_;
};

absl::Status CheckMayGiveReason(const std::string& reason, std::string_view field,
                                const Caller& caller) {
  if (caller.is_bureau()) return CheckReason(reason, true);
  return FieldInvalid(field, Quote(reason), "only the bureau gives a reason to read");
}

absl::StatusOr<ReadPlan> PlanResolution(const storage::View& view,
                                        const v1::ResolveOptions& options,
                                        absl::Span<const std::string> identifiers, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const uint64_t as_of, AsOfRevision(options, view, now));
  RecordReads reads(view, as_of);
  for (const std::string& identifier : identifiers) {
    GUSU_RETURN_IF_ERROR(reads.Add(identifier, true));
  }
  return reads.TakePlan();
}

// The identifiers of a batch that are answered, not those to be asked for again.
template <typename Response>
std::vector<std::string> Answered(const Response& response) {
  std::vector<std::string> identifiers;
  for (const v1::ResolveOutcome& outcome : response.outcomes()) {
    if (outcome.has_response()) identifiers.push_back(outcome.identifier());
  }
  return identifiers;
}

absl::StatusOr<ReadPlan> PlanRecord(const storage::View& view, const std::string& name) {
  RecordReads reads(view, view.last_revision());
  GUSU_RETURN_IF_ERROR(reads.Add(name, false));
  return reads.TakePlan();
}

// Whose list it is, as its READ names it: a prefix's, or for prefixes/- what one registrant has.
Change ReadOfPage(const storage::View& view, const v1::ListRecordsRequest& request) {
  constexpr std::string_view kPrefixes = "prefixes/";
  constexpr std::string_view kRegistrants = "registrants/";
  const std::string prefix_key =
      ToKey(request.parent().substr(std::min(request.parent().size(), kPrefixes.size())));
  if (const auto* entry = view.directory().FindPrefix(prefix_key)) {
    return ReadOf(Concat(kPrefixes, entry->row->prefix()), prefix_key, entry->row->holder());
  }
  const std::string& name = request.owner().empty() ? request.custodian() : request.owner();
  return ReadOf(name, "", name.substr(std::min(name.size(), kRegistrants.size())));
}

bool HasValuesBeyondPublic(const v1::Record& record) {
  return std::any_of(record.values().begin(), record.values().end(),
                     [](const v1::Value& value) { return value.tier() != v1::PUBLIC; });
}

// The list's own change first, then one for each other registrant whose values the page opens.
absl::StatusOr<ReadPlan> PlanPage(const storage::View& view, const v1::ListRecordsRequest& request,
                                  const v1::ListRecordsResponse& page) {
  std::vector<Change> changes = {ReadOfPage(view, request)};
  absl::flat_hash_set<std::string> told = {changes.front().registrant};
  absl::flat_hash_set<std::string> keys;
  for (const v1::Record& record : page.records()) {
    GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::Parse(record.identifier()));
    keys.insert(identifier.key());
    if (!HasValuesBeyondPublic(record)) continue;
    GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> now,
                          ReadRecord(view, identifier.key(), view.last_revision()));
    if (!now.has_value()) continue;
    const std::string& owner =
        OwnerOf(*now->row, PrefixHolder(view.directory(), identifier.prefix_key()));
    if (!told.insert(owner).second) continue;
    changes.push_back(ReadOf(changes.front().resource, changes.front().prefix_key, owner));
  }
  return ReadPlan{std::move(changes),
                  std::make_shared<const LoggedReads>(LoggedReads::OfRecords(std::move(keys)))};
}

}  // namespace

BureauReads::BureauReads(storage::Ledger* ledger, const Resolver* resolver,
                         std::function<absl::Time()> clock)
    : ledger_(ledger), resolver_(resolver), clock_(std::move(clock)) {}

template <typename Response>
void BureauReads::Read(const std::string& reason, std::string_view field, const Caller& caller,
                       const MakePlan<Response>& make_plan, ReadAs<Response> read,
                       Done<Response> done) {
  absl::StatusOr<ReadPlan> plan = [&]() -> absl::StatusOr<ReadPlan> {
    GUSU_RETURN_IF_ERROR(CheckMayGiveReason(reason, field, caller));
    Caller trial = caller;
    trial.door = Door::kInternal;  // the statistics count the answer, not this
    trial.reads_with_reason = std::make_shared<const LoggedReads>(LoggedReads::OfAll());
    Response response;
    GUSU_RETURN_IF_ERROR(read(trial, &response));
    GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
    return make_plan(*view, response);
  }();
  if (!plan.ok()) return done(std::move(plan).status());
  for (Change& change : plan->changes) {
    change.credential = caller.credential;
    change.reason = reason;
  }
  Caller reader = caller;
  reader.reads_with_reason = std::move(plan->reads);
  const auto answer = [read = std::move(read), reader = std::move(reader), done] {
    Response response;
    const absl::Status status = read(reader, &response);
    if (!status.ok()) return done(status);
    done(std::move(response));
  };
  std::make_shared<Logging>(ledger_, caller, std::move(plan->changes),
                            [this, answer, done](absl::Status logged) {
                              if (!logged.ok()) return done(std::move(logged));
                              if (!pool_.Submit(answer)) answer();
                            })
      ->Next();
}

void BureauReads::Resolve(const v1::ResolveRequest& request, const Caller& caller,
                          Done<v1::ResolveResponse> done) {
  Read<v1::ResolveResponse>(
      request.options().reason(), "options.reason", caller,
      [&](const storage::View& view, const v1::ResolveResponse&) {
        return PlanResolution(view, request.options(), {&request.identifier(), 1}, clock_());
      },
      [resolver = resolver_, request](const Caller& reader, v1::ResolveResponse* response) {
        return resolver->Resolve(request, reader, response);
      },
      std::move(done));
}

void BureauReads::BatchResolve(const v1::BatchResolveRequest& request, const Caller& caller,
                               Done<v1::BatchResolveResponse> done) {
  Read<v1::BatchResolveResponse>(
      request.options().reason(), "options.reason", caller,
      [&](const storage::View& view, const v1::BatchResolveResponse& response) {
        return PlanResolution(view, request.options(), Answered(response), clock_());
      },
      [resolver = resolver_, request](const Caller& reader, v1::BatchResolveResponse* response) {
        return resolver->BatchResolve(request, reader, response);
      },
      std::move(done));
}

void BureauReads::ResolveMany(const v1::StreamResolveRequest& request,
                              const v1::ResolveOptions& options, const Caller& caller,
                              Done<v1::StreamResolveResponse> done) {
  Read<v1::StreamResolveResponse>(
      options.reason(), "options.reason", caller,
      [&](const storage::View& view, const v1::StreamResolveResponse& response) {
        return PlanResolution(view, options, Answered(response), clock_());
      },
      [resolver = resolver_, request, options](const Caller& reader,
                                               v1::StreamResolveResponse* response) {
        return resolver->ResolveMany(request, options, reader, response);
      },
      std::move(done));
}

void BureauReads::GetRecord(const v1::GetRecordRequest& request, const Caller& caller,
                            Done<v1::Record> done) {
  Read<v1::Record>(
      request.reason(), "reason", caller,
      [&](const storage::View& view, const v1::Record&) {
        return PlanRecord(view, request.name());
      },
      [resolver = resolver_, request](const Caller& reader, v1::Record* response) {
        return resolver->GetRecord(request, reader, response);
      },
      std::move(done));
}

void BureauReads::ListRevisions(const v1::ListRevisionsRequest& request, const Caller& caller,
                                Done<v1::ListRevisionsResponse> done) {
  Read<v1::ListRevisionsResponse>(
      request.reason(), "reason", caller,
      [&](const storage::View& view, const v1::ListRevisionsResponse&) {
        return PlanRecord(view, request.name());
      },
      [resolver = resolver_, request](const Caller& reader, v1::ListRevisionsResponse* response) {
        return resolver->ListRevisions(request, reader, response);
      },
      std::move(done));
}

void BureauReads::ListRecords(const v1::ListRecordsRequest& request, const Caller& caller,
                              Done<v1::ListRecordsResponse> done) {
  Read<v1::ListRecordsResponse>(
      request.reason(), "reason", caller,
      [&](const storage::View& view, const v1::ListRecordsResponse& page) {
        return PlanPage(view, request, page);
      },
      [resolver = resolver_, request](const Caller& reader, v1::ListRecordsResponse* response) {
        return resolver->ListRecords(request, reader, response);
      },
      std::move(done));
}

}  // namespace gusu::server
