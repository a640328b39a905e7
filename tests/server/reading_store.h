// A ledger on a memory engine with two registrants, two prefixes, and records as a test writes
// them.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::test {

// 2026-03-01, 23:58 in Asia/Shanghai.
inline constexpr int64_t kStartUs = 1772380680'000'000;
inline constexpr int64_t kMinuteUs = 60'000'000;

// Holds 88.118.8 for `pumps` and 88.118.9 for `valves`, both active.
class ReadingStore {
 public:
  ReadingStore();

  // Writes a record as registered by the holder of its prefix, or its next revision, with the
  // operation that says so. The revision.
  uint64_t Put(storage::v1::RecordRow record, Operation operation = Operation::kRegister,
               const std::string& reason = "");
  // Lets time pass, on the ledger's clock and the reader's.
  void Pass(int64_t us) { now_us_ += us; }

  absl::Time Now() const { return absl::FromUnixMicros(now_us_); }
  storage::Ledger& ledger() { return *ledger_; }
  std::shared_ptr<const storage::View> view() const { return ledger_->Latest().value(); }

 private:
  template <typename Row>
  uint64_t PutRow(const std::string& key, const Row& row, Change change);

  std::atomic<int64_t> now_us_ = kStartUs;
  std::unique_ptr<storage::Ledger> ledger_;
};

// An ITEM without values, and without identifier's checks.
storage::v1::RecordRow RecordOf(const std::string& identifier,
                                v1::Record::Level level = v1::Record::ITEM);
// Adds a value, written by the record's issuer.
storage::v1::ValueRow* AddValue(storage::v1::RecordRow& record, uint32_t index,
                                const std::string& type, const std::string& data,
                                v1::Tier tier = v1::PUBLIC);

server::Caller Anonymous();
// A registrant's writer.
server::Caller WriterOf(const std::string& registrant);
server::Caller Auditor();

}  // namespace gusu::test
