#include "server/handle_administrators.h"

#include <string>
#include <string_view>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"

namespace gusu::server {
namespace {

constexpr std::string_view kAdminType = "HS_ADMIN";
constexpr std::string_view kGroupType = "HS_VLIST";
constexpr std::string_view kPrefixHandles = "0.NA/";

// Looks for one identity among administrators.
class AdministratorSearch {
 public:
  AdministratorSearch(const storage::View& view, const HandleIdentity& identity)
      : view_(view),
        handle_key_(ToKey(identity.handle)),
        prefix_handle_key_(Concat(kPrefixHandles, PrefixKeyIn(handle_key_))),
        index_(identity.index) {}

  absl::StatusOr<bool> Reaches(const handle::Reference& administrator, int depth = 0) {
    const std::string handle_key = ToKey(administrator.handle);
    if (handle_key == handle_key_ && (administrator.index == 0 || administrator.index == index_)) {
      return true;
    }
    if (handle_key == prefix_handle_key_) return true;
    if (administrator.index == 0 || depth == kAdminGroupDepthMax) return false;
    GUSU_ASSIGN_OR_RETURN(const auto record, ReadRecord(view_, handle_key, view_.last_revision()));
    if (!record.has_value() || IsDeletedHandle(*record->row)) return false;
    for (const storage::v1::ValueRow& value : record->row->values()) {
      if (value.index() != administrator.index || ToKey(value.type()) != kGroupType) continue;
      const auto members = handle::DecodeVlist(value.data());
      return members.ok() ? ReachesOne(*members, depth + 1) : false;
    }
    return false;
  }

 private:
  absl::StatusOr<bool> ReachesOne(const handle::ReferenceList& members, int depth) {
    for (const handle::Reference& member : members) {
      if (members_left_ == 0) break;
      --members_left_;
      GUSU_ASSIGN_OR_RETURN(const bool reaches, Reaches(member, depth));
      if (reaches) return true;
    }
    return false;
  }

  const storage::View& view_;
  const std::string handle_key_;
  const std::string prefix_handle_key_;
  const uint32_t index_;
  int members_left_ = kAdminGroupMembersMax;
};

// Whether the administrator could prove itself here: its prefix, or that which a handle of a prefix
// is about, is this registry's.
bool IsHere(const storage::Directory& directory, std::string_view administrator) {
  const std::string handle_key = ToKey(administrator);
  std::string_view prefix_key = PrefixKeyIn(handle_key);
  if (handle_key.starts_with(kPrefixHandles)) {
    prefix_key = std::string_view(handle_key).substr(kPrefixHandles.size());
  }
  return directory.FindPrefix(prefix_key) != nullptr || IsNodePrefix(directory, prefix_key);
}

absl::Status Refused(std::string_view reason, const storage::v1::RecordRow& record,
                     const HandleIdentity& identity, std::string_view what) {
  const std::string name = Concat(identity.index, ":", identity.handle);
  return Error(absl::StatusCode::kPermissionDenied, reason,
               Concat("HS_ADMIN of ", record.identifier(), " ", what, " ", Quote(name)),
               {{"identifier", record.identifier()}, {"identity", name}});
}

}  // namespace

bool IsDeletedHandle(const storage::v1::RecordRow& record) {
  return record.state() == v1::Record::RETIRED &&
         record.retirement().reason() == v1::Retirement::DELETED;
}

absl::StatusOr<StoredRecord> FindHandleRecord(const storage::View& view,
                                              const Identifier& identifier) {
  const uint64_t now = view.last_revision();
  GUSU_ASSIGN_OR_RETURN(const std::optional<StoredRecord> record,
                        ReadRecord(view, identifier.key(), now));
  StoredRecord found;
  if (record.has_value()) {
    found = *record;
  } else {
    GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                          FindRangeCode(view, identifier, now));
    if (!code.has_value()) return RecordNotFound(view, identifier, now);
    found = {code->revision, code->leaf_index, code->record};
  }
  if (!IsDeletedHandle(*found.row)) return found;
  return Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND",
               Concat("identifier ", identifier.written(), " was deleted"),
               {{"identifier", identifier.written()}});
}

absl::Status CheckHandleRights(const storage::View& view, const storage::v1::RecordRow& record,
                               const HandleIdentity& identity, uint16_t rights) {
  AdministratorSearch search(view, identity);
  bool has_administrators = false;
  bool is_named = false;
  uint16_t missing = rights;
  for (const storage::v1::ValueRow& value : record.values()) {
    if (ToKey(value.type()) != kAdminType) continue;
    const auto admin = handle::DecodeAdminValue(value.data());
    const bool is_read = admin.ok() && !value.is_digest();  // else it names nobody
    if (is_read && !IsHere(view.directory(), admin->administrator.handle)) continue;
    has_administrators = true;
    if (!is_read) continue;
    GUSU_ASSIGN_OR_RETURN(const bool reaches, search.Reaches(admin->administrator));
    if (!reaches) continue;
    is_named = true;
    missing &= static_cast<uint16_t>(~admin->rights);
  }
  if (!has_administrators || (is_named && missing == 0)) return absl::OkStatus();
  if (!is_named) return Refused("HANDLE_ADMIN_REFUSED", record, identity, "does not name");
  return Refused("HANDLE_RIGHT_REFUSED", record, identity,
                 Concat("lacks the rights ", handle::RightsText(missing), " for"));
}

}  // namespace gusu::server
