#include "tests/client/cli/papers_registry.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/tlog_proof.h"

namespace gusu::cli::test {
namespace {

ContentPart PartOf(const std::string& label, std::string content, uint64_t leaf_index) {
  ContentPart part;
  part.label = label;
  part.content = std::move(content);
  part.salt = std::string(31, static_cast<char>(leaf_index)) + label.front();
  return part;
}

// Codes that differ in case are one code; those of these tests are registered in capitals.
std::string NameOf(std::string identifier) {
  for (char& c : identifier) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return Identifier::Parse(identifier).value().name();
}

}  // namespace

uint64_t PapersRegistry::Append(Change change, std::vector<ContentPart> parts) {
  std::vector<uint64_t>& leaves = leaves_of_[change.resource];
  if (!leaves.empty()) change.previous_leaf_count = leaves.back() + 1;
  leaves.push_back(log.Append(std::move(change), std::move(parts)));
  return leaves.back();
}

uint64_t PapersRegistry::WriteRegistrant(Operation operation, const std::string& id,
                                         const std::string& legal_name, const std::string& district,
                                         const std::string& industry_class) {
  storage::v1::RegistrantRow row;
  row.set_kind(1);
  row.set_legal_name(legal_name);
  row.set_district(district);
  row.set_industry_class(industry_class);
  row.set_state(2);
  Change change;
  change.operation = operation;
  change.resource = "registrants/" + id;
  change.registrant = id;
  change.actor = "bureau";
  return Append(std::move(change), {PartOf("BODY", CanonicalBody(row), log.size())});
}

uint64_t PapersRegistry::WriteRecord(Operation operation, const storage::v1::RecordRow& row,
                                     const std::string& reason) {
  std::vector<ContentPart> parts = {PartOf("BODY", CanonicalBody(row), log.size())};
  for (const auto& [tier, label] : {std::pair(1, "PUBLIC"), {2, "PARTNER"}, {3, "OWNER"}}) {
    std::string content = CanonicalTier(row, static_cast<uint32_t>(tier));
    if (!content.empty()) parts.push_back(PartOf(label, std::move(content), log.size()));
  }
  Change change;
  change.operation = operation;
  change.resource = NameOf(row.identifier());
  change.registrant = row.issued_by();
  change.actor = "registrants/" + row.issued_by();
  change.credential = "c1";
  change.reason = reason;
  change.sequence = log.size() + 1;
  return Append(std::move(change), std::move(parts));
}

void PapersRegistry::WriteOthers(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    Change change;
    change.operation = Operation::kGrantPrefix;
    change.resource = "prefixes/88." + std::to_string(log.size());
    change.registrant = "sz-pumps";
    change.actor = "bureau";
    Append(std::move(change), {});
  }
}

Timestamp PapersRegistry::TimeOf(uint64_t leaf_index) const {
  return Timestamp(std::chrono::microseconds(log.change(leaf_index).revision));
}

KnownCheckpoint PapersRegistry::CheckpointAt(uint64_t tree_size) const {
  const auto known = ToKnownCheckpoint(log.Checkpoint(tree_size), {log.vkey()});
  return *known;
}

Result<LogCheckpoint> PapersRegistry::GetCheckpoint(const CallOptions&) {
  return LogCheckpoint{log.Checkpoint(), "", {log.vkey()}};
}

Range<LogEntry> PapersRegistry::ListEntries(const ListEntriesRequest& request, const CallOptions&) {
  ++calls_count;
  const uint64_t end = request.end_leaf_index == 0 ? log.size() : request.end_leaf_index;
  std::vector<LogEntry> entries;
  for (uint64_t i = request.start_leaf_index; i < end; ++i) {
    if (request.start_time && TimeOf(i) < *request.start_time) continue;
    if (request.end_time && TimeOf(i) >= *request.end_time) continue;
    LogEntry entry = log.Entry(i);
    if (request.view == EntryView::kLeaf || !shows_openings) entry.opening = entry.salt = "";
    if (change_entry) change_entry(entry);
    entries.push_back(std::move(entry));
  }
  return Range<LogEntry>::Of(std::move(entries));
}

Result<InclusionProof> PapersRegistry::GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                                         const CallOptions&) {
  ++calls_count;
  InclusionProof answer;
  answer.leaf_index = leaf_index;
  answer.tree_size = tree_size == 0 ? log.size() : tree_size;
  LeafProof proof = log.Prove(leaf_index, answer.tree_size);
  const TlogProof parsed = ParseTlogProof(proof.tlog_proof).value();
  for (const Hash& hash : parsed.hashes) {
    answer.hashes.emplace_back(reinterpret_cast<const char*>(hash.data()), hash.size());
  }
  if (!shows_openings) proof = {proof.leaf, proof.tlog_proof, "", "", {}};
  if (tree_size == 0) answer.proof = std::move(proof);
  if (change_proof) change_proof(answer);
  return answer;
}

