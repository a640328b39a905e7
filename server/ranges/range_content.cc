#include "server/ranges/range_content.h"

#include <memory>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/instance_of.h"
#include "server/ranges/range_allocation.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/resource_fields.h"
#include "server/template.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

absl::Status ReadState(const v1::AllocateSerialRangeRequest& request, const Acting& acting,
                       stored::RecordRow* record) {
  if (request.level() < v1::Record::LEVEL_UNSPECIFIED || request.level() > v1::Record::ITEM) {
    return FieldInvalid("level", std::to_string(request.level()), "MODEL, BATCH or ITEM");
  }
  if (request.state() != v1::Record::STATE_UNSPECIFIED && request.state() != v1::Record::RESERVED &&
      request.state() != v1::Record::ACTIVE) {
    return FieldInvalid("state", std::to_string(request.state()), "RESERVED or ACTIVE");
  }
  record->set_issued_by(acting.registrant);
  record->set_level(request.level() == 0 ? v1::Record::ITEM : request.level());
  record->set_state(request.state() == 0 ? v1::Record::RESERVED : request.state());
  return absl::OkStatus();
}

absl::Status ReadValues(const v1::AllocateSerialRangeRequest& request, const Acting& acting,
                        stored::RecordRow* record) {
  size_t bytes = 0;
  for (int i = 0; i < request.values_size(); ++i) {
    stored::ValueRow* value = record->add_values();
    GUSU_RETURN_IF_ERROR(ReadValue(request.values(i), i, value));
    value->set_author(RegistrantName(acting.registrant));
    bytes += value->ByteSizeLong();
  }
  if (bytes <= kRangeValuesBytesMax) return absl::OkStatus();
  return Error(
      absl::StatusCode::kInvalidArgument, "RECORD_TOO_LARGE",
      Concat("the range's values have ", bytes, " bytes; at most ", kRangeValuesBytesMax),
      {{"bytes", std::to_string(bytes)}, {"bytes_max", std::to_string(kRangeValuesBytesMax)}});
}

absl::Status CheckNotUnique(const Template& templ, const stored::RecordRow& record) {
  for (const stored::ValueRow& value : record.values()) {
    const Attribute* attribute = templ.FindByIndex(value.index());
    if (attribute == nullptr || !attribute->unique) continue;
    return Error(absl::StatusCode::kInvalidArgument, "TEMPLATE_VIOLATED",
                 Concat("attribute ", attribute->name, " of template ", templ.id,
                        " is unique within a prefix, and the codes of a range share their values"),
                 {{"template", templ.id}, {"attribute", attribute->name}, {"value", value.data()}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadRangeContent(const storage::View& view,
                              const v1::AllocateSerialRangeRequest& request, const Acting& acting,
                              const WriteScope& scope, stored::RecordRow* record,
                              std::vector<Precondition>* preconditions) {
  GUSU_RETURN_IF_ERROR(ReadState(request, acting, record));
  GUSU_RETURN_IF_ERROR(ReadValues(request, acting, record));
  std::shared_ptr<const Template> templ;
  if (!request.template_().empty()) {
    GUSU_ASSIGN_OR_RETURN(
        templ, FindPublishedTemplate(view.directory(), request.template_(), acting.registrant));
    record->set_template_id(templ->id);
    record->set_template_version(templ->version);
  }
  GUSU_RETURN_IF_ERROR(CompleteValues(templ.get(), record));
  std::string ancestor_template;
  if (!request.instance_of().identifier().empty()) {
    GUSU_ASSIGN_OR_RETURN(const Ancestor ancestor, FindAncestor(view, request.instance_of()));
    GUSU_RETURN_IF_ERROR(CheckAncestor(ancestor, "", record->level()));
    record->set_instance_of(ancestor.identifier);
    record->set_instance_of_revision(request.instance_of().revision());
    preconditions->push_back(AtRevision(storage::RecordKey(ancestor.key), *ancestor.revision));
    ancestor_template = ancestor.template_id;
  }
  if (templ == nullptr) return absl::OkStatus();
  AddDefaults(*templ, *scope.registrant->row, record);
  GUSU_RETURN_IF_ERROR(CheckNotDisabled(*templ, *record));
  GUSU_RETURN_IF_ERROR(CheckNotUnique(*templ, *record));
  // What its model or batch has of the same template, a code inherits.
  if (ancestor_template != templ->id) GUSU_RETURN_IF_ERROR(CheckRequired(*templ, *record));
  if (templ->revision != 0) {
    preconditions->push_back(AtRevision(storage::TemplateKey(templ->id), templ->revision));
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
