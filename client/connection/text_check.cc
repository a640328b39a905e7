#include "client/connection/text_check.h"

#include "client/connection/text_check_fields.h"

namespace gusu {
Status CheckText(const char* field, const std::string& text) {
  return TextCheck().Text(field, text).Take();
}

Status CheckText(const ResolveOptions& options) {
  TextCheck check;
  for (const std::string& type : options.types) check.Text("options.types", type);
  return check.Text("options.as_of_date", options.as_of_date)
      .Text("options.reason", options.reason)
      .Take();
}

Status CheckText(const RegisterRow& row) { return TextCheck().Row("row.", row).Take(); }

Status CheckText(const RegisterRequest& request) {
  return TextCheck().Row("row.", request.row).OnBehalfOf(request.on_behalf_of).Take();
}

Status CheckText(const BatchRegisterRequest& request) {
  TextCheck check;
  for (size_t i = 0; i < request.rows.size(); ++i) {
    check.Row("rows[" + std::to_string(i) + "].", request.rows[i]);
  }
  return check.Text("request_id", request.request_id).OnBehalfOf(request.on_behalf_of).Take();
}

Status CheckText(const UpdateRecordRequest& request) {
  return TextCheck()
      .Change(request)
      .Values("values", request.values)
      .InstanceOf("", request.instance_of)
      .Text("reason", request.reason)
      .Take();
}

Status CheckText(const ModifyValuesRequest& request) {
  return TextCheck()
      .Change(request)
      .Values("add", request.add)
      .Values("modify", request.modify)
      .Text("reason", request.reason)
      .Take();
}

Status CheckText(const SuspendRecordRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const ActivateRecordRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const RetireRecordRequest& request) {
  return TextCheck()
      .Change(request)
      .Text("retirement.text", request.retirement.text)
      .Text("retirement.successor", request.retirement.successor)
      .Take();
}

Status CheckText(const ReinstateRecordRequest& request) {
  return TextCheck()
      .Change(request)
      .Text("reason", request.reason)
      .Values("content.values", request.values.value_or(std::vector<Value>()))
      .Take();
}

Status CheckText(const EraseValuesRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const AddCosignaturesRequest& request) {
  TextCheck check;
  check.Text("checkpoint", request.checkpoint).Text("reason", request.reason);
  for (const std::string& vkey : request.witness_vkeys) check.Text("witness_vkeys", vkey);
  return check.Take();
}

}  // namespace gusu
