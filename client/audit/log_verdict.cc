// The one line that a verification comes to.
#include "gusu/log_verification.h"
#include "proto/text.h"

namespace gusu {
namespace {

// "1 leaf", "2 leaves", "1,000,000 leaves".
std::string Counted(uint64_t count, const char* one, const char* many) {
  std::string text = std::to_string(count);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text + " " + (count == 1 ? one : many);
}

std::string WhatWasChecked(const LogVerdict& verdict) {
  const bool whole = verdict.leaves_count == verdict.checkpoint.tree_size;
  const std::string of_all =
      whole ? "" : Concat("of ", Counted(verdict.checkpoint.tree_size, "leaf", "leaves"), " ");
  std::string text = Concat(verdict.checkpoint.origin, ": ", of_all,
                            Counted(verdict.leaves_count, "leaf", "leaves"), " and ",
                            Counted(verdict.tiles_count, "tile", "tiles"),
                            whole ? " checked against the signed root" : " read");
  if (verdict.earlier_size > 0) {
    text += Concat(" and the checkpoint of ", Counted(verdict.earlier_size, "leaf", "leaves"));
  }
  for (const VerifiedCheckpoint::Cosignature& cosignature : verdict.checkpoint.cosignatures) {
    text += ", cosigned by " + cosignature.witness;
  }
  if (verdict.openings_count > 0) {
    text += ", " + Counted(verdict.openings_count, "opening", "openings") + " against their leaves";
  }
  if (!verdict.content) return text + "; what is stored was not compared";
  text += Concat(", ", Counted(verdict.rows_count, "row", "rows"), " with ",
                 Counted(verdict.parts_count + verdict.parts_by_server_count, "part", "parts"),
                 " against the openings");
  if (verdict.parts_by_server_count > 0) {
    text += Concat(" (", Counted(verdict.parts_by_server_count, "part", "parts"),
                   " by the server's word)");
  }
  if (verdict.erased_count > 0) {
    text += ", " + Counted(verdict.erased_count, "erasure", "erasures");
  }
  return text + ", " + Counted(verdict.files_count, "file", "files") + " read";
}

}  // namespace

std::string LogVerdict::ToString() const {
  if (differences.empty()) return "OK: " + WhatWasChecked(*this);
  const std::string outcome =
      Concat("DIFFERS: ", Counted(differences.size(), "difference", "differences"),
             ", first: ", differences.front());
  return checkpoint.origin.empty() ? outcome : outcome + "; " + WhatWasChecked(*this);
}

}  // namespace gusu
