#include "client/cli/audit_registrants.h"

#include <algorithm>

namespace gusu::cli {
namespace {

constexpr uint32_t kPageRows = 1000;

bool IsRegistrantName(const std::string& resource) {
  constexpr std::string_view kCollection = "registrants/";
  return resource.starts_with(kCollection) &&
         resource.find('/', kCollection.size()) == std::string::npos;
}

}  // namespace

OrFailure<RegistrantTimeline> RegistrantTimeline::Load(const Session& session, Client& client) {
  ListRowsRequest request;
  request.table = "registrants";
  request.include_history = true;
  request.page_size = kPageRows;
  RegistrantTimeline timeline;
  for (const Result<StoredRow>& row : client.ListRows(request)) {
    if (!row) return session.FailureOf(row.status());
    if (!row->error.ok()) return session.FailureOf(row->error);
    timeline.revisions_[row->resource].push_back({row->revision, row->leaf_index, std::nullopt});
  }
  for (auto& [registrant, revisions] : timeline.revisions_) {
    std::sort(revisions.begin(), revisions.end(),
              [](const Revision& a, const Revision& b) { return a.revision < b.revision; });
  }
  return timeline;
}

OrFailure<const RegistrantProfile*> RegistrantTimeline::At(const Session& session, Client& client,
                                                           const std::string& registrant,
                                                           uint64_t revision,
                                                           const KnownCheckpoint& checkpoint) {
  const auto found = revisions_.find(registrant);
  if (found == revisions_.end()) return nullptr;
  std::vector<Revision>& revisions = found->second;
  const auto after = std::upper_bound(
      revisions.begin(), revisions.end(), revision,
      [](uint64_t asked, const Revision& candidate) { return asked < candidate.revision; });
  if (after == revisions.begin()) return nullptr;
  const auto at = static_cast<size_t>(after - revisions.begin()) - 1;
  if (!revisions[at].profile) {
    if (MaybeFailure failure = Prove(session, client, registrant, at, checkpoint)) return *failure;
  }
  return &*revisions[at].profile;
}

MaybeFailure RegistrantTimeline::Prove(const Session& session, Client& client,
                                       const std::string& registrant, size_t at,
                                       const KnownCheckpoint& checkpoint) {
  std::vector<Revision>& revisions = revisions_.at(registrant);
  Revision& revision = revisions[at];
  const OrFailure<ProvenLeaf> leaf =
      FetchProvenLeaf(session, client, revision.leaf_index, checkpoint);
  if (!leaf.ok()) return leaf.failure();
  const std::optional<EntryOpening>& opening = leaf->verified.opening;
  const uint64_t previous_leaf_count = at == 0 ? 0 : revisions[at - 1].leaf_index + 1;
  if (!opening || opening->resource != registrant || opening->revision != revision.revision ||
      opening->previous_leaf_count != previous_leaf_count) {
    return LogFailure("the store lists another revision of " + registrant + " than leaf " +
                      std::to_string(revision.leaf_index) + " has");
  }
  const Result<Registrant> read = ReadRegistrantParts(registrant, leaf->verified.parts);
  if (!read) return LogFailure("what is stored of " + registrant, read.status());
  revision.profile = {read->legal_name, read->district, read->industry_class};
  ++proven_count_;
  return std::nullopt;
}

MaybeFailure RegistrantTimeline::CheckListed(const EntryOpening& opening,
                                             uint64_t leaf_index) const {
  if (!IsRegistrantName(opening.resource)) return std::nullopt;
  const auto found = revisions_.find(opening.resource);
  const bool is_listed =
      found != revisions_.end() &&
      std::any_of(found->second.begin(), found->second.end(), [&](const Revision& revision) {
        return revision.leaf_index == leaf_index && revision.revision == opening.revision;
      });
  if (is_listed) return std::nullopt;
  return LogFailure("leaf " + std::to_string(leaf_index) + " changed " + opening.resource +
                    ", and the store does not list it");
}

}  // namespace gusu::cli
