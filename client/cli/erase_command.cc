// gusu erase: forgetting the values of a tier in revisions of a record.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/table.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"
#include "gusu/audit.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

// What the server takes in one request; more revisions are more requests.
constexpr size_t kRequestRevisionsMax = 500;
// What one command erases.
constexpr size_t kRevisionsMax = 10'000;

struct EraseOptions {
  std::string identifier;
  std::string tier;
  std::vector<uint64_t> revisions;
  uint64_t all_before = 0;
  bool all = false;
  std::string etag;
  std::string request_id;
  bool yes = false;
};

// A revision whose values are to be erased.
struct Target {
  uint64_t revision = 0;
  std::string committed;
  std::string leaf;
  std::string operation;
  std::string values;  // their types, where the caller may read them
};

struct Targets {
  std::vector<Target> found;  // newest first
  std::string etag;           // of the record as it was listed
  bool any_erased_before = false;
};

MaybeFailure CheckOptions(const Session& session, const EraseOptions& options) {
  const int ways = (options.revisions.empty() ? 0 : 1) + (options.all_before != 0 ? 1 : 0) +
                   (options.all ? 1 : 0);
  if (ways != 1) {
    return UsageFailure("which revisions?",
                        "name them with --revision R, --all-before R or --all; gusu history lists "
                        "them");
  }
  if (session.flags().reason.empty()) {
    return UsageFailure("a --reason is required", "it stands in the audit log for ever");
  }
  return std::nullopt;
}

bool IsAsked(const EraseOptions& options, uint64_t revision) {
  if (options.all) return true;
  if (options.all_before != 0) return revision < options.all_before;
  const auto& asked = options.revisions;
  return std::find(asked.begin(), asked.end(), revision) != asked.end();
}

// What the revision was bound with says whether it has values, also to who cannot read them: the
// bureau, acting for a registrant.
Result<bool> BindsTier(Client& client, uint64_t leaf_index, std::string_view label) {
  ListEntriesRequest request;
  request.start_leaf_index = leaf_index;
  request.end_leaf_index = leaf_index + 1;
  request.view = EntryView::kOpening;
  for (const Result<LogEntry>& entry : client.ListEntries(request)) {
    if (!entry.ok()) return entry.status();
    const Result<EntryOpening> opening = ReadOpening(entry->opening);
    if (!opening.ok()) return opening.status();
    return std::any_of(
        opening->commitments.begin(), opening->commitments.end(),
        [label](const EntryOpening::Commitment& bound) { return bound.label == label; });
  }
  return false;
}

// The types of the revision's values of the tier that the caller may read.
std::string TypesOf(const Record& record, Tier tier) {
  std::string types;
  for (const Value& value : record.values) {
    if (value.tier == tier) types += (types.empty() ? "" : ", ") + value.type;
  }
  return types;
}

OrFailure<Targets> FindTargets(Session& session, Client& client, const EraseOptions& options,
                               Tier tier) {
  Targets targets;
  for (const Result<RecordRevision>& revision : client.ListRevisions({options.identifier})) {
    if (!revision.ok()) return session.FailureOf(revision.status());
    const Record& record = revision->record;
    if (targets.etag.empty()) targets.etag = record.etag;
    if (!IsAsked(options, record.revision)) continue;
    const auto& erased = record.erased_tiers;
    const bool is_erased = std::find(erased.begin(), erased.end(), tier) != erased.end();
    if (is_erased) targets.any_erased_before = true;
    Target target{record.revision, ToLocalText(revision->receipt.commit_time),
                  std::to_string(revision->receipt.leaf_index), revision->operation,
                  TypesOf(record, tier)};
    if (target.values.empty() && options.revisions.empty()) {
      if (is_erased || session.flags().as.empty()) continue;
      const Result<bool> binds = BindsTier(client, revision->receipt.leaf_index, ToText(tier));
      if (!binds.ok()) return session.FailureOf(binds.status());
      if (!*binds) continue;
      target.values = "(not shown)";
    }
    targets.found.push_back(std::move(target));
    if (targets.found.size() > kRevisionsMax) {
      return UsageFailure("more than " + std::to_string(kRevisionsMax) + " revisions",
                          "erase the older ones first, with --all-before");
    }
  }
  // Of a revision that is not there the server says so.
  for (const uint64_t revision : options.revisions) {
    const auto is_it = [revision](const Target& target) { return target.revision == revision; };
    if (std::any_of(targets.found.begin(), targets.found.end(), is_it)) continue;
    targets.found.push_back({revision, "", "", "", ""});
  }
  return targets;
}

