#include "storage/memory/persistent_map.h"

#include <atomic>
#include <utility>

#include "absl/hash/hash.h"

namespace gusu::storage {

struct PersistentMap::Node {
  std::string key;
  std::shared_ptr<const std::string> value;
  size_t priority = 0;
  uint64_t edition = 0;
  Link left, right;
};

namespace {

uint64_t NextEdition() {
  static std::atomic<uint64_t> edition{0};
  return ++edition;
}

}  // namespace

const std::string* PersistentMap::Find(std::string_view key) const {
  const Node* node = root_.get();
  while (node != nullptr) {
    const int order = key.compare(node->key);
    if (order == 0) return node->value.get();
    node = (order < 0 ? node->left : node->right).get();
  }
  return nullptr;
}

bool PersistentMap::ScanBelow(
    const Node* node, std::string_view begin, std::string_view end,
    const std::function<bool(std::string_view key, const std::string& value)>& visit) {
  // Descends to the left, goes on to the right.
  while (node != nullptr) {
    if (node->key >= begin) {
      if (!ScanBelow(node->left.get(), begin, end, visit)) return false;
      if (!end.empty() && node->key >= end) return false;
      if (!visit(node->key, *node->value)) return false;
    }
    node = node->right.get();
  }
  return true;
}

void PersistentMap::Scan(
    std::string_view begin, std::string_view end,
    const std::function<bool(std::string_view key, const std::string& value)>& visit) const {
  ScanBelow(root_.get(), begin, end, visit);
}

PersistentMap::Editor::Editor(const PersistentMap& before)
    : edition_(NextEdition()), root_(before.root_) {}

PersistentMap PersistentMap::Editor::Take() && { return PersistentMap(std::move(root_)); }

// The node at `link`, copied first when another version has it too.
PersistentMap::Node& PersistentMap::Editor::Own(Link& link) {
  if (link->edition != edition_) {
    link = std::make_shared<Node>(*link);
    link->edition = edition_;
  }
  return *link;
}

void PersistentMap::Editor::Put(std::string_view key, std::string value) {
  auto fresh = std::make_shared<Node>();
  fresh->key = key;
  fresh->value = std::make_shared<const std::string>(std::move(value));
  fresh->priority = absl::HashOf(key);
  fresh->edition = edition_;
  Insert(root_, std::move(fresh));
}

void PersistentMap::Editor::Insert(Link& link, Link fresh) {
  if (link == nullptr) {
    link = std::move(fresh);
    return;
  }
  const int order = fresh->key.compare(link->key);
  if (order == 0) {
    Own(link).value = std::move(fresh->value);
  } else if (fresh->priority > link->priority) {
    // The key is not below: it would have a node of its own, higher priority above `link`.
    Link tree = std::move(link);
    Split(std::move(tree), fresh->key, fresh->left, fresh->right);
    link = std::move(fresh);
  } else {
    Node& node = Own(link);
    Insert(order < 0 ? node.left : node.right, std::move(fresh));
  }
}

void PersistentMap::Editor::Erase(std::string_view key) { Remove(root_, key); }

void PersistentMap::Editor::Remove(Link& link, std::string_view key) {
  if (link == nullptr) return;
  const int order = key.compare(link->key);
  if (order == 0) {
    link = Merge(link->left, link->right);
  } else {
    Node& node = Own(link);
    Remove(order < 0 ? node.left : node.right, key);
  }
}

void PersistentMap::Editor::Split(Link tree, std::string_view key, Link& below, Link& above) {
  if (tree == nullptr) {
    below = above = nullptr;
    return;
  }
  Node& node = Own(tree);
  if (node.key < key) {
    Split(std::move(node.right), key, node.right, above);
    below = std::move(tree);
  } else {
    Split(std::move(node.left), key, below, node.left);
    above = std::move(tree);
  }
}

PersistentMap::Link PersistentMap::Editor::Merge(Link below, Link above) {
  if (below == nullptr) return above;
  if (above == nullptr) return below;
  if (below->priority > above->priority) {
    Node& node = Own(below);
    node.right = Merge(std::move(node.right), std::move(above));
    return below;
  }
  Node& node = Own(above);
  node.left = Merge(std::move(below), std::move(node.left));
  return above;
}

}  // namespace gusu::storage
