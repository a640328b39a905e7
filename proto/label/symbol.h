// The squares of two-dimensional symbols: QR Code (ISO/IEC 18004) with error correction M or
// better, Data Matrix ECC 200 (ISO/IEC 16022), square.
#pragma once

#include "absl/status/statusor.h"
#include "proto/label/label.h"

namespace gusu {

// kInvalidArgument / LABEL_PAYLOAD_TOO_LONG, or GS1_DATA_INVALID for what no GS1 symbol may hold.
absl::StatusOr<SymbolModules> EncodeSymbol(const LabelContent& content, LabelSymbol symbol);

}  // namespace gusu
