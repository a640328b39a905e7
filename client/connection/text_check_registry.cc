#include "client/connection/text_check.h"
#include "client/connection/text_check_fields.h"

namespace gusu {
namespace {

// A part of a range, by its first and last code.
template <typename Request>
Status CheckPart(const Request& request) {
  return TextCheck()
      .Text("first_identifier", request.first_identifier)
      .Text("last_identifier", request.last_identifier)
      .Text("reason", request.reason)
      .Text("request_id", request.request_id)
      .OnBehalfOf(request.on_behalf_of)
      .Take();
}

// What is decided of some codes of an offer.
template <typename Request>
Status CheckDecision(const Request& request) {
  return TextCheck()
      .Change(request)
      .Texts("identifiers", request.identifiers)
      .Text("reason", request.reason)
      .Take();
}

}  // namespace

Status CheckText(const GetRecordRequest& request) {
  return TextCheck().Text("name", request.name).Text("reason", request.reason).Take();
}

Status CheckText(const ListRecordsRequest& request) {
  TextCheck check;
  check.Text("parent", request.parent);
  for (size_t i = 0; i < request.attributes.size(); ++i) {
    const std::string field = "attributes[" + std::to_string(i) + "].";
    check.Text(field + "name", request.attributes[i].name)
        .Text(field + (request.attributes[i].is_beginning ? "begins_with" : "equals"),
              request.attributes[i].text);
  }
  return check.Text("owner", request.owner)
      .Text("custodian", request.custodian)
      .Text("instance_of", request.instance_of)
      .Text("template", request.template_id)
      .Text("reason", request.reason)
      .Text("page_token", request.page_token)
      .Take();
}

Status CheckText(const ListRevisionsRequest& request) {
  return TextCheck().Text("name", request.name).Text("reason", request.reason).Take();
}

Status CheckText(const HoldRecordRequest& request) {
  return TextCheck()
      .Change(request)
      .Text("reason", request.reason)
      .Text("document_number", request.document_number)
      .Take();
}

Status CheckText(const UnholdRecordRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const AllocateSerialRangeRequest& request) {
  return TextCheck()
      .Text("parent", request.parent)
      .Text("pattern", request.pattern)
      .InstanceOf("", request.instance_of)
      .Text("template", request.template_id)
      .Values("values", request.values)
      .Text("reason", request.reason)
      .Text("request_id", request.request_id)
      .OnBehalfOf(request.on_behalf_of)
      .Take();
}

Status CheckText(const ActivateSerialRangeRequest& request) { return CheckPart(request); }
Status CheckText(const ReleaseSerialRangeRequest& request) { return CheckPart(request); }

Status CheckText(const OfferTransferRequest& request) {
  const Transfer& transfer = request.transfer;
  TextCheck check;
  check.Text("transfer.to", transfer.to);
  for (size_t i = 0; i < transfer.items.size(); ++i) {
    if (IsUtf8(transfer.items[i].identifier)) continue;
    check.Text("transfer.items[" + std::to_string(i) + "].identifier",
               transfer.items[i].identifier);
  }
  if (transfer.range) {
    check.Text("transfer.range.first_identifier", transfer.range->first_identifier)
        .Text("transfer.range.last_identifier", transfer.range->last_identifier);
  }
  return check.Text("transfer.reference", transfer.reference)
      .Text("reason", request.reason)
      .Text("request_id", request.request_id)
      .OnBehalfOf(request.on_behalf_of)
      .Take();
}

Status CheckText(const AcceptTransferRequest& request) { return CheckDecision(request); }
Status CheckText(const DeclineTransferRequest& request) { return CheckDecision(request); }

Status CheckText(const WithdrawTransferRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

}  // namespace gusu
