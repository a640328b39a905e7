// Verification of a whole log: the tree first, the store along with it, then the store's files.
#include "gusu/log_verification.h"

#include <algorithm>
#include <optional>

#include "client/audit/opening_verification.h"
#include "client/audit/store_verification.h"
#include "client/audit/tree_verification.h"
#include "proto/base64.h"
#include "proto/hash.h"
#include "proto/text.h"

namespace gusu {
namespace {

// How often progress is told.
constexpr uint64_t kProgressLeaves = 256;

class Verification {
 public:
  Verification(LogSource* source, const LogVerificationOptions* options)
      : source_(source),
        options_(options),
        differences_(std::max<size_t>(options->differences_max, 1)),
        tree_(source, &differences_),
        openings_(options->content, &facts_, &tallies_, &differences_) {}

  // Each fails with what keeps it from reading. What does not fit is in the differences.
  Status ReadCheckpoints();
  Status ReadLeaves();
  Status ReadStore();
  Status ReadFiles();

  bool Goes() const { return head_.has_value() && !differences_.full(); }
  LogVerdict TakeVerdict();

 private:
  uint64_t size() const { return head_->tree_size; }
  Status ReadLeavesTo(uint64_t end, const std::function<void(const LogEntry&)>& visit);
  void TellUnreadable(uint64_t first, uint64_t last, const Status& status);
  void CheckEarlier();
  void CheckRoot(const VerifiedCheckpoint& checkpoint);
  Status ReadSince();
  std::string ResourceOf(uint64_t leaf_index);
  void Tell(uint64_t done);

