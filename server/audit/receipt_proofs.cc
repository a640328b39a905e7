#include "server/audit/receipt_proofs.h"

#include "gusu/v1/registry.pb.h"
#include "gusu/v1/serial_range.pb.h"

namespace gusu::server {

std::vector<v1::Receipt*> ReceiptsOf(v1::RegisterResponse* response) {
  return {response->mutable_result()->mutable_receipt()};
}

std::vector<v1::Receipt*> ReceiptsOf(v1::BatchRegisterResponse* response) {
  std::vector<v1::Receipt*> receipts;
  for (v1::RegisterResult& result : *response->mutable_results()) {
    receipts.push_back(result.mutable_receipt());
  }
  return receipts;
}

std::vector<v1::Receipt*> ReceiptsOf(v1::StreamRegisterResponse* response) {
  std::vector<v1::Receipt*> receipts;
  for (v1::RowOutcome& outcome : *response->mutable_outcomes()) {
    if (outcome.has_result()) receipts.push_back(outcome.mutable_result()->mutable_receipt());
  }
  return receipts;
}

}  // namespace gusu::server