void PrintTargets(Session& session, const std::vector<Target>& targets) {
  Table table({"REVISION", "COMMITTED", "LEAF", "OPERATION", "VALUES"});
  for (const Target& target : targets) {
    table.AddRow({std::to_string(target.revision), target.committed, target.leaf, target.operation,
                  target.values});
  }
  table.Print(session.out(), session.colour());
}

Failure NotConfirmed(const std::string& tier, size_t count) {
  return {ExitCode::kRefused, "NOT_CONFIRMED",
          "nothing was erased: " + tier + " values of " + std::to_string(count) +
              " revisions would be gone for ever",
          "repeat with --yes"};
}

MaybeFailure SendRequests(Session& session, Client& client, EraseValuesRequest request,
                          const std::vector<Target>& targets) {
  // The newest first: once the values are out of the latest revision, no later one has them.
  for (size_t sent = 0; sent < targets.size(); sent += request.revisions.size()) {
    const size_t end = std::min(targets.size(), sent + kRequestRevisionsMax);
    request.revisions.clear();
    for (size_t i = sent; i < end; ++i) request.revisions.push_back(targets[i].revision);
    const Result<RecordAnswer> answer = client.EraseValues(request);
    if (!answer.ok()) return session.FailureOf(answer.status());
    if (session.json()) {
      session.out() << ToJson(*answer) << '\n';
    } else {
      session.out() << "erased " << ToText(request.tier) << " values of "
                    << request.revisions.size() << " revisions of " << answer->record.identifier
                    << "  (" << ToReceiptText(answer->receipt) << ")\n";
    }
    request.etag.clear();
  }
  return std::nullopt;
}

MaybeFailure Erase(Session& session, const EraseOptions& options) {
  if (auto failure = CheckOptions(session, options)) return failure;
  const auto tier = ToEnumeration<Tier>(options.tier, "tier", "public, partner, owner");
  if (!tier.ok()) return tier.failure();
  const std::string tier_name(ToText(*tier));
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  OrFailure<Targets> targets = FindTargets(session, *client, options, *tier);
  if (!targets.ok()) return targets.failure();

  const std::vector<Target>& found = targets->found;
  if (found.empty()) {
    return Failure{ExitCode::kRefused, "VALUES_NOT_THERE",
                   "no such revision of " + options.identifier + " has " + tier_name + " values" +
                       (targets->any_erased_before ? ": they were erased" : ""),
                   "gusu history lists the revisions"};
  }
  if (found.size() > kRequestRevisionsMax && !options.request_id.empty()) {
    return UsageFailure("--request-id is of one request, and these are more than " +
                            std::to_string(kRequestRevisionsMax) + " revisions",
                        "leave it out");
  }
  if (!session.json()) PrintTargets(session, found);
  if (!options.yes) return NotConfirmed(tier_name, found.size());

  EraseValuesRequest request;
  request.name = options.identifier;
  request.tier = *tier;
  request.reason = session.flags().reason;
  request.request_id = options.request_id;
  request.on_behalf_of = *on_behalf_of;
  // All means all: a revision that was added since would keep its values.
  request.etag = options.etag.empty() && options.all ? targets->etag : options.etag;
  return SendRequests(session, *client, std::move(request), found);
}

}  // namespace

void AddEraseCommand(Program* program) {
  const auto [erase, options] = AddCommand<EraseOptions>(
      program, &program->app, "erase",
      "Forget the values of a tier in revisions of a record, for ever",
      "  gusu erase 88.118.8/HP-1 --tier owner --all --reason \"asked to forget\" --yes\n"
      "  gusu erase 88.118.8/HP-1 --tier owner --revision 1790000000000000 --reason typo\n"
      "To forget one value only, write the record without it, then erase what came before:\n"
      "  gusu modify 88.118.8/HP-1 --remove 2005\n"
      "  gusu erase 88.118.8/HP-1 --tier owner --all-before 1790000000000123 --reason typo --yes\n"
      "Without --yes it lists what it would erase.",
      Erase);
  erase->add_option("code", options->identifier, "Identifier")->required();
  erase->add_option("--tier", options->tier, "Whose values: public, partner, owner")->required();
  erase->add_option("--revision", options->revisions, "A revision; may be given many times")
      ->allow_extra_args(false);
  erase->add_option("--all-before", options->all_before,
                    "Every revision before this one that has values of the tier");
  erase->add_flag("--all", options->all, "Every revision that has values of the tier");
  erase->add_flag("--yes", options->yes, "Erase; this cannot be undone");
  erase->add_option("--etag", options->etag, "Only if the record is still as it was read");
  erase->add_option("--request-id", options->request_id,
                    "Makes a repetition the same request; 1 to 64 bytes");
}

}  // namespace gusu::cli
