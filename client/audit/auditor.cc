#include "gusu/auditor.h"

#include "client/audit/auditor_state.h"
#include "client/audit/status_from.h"
#include "client/audit/verify_leaf.h"
#include "proto/merkle.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "proto/tile.h"

namespace gusu {
namespace {

// A checkpoint whose signatures hold, and the note that it came from.
struct Checked {
  VerifiedCheckpoint checkpoint;
  TreeHead head;
  std::string note;
};

std::string SizeText(const Checked& checked) { return std::to_string(checked.head.size); }

bool IsSizeUnknown(const Status& status) {
  return status.code == StatusCode::kOutOfRange || status.reason == "TREE_SIZE_UNKNOWN";
}

}  // namespace

class Auditor::State {
 public:
  State(Client client, AuditorOptions options)
      : client_(std::move(client)), options_(std::move(options)) {}

  Result<AuditStep> Check() {
    if (Status status = Load(); !status.ok()) return status;
    Result<LogCheckpoint> answer = client_.GetCheckpoint();
    if (!answer) return std::move(answer).status();
    const uint64_t size_before = seen_ ? seen_->head.size : 0;
    if (Status status = Take(answer->checkpoint); !status.ok()) return status;
    // What witnesses are shown must be of the same log.
    if (!answer->cosigned_checkpoint.empty() && answer->cosigned_checkpoint != cosigned_) {
      if (Status status = Take(answer->cosigned_checkpoint); !status.ok()) return status;
      cosigned_ = answer->cosigned_checkpoint;
    }
    return Step(size_before);
  }

  Status Follow(const std::function<bool(const AuditStep&)>& on_step,
                const std::function<void(const LogEntry&)>& on_entry) {
    Result<AuditStep> step = Check();
    if (!step) return std::move(step).status();
    if (!on_step(*step)) return {};
    CompactRange range;
    if (Status status = ReadRange(range); !status.ok()) return status;

    WatchEntriesRequest request;
    request.start_leaf_index = range.size();
    request.view = on_entry ? EntryView::kOpening : EntryView::kLeaf;
    Status failure;
    Status ended = client_.WatchEntries(request, [&](const WatchEvent& event) {
      failure = TakeEntries(event, on_entry, range);
      if (!failure.ok()) return false;
      if (event.checkpoint.empty()) return true;
      const uint64_t size_before = seen_->head.size;
      failure = TakeComputed(event.checkpoint, range);
      return failure.ok() && on_step(Step(size_before));
    });
    if (!failure.ok()) return failure;
    if (!IsSizeUnknown(ended)) return ended;
    // The log has fewer entries than it had: whether that is an alarm is for the checkpoints to
    // say.
    step = Check();
    if (step) on_step(*step);
    return step ? ended : step.status();
  }

 private:
  // ---- Checkpoints -----------------------------------------------------------------------------

  Result<Checked> Open(const std::string& note) const {
    Result<VerifiedCheckpoint> checkpoint = VerifyCheckpoint(note, options_.vkeys);
    if (!checkpoint) return std::move(checkpoint).status();
    const TreeHead head{checkpoint->tree_size, *HashFromBytes(checkpoint->root)};
    return Checked{*std::move(checkpoint), head, note};
  }

  // Compares with what was seen, by a proof of the log's; what extends it is seen from then on. An
  // error is one of the log's answers or of the state file.
  Status Take(const std::string& note) {
    Result<Checked> found = Open(note);
    if (!found) return std::move(found).status();
    if (!seen_) return See(*std::move(found));
    if (found->checkpoint.origin != seen_->checkpoint.origin) return OtherLog(*found);
    if (found->head == seen_->head) return See(*std::move(found));
    if (found->head.size == seen_->head.size) {
      return Alarm(*found, Concat("the log signed two roots for its first ", SizeText(*found),
                                  " entries: it shows different logs"));
    }
    return TakeBesideSeen(*std::move(found));
  }

  // Of another size than what was seen. A smaller one is an old checkpoint, which proves nothing by
  // itself; the log must still know the greater one, and show that it begins with the smaller.
  Status TakeBesideSeen(Checked found) {
    const bool is_newer = found.head.size > seen_->head.size;
    const Checked& smaller = is_newer ? *seen_ : found;
    const Checked& greater = is_newer ? found : *seen_;
    const Result<ConsistencyProof> proof =
        client_.GetConsistencyProof(smaller.head.size, greater.head.size);
    if (!proof && !IsSizeUnknown(proof.status())) return proof.status();
    if (!proof) {
      return Alarm(found, Concat("the log signed ", SizeText(greater),
                                 " entries and says that it does not have them"));
    }
    std::vector<std::string_view> hashes(proof->hashes.begin(), proof->hashes.end());
    absl::StatusOr<std::vector<Hash>> path = HashesFromBytes(hashes);
    if (!path.ok() || !VerifyConsistency(smaller.head, greater.head, *path).ok()) {
      return Alarm(found, Concat("the log does not show that its ", SizeText(greater),
                                 " entries begin with the ", SizeText(smaller), " that it signed"));
    }
    return is_newer ? See(std::move(found)) : Status();
  }