  LogSource* source_;
  const LogVerificationOptions* options_;
  Differences differences_;
  TreeVerification tree_;
  LeafFacts facts_;
  PrefixTallies tallies_;
  OpeningVerification openings_;
  std::optional<StoreVerification> store_;  // when content is compared
  std::optional<VerifiedCheckpoint> head_;  // the checkpoint that all is compared with
  std::optional<VerifiedCheckpoint> earlier_;
  uint64_t leaves_count_ = 0;
  uint64_t unreadable_count_ = 0;
  uint64_t files_count_ = 0;
  uint64_t progress_total_ = 0;
};

Status Verification::ReadCheckpoints() {
  if (!options_->earlier_checkpoint.empty()) {
    Result<VerifiedCheckpoint> earlier =
        VerifyCheckpoint(options_->earlier_checkpoint, options_->vkeys);
    if (!earlier.ok()) return earlier.status();
    earlier_ = *std::move(earlier);
  }
  const Result<std::string> note = source_->ReadCheckpoint();
  if (!note.ok()) return note.status();
  Result<VerifiedCheckpoint> head = VerifyCheckpoint(*note, options_->vkeys);
  if (!head.ok()) {
    if (head.status().reason == "KEY_MALFORMED") return head.status();
    // Without a signed root there is nothing that the rest could be compared with.
    differences_.Add("checkpoint", head.status());
    return {};
  }
  head_ = *std::move(head);
  progress_total_ = options_->content ? 2 * size() : size();
  if (earlier_ && earlier_->origin != head_->origin) {
    differences_.Add(Concat("checkpoint: it is of ", head_->origin, ", and the earlier one of ",
                            earlier_->origin));
  } else if (earlier_ && earlier_->tree_size > size()) {
    differences_.Add(Concat("checkpoint: the log has ", size(), " leaves, and the earlier one has ",
                            earlier_->tree_size));
  }
  if (options_->content) store_.emplace(size(), &facts_, &tallies_, &differences_);
  return {};
}

// Hashes every entry up to `end`; those that cannot be read are told, and passed over.
Status Verification::ReadLeavesTo(uint64_t end, const std::function<void(const LogEntry&)>& visit) {
  uint64_t unreadable_first = 0, unreadable_end = 0;
  Status unreadable;
  const auto tell_unreadable = [&] {
    if (unreadable_end > unreadable_first) {
      TellUnreadable(unreadable_first, unreadable_end - 1, unreadable);
    }
    unreadable_first = unreadable_end = 0;
  };
  while (tree_.size() < end && !differences_.full()) {
    const uint64_t first = tree_.size();
    const Status status = source_->ReadEntries(first, end, [&](const LogEntry& entry) {
      if (entry.leaf_index != tree_.size()) return false;
      tell_unreadable();
      tree_.Append(entry.leaf);
      visit(entry);
      CheckEarlier();
      return tree_.status().ok() && !differences_.full();
    });
    if (!tree_.status().ok()) return tree_.status();
    if (tree_.size() == end || differences_.full()) break;
    if (status.ok()) {
      tell_unreadable();
      differences_.Add(
          Concat("leaf ", tree_.size(), ": it is missing, and the log has ", end, " leaves"));
      return {};
    }
    if (!IsDamage(status)) return status;
    if (unreadable_end != tree_.size()) unreadable_first = tree_.size();
    unreadable = status;
    tree_.AppendUnreadable(end);
    unreadable_end = tree_.size();
    ++unreadable_count_;
    CheckEarlier();
  }
  tell_unreadable();
  return {};
}

void Verification::TellUnreadable(uint64_t first, uint64_t last, const Status& status) {
  differences_.Add(first == last ? Concat("leaf ", first) : Concat("leaves ", first, " to ", last),
                   status);
}

void Verification::CheckEarlier() {
  if (!earlier_ || earlier_->tree_size != tree_.size() || earlier_->origin != head_->origin) return;
  const Hash root = tree_.Root();
  if (AsBytes(root) == earlier_->root) return;
  differences_.Add(Concat("earlier checkpoint of ", earlier_->tree_size, " leaves: its root is ",
                          Base64Encode(earlier_->root), ", and the log's first leaves have ",
                          Base64Encode(AsBytes(root))));
}

void Verification::CheckRoot(const VerifiedCheckpoint& checkpoint) {
  const Hash root = tree_.Root();
  if (AsBytes(root) == checkpoint.root) return;
  differences_.Add(Concat("root: ", tree_.size(), " leaves hash to ", Base64Encode(AsBytes(root)),
                          ", and the log signed ", Base64Encode(checkpoint.root)));
}

void Verification::Tell(uint64_t done) {
  progress_total_ = std::max(progress_total_, done);
  if (options_->progress) options_->progress(done, progress_total_);
}

Status Verification::ReadLeaves() {
  CheckEarlier();  // of no leaves
  const Status status = ReadLeavesTo(size(), [this](const LogEntry& entry) {
    const std::optional<EntryOpening> opening = openings_.Verify(entry, size());
    if (opening && store_) store_->CheckRow(entry, *opening);
    if (tree_.size() % kProgressLeaves == 0) Tell(tree_.size());
  });
  if (!status.ok()) return status;
  leaves_count_ = tree_.size() - unreadable_count_;
  Tell(tree_.size());
  if (tree_.size() != size()) return {};
  tree_.CompareEdge();
  if (!tree_.status().ok()) return tree_.status();
  CheckRoot(*head_);
  return {};
}

// Leaves that were logged after the checkpoint, as they may explain what the store has.
Status Verification::ReadSince() {
  const Result<std::string> note = source_->ReadCheckpointOfAll();
  if (!note.ok()) return note.status();
  const Result<VerifiedCheckpoint> now = VerifyCheckpoint(*note, options_->vkeys);
  if (!now.ok()) {
    differences_.Add("later checkpoint", now.status());
    return {};
  }
  if (now->tree_size <= tree_.size()) return {};
  const Status status = ReadLeavesTo(
      now->tree_size, [this](const LogEntry& entry) { openings_.Verify(entry, size()); });
  if (status.ok() && tree_.size() == now->tree_size) CheckRoot(*now);
  return status;
}

Status Verification::ReadStore() {
  if (tree_.size() != size()) return {};
  store_->KeepTallies();
  Status status = source_->ReadRows([this](const StoredRow& row) {
    store_->List(row);
    if (store_->listed_count() % kProgressLeaves == 0) Tell(size() + store_->listed_count());
    return !differences_.full();
  });
  if (!status.ok() && !IsDamage(status)) return status;
  if (!status.ok()) {
    differences_.Add("rows", status);
    store_->ListingIsCut();
  }
  if (!store_->IsExplained()) {
    status = ReadSince();
    if (!status.ok()) return status;
  }
  store_->AddUnexplained([this](uint64_t leaf_index) { return ResourceOf(leaf_index); });
  return {};
}

std::string Verification::ResourceOf(uint64_t leaf_index) {
  std::string resource;
  const Status status =
      source_->ReadEntries(leaf_index, leaf_index + 1, [&resource](const LogEntry& entry) {
        const Result<EntryOpening> opening = ReadOpening(entry.opening);
        if (opening.ok()) resource = opening->resource;
        return true;
      });
  return status.ok() ? resource : "its resource cannot be read";
}

Status Verification::ReadFiles() {
  const uint64_t before = progress_total_;
  return source_->ReadFiles([this, before](const FileReading& reading) {
    if (reading.status.ok()) {
      ++files_count_;
    } else {
      differences_.Add("file " + reading.file.name, reading.status);
    }
    Tell(before + reading.files_read_count);
    return !differences_.full();
  });
}

LogVerdict Verification::TakeVerdict() {
  LogVerdict verdict;
  if (head_) verdict.checkpoint = *head_;
  verdict.content = store_.has_value();
  verdict.leaves_count = leaves_count_;
  verdict.tiles_count = tree_.tiles_count();
  verdict.openings_count = openings_.openings_count();
  verdict.earlier_size = earlier_ ? earlier_->tree_size : 0;
  verdict.files_count = files_count_;
  if (store_) {
    verdict.rows_count = store_->rows_count();
    verdict.parts_count = store_->parts_count();
    verdict.parts_by_server_count = store_->parts_by_server_count();
    verdict.erased_count = store_->erased_count();
  }
  verdict.differences = std::move(differences_).Take();
  return verdict;
}

}  // namespace

Result<LogVerdict> VerifyLog(LogSource& source, const LogVerificationOptions& options) {
  Verification verification(&source, &options);
  using Step = Status (Verification::*)();
  std::vector<Step> steps = {&Verification::ReadLeaves};
  if (options.content) {
    steps.push_back(&Verification::ReadStore);
    steps.push_back(&Verification::ReadFiles);
  }
  Status status = verification.ReadCheckpoints();
  for (const Step step : steps) {
    if (!status.ok() || !verification.Goes()) break;
    status = (verification.*step)();
  }
  if (!status.ok()) return status;
  return verification.TakeVerdict();
}

}  // namespace gusu
