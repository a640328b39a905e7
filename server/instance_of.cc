#include "server/instance_of.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

absl::Status Refused(std::string_view identifier, std::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "INSTANCE_OF_REFUSED",
               Concat("instance_of ", Quote(identifier), " ", what),
               {{"instance_of", std::string(identifier)}});
}

}  // namespace

absl::StatusOr<Ancestor> FindAncestor(const storage::View& view,
                                      const v1::InstanceOf& instance_of) {
  GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(instance_of.identifier()));
  const std::string key = storage::RecordKey(identifier.key());
  GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> row, view.Get(key));
  if (!row.has_value()) return Refused(identifier.written(), "is not registered");
  storage::v1::RecordRow record;
  if (!record.ParseFromString(row->payload)) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat("record ", identifier.written(), " cannot be read"),
                 {{"identifier", identifier.written()}});
  }
  if (instance_of.revision() != 0) {
    GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> fixed,
                          view.GetAsOf(key, instance_of.revision()));
    if (!fixed.has_value() || fixed->revision != instance_of.revision()) {
      return Refused(identifier.written(), Concat("has no revision ", instance_of.revision()));
    }
  }
  return Ancestor{record.identifier(), identifier.key(),     record.level(),
                  record.state(),      record.template_id(), row->revision};
}

absl::Status CheckAncestor(const Ancestor& ancestor, std::string_view key, uint32_t level) {
  if (ancestor.key == key) return Refused(ancestor.identifier, "is the record itself");
  if (ancestor.level >= level) {
    return Refused(ancestor.identifier,
                   Concat("is of level ",
                          v1::Record::Level_Name(static_cast<v1::Record::Level>(ancestor.level)),
                          ", which is not above ",
                          v1::Record::Level_Name(static_cast<v1::Record::Level>(level))));
  }
  if (ancestor.state == v1::Record::RETIRED) return Refused(ancestor.identifier, "is retired");
  return absl::OkStatus();
}

}  // namespace gusu::server
