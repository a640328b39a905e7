#include "proto/tile.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kBeginning = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr uint32_t kPathLevelMax = 63;
constexpr size_t kHashBytes = 32;
constexpr size_t kLengthBytes = 2;
// Seven groups of four characters; more digits than 64 bits have.
constexpr size_t kPathBytesMax = 64;

absl::Status Malformed(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "TILE_MALFORMED", what, std::move(metadata));
}

template <typename Unsigned>
std::optional<Unsigned> ParseDecimal(std::string_view text) {
  Unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// `x001/x234/067` as 1234067, any digits taken as they come.
std::optional<uint64_t> ParseIndex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != 'x' && c != '/') digits += c;
  }
  return ParseDecimal<uint64_t>(digits);
}

// What the path says, in this form or another.
std::optional<TileAddress> ReadPath(std::string_view path) {
  if (path.size() > kPathBytesMax || !path.starts_with(kBeginning)) return std::nullopt;
  path.remove_prefix(kBeginning.size());
  const size_t level_end = path.find('/');
  if (level_end == path.npos) return std::nullopt;
  TileAddress tile;
  if (path.substr(0, level_end) == kEntries) {
    tile.kind = TileAddress::Kind::kEntries;
  } else {
    const auto level = ParseDecimal<uint32_t>(path.substr(0, level_end));
    if (!level || *level > kPathLevelMax) return std::nullopt;
    tile.level = *level;
  }
  path.remove_prefix(level_end + 1);
  const size_t index_end = path.find(kPartial);
  if (index_end != path.npos) {
    const auto width = ParseDecimal<uint32_t>(path.substr(index_end + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = *width;
  }
  const auto index = ParseIndex(path.substr(0, index_end));
  if (!index) return std::nullopt;
  tile.index = *index;
  return tile;
}

std::vector<TileAddress> NewOfLevel(TileAddress::Kind kind, uint32_t level, uint64_t old_size,
                                    uint64_t size) {
  std::vector<TileAddress> tiles;
  const uint64_t old_hashes = TileHashes(level, old_size);
  const uint64_t hashes = TileHashes(level, size);
  if (hashes <= old_hashes) return tiles;
  for (uint64_t index = old_hashes / kTileWidth; index <= (hashes - 1) / kTileWidth; ++index) {
    tiles.push_back({kind, level, index, TileWidthAt(level, index, size)});
  }
  return tiles;
}

// Where the hashes below a node stand in its tile.
struct Slice {
  uint64_t tile_index = 0;
  uint32_t begin = 0;
  uint32_t count = 0;
};

Slice SliceOf(const NodePosition& node) {
  const uint32_t height = node.level % 8;
  const uint64_t first = node.index << height;
  return {first / kTileWidth, static_cast<uint32_t>(first % kTileWidth), uint32_t{1} << height};
}

}  // namespace

std::string TilePath(const TileAddress& tile) {
  std::string path(kBeginning);
  path +=
      tile.kind == TileAddress::Kind::kEntries ? std::string(kEntries) : std::to_string(tile.level);
  std::string digits = std::to_string(tile.index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  for (size_t at = 0; at < digits.size(); at += 3) {
    path += at + 3 < digits.size() ? "/x" : "/";
    path += digits.substr(at, 3);
  }
  if (tile.width < kTileWidth) path += Concat(kPartial, tile.width);
  return path;
}

absl::StatusOr<TileAddress> ParseTilePath(std::string_view path) {
  const std::optional<TileAddress> tile = ReadPath(path);
  if (!tile || TilePath(*tile) != path) {
    return Malformed(Concat("\"", Quote(path), "\" is not the path of a tile"),
                     {{"path", Quote(path)}});
  }
  return *tile;
}

uint64_t TileHashes(uint32_t level, uint64_t size) {
  return level > kTileLevelMax ? 0 : size >> (8 * level);
}

uint32_t TileWidthAt(uint32_t level, uint64_t index, uint64_t size) {
  const uint64_t hashes = TileHashes(level, size);
  if (index > hashes / kTileWidth) return 0;
  return static_cast<uint32_t>(std::min<uint64_t>(hashes - index * kTileWidth, kTileWidth));
}

std::vector<TileAddress> NewTiles(uint64_t old_size, uint64_t size) {
  std::vector<TileAddress> tiles;
  for (uint32_t level = 0; level <= kTileLevelMax; ++level) {
    const auto of_level = NewOfLevel(TileAddress::Kind::kHashes, level, old_size, size);
    tiles.insert(tiles.end(), of_level.begin(), of_level.end());
  }
  return tiles;
}

std::vector<TileAddress> NewEntryBundles(uint64_t old_size, uint64_t size) {
  return NewOfLevel(TileAddress::Kind::kEntries, 0, old_size, size);
}

TileAddress TileOf(const NodePosition& node, uint64_t size) {
  const bool within = node.level < 64 && node.index < (size >> node.level);
  if (!within) {
    std::fprintf(stderr, "fatal: a node outside its tree was asked for\n");
    std::abort();
  }
  const uint32_t level = node.level / 8;
  const uint64_t index = SliceOf(node).tile_index;
  return {TileAddress::Kind::kHashes, level, index, TileWidthAt(level, index, size)};
}

std::optional<Hash> NodeInTile(const NodePosition& node, std::string_view tile_bytes) {
  const Slice slice = SliceOf(node);
  if (tile_bytes.size() < (slice.begin + slice.count) * kHashBytes) return std::nullopt;
  CompactRange range;
  for (uint32_t i = slice.begin; i < slice.begin + slice.count; ++i) {
    range.Append(*HashFromBytes(tile_bytes.substr(i * kHashBytes, kHashBytes)));
  }
  return range.Root();
}

NodeReader ReadNodesFromTiles(uint64_t size, TileReader read) {
  return [size, read = std::move(read)](
             const std::vector<NodePosition>& nodes) -> absl::StatusOr<std::vector<Hash>> {
    std::map<std::string, std::string> tiles;  // by path; no more than there are nodes
    std::vector<Hash> hashes;
    for (const NodePosition& node : nodes) {
      const TileAddress address = TileOf(node, size);
      const auto [tile, is_new] = tiles.try_emplace(TilePath(address));
      if (is_new) {
        GUSU_ASSIGN_OR_RETURN(tile->second, read(address));
        const size_t bytes = tile->second.size();
        if (bytes != address.width * kHashBytes && bytes != kTileBytesMax) {
          return Malformed(
              Concat(tile->first, " has ", bytes, " bytes, not ", address.width * kHashBytes),
              {{"path", tile->first},
               {"bytes", std::to_string(bytes)},
               {"bytes_right", std::to_string(address.width * kHashBytes)}});
        }
      }
      hashes.push_back(*NodeInTile(node, tile->second));
    }
    return hashes;
  };
}

absl::StatusOr<std::string> EncodeEntryBundle(const std::vector<std::string>& entries) {
  if (entries.empty() || entries.size() > kTileWidth) {
    return Malformed(Concat("an entry bundle holds 1 to 256 entries, not ", entries.size()),
                     {{"entries", std::to_string(entries.size())}});
  }
  std::string bytes;
  for (size_t i = 0; i < entries.size(); ++i) {
    const size_t length = entries[i].size();
    if (length > kEntryBytesMax) {
      return Malformed(Concat("entry ", i, " has ", length, " bytes, more than ", kEntryBytesMax),
                       {{"entry", std::to_string(i)},
                        {"bytes", std::to_string(length)},
                        {"bytes_max", std::to_string(kEntryBytesMax)}});
    }
    bytes += static_cast<char>(length >> 8);
    bytes += static_cast<char>(length);
    bytes += entries[i];
  }
  return bytes;
}

absl::StatusOr<std::vector<std::string_view>> DecodeEntryBundle(std::string_view bytes,
                                                                uint32_t width) {
  std::vector<std::string_view> entries;
  while (!bytes.empty() && entries.size() < width) {
    size_t length = kEntryBytesMax + 1;
    if (bytes.size() >= kLengthBytes) {
      length =
          static_cast<size_t>(static_cast<uint8_t>(bytes[0])) << 8 | static_cast<uint8_t>(bytes[1]);
      bytes.remove_prefix(kLengthBytes);
    }
    if (length > bytes.size()) {
      return Malformed(Concat("entry ", entries.size(), " of the bundle is cut off"),
                       {{"entry", std::to_string(entries.size())}});
    }
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (entries.size() != width || !bytes.empty()) {
    return Malformed(
        Concat("the bundle has ", bytes.empty() ? "fewer" : "more", " than ", width, " entries"),
        {{"entries_right", std::to_string(width)}});
  }
  return entries;
}

}  // namespace gusu
