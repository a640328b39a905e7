// An ordered map of byte strings whose versions share what they have in common.
//
// A version never changes and may be read from any thread. An Editor makes the next version in
// O(log n) for each write, and leaves the one that it began with as it was.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gusu::storage {

class PersistentMap {
 public:
  PersistentMap() = default;

  // nullptr when there is none; valid as long as this version.
  const std::string* Find(std::string_view key) const;
  // Calls `visit` for each key in [begin, end), ascending, until it returns false; an empty `end`
  // means no upper bound.
  void Scan(std::string_view begin, std::string_view end,
            const std::function<bool(std::string_view key, const std::string& value)>& visit) const;

  class Editor;

 private:
  // A treap: ordered by key, and a heap by priority, which is a hash of the key. Its shape, and so
  // its depth of O(log n), depends on the keys alone and not on the order in which they came.
  struct Node;
  using Link = std::shared_ptr<Node>;
  explicit PersistentMap(Link root) : root_(std::move(root)) {}
  static bool ScanBelow(
      const Node* node, std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view key, const std::string& value)>& visit);

  Link root_;
};

class PersistentMap::Editor {
 public:
  explicit Editor(const PersistentMap& before);

  void Put(std::string_view key, std::string value);
  void Erase(std::string_view key);
  // The version with all writes so far; the editor is spent.
  PersistentMap Take() &&;

 private:
  Node& Own(Link& link);
  void Insert(Link& link, Link fresh);
  void Remove(Link& link, std::string_view key);
  // Divides the tree at `key`, which it does not hold.
  void Split(Link tree, std::string_view key, Link& below, Link& above);
  // Joins two trees of which every key in the first is below every key in the second.
  Link Merge(Link below, Link above);

  const uint64_t edition_;  // marks the nodes that no other version has
  Link root_;
};

}  // namespace gusu::storage
