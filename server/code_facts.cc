#include "server/code_facts.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/status_macros.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/stored_record.h"
#include "server/value_selection.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

constexpr std::string_view kRegistrantNameBeginning = "registrants/";

// Whether the caller may see the record that stands at the code now, or what its range says of it.
absl::StatusOr<bool> MaySeeWhole(const storage::View& view, const Identifier& identifier,
                                 const Caller& caller) {
  const uint64_t now = view.last_revision();
  const std::string& holder = PrefixHolder(view.directory(), identifier.prefix_key());
  GUSU_ASSIGN_OR_RETURN(const auto record, ReadRecord(view, identifier.key(), now));
  if (record) return CheckMaySeeHistory(caller, *record->row, holder).ok();
  GUSU_ASSIGN_OR_RETURN(const auto code, FindRangeCode(view, identifier, now));
  return code && CheckMaySeeHistory(caller, *code->record, holder).ok();
}

}  // namespace

absl::StatusOr<CodeHistory> ReadCodeHistory(const storage::View& view, const Identifier& identifier,
                                            const Caller& caller, uint64_t as_of,
                                            size_t changes_max) {
  CodeHistory history;
  GUSU_ASSIGN_OR_RETURN(const bool is_whole, MaySeeWhole(view, identifier, caller));
  uint64_t newest = as_of;
  const auto take = [&](uint64_t revision, uint64_t leaf_index) {
    if (history.changes.size() == changes_max) {
      history.has_older = true;
      return false;
    }
    CodeChange& change = history.changes.emplace_back();
    change.revision = revision;
    change.leaf_index = leaf_index;
    newest = revision - 1;
    return true;
  };
  GUSU_RETURN_IF_ERROR(view.ScanRevisions(
      storage::RecordKey(identifier.key()), newest,
      [&](const storage::Row& row) { return take(row.revision, row.leaf_index); }));
  // Before it had a record of its own, a code was what its serial range says.
  while (!history.has_older) {
    GUSU_ASSIGN_OR_RETURN(const auto code, FindRangeCode(view, identifier, newest));
    if (!code || !take(code->revision, code->leaf_index)) break;
  }
  for (CodeChange& each : history.changes) {
    GUSU_ASSIGN_OR_RETURN(const Change change, view.ReadChange(each.leaf_index));
    each.operation = std::string(OperationName(change.operation));
    if (!is_whole) continue;
    each.actor = change.actor;
    each.on_behalf_of = change.on_behalf_of;
    each.reason = change.reason;
  }
  return history;
}

std::optional<v1::Registrant> PublicRegistrant(const storage::Directory& directory,
                                               std::string_view name) {
  if (!name.starts_with(kRegistrantNameBeginning)) return std::nullopt;
  const std::string_view id = name.substr(kRegistrantNameBeginning.size());
  const auto* entry = directory.FindRegistrant(id);
  if (entry == nullptr || !IsApproved(*entry->row)) return std::nullopt;
  v1::Registrant registrant;
  FillRegistrant(id, *entry->row, entry->revision, ShownTo::kEverybody, &registrant);
  return registrant;
}

}  // namespace gusu::server
