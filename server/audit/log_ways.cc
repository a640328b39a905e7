#include "server/audit/log_ways.h"

#include <charconv>
#include <utility>

#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/anchor.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr std::string_view kEpoch = "/epoch/";
constexpr std::string_view kTwoWays =
    "Put back the newest copy of the store; or, if that is lost, begin a new epoch of the log with "
    "--new-log-epoch --after FILE, where FILE holds the last checkpoint that the bureau or a "
    "witness has";

}  // namespace

std::string OriginOfEpoch(std::string_view registry_origin, uint32_t epoch) {
  return epoch == 0 ? std::string(registry_origin) : Concat(registry_origin, kEpoch, epoch);
}

std::optional<uint32_t> EpochOf(std::string_view registry_origin, std::string_view log_origin) {
  if (!log_origin.starts_with(registry_origin)) return std::nullopt;
  std::string_view digits = log_origin.substr(registry_origin.size());
  if (digits.empty()) return 0;
  if (!digits.starts_with(kEpoch)) return std::nullopt;
  digits.remove_prefix(kEpoch.size());
  uint32_t epoch = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), epoch);
  if (epoch == 0 || OriginOfEpoch(registry_origin, epoch) != log_origin) return std::nullopt;
  return epoch;
}

absl::Status RefuseStart(std::string_view reason, std::string_view message,
                         ErrorMetadata metadata) {
  return Error(absl::StatusCode::kFailedPrecondition, reason,
               Concat(message, ". See deploy/OPERATIONS.md"), std::move(metadata));
}

absl::Status RefuseWay(std::string_view flag, std::string_view message) {
  return RefuseStart("LOG_WAY_REFUSED", Concat(flag, ": ", message), {{"flag", std::string(flag)}});
}

absl::StatusOr<Hash> RootOf(const storage::View& view, uint64_t size) {
  if (size == view.leaf_count()) return view.tree_head().root;
  return ReadRoot(
      size, [&view](const std::vector<NodePosition>& nodes) { return view.ReadNodes(nodes); });
}

absl::Status CheckStoreHas(const storage::View& view, const TreeHead& signed_head,
                           const std::string& path) {
  const uint64_t leaf_count = view.leaf_count();
  ErrorMetadata metadata = {{"path", path},
                            {"size", std::to_string(signed_head.size)},
                            {"leaf_count", std::to_string(leaf_count)}};
  if (signed_head.size > leaf_count) {
    return RefuseStart(
        "LOG_BEHIND_ANCHOR",
        Concat("the store has ", leaf_count, " leaves, and checkpoints of up to ", signed_head.size,
               " were signed (", path,
               "). It is an older copy: going on would "
               "issue leaves ",
               leaf_count, " to ", signed_head.size - 1, " a second time. ", kTwoWays),
        std::move(metadata));
  }
  GUSU_ASSIGN_OR_RETURN(const Hash root, RootOf(view, signed_head.size));
  if (root == signed_head.root) return absl::OkStatus();
  const std::string right = HexEncode(AsBytes(signed_head.root));
  const std::string found = HexEncode(AsBytes(root));
  metadata.push_back({"root", right});
  metadata.push_back({"root_found", found});
  return RefuseStart(
      "LOG_DIFFERS_FROM_ANCHOR",
      Concat("the store's first ", signed_head.size, " leaves are not those that were signed (",
             path, "): their root is ", found, ", not ", right, ". ", kTwoWays),
      std::move(metadata));
}

absl::StatusOr<KeptCheckpoint> ReadCheckpointFile(std::string_view flag, const std::string& path,
                                                  const std::vector<VerifierKey>& keys,
                                                  std::string_view store_log) {
  absl::StatusOr<std::string> note = ReadPrivateFile(path);
  if (!note.ok()) return RefuseWay(flag, StdView(note.status().message()));
  if (note->size() > Anchor::kNoteBytesMax) {
    return RefuseWay(flag, Concat(path, " is longer than ", Anchor::kNoteBytesMax, " bytes"));
  }
  absl::StatusOr<OpenedCheckpoint> opened = OpenCheckpoint(*note, keys);
  if (!opened.ok()) {
    return RefuseWay(flag, Concat(path, " is no usable checkpoint of ", store_log,
                                  ", the store's log: ", StdView(opened.status().message())));
  }
  return KeptCheckpoint{*std::move(note), std::move(opened->checkpoint)};
}

}  // namespace gusu::server
