// A registry in memory whose audit log is signed and proven with the contract's code: what the
// bureau's papers are made of, and what a dishonest registry could give in its place.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "client/cli/audit_interval.h"
#include "gusu/connection.h"
#include "gusu/storage/v1/storage.pb.h"
#include "tests/client/fake_log.h"

namespace gusu::cli::test {

class PapersRegistry : public Connection {
 public:
  gusu::test::FakeLog log;

  // Each gives its leaf's index.
  uint64_t WriteRegistrant(Operation operation, const std::string& id,
                           const std::string& legal_name, const std::string& district,
                           const std::string& industry_class);
  uint64_t WriteRecord(Operation operation, const storage::v1::RecordRow& row,
                       const std::string& reason = "");
  // Leaves of something else than records.
  void WriteOthers(size_t count);

  // Where it lies; each is called with what an honest registry answers.
  std::function<void(LogEntry&)> change_entry;
  std::function<void(std::vector<StoredRow>&)> change_rows;
  std::function<void(InclusionProof&)> change_proof;
  std::function<void(std::vector<RecordRevision>&)> change_revisions;
  // Whether the caller may read openings.
  bool shows_openings = true;
  uint64_t calls_count = 0;

  Timestamp TimeOf(uint64_t leaf_index) const;
  KnownCheckpoint CheckpointAt(uint64_t tree_size) const;

  // Connection
  Result<LogCheckpoint> GetCheckpoint(const CallOptions& call) override;
  Range<LogEntry> ListEntries(const ListEntriesRequest& request, const CallOptions& call) override;
  Result<InclusionProof> GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                           const CallOptions& call) override;
  Range<StoredRow> ListRows(const ListRowsRequest& request, const CallOptions& call) override;
  Range<RecordRevision> ListRevisions(const ListRevisionsRequest& request,
                                      const CallOptions& call) override;
  Result<ResolveAnswer> Resolve(const std::string& identifier, const ResolveOptions& options,
                                const CallOptions& call) override;

 private:
  uint64_t Append(Change change, std::vector<ContentPart> parts);
  // Of the record that was last written at `time` or before; nullopt: none.
  std::optional<uint64_t> LeafOf(const std::string& resource, Timestamp time) const;

  std::map<std::string, std::vector<uint64_t>> leaves_of_;  // of each resource
};

// A record of the template `product`, issued by sz-pumps, without values.
storage::v1::RecordRow ProductRow(const std::string& identifier, Level level,
                                  const std::string& instance_of = "");
// Adds a public value.
void AddValue(storage::v1::RecordRow* row, const std::string& type, const std::string& data,
              Tier tier = Tier::kPublic);

// Whether the file golden/`name` holds the text. GUSU_UPDATE_GOLDENS=1 writes it anew:
//   GUSU_UPDATE_GOLDENS=1 build/release/bin/cli_papers_test
bool IsGolden(const std::string& name, const std::string& text);

}  // namespace gusu::cli::test
