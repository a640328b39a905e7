#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

// What is decided of an offer.
template <typename Message, typename Request>
Message DecisionToProto(const Request& request) {
  Message out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

}  // namespace

v1::OfferTransferRequest ToProto(const OfferTransferRequest& request) {
  v1::OfferTransferRequest out;
  const Transfer& transfer = request.transfer;
  v1::Transfer* to = out.mutable_transfer();
  to->set_to(transfer.to);
  to->set_ownership(transfer.ownership);
  to->set_custody(transfer.custody);
  for (const TransferItem& item : transfer.items) to->add_items()->set_identifier(item.identifier);
  if (transfer.range) {
    to->mutable_range()->set_first_identifier(transfer.range->first_identifier);
    to->mutable_range()->set_last_identifier(transfer.range->last_identifier);
  }
  if (transfer.expire_time) FillTime(*transfer.expire_time, to->mutable_expire_time());
  to->set_reference(transfer.reference);
  out.set_reason(request.reason);
  FillWrite(request, &out);
  return out;
}

v1::AcceptTransferRequest ToProto(const AcceptTransferRequest& request) {
  auto out = DecisionToProto<v1::AcceptTransferRequest>(request);
  for (const std::string& identifier : request.identifiers) out.add_identifiers(identifier);
  return out;
}

v1::DeclineTransferRequest ToProto(const DeclineTransferRequest& request) {
  auto out = DecisionToProto<v1::DeclineTransferRequest>(request);
  for (const std::string& identifier : request.identifiers) out.add_identifiers(identifier);
  return out;
}

v1::WithdrawTransferRequest ToProto(const WithdrawTransferRequest& request) {
  return DecisionToProto<v1::WithdrawTransferRequest>(request);
}

v1::ListTransfersRequest ToProto(const ListTransfersRequest& request) {
  v1::ListTransfersRequest out;
  out.set_parent(request.parent);
  out.set_page_size(request.page_size);
  out.set_direction(Same<v1::ListTransfersRequest::Direction>(request.direction));
  out.set_state(Same<v1::Transfer::State>(request.state));
  return out;
}

Transfer FromProto(const v1::Transfer& transfer) {
  Transfer out;
  out.name = transfer.name();
  out.from = transfer.from();
  out.to = transfer.to();
  out.ownership = transfer.ownership();
  out.custody = transfer.custody();
  out.items.reserve(static_cast<size_t>(transfer.items_size()));
  for (const v1::TransferItem& item : transfer.items()) {
    out.items.push_back({item.identifier(), Same<TransferItemState>(item.state())});
  }
  if (transfer.has_range()) {
    out.range =
        TransferRange{transfer.range().first_identifier(), transfer.range().last_identifier()};
  }
  out.expire_time = TimeFrom(transfer.has_expire_time(), transfer.expire_time());
  out.reference = transfer.reference();
  out.state = Same<TransferState>(transfer.state());
  out.create_time = TimeFrom(transfer.has_create_time(), transfer.create_time());
  out.update_time = TimeFrom(transfer.has_update_time(), transfer.update_time());
  out.state_reason = transfer.state_reason();
  out.etag = transfer.etag();
  return out;
}

TransferAnswer FromProto(const v1::TransferResponse& response) {
  return {FromProto(response.transfer()), FromProto(response.receipt())};
}

}  // namespace gusu
