// The rules of passing records from one registrant to another, with two parties: offered by one,
// taken or not by the other. Until it is taken everything stays as it was, and then all of what is
// taken passes in one commit, so that resolution never has a gap.
//
// Writes answer through `done` as Registry's do; reads on the calling thread. What an offer is
// worth is judged anew when it is taken: the codes must still be the offerer's, unheld and not
// retired, and their prefixes with the holders of then.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/registry.h"

namespace gusu::v1 {
class AcceptTransferRequest;
class DeclineTransferRequest;
class GetTransferRequest;
class ListTransfersRequest;
class ListTransfersResponse;
class OfferTransferRequest;
class Transfer;
class TransferResponse;
class WithdrawTransferRequest;
}  // namespace gusu::v1

namespace gusu::server {

class Transfers {
 public:
  static constexpr int kItemsMax = 1000;
  // Ranges that a part may have been split into until it is taken.
  static constexpr size_t kRangePartsMax = 1000;
  // Transfers that one page of a list looks at; then it ends, however few it found.
  static constexpr size_t kPageTransfersMax = 1000;
  static constexpr absl::Duration kOfferTimeDefault = absl::Hours(30 * 24);
  static constexpr absl::Duration kOfferTimeMax = absl::Hours(365 * 24);

  // Ledger and proofs are not owned, and outlive this; `proofs` may be nullptr where nobody asks
  // for any. `clock` tells what has expired.
  Transfers(storage::Ledger* ledger, const Proofs* proofs,
            std::function<absl::Time()> clock = absl::Now);

  void OfferTransfer(const v1::OfferTransferRequest& request, const Caller& caller,
                     Done<v1::TransferResponse> done);
  void AcceptTransfer(const v1::AcceptTransferRequest& request, const Caller& caller,
                      Done<v1::TransferResponse> done);
  void DeclineTransfer(const v1::DeclineTransferRequest& request, const Caller& caller,
                       Done<v1::TransferResponse> done);
  void WithdrawTransfer(const v1::WithdrawTransferRequest& request, const Caller& caller,
                        Done<v1::TransferResponse> done);

  absl::Status GetTransfer(const v1::GetTransferRequest& request, const Caller& caller,
                           v1::Transfer* response) const;
  absl::Status ListTransfers(const v1::ListTransfersRequest& request, const Caller& caller,
                             v1::ListTransfersResponse* response) const;

 private:
  storage::Ledger* const ledger_;
  const Proofs* const proofs_;
  const std::function<absl::Time()> clock_;
};

}  // namespace gusu::server
