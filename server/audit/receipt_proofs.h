// Adds the proofs that a write asked for to its answer.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/proofs.h"
#include "server/caller.h"
#include "server/registry.h"

namespace gusu::v1 {
class BatchRegisterResponse;
class RegisterResponse;
class StreamRegisterResponse;
}  // namespace gusu::v1

namespace gusu::server {

// Rows whose receipts bring their proofs, in one message: a proof with its parts takes some 2 KB.
inline constexpr int kProvenRowsMax = 500;

// The receipts of what was written, or had been before.
std::vector<v1::Receipt*> ReceiptsOf(v1::RegisterResponse* response);
std::vector<v1::Receipt*> ReceiptsOf(v1::BatchRegisterResponse* response);
std::vector<v1::Receipt*> ReceiptsOf(v1::StreamRegisterResponse* response);
// Of a response with one receipt.
template <typename Response>
std::vector<v1::Receipt*> ReceiptsOf(Response* response) {
  return {response->mutable_receipt()};
}

// `done`, with proofs first when the request asked for them: then on a thread of `proofs`, which
// outlives it.
template <typename Response>
Done<Response> WithProofs(const Proofs* proofs, bool include_proof, const Caller& caller,
                          Done<Response> done) {
  if (!include_proof) return done;
  return [proofs, caller, done = std::move(done)](absl::StatusOr<Response> response) {
    if (!response.ok()) return done(std::move(response));
    const auto answer = std::make_shared<Response>(*std::move(response));
    proofs->Run([proofs, caller, done, answer] {
      proofs->ProveReceipts(caller, ReceiptsOf(answer.get()));
      done(std::move(*answer));
    });
  };
}

}  // namespace gusu::server
