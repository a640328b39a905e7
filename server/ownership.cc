#include "server/ownership.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {

const std::string& OwnerOf(const storage::v1::RecordRow& row, const std::string& prefix_holder) {
  return row.owner().empty() ? prefix_holder : row.owner();
}

const std::string& CustodianOf(const storage::v1::RecordRow& row,
                               const std::string& prefix_holder) {
  return row.custodian().empty() ? prefix_holder : row.custodian();
}

absl::Status CheckIsOwner(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                          const Acting& acting) {
  if (OwnerOf(row, prefix_holder) == acting.registrant) return absl::OkStatus();
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_RECORD_OWNER",
      Concat("registrant ", acting.registrant, " is not the owner of ", row.identifier()),
      {{"registrant", RegistrantName(acting.registrant)}, {"identifier", row.identifier()}});
}

std::string_view PrefixKeyIn(std::string_view identifier_key) {
  return identifier_key.substr(0, identifier_key.find('/'));
}

const std::string& PrefixHolder(const storage::Directory& directory, std::string_view prefix_key) {
  static const std::string kNobody;
  const auto* prefix = directory.FindPrefix(prefix_key);
  return prefix == nullptr ? kNobody : prefix->row->holder();
}

absl::StatusOr<std::string> PrefixHolderAsOf(const storage::View& view, std::string_view prefix_key,
                                             uint64_t revision) {
  const auto* prefix = view.directory().FindPrefix(prefix_key);
  if (prefix == nullptr) return std::string();
  if (prefix->revision <= revision) return prefix->row->holder();
  const std::string key = storage::PrefixKey(prefix_key);
  GUSU_ASSIGN_OR_RETURN(const auto then, view.GetAsOf(key, revision));
  if (!then.has_value()) return std::string();
  storage::v1::PrefixRow row;
  if (!row.ParseFromString(then->payload)) {
    return storage::RowCorrupt(storage::HistoryKey(key, then->revision),
                               "its payload is not its table's message");
  }
  return row.holder();
}

void SetOwner(const std::string& owner, storage::v1::RecordRow* row) {
  row->set_owner(owner);
  row->set_passing_count(row->passing_count() + 1);
}

void NameOwners(const std::string& prefix_holder, storage::v1::RecordRow* row) {
  if (row->issued_by() == prefix_holder) return;
  if (row->owner().empty()) SetOwner(prefix_holder, row);
  if (row->custodian().empty()) row->set_custodian(prefix_holder);
}

}  // namespace gusu::server
