#include "tests/client/memory_log.h"

#include <algorithm>

#include "client/audit/growing_tiles.h"
#include "proto/canonical.h"
#include "proto/checkpoint.h"
#include "proto/hash.h"
#include "proto/opening.h"

namespace gusu::test {
namespace {

constexpr uint64_t kFirstRevision = 1'800'000'000'000'000;

// Rows that come with the row of a change's resource.
bool IsCompanion(const StoredRow& row) {
  return row.table == "organization_codes" || row.table == "range_patterns";
}

Status Damaged(const std::string& message) {
  return {StatusCode::kDataLoss,
          message,
          "RECORD_CORRUPT",
          {{"file", "000012.sst"}, {"first_key", "6f00"}, {"last_key", "6f7f"}}};
}

}  // namespace

MemoryLog::MemoryLog()
    : signer_(*SignerKey::Make(kOrigin, SignatureType::kEd25519, std::string(32, '\x07'))) {}

std::string MemoryLog::vkey() const { return signer_.verifier().Text(); }

uint64_t MemoryLog::Append(Operation operation, const std::string& table,
                           const std::string& resource, const std::string& prefix,
                           const std::vector<std::string>& labels, std::vector<Erasure> erasures) {
  const uint64_t index = leaves.size();
  Leaf leaf;
  leaf.change.operation = operation;
  leaf.change.resource = resource;
  leaf.change.actor = "bureau";
  leaf.change.revision = kFirstRevision + 1000 * index;
  leaf.change.erasures = std::move(erasures);
  StoredRow row;
  row.table = table;
  row.resource = resource;
  row.revision = leaf.change.revision;
  row.leaf_index = index;
  row.current = true;
  if (const auto before = current_.find(resource); before != current_.end()) {
    rows[before->second].current = false;
    leaf.change.previous_leaf_count = rows[before->second].leaf_index + 1;
  }
  if (!prefix.empty()) {
    StoredRow& counters = CountersOf(prefix);
    leaf.change.sequence = ++counters.sequence;
    if (table == "records" && leaf.change.previous_leaf_count == 0) ++counters.record_count;
  }
  for (const std::string& label : labels) {
    ContentPart part;
    part.label = label;
    part.content = "\x01" + label + " of " + resource + " in " + std::to_string(index);
    part.salt = AsBytes(Sha256({"salt", label, std::to_string(index)}));
    leaf.change.commitments.push_back({label, CommitmentHash(part.salt, part.content)});
    row.parts.push_back(std::move(part));
  }
  leaf.salt = AsBytes(Sha256({"opening", std::to_string(index)}));
  leaf.opening = EncodeOpening(leaf.change);
  leaf.leaf = LeafBytes(leaf.change.revision, leaf.salt, leaf.opening);
  leaves.push_back(std::move(leaf));
  current_[resource] = rows.size();
  rows.push_back(std::move(row));
  return index;
}

uint64_t MemoryLog::Initialize() {
  return Append(Operation::kInitialize, "registry", "registry", "", {"BODY"});
}

uint64_t MemoryLog::Apply(const std::string& id) {
  return Append(Operation::kApplyRegistrant, "registrants", "registrants/" + id, "", {"BODY"});
}

uint64_t MemoryLog::Approve(const std::string& id) {
  const uint64_t index =
      Append(Operation::kApproveRegistrant, "registrants", "registrants/" + id, "", {"BODY"});
  StoredRow code = rows.back();
  code.table = "organization_codes";
  code.parts.clear();
  rows.push_back(std::move(code));
  return index;
}

uint64_t MemoryLog::Grant(const std::string& prefix) {
  return Append(Operation::kGrantPrefix, "prefixes", "prefixes/" + prefix, prefix, {"BODY"});
}

uint64_t MemoryLog::Write(const std::string& prefix, const std::string& suffix,
                          const std::vector<std::string>& tiers) {
  std::vector<std::string> labels = {"BODY"};
  labels.insert(labels.end(), tiers.begin(), tiers.end());
  const std::string resource = "prefixes/" + prefix + "/records/" + suffix;
  const bool exists = current_.contains(resource);
  return Append(exists ? Operation::kUpdate : Operation::kRegister, "records", resource, prefix,
                labels);
}

uint64_t MemoryLog::Erase(uint64_t leaf_index, const std::string& label) {
  const std::string resource = leaves[leaf_index].change.resource;
  for (ContentPart& part : RowOf(leaf_index).parts) {
    if (part.label == label) part = {label, "", "", "", true};
  }
  const std::string prefix = resource.substr(9, resource.find('/', 9) - 9);
  return Append(Operation::kEraseValues, "records", resource, prefix, {"BODY"},
                {{leaf_index, label}});
}

uint64_t MemoryLog::Allocate(const std::string& prefix, uint64_t first_serial,
                             uint64_t last_serial) {
  const std::string name = "prefixes/" + prefix;
  const std::string range = name + "/serialRanges/0-" + std::to_string(last_serial);
  const uint64_t index = Append(Operation::kAllocateRange, "serial_ranges", range, prefix,
                                {"BODY", "PUBLIC", "PATTERNS"});
  CanonicalWriter body(1);
  body.Text(1, prefix).Number(4, first_serial).Number(5, last_serial);
  ContentPart& part = rows.back().parts[0];
  part.content = std::move(body).Take();
  leaves[index].change.commitments[0].hash = CommitmentHash(part.salt, part.content);
  leaves[index].opening = EncodeOpening(leaves[index].change);
  leaves[index].leaf =
      LeafBytes(leaves[index].change.revision, leaves[index].salt, leaves[index].opening);
  StoredRow patterns = rows.back();
  patterns.table = "range_patterns";
  patterns.resource = name;
  patterns.parts.erase(patterns.parts.begin(), patterns.parts.begin() + 2);
  for (StoredRow& row : rows) {
    if (row.table == patterns.table && row.resource == name) row.current = false;
  }
  rows.push_back(std::move(patterns));
  CountersOf(prefix).range_code_count += last_serial - first_serial + 1;
  return index;
}

uint64_t MemoryLog::ReadRecord(const std::string& prefix, const std::string& suffix) {
  const std::string resource = "prefixes/" + prefix + "/records/" + suffix;
  auto row = current_.extract(resource);
  const uint64_t index = Append(Operation::kRead, "", resource, prefix, {});
  rows.pop_back();
  current_.erase(resource);
  if (!row.empty()) current_.insert(std::move(row));
  return index;
}

std::string MemoryLog::SignedCheckpoint(uint64_t size, const SignerKey& signer) const {
  CompactRange range;
  for (uint64_t i = 0; i < size; ++i) range.Append(LeafHash(leaves[i].leaf));
  return *SignCheckpoint({signer.verifier().name(), {size, range.Root()}, {}}, {signer});
}

void MemoryLog::Publish() {
  tiles.clear();
  GrowingTiles growing(
      [this](const TileAddress& tile, const std::string& bytes) { tiles[TilePath(tile)] = bytes; });
  for (const Leaf& leaf : leaves) growing.Append(LeafHash(leaf.leaf));
  for (const auto& [tile, bytes] : growing.Partial()) tiles[TilePath(tile)] = bytes;
  checkpoint = *SignCheckpoint({kOrigin, {growing.size(), growing.Root()}, {}}, {signer_});
}

MemoryLog MemoryLog::Small(size_t registrations_count) {
  MemoryLog log;
  log.Initialize();
  log.Apply("sz-pumps");
  log.Approve("sz-pumps");
  log.Grant("88.118.8");
  log.Grant("88.118.9a");
  for (size_t i = 0; i < registrations_count; ++i) {
    log.Write(i % 3 == 0 ? "88.118.9a" : "88.118.8", "HP-" + std::to_string(i),
              {"PUBLIC", "OWNER"});
  }
  const uint64_t first = log.Write("88.118.8", "M-1", {"PUBLIC", "PARTNER", "OWNER"});
  log.Write("88.118.8", "M-1", {"PUBLIC"});
  log.Erase(first, "OWNER");
  log.files = {{{"000012.sst", 4096}, {}, 1, 2}, {{"MANIFEST-000004", 128}, {}, 2, 2}};
  log.Publish();
  return log;
}

StoredRow& MemoryLog::RowOf(uint64_t leaf_index, const std::string& table) {
  return *std::find_if(rows.begin(), rows.end(), [&](const StoredRow& row) {
    return row.leaf_index == leaf_index && row.table != "counters" &&
           (table.empty() ? !IsCompanion(row) : row.table == table);
  });
}

StoredRow& MemoryLog::CountersOf(const std::string& prefix) {
  for (StoredRow& row : rows) {
    if (row.table == "counters" && row.resource == "prefixes/" + prefix) return row;
  }
  StoredRow row;
  row.table = "counters";
  row.resource = "prefixes/" + prefix;
  row.current = true;
  rows.push_back(std::move(row));
  return rows.back();
}

void MemoryLog::Reseal(uint64_t leaf_index) {
  Leaf& leaf = leaves[leaf_index];
  leaf.opening = EncodeOpening(leaf.change);
  leaf.leaf = LeafBytes(leaf.change.revision, leaf.salt, leaf.opening);
  Publish();
}

Status MemoryLog::ReadEntries(uint64_t first, uint64_t end,
                              const std::function<bool(LogEntry)>& visit) {
  for (uint64_t index = first; index < end && index < leaves.size(); ++index) {
    if (unreadable.contains(index)) return Damaged("stored data is damaged");
    LogEntry entry;
    entry.leaf_index = index;
    entry.leaf = leaves[index].leaf;
    if (shows_openings) {
      entry.opening = leaves[index].opening;
      entry.salt = leaves[index].salt;
      for (const StoredRow& row : rows) {
        if (row.leaf_index != index || row.table == "counters") continue;
        if (!IsCompanion(row)) entry.row = row;
      }
      if (!entry.row && leaves[index].change.operation != Operation::kRead) {
        entry.row.emplace();
        entry.row->resource = leaves[index].change.resource;
        entry.row->error = Damaged("there is no row");
      }
    }
    if (!visit(std::move(entry))) return {};
  }
  return {};
}

Result<std::string> MemoryLog::ReadTile(const std::string& path) {
  const auto found = tiles.find(path);
  if (found != tiles.end()) return found->second;
  return Status{StatusCode::kNotFound, path + " is not there", "TILE_NOT_FOUND", {}};
}

Status MemoryLog::ReadRows(const std::function<bool(StoredRow)>& visit) {
  for (const StoredRow& row : std::vector<StoredRow>(rows)) {
    if (row.table != "counters" && unlisted.contains(row.leaf_index)) continue;
    StoredRow listed = row;
    listed.parts.clear();
    if (!visit(std::move(listed))) return {};
  }
  if (after_rows) after_rows(*this);
  return rows_status;
}

Status MemoryLog::ReadFiles(const std::function<bool(const FileReading&)>& visit) {
  for (const FileReading& file : files) {
    if (!visit(file)) return {};
  }
  return {};
}

}  // namespace gusu::test
