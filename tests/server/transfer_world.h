// The registry of registry_world.h with transfers, serial ranges and a clock that a case moves.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "gusu/v1/transfer.pb.h"
#include "server/ranges/serial_ranges.h"
#include "server/transfers/transfers.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

// Beside those of RegistryWorld: sz-water and sz-mills, which hold no prefix.
class TransferWorld {
 public:
  TransferWorld();

  RegistryWorld& registry() { return world_; }
  void Pass(absl::Duration time) { now_us_ += absl::ToInt64Microseconds(time); }
  absl::Time Now() const { return absl::FromUnixMicros(now_us_); }

  template <typename Request>
  absl::StatusOr<v1::TransferResponse> Call(void (Transfers::*method)(const Request&, const Caller&,
                                                                      Done<v1::TransferResponse>),
                                            const Request& request, const Caller& caller) {
    std::promise<absl::StatusOr<v1::TransferResponse>> answer;
    (transfers_.*method)(request, caller, [&answer](absl::StatusOr<v1::TransferResponse> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }
  // From text; as Show, or the error.
  template <typename Request>
  std::string Do(void (Transfers::*method)(const Request&, const Caller&,
                                           Done<v1::TransferResponse>),
                 const std::string& registrant, const std::string& request) {
    const auto response = Call(method, FromText<Request>(request), world_.Writer(registrant));
    return response.ok() ? Show(response->transfer()) : RegistryWorld::ShowError(response.status());
  }

  // `transfer` as in OfferTransferRequest; the offer's name.
  std::string Offer(const std::string& registrant, const std::string& transfer);
  std::string TryOffer(const std::string& registrant, const std::string& transfer);
  std::string Accept(const std::string& registrant, const std::string& name,
                     const std::string& rest = "");
  std::string Decline(const std::string& registrant, const std::string& name,
                      const std::string& rest = "");
  std::string Withdraw(const std::string& registrant, const std::string& name);
  std::string Get(const Caller& caller, const std::string& name) const;
  // The owner that a resolution tells sz-mills, as of a revision; 0: now.
  std::string Owner(const std::string& identifier, uint64_t revision);
  std::string Get(const std::string& registrant, const std::string& name) const {
    return Get(world_.Writer(registrant), name);
  }
  // Names, one a line, `more` when the list goes on.
  std::string List(const Caller& caller, const std::string& request, std::string* token = nullptr);

  // `sz-pumps > sz-water OWNERSHIP OFFERED: 88.118.8/HP-1 ACCEPTED, …`.
  static std::string Show(const v1::Transfer& transfer);
  // `sz-water sz-pumps`: owner and custodian of the record as it is stored.
  std::string Holders(const std::string& identifier) const;

  // Of 88.118.8; ends the test when it is refused.
  void Allocate(const std::string& request);
  void Release(const std::string& first, const std::string& last);
  // Its ranges, one a line: `1-10 RESERVED sz-pumps`.
  std::string Ranges() const;
  // Gives 88.118.8 another holder, as a transfer of the prefix does.
  void PassPrefix(const std::string& holder);

  // `OFFER_TRANSFER transfers/…` for each leaf from `first` on.
  std::vector<std::string> LeavesFrom(uint64_t first) const;

 private:
  std::atomic<int64_t> now_us_;
  RegistryWorld world_;
  Transfers transfers_;
  SerialRanges ranges_;
};

}  // namespace gusu::server
