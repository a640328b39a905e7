#include "client/audit/differences.h"

#include "proto/identifier.h"

namespace gusu {

void Differences::Add(const std::string& where, const Status& damage) {
  std::string text = where + ": ";
  if (!damage.reason.empty()) text += damage.reason + ": ";
  text += damage.message;
  // Which file and which keys, where the message does not say it.
  for (const auto& [key, value] : damage.metadata) {
    if (damage.message.find(value) == std::string::npos) text += ", " + key + " " + value;
  }
  Add(std::move(text));
}

std::string ForReader(const std::string& resource) {
  const absl::StatusOr<Identifier> identifier = Identifier::ParseName(resource);
  return identifier.ok() ? identifier->written() : resource;
}

bool IsDamage(const Status& status) {
  return status.code == StatusCode::kDataLoss || status.code == StatusCode::kNotFound;
}

}  // namespace gusu
