// The rules of serial ranges: allocating codes by the million, bringing parts of them into use,
// giving parts back. Knows no door; speaks the API's own messages.
//
// Writes answer through `done`, once: on the calling thread when they are refused at once, else on
// the ledger's answer thread. A request stays as it is until then.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "server/registry.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class ActivateSerialRangeRequest;
class AllocateSerialRangeRequest;
class GetSerialRangeRequest;
class ListSerialRangesRequest;
class ListSerialRangesResponse;
class ReleaseSerialRangeRequest;
class SerialRange;
class SerialRangeResponse;
}  // namespace gusu::v1

namespace gusu::server {

class Proofs;

class SerialRanges {
 public:
  // Neither is owned; both outlive it. `proofs` may be nullptr where nobody asks for any. `clock`
  // says which grants have expired.
  SerialRanges(storage::Ledger* ledger, const Proofs* proofs,
               std::function<absl::Time()> clock = absl::Now);

  void Allocate(const v1::AllocateSerialRangeRequest& request, const Caller& caller,
                Done<v1::SerialRangeResponse> done);
  void Activate(const v1::ActivateSerialRangeRequest& request, const Caller& caller,
                Done<v1::SerialRangeResponse> done);
  void Release(const v1::ReleaseSerialRangeRequest& request, const Caller& caller,
               Done<v1::SerialRangeResponse> done);

  // For the prefix's holder, the range's owner and custodian, and the bureau, with the values that
  // they may read.
  absl::Status Get(const v1::GetSerialRangeRequest& request, const Caller& caller,
                   v1::SerialRange* response) const;
  // The ranges of a prefix that Get would answer.
  absl::Status List(const v1::ListSerialRangesRequest& request, const Caller& caller,
                    v1::ListSerialRangesResponse* response) const;

 private:
  storage::Ledger* ledger_;
  const Proofs* proofs_;
  std::function<absl::Time()> clock_;
};

}  // namespace gusu::server
