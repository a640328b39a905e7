#include "server/record_hold.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/record_requests.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

v1::Hold::Side SideOf(const RecordUnderChange& change) {
  return change.acting.registrant.empty() ? v1::Hold::BUREAU : v1::Hold::HOLDER;
}

std::string SideName(uint32_t side) {
  return v1::Hold::Side_Name(static_cast<v1::Hold::Side>(side));
}

absl::Status CheckMayHold(const RecordUnderChange& change) {
  if (SideOf(change) == v1::Hold::BUREAU) return absl::OkStatus();
  return CheckHolderOrOwner(change);
}

absl::Status CheckDocumentNumber(const std::string& number) {
  if (IsUtf8(number) && CharacterCount(number) <= kHoldDocumentCharactersMax) {
    return absl::OkStatus();
  }
  return FieldInvalid("document_number", number,
                      Concat("at most ", kHoldDocumentCharactersMax, " characters of UTF-8"));
}

ErrorMetadata Where(const stored::RecordRow& record, uint32_t number) {
  return {{"identifier", record.identifier()}, {"number", std::to_string(number)}};
}

}  // namespace

absl::Status CheckNotHeld(const stored::RecordRow& record) {
  if (record.holds().empty()) return absl::OkStatus();
  const stored::HoldRow& hold = record.holds(0);
  ErrorMetadata metadata = Where(record, hold.number());
  metadata.emplace_back("side", SideName(hold.side()));
  metadata.emplace_back("reason", hold.reason());
  return Error(
      absl::StatusCode::kFailedPrecondition, "RECORD_HELD",
      Concat("record ", record.identifier(), " is held by the ", SideName(hold.side()), " (hold ",
             hold.number(), ": ", Quote(hold.reason()), "): it changes when every hold is lifted"),
      std::move(metadata));
}

absl::Status Apply(const v1::HoldRecordRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckDocumentNumber(request.document_number()));
  GUSU_RETURN_IF_ERROR(CheckMayHold(change));
  stored::RecordRow& record = *change.record;
  for (const stored::HoldRow& hold : record.holds()) {
    if (hold.side() == static_cast<uint32_t>(SideOf(change)) && hold.reason() == request.reason() &&
        hold.document_number() == request.document_number()) {
      return absl::OkStatus();
    }
  }
  if (record.holds_size() >= kHoldsMax) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "HOLDS_EXHAUSTED",
        Concat("record ", record.identifier(), " has ", kHoldsMax, " holds, and no more at a time"),
        {{"identifier", record.identifier()}, {"holds_max", std::to_string(kHoldsMax)}});
  }
  record.set_last_hold_number(record.last_hold_number() + 1);
  stored::HoldRow* hold = record.add_holds();
  hold->set_number(record.last_hold_number());
  hold->set_side(SideOf(change));
  hold->set_reason(request.reason());
  hold->set_document_number(request.document_number());
  return absl::OkStatus();
}

absl::Status Apply(const v1::UnholdRecordRequest& request, const RecordUnderChange& change) {
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  if (request.number() == 0) return FieldMissing("number");
  GUSU_RETURN_IF_ERROR(CheckMayHold(change));
  stored::RecordRow& record = *change.record;
  if (request.number() > record.last_hold_number()) {
    return Error(absl::StatusCode::kNotFound, "HOLD_NOT_FOUND",
                 Concat("record ", record.identifier(), " never had a hold ", request.number()),
                 Where(record, request.number()));
  }
  auto* holds = record.mutable_holds();
  const auto hold =
      std::find_if(holds->begin(), holds->end(), [&request](const stored::HoldRow& standing) {
        return standing.number() == request.number();
      });
  if (hold == holds->end()) return absl::OkStatus();
  if (hold->side() != static_cast<uint32_t>(SideOf(change))) {
    ErrorMetadata metadata = Where(record, request.number());
    metadata.emplace_back("side", SideName(hold->side()));
    return Error(
        absl::StatusCode::kPermissionDenied, "HOLD_OF_OTHER_SIDE",
        Concat("hold ", request.number(), " of record ", record.identifier(), " was placed by the ",
               SideName(hold->side()), ", and only that side lifts it"),
        std::move(metadata));
  }
  holds->erase(hold);
  return absl::OkStatus();
}

}  // namespace gusu::server
