#include "client/cli/audit_papers.h"

namespace gusu::cli {

OrFailure<papers::Language> ToLanguage(const std::string& text) {
  const std::optional<papers::Language> language = papers::ParseLanguage(text);
  if (language.has_value()) return *language;
  return UsageFailure("'" + text + "' is no language", "one of zh, en, both");
}

papers::LogState ToLogState(const KnownCheckpoint& checkpoint) {
  papers::LogState state;
  state.checkpoint = checkpoint.text;
  state.origin = checkpoint.verified.origin;
  state.tree_size = checkpoint.verified.tree_size;
  state.root = checkpoint.verified.root;
  for (const VerifiedCheckpoint::Cosignature& cosignature : checkpoint.verified.cosignatures) {
    state.cosignatures.push_back({cosignature.witness, cosignature.time_s});
  }
  return state;
}

}  // namespace gusu::cli
