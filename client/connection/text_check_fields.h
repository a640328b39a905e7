// Walks the texts of a request, field by field. For the checks of requests only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gusu/requests.h"
#include "proto/utf8.h"

namespace gusu {

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
  TextCheck& Texts(const std::string& field, const std::vector<std::string>& texts) {
    for (size_t i = 0; i < texts.size(); ++i) {
      if (!IsUtf8(texts[i])) Text(field + "[" + std::to_string(i) + "]", texts[i]);
    }
    return *this;
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

}  // namespace gusu
