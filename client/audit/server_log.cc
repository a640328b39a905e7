// A log over the wire.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "client/audit/differences.h"
#include "client/audit/prefetch.h"
#include "client/audit/status_from.h"
#include "gusu/log_verification.h"
#include "proto/tlog_proof.h"

namespace gusu {
namespace {

constexpr uint32_t kPageSize = 1000;

// Each is listed apart, so that damage in one does not hide the others.
constexpr std::array kTables = {"registry",       "registrants",   "organization_codes",
                                "prefixes",       "credentials",   "templates",
                                "grants",         "groups",        "records",
                                "range_patterns", "serial_ranges", "transfers",
                                "counters"};

}  // namespace

ServerLog::ServerLog(Client client, EntryView view) : client_(std::move(client)), view_(view) {}

ServerLog::~ServerLog() = default;

Result<std::string> ServerLog::ReadCheckpoint() {
  Result<LogCheckpoint> answer = client_.GetCheckpoint();
  if (!answer.ok()) return answer.status();
  return std::move(answer->checkpoint);
}

Result<std::string> ServerLog::ReadCheckpointOfAll() {
  // Who asks for a leaf that no log can have is told how many there are; the checkpoint of the last
  // one's proof covers all of them.
  const Result<InclusionProof> beyond =
      client_.GetInclusionProof(std::numeric_limits<uint64_t>::max());
  const auto count = beyond.status().metadata.find("leaf_count");
  if (beyond.status().code != StatusCode::kOutOfRange || count == beyond.status().metadata.end()) {
    if (beyond.ok() || IsDamage(beyond.status())) return ReadCheckpoint();
    return beyond.status();
  }
  const uint64_t leaf_count = std::strtoull(count->second.c_str(), nullptr, 10);
  if (leaf_count == 0) return ReadCheckpoint();
  const Result<InclusionProof> answer = client_.GetInclusionProof(leaf_count - 1);
  // What a damaged tree cannot prove may still be told by the published checkpoint.
  if (!answer.ok() && !IsDamage(answer.status())) return answer.status();
  if (!answer.ok() || !answer->proof) return ReadCheckpoint();
  const absl::StatusOr<TlogProof> proof = ParseTlogProof(answer->proof->tlog_proof);
  if (!proof.ok()) return StatusFrom(proof.status());
  return proof->checkpoint;
}

Status ServerLog::ReadEntries(uint64_t first, uint64_t end,
                              const std::function<bool(LogEntry)>& visit) {
  uint64_t next = first;
  bool wanted = true;
  const auto count_and_visit = [&](LogEntry entry) {
    next = entry.leaf_index + 1;
    wanted = visit(std::move(entry));
    return wanted;
  };
  ListEntriesRequest request;
  request.view = view_;
  while (next < end) {
    request.start_leaf_index = next;
    request.end_leaf_index = end;
    request.page_size = kPageSize;
    const Status status =
        VisitPrefetched<LogEntry>(client_.ListEntries(request), kPageSize, count_and_visit);
    if (!wanted || !IsDamage(status)) return status;
    // A page is damaged as a whole: by single entries up to the one that cannot be read.
    const uint64_t page_end = std::min(end, next + kPageSize);
    request.page_size = 1;
    while (wanted && next < page_end) {
      request.start_leaf_index = next;
      request.end_leaf_index = next + 1;
      const uint64_t before = next;
      for (Result<LogEntry>& entry : client_.ListEntries(request)) {
        if (!entry.ok()) return entry.status();
        count_and_visit(*std::move(entry));
      }
      if (next == before) return {};
    }
    if (!wanted) return {};
  }
  return {};
}

Result<std::string> ServerLog::ReadTile(const std::string& path) { return client_.GetTile(path); }

Status ServerLog::ReadRows(const std::function<bool(StoredRow)>& visit) {
  Status damage;
  bool wanted = true;
  for (const char* table : kTables) {
    ListRowsRequest request;
    request.table = table;
    request.include_history = true;
    request.page_size = kPageSize;
    const Status status =
        VisitPrefetched<StoredRow>(client_.ListRows(request), kPageSize, [&](StoredRow row) {
          wanted = visit(std::move(row));
          return wanted;
        });
    if (!wanted) return {};
    if (!status.ok() && !IsDamage(status)) return status;
    if (!status.ok() && damage.ok()) damage = status;
  }
  return damage;
}

Status ServerLog::ReadFiles(const std::function<bool(const FileReading&)>& visit) {
  Result<std::vector<StoredFile>> files = client_.ListFiles();
  if (!files.ok()) return files.status();
  FileReading reading;
  reading.files_count = files->size();
  for (StoredFile& file : *files) {
    reading.status = client_.VerifyFile(file.name);
    reading.file = std::move(file);
    ++reading.files_read_count;
    if (!reading.status.ok() && !IsDamage(reading.status)) return reading.status;
    if (!visit(reading)) return {};
  }
  return {};
}

}  // namespace gusu
