#include "server/ranges/range_override.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/resource_fields.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

absl::Status CheckMayTake(const RangeCode& code, const Acting& acting,
                          const std::string& prefix_holder) {
  const storage::v1::RecordRow& record = *code.record;
  if (record.state() == v1::Record::RETIRED) {
    return Error(absl::StatusCode::kFailedPrecondition, "RECORD_RETIRED",
                 Concat("identifier ", record.identifier(), " was released with ",
                        code.resource_name, " and is never assigned again"),
                 {{"identifier", record.identifier()}, {"serial_range", code.resource_name}});
  }
  const std::string& owner = OwnerOf(record, prefix_holder);
  if (owner == acting.registrant) return absl::OkStatus();
  return Error(absl::StatusCode::kAlreadyExists, "IDENTIFIER_TAKEN",
               Concat("identifier ", record.identifier(), " is of ", code.resource_name,
                      ", which has passed to ", RegistrantName(owner)),
               {{"identifier", record.identifier()},
                {"serial_range", code.resource_name},
                {"owner", RegistrantName(owner)}});
}

absl::Status CannotBear(const RangeCode& code, std::string_view what) {
  const std::string state =
      v1::Record::State_Name(static_cast<v1::Record::State>(code.record->state()));
  return Error(absl::StatusCode::kFailedPrecondition, "RANGE_STATE",
               Concat("identifier ", code.record->identifier(), " is of ", code.resource_name,
                      ", which is ", state, ": ", what),
               {{"identifier", code.record->identifier()},
                {"serial_range", code.resource_name},
                {"state", state}});
}

}  // namespace

absl::Status CheckRegistersOver(const storage::View& view, const Identifier& identifier,
                                const Acting& acting, const std::string& prefix_holder,
                                storage::v1::RecordRow* record,
                                std::vector<Precondition>* preconditions) {
  GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                        FindRangeCode(view, identifier, view.last_revision()));
  if (!code) return absl::OkStatus();
  const absl::Status may_take = CheckMayTake(*code, acting, prefix_holder);
  if (!may_take.ok()) {
    GUSU_ASSIGN_OR_RETURN(const auto own, view.Get(storage::RecordKey(identifier.key())));
    return own.has_value() ? absl::OkStatus() : may_take;
  }
  preconditions->push_back(AtRevision(code->key, code->revision));
  record->set_passing_count(code->record->passing_count());
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RangeCode>> FindCodeToChange(const storage::View& view,
                                                          const Identifier& identifier,
                                                          Operation operation) {
  GUSU_ASSIGN_OR_RETURN(std::optional<RangeCode> code,
                        FindRangeCode(view, identifier, view.last_revision()));
  if (!code) return code;
  if (operation == Operation::kEraseValues) {
    return CannotBear(*code, "all of its codes share their values, which are not erased from one");
  }
  if (operation == Operation::kReinstate && code->record->state() == v1::Record::RETIRED) {
    return CannotBear(*code, "what was released stays so for ever");
  }
  return code;
}

void AddOwnRecord(const RangeCode& code, const std::string& record_key,
                  storage::v1::RecordRow* record, Change* change) {
  // The record begins here, whenever its code was allocated.
  record->clear_create_revision();
  record->clear_create_leaf_index();
  change->preconditions.push_back(Absent(record_key));
  change->preconditions.push_back(AtRevision(code.key, code.revision));
  change->adds_record = true;
}

}  // namespace gusu::server
