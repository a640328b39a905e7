#include "client/connection/text_check.h"

#include "proto/utf8.h"

namespace gusu {
namespace {

// Remembers the first field that is not UTF-8.
class TextCheck {
 public:
  TextCheck& Text(const std::string& field, const std::string& text) {
    if (fault_.empty() && !IsUtf8(text)) fault_ = field;
    return *this;
  }
  TextCheck& OnBehalfOf(const std::optional<gusu::OnBehalfOf>& on_behalf_of) {
    if (!on_behalf_of) return *this;
    return Text("on_behalf_of.registrant", on_behalf_of->registrant)
        .Text("on_behalf_of.reason", on_behalf_of->reason);
  }
  TextCheck& InstanceOf(const std::string& field, const std::optional<gusu::InstanceOf>& model) {
    return model ? Text(field + "instance_of.identifier", model->identifier) : *this;
  }
  TextCheck& Values(const std::string& field, const std::vector<Value>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (!IsUtf8(values[i].type)) Text(field + "[" + std::to_string(i) + "].type", values[i].type);
      if (!IsUtf8(values[i].language)) {
        Text(field + "[" + std::to_string(i) + "].language", values[i].language);
      }
      for (const Reference& reference : values[i].references) {
        if (IsUtf8(reference.identifier)) continue;
        Text(field + "[" + std::to_string(i) + "].references", reference.identifier);
      }
    }
    return *this;
  }
  TextCheck& Row(const std::string& field, const RegisterRow& row) {
    Text(field + "identifier", row.identifier)
        .InstanceOf(field, row.instance_of)
        .Text(field + "template", row.template_id)
        .Values(field + "values", row.values)
        .Text(field + "request_id", row.request_id);
    if (row.mint) {
      Text(field + "mint.prefix", row.mint->prefix).Text(field + "mint.pattern", row.mint->pattern);
    }
    if (row.origin) {
      Text(field + "origin.system", row.origin->system)
          .Text(field + "origin.original_identifier", row.origin->original_identifier);
    }
    return *this;
  }
  // What all changes of a record have.
  template <typename Request>
  TextCheck& Change(const Request& request) {
    return Text("name", request.name)
        .Text("etag", request.etag)
        .Text("request_id", request.request_id)
        .OnBehalfOf(request.on_behalf_of);
  }
  Status Take() const {
    if (fault_.empty()) return {};
    return {StatusCode::kInvalidArgument,
            fault_ + " is not UTF-8",
            "TEXT_NOT_UTF8",
            {{"field", fault_}}};
  }

 private:
  std::string fault_;
};

}  // namespace

Status CheckText(const char* field, const std::string& text) {
  return TextCheck().Text(field, text).Take();
}

Status CheckText(const ResolveOptions& options) {
  TextCheck check;
  for (const std::string& type : options.types) check.Text("options.types", type);
  return check.Text("options.as_of_date", options.as_of_date).Take();
}

Status CheckText(const RegisterRow& row) { return TextCheck().Row("row.", row).Take(); }

Status CheckText(const ApplyRegistrantRequest& request) {
  const Registrant& registrant = request.registrant;
  return TextCheck()
      .Text("registrant_id", request.registrant_id)
      .Text("registrant.legal_name", registrant.legal_name)
      .Text("registrant.english_name", registrant.english_name)
      .Text("registrant.organization_code.value", registrant.organization_code.value)
      .Text("registrant.organization_code.authority", registrant.organization_code.authority)
      .Text("registrant.address", registrant.address)
      .Text("registrant.district", registrant.district)
      .Text("registrant.industry_class", registrant.industry_class)
      .Text("registrant.contact.person", registrant.contact.person)
      .Text("registrant.contact.email", registrant.contact.email)
      .Text("registrant.contact.phone", registrant.contact.phone)
      .Text("request_id", request.request_id)
      .Take();
}

Status CheckText(const ApproveRegistrantRequest& request) {
  return TextCheck()
      .Text("name", request.name)
      .Text("reason", request.reason)
      .Text("etag", request.etag)
      .Text("request_id", request.request_id)
      .Take();
}

Status CheckText(const GrantPrefixRequest& request) {
  return TextCheck()
      .Text("prefix", request.prefix)
      .Text("holder", request.holder)
      .Text("reason", request.reason)
      .Text("request_id", request.request_id)
      .Take();
}

Status CheckText(const CreateCredentialRequest& request) {
  return TextCheck()
      .Text("parent", request.parent)
      .Text("credential.title", request.credential.title)
      .Text("request_id", request.request_id)
      .OnBehalfOf(request.on_behalf_of)
      .Take();
}

Status CheckText(const RevokeCredentialRequest& request) {
  return TextCheck()
      .Text("name", request.name)
      .Text("reason", request.reason)
      .Text("request_id", request.request_id)
      .OnBehalfOf(request.on_behalf_of)
      .Take();
}

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
  return TextCheck().Change(request).Text("reason", request.reason).Take();
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
