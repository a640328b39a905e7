// Who registrants were at the time of a change: name, district and industry class, each from
// content that its own leaf binds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/audit_leaf.h"
#include "proto/papers/report_tally.h"

namespace gusu::cli {

using papers::RegistrantProfile;

// Holds a few numbers for each revision of each registrant, and a profile for each that was asked
// for. Not for two threads at once.
class RegistrantTimeline {
 public:
  // Reads which revisions there are; needs the bureau's rights.
  static OrFailure<RegistrantTimeline> Load(const Session& session, Client& client);

  // The profile of registrants/{id} in the state of `revision`, proven in the checkpoint, and that
  // of the revision before linked with it; nullptr when there was none. Fails when it is not what
  // its leaf binds.
  OrFailure<const RegistrantProfile*> At(const Session& session, Client& client,
                                         const std::string& registrant, uint64_t revision,
                                         const KnownCheckpoint& checkpoint);

  // Fails when a change of a registrant that stands in the log is not among the revisions listed.
  MaybeFailure CheckListed(const EntryOpening& opening, uint64_t leaf_index) const;

  // How many profiles were proven.
  uint64_t proven_count() const { return proven_count_; }

 private:
  struct Revision {
    uint64_t revision = 0;
    uint64_t leaf_index = 0;
    std::optional<RegistrantProfile> profile;
  };
  RegistrantTimeline() = default;
  MaybeFailure Prove(const Session& session, Client& client, const std::string& registrant,
                     size_t at, const KnownCheckpoint& checkpoint);

  std::map<std::string, std::vector<Revision>> revisions_;  // ascending
  uint64_t proven_count_ = 0;
};

}  // namespace gusu::cli
