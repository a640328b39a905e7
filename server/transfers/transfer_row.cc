#include "server/transfers/transfer_row.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

constexpr std::string_view kTransfers = "transfers/";
constexpr size_t kIdDigits = 20;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Whether a prefix of its codes has passed on since it was offered.
bool HasEnded(const storage::Directory& directory, const storage::v1::TransferRow& row) {
  for (int i = 0; i < row.prefix_keys_size(); ++i) {
    const auto* prefix = directory.FindPrefix(row.prefix_keys(i));
    const bool stays = prefix != nullptr && i < row.prefix_passing_counts_size() &&
                       prefix->row->passing_count() == row.prefix_passing_counts(i);
    if (!stays) return true;
  }
  return false;
}

}  // namespace

std::string TransferName(std::string_view id) { return Concat(kTransfers, id); }

absl::StatusOr<std::string> ParseTransferName(std::string_view name, std::string_view field) {
  if (name.empty()) return FieldMissing(field);
  const std::string_view id =
      name.starts_with(kTransfers) ? name.substr(kTransfers.size()) : std::string_view();
  bool fits = id.size() == kIdDigits;
  for (const char c : id) fits = fits && IsHexDigit(c);
  if (fits) return std::string(id);
  return FieldInvalid(field, name, "it must be transfers/{id}");
}

absl::Status TransferNotFound(std::string_view id) {
  const std::string name = TransferName(id);
  return Error(absl::StatusCode::kNotFound, "TRANSFER_NOT_FOUND", Concat("there is no ", name),
               {{"transfer", name}});
}

absl::StatusOr<storage::v1::TransferRow> DecodeTransfer(std::string_view id,
                                                        const storage::Row& row) {
  storage::v1::TransferRow transfer;
  if (transfer.ParseFromString(row.payload)) return transfer;
  return storage::RowCorrupt(storage::TransferKey(id), "its payload is not its table's message");
}

uint32_t StateAt(const storage::Directory& directory, const storage::v1::TransferRow& row,
                 absl::Time now) {
  if (row.state() != v1::Transfer::OFFERED) return row.state();
  if (HasEnded(directory, row)) return v1::Transfer::ENDED;
  const bool expired = absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now;
  return expired ? v1::Transfer::EXPIRED : v1::Transfer::OFFERED;
}

void FillTransfer(const storage::v1::TransferRow& row, uint64_t revision, uint32_t state,
                  bool with_items, v1::Transfer* message) {
  message->set_name(TransferName(row.id()));
  message->set_from(RegistrantName(row.from()));
  message->set_to(RegistrantName(row.to()));
  message->set_ownership(row.ownership());
  message->set_custody(row.custody());
  if (with_items) {
    for (const storage::v1::TransferItemRow& item : row.items()) {
      v1::TransferItem* shown = message->add_items();
      shown->set_identifier(item.identifier());
      shown->set_state(static_cast<v1::TransferItem::State>(item.state()));
    }
  }
  if (!row.range_first_identifier().empty()) {
    message->mutable_range()->set_first_identifier(row.range_first_identifier());
    message->mutable_range()->set_last_identifier(row.range_last_identifier());
  }
  FillTime(row.expire_time_us(), message->mutable_expire_time());
  message->set_reference(row.reference());
  message->set_state(static_cast<v1::Transfer::State>(state));
  FillTime(row.create_revision() == 0 ? revision : row.create_revision(),
           message->mutable_create_time());
  FillTime(revision, message->mutable_update_time());
  message->set_state_reason(row.state_reason());
  message->set_etag(EtagOf(revision));
}

}  // namespace gusu::server
