#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

// A part of a range, by its first and last code.
template <typename Message, typename Request>
Message PartToProto(const Request& request) {
  Message out;
  out.set_first_identifier(request.first_identifier);
  out.set_last_identifier(request.last_identifier);
  out.set_reason(request.reason);
  FillWrite(request, &out);
  return out;
}

}  // namespace

v1::AllocateSerialRangeRequest ToProto(const AllocateSerialRangeRequest& request) {
  v1::AllocateSerialRangeRequest out;
  out.set_parent(request.parent);
  out.set_pattern(request.pattern);
  out.set_count(request.count);
  out.set_first_serial(request.first_serial);
  out.set_level(Same<v1::Record::Level>(request.level));
  FillInstanceOf(request.instance_of, &out);
  out.set_template_(request.template_id);
  for (const Value& value : request.values) FillValue(value, out.add_values());
  out.set_state(Same<v1::Record::State>(request.state));
  out.set_reason(request.reason);
  FillWrite(request, &out);
  return out;
}

v1::ActivateSerialRangeRequest ToProto(const ActivateSerialRangeRequest& request) {
  return PartToProto<v1::ActivateSerialRangeRequest>(request);
}

v1::ReleaseSerialRangeRequest ToProto(const ReleaseSerialRangeRequest& request) {
  return PartToProto<v1::ReleaseSerialRangeRequest>(request);
}

v1::ListSerialRangesRequest ToProto(const ListSerialRangesRequest& request) {
  v1::ListSerialRangesRequest out;
  out.set_parent(request.parent);
  out.set_state(Same<v1::Record::State>(request.state));
  out.set_page_size(request.page_size);
  return out;
}

SerialRange FromProto(const v1::SerialRange& range) {
  SerialRange out;
  out.name = range.name();
  out.pattern = range.pattern();
  out.first_serial = range.first_serial();
  out.last_serial = range.last_serial();
  out.first_identifier = range.first_identifier();
  out.last_identifier = range.last_identifier();
  out.state = Same<State>(range.state());
  out.level = Same<Level>(range.level());
  out.instance_of = InstanceOfFrom(range);
  out.template_id = range.template_();
  out.template_version = range.template_version();
  for (const v1::Value& value : range.values()) out.values.push_back(FromProtoValue(value));
  out.issued_by = range.issued_by();
  out.owner = range.owner();
  out.custodian = range.custodian();
  out.parent = range.parent();
  out.create_time = TimeFrom(range.has_create_time(), range.create_time());
  out.update_time = TimeFrom(range.has_update_time(), range.update_time());
  out.revision = range.revision();
  out.leaf_index = range.leaf_index();
  out.etag = range.etag();
  return out;
}

SerialRangeAnswer FromProto(const v1::SerialRangeResponse& response) {
  return {FromProto(response.serial_range()), FromProto(response.receipt())};
}

}  // namespace gusu
