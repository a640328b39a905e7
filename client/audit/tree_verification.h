// Rebuilds a log's tree from its entries and compares the tiles that are stored with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/audit/differences.h"
#include "client/audit/growing_tiles.h"
#include "gusu/log_verification.h"

namespace gusu {

// For one thread.
class TreeVerification {
 public:
  // Neither is owned.
  TreeVerification(LogSource* source, Differences* differences);

  // The next entry's bytes.
  void Append(const std::string& leaf);
  // The next entry cannot be read: its hash is taken from the stored tile, which is right if the
  // root is. `tree_size` is that of the signed tree.
  void AppendUnreadable(uint64_t tree_size);
  // The tiles of the right edge; none are compared after it.
  void CompareEdge();

  uint64_t size() const { return tiles_.size(); }
  Hash Root() const { return tiles_.Root(); }
  uint64_t tiles_count() const { return tiles_count_; }
  // Why a tile could not be read, other than that it is damaged.
  const Status& status() const { return status_; }

 private:
  void Compare(const TileAddress& tile, std::string_view computed);

  LogSource* source_;
  Differences* differences_;
  GrowingTiles tiles_;
  bool compares_ = true;
  uint64_t tiles_count_ = 0;
  uint64_t last_commit_time_us_ = 0;
  std::string
      unreadable_path_;  // of the tile that hashes of unreadable entries were last taken from
  std::string unreadable_tile_;
  Status status_;
};

}  // namespace gusu