  Status OtherLog(const Checked& found) const {
    return {StatusCode::kFailedPrecondition,
            options_.state_file + " is of the log " + seen_->checkpoint.origin + ", and this is " +
                found.checkpoint.origin + ": each log needs a state file of its own",
            "AUDITOR_STATE",
            {{"path", options_.state_file}, {"origin", found.checkpoint.origin}}};
  }

  // Counts as seen once it is in the file. The note of a head that was seen before is kept too: it
  // may carry the signature of a newer key.
  Status See(Checked found) {
    if (seen_ && found.note == seen_->note) return {};
    if (Status status = Save(found.note, alarm_); !status.ok()) return status;
    seen_ = std::move(found);
    return {};
  }

  // The first one stays.
  Status Alarm(const Checked& found, const std::string& message) {
    if (alarm_) return {};
    AuditAlarm alarm{message, seen_->note, found.note};
    if (Status status = Save(seen_->note, alarm); !status.ok()) return status;
    alarm_ = std::move(alarm);
    return {};
  }

  AuditStep Step(uint64_t size_before) const {
    return {seen_->checkpoint, seen_->head.size > size_before, alarm_};
  }

  // ---- Entries ---------------------------------------------------------------------------------

  // The complete subtrees of the tree that was seen. They come from tiles, which are believed for
  // nothing: their root must be the signed one.
  Status ReadRange(CompactRange& range) {
    const uint64_t size = seen_->head.size;
    Status failure;
    const NodeReader read =
        ReadNodesFromTiles(size, [&](const TileAddress& tile) -> absl::StatusOr<std::string> {
          Result<std::string> bytes = client_.GetTile(TilePath(tile));
          if (bytes) return *std::move(bytes);
          failure = bytes.status();
          return absl::UnavailableError("");
        });
    absl::StatusOr<std::vector<Hash>> nodes = read(NodesOf(size));
    if (!nodes.ok()) return failure.ok() ? StatusFrom(nodes.status()) : failure;
    range = CompactRange(size, *std::move(nodes));
    if (range.Root() == seen_->head.root) return {};
    return StatusFrom(InvalidProof(
        Concat("the log's tiles do not lead to the root that it signed for ", size, " entries")));
  }

  static Status TakeEntries(const WatchEvent& event,
                            const std::function<void(const LogEntry&)>& on_entry,
                            CompactRange& range) {
    for (const LogEntry& entry : event.entries) {
      if (entry.leaf_index != range.size()) {
        return StatusFrom(
            InvalidProof(Concat("the log sent entry ", entry.leaf_index, " for ", range.size())));
      }
      const std::optional<uint64_t> time_us = LeafCommitTime(entry.leaf);
      if (!entry.opening.empty() &&
          (!time_us || LeafBytes(*time_us, entry.salt, entry.opening) != entry.leaf)) {
        return StatusFrom(InvalidProof(
            Concat("opening and salt of entry ", entry.leaf_index, " are not those of its leaf")));
      }
      range.Append(LeafHash(entry.leaf));
      if (on_entry) on_entry(entry);
    }
    return {};
  }

  // A checkpoint of what was hashed needs no proof of the log's; `range` began with what was seen.
  Status TakeComputed(const std::string& note, const CompactRange& range) {
    Result<Checked> found = Open(note);
    if (!found) return std::move(found).status();
    if (found->head.size != range.size()) {
      if (found->head.size <= seen_->head.size) return Take(note);
      return StatusFrom(InvalidProof(Concat("the log sent a checkpoint of ", SizeText(*found),
                                            " entries with the first ", range.size())));
    }
    if (found->checkpoint.origin != seen_->checkpoint.origin) return OtherLog(*found);
    if (found->head.root == range.Root()) return See(*std::move(found));
    return Alarm(*found, Concat("the log's first ", SizeText(*found),
                                " entries do not lead to the root that it signed for them"));
  }

  // ---- The state file --------------------------------------------------------------------------

  Status Load() {
    if (loaded_) return {};
    Result<AuditorState> state = LoadAuditorState(options_.state_file);
    if (!state) return std::move(state).status();
    if (!state->checkpoint.empty()) {
      Result<Checked> seen = Open(state->checkpoint);
      if (!seen) return std::move(seen).status();
      seen_ = *std::move(seen);
    }
    alarm_ = std::move(state->alarm);
    loaded_ = true;
    return {};
  }

  Status Save(const std::string& note, const std::optional<AuditAlarm>& alarm) const {
    return SaveAuditorState(options_.state_file, {note, alarm});
  }

  Client client_;
  const AuditorOptions options_;
  bool loaded_ = false;
  std::optional<Checked> seen_;  // the greatest that extends all before
  std::optional<AuditAlarm> alarm_;
  std::string cosigned_;  // the last note with cosignatures that was compared
};

Auditor::Auditor(Client client, AuditorOptions options)
    : state_(std::make_unique<State>(std::move(client), std::move(options))) {}
Auditor::~Auditor() = default;
Auditor::Auditor(Auditor&&) noexcept = default;

Result<AuditStep> Auditor::Check() { return state_->Check(); }
Status Auditor::Follow(const std::function<bool(const AuditStep&)>& on_step,
                       const std::function<void(const LogEntry&)>& on_entry) {
  return state_->Follow(on_step, on_entry);
}

}  // namespace gusu
