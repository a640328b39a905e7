// Transfers: how records pass from one registrant to another, offered and accepted or declined.
//
// Every write is told apart by its content, so that the same again has the first answer. An offer
// with a request id of its own is another offer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gusu/requests.h"

namespace gusu {

// kEnded: the prefix passed to another holder.
enum class TransferState {
  kUnspecified,
  kOffered,
  kAccepted,
  kDeclined,
  kWithdrawn,
  kExpired,
  kEnded
};
enum class TransferItemState { kUnspecified, kOffered, kAccepted, kDeclined };
// kIncoming: offered to the registrant.
enum class TransferDirection { kUnspecified, kIncoming, kOutgoing };

GUSU_EXPORT std::string_view ToText(TransferState value);
GUSU_EXPORT std::string_view ToText(TransferItemState value);
GUSU_EXPORT std::string_view ToText(TransferDirection value);
template <>
GUSU_EXPORT std::optional<TransferState> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<TransferItemState> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<TransferDirection> FromText(std::string_view text);

// A code of a record, or of a serial range.
struct TransferItem {
  std::string identifier;
  TransferItemState state = TransferItemState::kUnspecified;  // output only
};

// A part of a serial range, accepted or declined as a whole.
struct TransferRange {
  std::string first_identifier;
  std::string last_identifier;
};

struct Transfer {
  std::string name;  // transfers/{id}
  std::string from;  // registrants/{id}
  std::string to;    // registrants/{id}
  bool ownership = false;
  bool custody = false;
  std::vector<TransferItem> items;       // at most 1000; left out of lists
  std::optional<TransferRange> range;    // or a part of a serial range
  std::optional<Timestamp> expire_time;  // default: in 30 days; at most 365
  std::string reference;                 // the delivery note's number, for example
  // Output only from here on.
  TransferState state = TransferState::kUnspecified;
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  std::string state_reason;
  std::string etag;
};

struct OfferTransferRequest {
  Transfer transfer;
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// In both: `identifiers` are codes among the items, all in one commit or nothing; empty: all that
// are still offered.
struct AcceptTransferRequest {
  std::string name;
  std::vector<std::string> identifiers;
  std::string reason;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct DeclineTransferRequest {
  std::string name;
  std::vector<std::string> identifiers;
  std::string reason;  // required; shown to who offered
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// By who offered; what had been accepted stays.
struct WithdrawTransferRequest {
  std::string name;
  std::string reason;  // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct ListTransfersRequest {
  std::string parent;  // registrants/{id}; empty: the caller's
  TransferDirection direction = TransferDirection::kUnspecified;  // default: both
  TransferState state = TransferState::kUnspecified;
  uint32_t page_size = 0;
};

struct TransferAnswer {
  Transfer transfer;
  Receipt receipt;
};

}  // namespace gusu
