#include "server/record_filter.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/record_requests.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/as_of.h"
#include "server/ownership.h"
#include "server/record_rules.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"

namespace gusu::server {
namespace {

absl::StatusOr<RecordFilter::Attribute> ParseAttribute(const v1::AttributeFilter& asked,
                                                       int index) {
  const auto field = [index](std::string_view name) {
    return Concat("attributes[", index, "].", name);
  };
  if (asked.name().empty()) return FieldMissing(field("name"));
  if (!IsUtf8(asked.name()) || CharacterCount(asked.name()) > kTypeCharactersMax) {
    return FieldInvalid(field("name"), asked.name(), "1 to 255 characters of UTF-8");
  }
  RecordFilter::Attribute attribute{asked.name(), asked.equals(), false};
  switch (asked.condition_case()) {
    case v1::AttributeFilter::CONDITION_NOT_SET:
      return FieldMissing(field("equals"));
    case v1::AttributeFilter::kEquals:
      break;
    case v1::AttributeFilter::kBeginsWith:
      if (asked.begins_with().empty()) return FieldMissing(field("begins_with"));
      attribute.text = asked.begins_with();
      attribute.is_beginning = true;
  }
  if (attribute.text.size() > kValueBytesMax) {
    return FieldInvalid(field(attribute.is_beginning ? "begins_with" : "equals"),
                        Concat(attribute.text.size(), " bytes"),
                        Concat("no value has more than ", kValueBytesMax, " bytes"));
  }
  return attribute;
}

absl::StatusOr<RecordFilter::Times> ParseTimes(const v1::TimeInterval& asked,
                                               std::string_view field) {
  RecordFilter::Times times;
  if (asked.has_from()) {
    GUSU_ASSIGN_OR_RETURN(times.begin, TimeOf(asked.from(), Concat(field, ".from")));
  }
  if (asked.has_before()) {
    GUSU_ASSIGN_OR_RETURN(times.end, TimeOf(asked.before(), Concat(field, ".before")));
  }
  if (times.begin >= times.end) {
    return FieldInvalid(
        Concat(field, ".before"), RevisionTime(times.end),
        Concat("it must be later than ", field, ".from, ", RevisionTime(times.begin)));
  }
  return times;
}

absl::StatusOr<uint64_t> ParseAsOf(const google::protobuf::Timestamp& time,
                                   const storage::View& view, absl::Time now) {
  v1::ResolveOptions options;
  *options.mutable_as_of_time() = time;
  return AsOfRevision(options, view, now);
}

// 0 is the row's own revision.
uint64_t CreateRevision(const storage::v1::RecordRow& row, uint64_t revision) {
  return row.create_revision() != 0 ? row.create_revision() : revision;
}

}  // namespace

bool RecordFilter::Attribute::Matches(std::string_view data) const {
  return is_beginning ? data.starts_with(text) : data == text;
}

absl::StatusOr<RecordFilter> RecordFilter::Parse(const v1::ListRecordsRequest& request,
                                                 const storage::View& view, absl::Time now) {
  RecordFilter filter;
  if (!v1::Record::State_IsValid(request.state())) {
    return FieldInvalid("state", std::to_string(request.state()), "not a state");
  }
  if (!v1::Record::Level_IsValid(request.level())) {
    return FieldInvalid("level", std::to_string(request.level()), "not a level");
  }
  filter.state = static_cast<uint32_t>(request.state());
  filter.level = static_cast<uint32_t>(request.level());
  if (request.attributes_size() > kAttributesMax) {
    return FieldInvalid("attributes", std::to_string(request.attributes_size()),
                        Concat("at most ", kAttributesMax));
  }
  for (int i = 0; i < request.attributes_size(); ++i) {
    GUSU_ASSIGN_OR_RETURN(filter.attributes.emplace_back(),
                          ParseAttribute(request.attributes(i), i));
  }
  if (!request.owner().empty()) {
    GUSU_ASSIGN_OR_RETURN(filter.owner, ParseRegistrantName(request.owner(), "owner"));
  }
  if (!request.custodian().empty()) {
    GUSU_ASSIGN_OR_RETURN(filter.custodian, ParseRegistrantName(request.custodian(), "custodian"));
  }
  if (request.has_create_time()) {
    GUSU_ASSIGN_OR_RETURN(filter.create_time, ParseTimes(request.create_time(), "create_time"));
  }
  if (request.has_update_time()) {
    GUSU_ASSIGN_OR_RETURN(filter.update_time, ParseTimes(request.update_time(), "update_time"));
  }
  if (request.has_as_of_time()) {
    GUSU_ASSIGN_OR_RETURN(filter.as_of, ParseAsOf(request.as_of_time(), view, now));
  }
  if (!request.instance_of().empty()) {
    GUSU_ASSIGN_OR_RETURN(const Identifier model, Identifier::ParseName(request.instance_of()));
    filter.instance_of_key = model.key();
  }
  if (!request.template_().empty()) {
    filter.templ = FindTemplate(view.directory(), request.template_());
    if (filter.templ == nullptr) return TemplateNotFound(request.template_());
  }
  return filter;
}

bool RecordFilter::Wants(const storage::v1::RecordRow& row, uint64_t revision,
                         const std::string& prefix_holder, const ReadRight& right) const {
  if (state != 0 && row.state() != state) return false;
  if (level != 0 && row.level() != level) return false;
  if (!owner.empty() && OwnerOf(row, prefix_holder) != owner) return false;
  if (!custodian.empty() && CustodianOf(row, prefix_holder) != custodian) return false;
  if (create_time.has_value() && !create_time->Has(CreateRevision(row, revision))) return false;
  if (update_time.has_value() && !update_time->Has(revision)) return false;
  if (templ != nullptr && ToKey(row.template_id()) != ToKey(templ->id)) return false;
  if (!instance_of_key.empty() && ToKey(row.instance_of()) != instance_of_key) return false;
  return HasAttributes(row, right);
}

bool RecordFilter::HasAttributes(const storage::v1::RecordRow& row, const ReadRight& right) const {
  return std::all_of(attributes.begin(), attributes.end(), [&](const Attribute& attribute) {
    return std::any_of(row.values().begin(), row.values().end(),
                       [&](const storage::v1::ValueRow& value) {
                         return value.type() == attribute.type && !value.is_digest() &&
                                attribute.Matches(value.data()) && right.Covers(value);
                       });
  });
}

}  // namespace gusu::server
