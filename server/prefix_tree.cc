#include "server/prefix_tree.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/write_scope.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

// 88.118 of 88.118.8; empty of 88.
std::string_view Parent(std::string_view prefix_key) {
  const size_t end = prefix_key.rfind('.');
  return end == prefix_key.npos ? std::string_view() : prefix_key.substr(0, end);
}

}  // namespace

absl::StatusOr<std::string> NodePrefixAbove(const storage::Directory& directory,
                                            std::string_view prefix) {
  const std::string key = ToKey(prefix);
  std::string all;
  if (const auto* settings = directory.settings()) {
    for (const std::string& node_prefix : settings->row->node_prefixes()) {
      const std::string node_key = ToKey(node_prefix);
      if (key != node_key && IsAtOrBelow(key, node_key)) return node_key;
      if (!all.empty()) all += ", ";
      all += node_prefix;
    }
  }
  return Error(absl::StatusCode::kFailedPrecondition, "PREFIX_OUTSIDE_NODE",
               Concat("prefix ", prefix, " is not below a prefix of this node (", all, ")"),
               {{"prefix", std::string(prefix)}, {"node_prefixes", all}});
}

const storage::Directory::PrefixEntry* PrefixAbove(const storage::Directory& directory,
                                                   std::string_view prefix_key) {
  const std::string_view parent = Parent(prefix_key);
  return parent.empty() ? nullptr : directory.FindCoveringPrefix(parent);
}

void AddAbsentBetween(std::string_view prefix_key, std::string_view above_key, Change* change) {
  for (std::string_view between = Parent(prefix_key); between.size() > above_key.size();
       between = Parent(between)) {
    change->preconditions.push_back(Absent(storage::PrefixKey(between)));
  }
}

absl::Status ScanBelow(
    const storage::View& view, std::string_view prefix_key, Change* change,
    const std::function<absl::Status(const storage::Directory::PrefixEntry& below)>& visit) {
  const std::string beginning = storage::PrefixKey(Concat(prefix_key, "."));
  const std::string end = storage::AfterBeginning(beginning);
  const size_t table_bytes = storage::PrefixKey("").size();
  std::string gap = beginning;
  size_t count = 0;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.ScanStored(beginning, end, [&](std::string_view key, std::string_view) {
    const auto* below = view.directory().FindPrefix(key.substr(table_bytes));
    if (++count > kDescendantsMax) {
      status = Error(
          absl::StatusCode::kFailedPrecondition, "PREFIXES_TOO_MANY",
          Concat("more than ", kDescendantsMax, " prefixes are below ", prefix_key),
          {{"prefix", std::string(prefix_key)}, {"prefixes_max", std::to_string(kDescendantsMax)}});
    } else {
      status = visit(*below);
    }
    if (!status.ok()) return false;
    change->preconditions.push_back(EmptyInterval(gap, std::string(key)));
    change->preconditions.push_back(AtRevision(std::string(key), below->revision));
    gap = std::string(key) + '\0';
    return true;
  }));
  GUSU_RETURN_IF_ERROR(status);
  change->preconditions.push_back(EmptyInterval(gap, end));
  return absl::OkStatus();
}

}  // namespace gusu::server