Range<StoredRow> PapersRegistry::ListRows(const ListRowsRequest& request, const CallOptions&) {
  std::vector<StoredRow> rows;
  for (const auto& [resource, leaves] : leaves_of_) {
    if (!resource.starts_with(request.table + "/")) continue;
    for (const uint64_t leaf_index : leaves) {
      StoredRow row;
      row.table = request.table;
      row.resource = resource;
      row.revision = log.change(leaf_index).revision;
      row.leaf_index = leaf_index;
      row.current = leaf_index == leaves.back();
      if (row.current || request.include_history) rows.push_back(std::move(row));
    }
  }
  if (change_rows) change_rows(rows);
  return Range<StoredRow>::Of(std::move(rows));
}

Range<RecordRevision> PapersRegistry::ListRevisions(const ListRevisionsRequest& request,
                                                    const CallOptions&) {
  if (!shows_openings) {
    return Range<RecordRevision>::OfError(
        {StatusCode::kPermissionDenied, "it is another registrant's", "NOT_PREFIX_HOLDER", {}});
  }
  std::vector<RecordRevision> revisions;
  const std::vector<uint64_t>& leaves = leaves_of_.at(NameOf(request.name));
  for (auto leaf_index = leaves.rbegin(); leaf_index != leaves.rend(); ++leaf_index) {
    RecordRevision revision;
    revision.receipt.leaf_index = *leaf_index;
    revision.receipt.revision = log.change(*leaf_index).revision;
    revisions.push_back(std::move(revision));
  }
  if (change_revisions) change_revisions(revisions);
  return Range<RecordRevision>::Of(std::move(revisions));
}

std::optional<uint64_t> PapersRegistry::LeafOf(const std::string& resource, Timestamp time) const {
  const auto leaves = leaves_of_.find(resource);
  if (leaves == leaves_of_.end()) return std::nullopt;
  std::optional<uint64_t> found;
  for (const uint64_t leaf_index : leaves->second) {
    if (TimeOf(leaf_index) <= time) found = leaf_index;
  }
  return found;
}

Result<ResolveAnswer> PapersRegistry::Resolve(const std::string& identifier,
                                              const ResolveOptions& options, const CallOptions&) {
  const Timestamp time = options.as_of_time.value_or(Timestamp::max());
  ResolveAnswer answer;
  std::vector<uint64_t> leaves;
  for (std::string next = identifier; !next.empty();) {
    const std::optional<uint64_t> leaf_index = LeafOf(NameOf(next), time);
    if (!leaf_index) {
      return Status{StatusCode::kNotFound,
                    "identifier " + next + " is not registered",
                    "IDENTIFIER_NOT_FOUND",
                    {}};
    }
    Record record = ReadRecordParts(NameOf(next), log.Prove(*leaf_index).parts).value();
    next = record.instance_of ? record.instance_of->identifier : "";
    if (leaves.empty()) {
      answer.record = std::move(record);
      answer.record.leaf_index = *leaf_index;
    } else {
      for (Value& value : record.values) answer.record.values.push_back(std::move(value));
    }
    leaves.push_back(*leaf_index);
  }
  if (options.include_proof) {
    answer.proof = log.ProveAnswer(leaves.front(), {leaves.begin() + 1, leaves.end()});
  }
  return answer;
}

storage::v1::RecordRow ProductRow(const std::string& identifier, Level level,
                                  const std::string& instance_of) {
  storage::v1::RecordRow row;
  row.set_identifier(identifier);
  row.set_level(static_cast<uint32_t>(level));
  row.set_instance_of(instance_of);
  row.set_template_id("product");
  row.set_template_version(1);
  row.set_issued_by("sz-pumps");
  row.set_state(2);
  return row;
}

void AddValue(storage::v1::RecordRow* row, const std::string& type, const std::string& data,
              Tier tier) {
  storage::v1::ValueRow* value = row->add_values();
  value->set_index(2000 + static_cast<uint32_t>(row->values_size()));
  value->set_type(type);
  value->set_data(data);
  value->set_ttl(86400);
  value->set_tier(static_cast<uint32_t>(tier));
  value->set_author("registrants/sz-pumps");
}

bool IsGolden(const std::string& name, const std::string& text) {
  const std::string path = std::string(GUSU_CLI_GOLDEN_DIRECTORY) + "/" + name;
  if (std::getenv("GUSU_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return true;
  }
  std::stringstream stored;
  stored << std::ifstream(path, std::ios::binary).rdbuf();
  return stored.str() == text;
}

}  // namespace gusu::cli::test
