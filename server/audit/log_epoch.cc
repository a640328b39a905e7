#include "server/audit/log_epoch.h"

#include <utility>

#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr std::string_view kFlag = "--after";

absl::StatusOr<std::string> GapText(const storage::View& view, const TreeHead& after) {
  const uint64_t leaf_count = view.leaf_count();
  const std::string before = Concat("new epoch after a checkpoint of ", after.size, " leaves: ");
  if (after.size > leaf_count) {
    return Concat(before, "leaves ", leaf_count, " to ", after.size - 1, " are lost");
  }
  GUSU_ASSIGN_OR_RETURN(const Hash root, RootOf(view, after.size));
  if (root == after.root) return Concat(before, "none of them is lost");
  return Concat(before, "leaves 0 to ", after.size - 1, " now are not all those it was signed of");
}

// That the anchor knows nothing later than the checkpoint, but for what an interrupted attempt to
// begin this epoch left: a checkpoint of the very tree that the store has.
absl::Status CheckIsLast(const EndingLog& ending, const Checkpoint& after, uint32_t after_epoch,
                         const std::string& file) {
  if (ending.anchor == nullptr) return absl::OkStatus();
  for (const Anchor::Entry& entry : ending.anchor->last_of_each()) {
    const Checkpoint& known = entry.checkpoint;
    const std::optional<uint32_t> epoch = EpochOf(ending.registry_origin, known.origin);
    if (!epoch || *epoch < after_epoch) continue;
    const bool is_attempt = *epoch == after_epoch + 1 && known.head == ending.view->tree_head();
    const bool is_later = *epoch > after_epoch || known.head.size > after.head.size;
    if (!is_later || is_attempt) continue;
    return RefuseWay(
        kFlag, Concat(file, " is a checkpoint of ", after.origin, " with ", after.head.size,
                      " leaves, and the anchor ", ending.anchor->path(), " has a later one of ",
                      known.origin, " with ", known.head.size, ": give that, or a later one"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LogEpoch> PlanEpoch(const EndingLog& ending, const std::string& after) {
  const std::string store_log = OriginOfEpoch(ending.registry_origin, ending.epoch);
  GUSU_ASSIGN_OR_RETURN(KeptCheckpoint kept,
                        ReadCheckpointFile(kFlag, after, ending.verifiers, store_log));
  const Checkpoint& checkpoint = kept.checkpoint;
  const std::optional<uint32_t> after_epoch = EpochOf(ending.registry_origin, checkpoint.origin);
  if (!after_epoch || *after_epoch < ending.epoch) {
    return RefuseWay(kFlag, Concat(after, " is a checkpoint of ", checkpoint.origin,
                                   ", and the store's log is ", store_log));
  }
  GUSU_RETURN_IF_ERROR(CheckIsLast(ending, checkpoint, *after_epoch, after));
  LogEpoch epoch;
  epoch.number = *after_epoch + 1;
  epoch.origin = OriginOfEpoch(ending.registry_origin, epoch.number);
  GUSU_ASSIGN_OR_RETURN(epoch.gap, GapText(*ending.view, checkpoint.head));
  epoch.checkpoint_before = std::move(kept.note);
  return epoch;
}

absl::Status MakeEpochFiles(const storage::View& view, const LogEpoch& epoch,
                            const LogKeyFiles& files, const std::string& anchor_path,
                            std::vector<SignerKey>* signers, std::optional<Anchor>* anchor) {
  if (signers->empty() || (*signers)[0].verifier().name() != epoch.origin) {
    const absl::StatusOr<std::string> before = ReadPrivateFile(files.key_path);
    if (before.ok()) {
      GUSU_RETURN_IF_ERROR(
          WritePrivateFile(Concat(files.key_path, ".epoch-", epoch.number - 1), *before));
    }
    GUSU_ASSIGN_OR_RETURN(*signers, MakeLogKeys(files, epoch.origin));
  }
  if (anchor->has_value() && (*anchor)->LastOf(epoch.origin) != nullptr) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const std::string note,
                        SignCheckpoint({epoch.origin, view.tree_head(), {}}, *signers));
  if (!anchor->has_value()) {
    GUSU_ASSIGN_OR_RETURN(*anchor, Anchor::Create(anchor_path, note));
    return absl::OkStatus();
  }
  GUSU_RETURN_IF_ERROR((*anchor)->Append(note));
  return (*anchor)->Sync();
}

}  // namespace gusu::server
