#include "server/templates/template_index.h"

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/templates/templates.h"
#include "storage/keys.h"

namespace gusu::server {

std::string OwnerEntriesBeginning(std::string_view owner) {
  return storage::IndexBeginning(owner, "template");
}

IndexEntry OwnerEntry(std::string_view owner, std::string_view id_key) {
  return {OwnerEntriesBeginning(owner), std::string(id_key)};
}

absl::Status CheckTemplateCount(const storage::View& view, std::string_view owner) {
  const std::string beginning = OwnerEntriesBeginning(owner);
  size_t count = 0;
  GUSU_RETURN_IF_ERROR(view.ScanStored(
      beginning, storage::AfterBeginning(beginning),
      [&count](std::string_view, std::string_view) { return ++count < Templates::kPerOwnerMax; }));
  if (count < Templates::kPerOwnerMax) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "TEMPLATES_TOO_MANY",
               Concat("registrant ", owner, " has ", count, " templates, as many as it may"),
               {{"registrant", RegistrantName(owner)},
                {"templates_max", std::to_string(Templates::kPerOwnerMax)}});
}

}  // namespace gusu::server
