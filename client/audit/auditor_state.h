// What an auditor remembers, in a file of its own: JSON of the last checkpoint and of an alarm.
#pragma once

#include <optional>
#include <string>

#include "gusu/auditor.h"

namespace gusu {

struct AuditorState {
  std::string checkpoint;  // a signed note; empty: none seen
  std::optional<AuditAlarm> alarm;
};

// Nothing seen when the file is not there. kDataLoss / AUDITOR_STATE when it is not what
// SaveAuditorState wrote, kInternal / AUDITOR_STATE when it cannot be read or written; metadata has
// its "path".
Result<AuditorState> LoadAuditorState(const std::string& path);
// With mode 0600. When it returns OK the file is the new one, whole and synced; otherwise the old
// one.
Status SaveAuditorState(const std::string& path, const AuditorState& state);

}  // namespace gusu
