#include "proto/transfer_canonical.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"

// Tags are the field numbers of the row (gusu/storage/v1/storage.proto), which never change.

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kSaltBytes = 32;

}  // namespace

std::string CanonicalBody(const storage::v1::TransferRow& transfer) {
  CanonicalWriter writer(kVersion);
  writer.Text(2, transfer.from())
      .Text(3, transfer.to())
      .Number(4, transfer.ownership() ? 1 : 0)
      .Number(5, transfer.custody() ? 1 : 0);
  for (const storage::v1::TransferItemRow& item : transfer.items()) {
    CanonicalWriter element(kVersion);
    element.Text(1, item.identifier()).Number(2, item.state());
    writer.Element(6, std::move(element).Take());
  }
  writer.Text(7, transfer.range_first_identifier())
      .Text(8, transfer.range_last_identifier())
      .Number(9, transfer.expire_time_us())
      .Text(10, transfer.reference())
      .Number(11, transfer.state())
      .Text(12, transfer.state_reason());
  for (const std::string& key : transfer.prefix_keys()) writer.Element(17, key);
  for (const std::string& holder : transfer.prefix_holders()) writer.Element(18, holder);
  for (const uint64_t count : transfer.prefix_passing_counts()) writer.NumberElement(19, count);
  return std::move(writer).Take();
}

std::vector<Commitment> Seal(storage::v1::TransferRow& transfer) {
  transfer.set_body_salt(RandomBytes(kSaltBytes));
  return {{"BODY", CommitmentHash(transfer.body_salt(), CanonicalBody(transfer))}};
}

}  // namespace gusu
