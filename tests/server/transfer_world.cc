#include "tests/server/transfer_world.h"

#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/resolver.h"

namespace gusu::server {
namespace {

constexpr int64_t kStartSeconds = 1'767'225'600;

storage::v1::RegistrantRow Active(const std::string& name) {
  storage::v1::RegistrantRow row;
  row.set_legal_name(name);
  row.set_state(v1::Registrant::ACTIVE);
  return row;
}

std::string IdIn(const std::string& name) { return name.substr(name.find('/') + 1); }

}  // namespace

TransferWorld::TransferWorld()
    : now_us_(kStartSeconds * 1'000'000),
      transfers_(&world_.ledger(), nullptr, [this] { return Now(); }),
      ranges_(&world_.ledger(), nullptr, [this] { return Now(); }) {
  world_.Put(storage::RegistrantKey("sz-water"), Active("Suzhou Water"));
  world_.Put(storage::RegistrantKey("sz-mills"), Active("Suzhou Mills"));
}

std::string TransferWorld::Offer(const std::string& registrant, const std::string& transfer) {
  const auto request = FromText<v1::OfferTransferRequest>(Concat("transfer { ", transfer, " }"));
  const auto response = Call(&Transfers::OfferTransfer, request, world_.Writer(registrant));
  INFO(response.status().ToString());
  REQUIRE(response.ok());
  return response->transfer().name();
}

std::string TransferWorld::TryOffer(const std::string& registrant, const std::string& transfer) {
  return Do(&Transfers::OfferTransfer, registrant, Concat("transfer { ", transfer, " }"));
}

std::string TransferWorld::Accept(const std::string& registrant, const std::string& name,
                                  const std::string& rest) {
  return Do(&Transfers::AcceptTransfer, registrant, Concat("name: \"", name, "\" ", rest));
}

std::string TransferWorld::Decline(const std::string& registrant, const std::string& name,
                                   const std::string& rest) {
  return Do(&Transfers::DeclineTransfer, registrant,
            Concat("name: \"", name, "\" reason: \"not ordered\" ", rest));
}

std::string TransferWorld::Withdraw(const std::string& registrant, const std::string& name) {
  return Do(&Transfers::WithdrawTransfer, registrant,
            Concat("name: \"", name, "\" reason: \"sold to another\""));
}

std::string TransferWorld::Get(const Caller& caller, const std::string& name) const {
  v1::GetTransferRequest request;
  request.set_name(name);
  v1::Transfer transfer;
  const absl::Status status = transfers_.GetTransfer(request, caller, &transfer);
  return status.ok() ? Show(transfer) : RegistryWorld::ShowError(status);
}

std::string TransferWorld::Owner(const std::string& identifier, uint64_t revision) {
  const Resolver resolver(&world_.ledger(), nullptr);
  v1::ResolveRequest request;
  request.set_identifier(identifier);
  if (revision != 0) {
    auto* time = request.mutable_options()->mutable_as_of_time();
    time->set_seconds(static_cast<int64_t>(revision / 1'000'000));
    time->set_nanos(static_cast<int32_t>(revision % 1'000'000 * 1'000));
  }
  Caller caller;
  caller.role = Role::kReader;
  caller.registrant = "sz-mills";
  v1::ResolveResponse resolution;
  const absl::Status status = resolver.Resolve(request, caller, &resolution);
  return status.ok() ? resolution.record().owner() : RegistryWorld::ShowError(status);
}

std::string TransferWorld::List(const Caller& caller, const std::string& request,
                                std::string* token) {
  auto asked = FromText<v1::ListTransfersRequest>(request);
  if (token != nullptr) asked.set_page_token(*token);
  v1::ListTransfersResponse page;
  const absl::Status status = transfers_.ListTransfers(asked, caller, &page);
  if (!status.ok()) return RegistryWorld::ShowError(status);
  std::string shown;
  for (const v1::Transfer& transfer : page.transfers()) {
    CHECK(transfer.items().empty());
    shown += transfer.reference() + "\n";
  }
  if (token != nullptr) *token = page.next_page_token();
  if (!page.next_page_token().empty()) shown += "more\n";
  return shown;
}

std::string TransferWorld::Show(const v1::Transfer& transfer) {
  std::string shown = Concat(
      IdIn(transfer.from()), " > ", IdIn(transfer.to()), transfer.ownership() ? " OWNERSHIP" : "",
      transfer.custody() ? " CUSTODY" : "", " ", v1::Transfer::State_Name(transfer.state()));
  if (!transfer.state_reason().empty()) shown += Concat(" (", transfer.state_reason(), ")");
  std::string separator = ": ";
  for (const v1::TransferItem& item : transfer.items()) {
    shown += Concat(separator, item.identifier(), " ", v1::TransferItem::State_Name(item.state()));
    separator = ", ";
  }
  if (transfer.has_range()) {
    shown += Concat(": ", transfer.range().first_identifier(), " to ",
                    transfer.range().last_identifier());
  }
  return shown;
}

std::string TransferWorld::Holders(const std::string& identifier) const {
  const auto row = world_.View()->Get(storage::RecordKey(ToKey(identifier)));
  REQUIRE(row.ok());
  if (!row->has_value()) return "";
  storage::v1::RecordRow record;
  REQUIRE(record.ParseFromString((*row)->payload));
  const std::string key = ToKey(identifier);
  const auto view = world_.View();
  const std::string& holder =
      PrefixHolder(view->directory(), std::string_view(key).substr(0, key.find('/')));
  return Concat(OwnerOf(record, holder), " ", CustodianOf(record, holder));
}

void TransferWorld::Allocate(const std::string& request) {
  std::promise<absl::Status> answer;
  const auto asked =
      FromText<v1::AllocateSerialRangeRequest>(Concat("parent: \"prefixes/88.118.8\" ", request));
  ranges_.Allocate(asked, world_.Writer("sz-pumps"),
                   [&answer](const absl::StatusOr<v1::SerialRangeResponse>& response) {
                     answer.set_value(response.status());
                   });
  const absl::Status status = answer.get_future().get();
  INFO(status.ToString());
  REQUIRE(status.ok());
}

void TransferWorld::Release(const std::string& first, const std::string& last) {
  std::promise<absl::Status> answer;
  v1::ReleaseSerialRangeRequest request;
  request.set_first_identifier(first);
  request.set_last_identifier(last);
  request.set_reason("misprinted");
  ranges_.Release(request, world_.Writer("sz-pumps"),
                  [&answer](const absl::StatusOr<v1::SerialRangeResponse>& response) {
                    answer.set_value(response.status());
                  });
  const absl::Status status = answer.get_future().get();
  INFO(status.ToString());
  REQUIRE(status.ok());
}

std::string TransferWorld::Ranges() const {
  v1::ListSerialRangesRequest request;
  request.set_parent("prefixes/88.118.8");
  v1::ListSerialRangesResponse page;
  const absl::Status status = ranges_.List(request, world_.Writer("sz-pumps"), &page);
  INFO(status.ToString());
  REQUIRE(status.ok());
  std::string shown;
  for (const v1::SerialRange& range : page.serial_ranges()) {
    shown += Concat(range.first_serial(), "-", range.last_serial(), " ",
                    v1::Record::State_Name(range.state()), " ", IdIn(range.owner()), " ",
                    IdIn(range.custodian()), "\n");
  }
  return shown;
}

void TransferWorld::PassPrefix(const std::string& holder) {
  const auto view = world_.View();
  storage::v1::PrefixRow row = *view->directory().FindPrefix("88.118.8")->row;
  // As Registrar passes it: each former holder once.
  auto* former = row.mutable_former_holders();
  former->erase(std::remove(former->begin(), former->end(), row.holder()), former->end());
  row.add_former_holders(row.holder());
  row.set_holder(holder);
  row.set_passing_count(row.passing_count() + 1);
  world_.Put(storage::PrefixKey("88.118.8"), row);
}

std::vector<std::string> TransferWorld::LeavesFrom(uint64_t first) const {
  std::vector<std::string> leaves;
  const auto view = world_.View();
  for (uint64_t leaf = first; leaf < view->leaf_count(); ++leaf) {
    const auto change = view->ReadChange(leaf);
    REQUIRE(change.ok());
    leaves.push_back(Concat(OperationName(change->operation), " ", change->resource, " ",
                            change->registrant, " by ", change->actor));
  }
  return leaves;
}

}  // namespace gusu::server
