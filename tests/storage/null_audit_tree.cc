// An audit tree that counts leaves and does nothing else, linked in place of the real one into the
// program that shows what the real one costs. Only benchmarks do that: the server has no such
// switch.
#include "storage/audit_tree.h"
#include "storage/head.h"

namespace gusu::storage {

Hash AuditTree::HashOf(uint64_t, std::string_view, std::string_view) { return {}; }

void AuditTree::Append(const Hash&, std::vector<Batch::Write>&) { ++size_; }

TreeHead AuditTree::head() const { return {size_, EmptyRoot()}; }

absl::StatusOr<std::shared_ptr<const AuditTree>> AuditTree::Read(const Snapshot&,
                                                                 const Head& head) {
  auto tree = std::make_shared<AuditTree>();
  tree->size_ = head.leaf_count;
  return tree;
}

}  // namespace gusu::storage
