// Which response code of the Handle protocol says what an error of ours says.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "proto/handle/protocol.h"

namespace gusu::handle {

// kSuccess for OK; else by the error's reason (proto/README.md, "Errors"), or by its canonical code
// where the protocol has no word for the reason. The error's message goes along as the answer's
// text.
ResponseCode ResponseCodeFor(const absl::Status& status);

// As a client of that version knows it: before 2.5 there was no kInvalidValue.
ResponseCode CodeInVersion(ResponseCode code, Version version);

}  // namespace gusu::handle
