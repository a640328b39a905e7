// Text that cannot travel: the API carries UTF-8 only, and a server drops a whole message for one
// bad byte, so it is refused here, by the name of its field.
#pragma once

#include <string>

#include "gusu/audit.h"
#include "gusu/requests.h"
#include "gusu/serial_range.h"
#include "gusu/transfer.h"

namespace gusu {

// OK, or kInvalidArgument / TEXT_NOT_UTF8 with metadata "field", for example row.values[2].type.
Status CheckText(const char* field, const std::string& text);
Status CheckText(const ResolveOptions& options);
Status CheckText(const RegisterRow& row);
Status CheckText(const RegisterRequest& request);
Status CheckText(const BatchRegisterRequest& request);
Status CheckText(const UpdateRecordRequest& request);
Status CheckText(const ModifyValuesRequest& request);
Status CheckText(const SuspendRecordRequest& request);
Status CheckText(const ActivateRecordRequest& request);
Status CheckText(const RetireRecordRequest& request);
Status CheckText(const ReinstateRecordRequest& request);
Status CheckText(const HoldRecordRequest& request);
Status CheckText(const UnholdRecordRequest& request);
Status CheckText(const EraseValuesRequest& request);
Status CheckText(const GetRecordRequest& request);
Status CheckText(const ListRecordsRequest& request);
Status CheckText(const ListRevisionsRequest& request);
Status CheckText(const AllocateSerialRangeRequest& request);
Status CheckText(const ActivateSerialRangeRequest& request);
Status CheckText(const ReleaseSerialRangeRequest& request);
Status CheckText(const OfferTransferRequest& request);
Status CheckText(const AcceptTransferRequest& request);
Status CheckText(const DeclineTransferRequest& request);
Status CheckText(const WithdrawTransferRequest& request);
Status CheckText(const AddCosignaturesRequest& request);

}  // namespace gusu
