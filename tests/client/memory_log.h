// An audit log and the store that belongs to it, in memory, for tests to damage.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gusu/log_verification.h"
#include "proto/change.h"
#include "proto/note_key.h"

namespace gusu::test {

inline constexpr char kOrigin[] = "registry.example/log1";

class MemoryLog : public LogSource {
 public:
  MemoryLog();

  // ---- Growing; nothing is published before Publish. Each gives the leaf's index.
  uint64_t Initialize();
  uint64_t Apply(const std::string& id);    // registrants/{id}
  uint64_t Approve(const std::string& id);  // with an organisation code
  uint64_t Grant(const std::string& prefix);
  // Registers, or writes a further revision; BODY and these tiers.
  uint64_t Write(const std::string& prefix, const std::string& suffix,
                 const std::vector<std::string>& tiers);
  uint64_t Erase(uint64_t leaf_index, const std::string& label);
  // A serial range of pattern 0, with the prefix's patterns.
  uint64_t Allocate(const std::string& prefix, uint64_t first_serial, uint64_t last_serial);
  // The bureau reads a record, which writes no row.
  uint64_t ReadRecord(const std::string& prefix, const std::string& suffix);
  // Tiles and checkpoint of all leaves so far.
  void Publish();
  // One of everything above, and so many registrations; published.
  static MemoryLog Small(size_t registrations_count);

  std::string vkey() const;

  // ---- What is there, to be damaged.
  struct Leaf {
    Change change;
    std::string salt;
    std::string opening;
    std::string leaf;
  };
  std::vector<Leaf> leaves;
  std::vector<StoredRow> rows;  // of all tables, with history
  std::map<std::string, std::string> tiles;
  std::string checkpoint;
  std::vector<FileReading> files;
  std::set<uint64_t> unreadable;  // leaves
  std::set<uint64_t> unlisted;    // leaves whose rows are found and not listed
  Status rows_status;
  bool shows_openings = true;
  // Called at the end of a listing, as if the registry went on meanwhile.
  std::function<void(MemoryLog&)> after_rows;

  StoredRow& RowOf(uint64_t leaf_index, const std::string& table = "");
  StoredRow& CountersOf(const std::string& prefix);
  // Makes opening and leaf anew from leaves[leaf_index].change, and tiles and root from all leaves:
  // a log that was made so.
  void Reseal(uint64_t leaf_index);
  std::string SignedCheckpoint(uint64_t size, const SignerKey& signer) const;
  const SignerKey& signer() const { return signer_; }

  // ---- LogSource
  Result<std::string> ReadCheckpoint() override { return checkpoint; }
  Status ReadEntries(uint64_t first, uint64_t end,
                     const std::function<bool(LogEntry)>& visit) override;
  Result<std::string> ReadTile(const std::string& path) override;
  Status ReadRows(const std::function<bool(StoredRow)>& visit) override;
  Status ReadFiles(const std::function<bool(const FileReading&)>& visit) override;

 private:
  uint64_t Append(Operation operation, const std::string& table, const std::string& resource,
                  const std::string& prefix, const std::vector<std::string>& labels,
                  std::vector<Erasure> erasures = {});

  SignerKey signer_;
  // Index in `rows` of each resource's current row, while they grow.
  std::map<std::string, size_t> current_;
};

}  // namespace gusu::test
