// The label of a code as a picture: /88.118.8/HP-1?label=svg.
#pragma once

#include <string>

namespace gusu::server {

class HttpCore;
struct HttpCall;

// Answers `call`, whose query has `label`: svg or png. Further parameters: symbol, size, module,
// text and payload as of `gusu label`, and dpi (default 300) of a PNG. Without `size` the label is
// as small as it can be. Runs on this thread: resolving one code, and some milliseconds; a fifth of
// a second for a PNG of 16 million dots, which costs as much of the address's limit.
// Errors are google.rpc.Status: those of Resolve, FIELD_INVALID for parameters (also of one given
// twice), and those of labels.
void AnswerLabel(const HttpCore& core, const HttpCall& call, const std::string& identifier);

}  // namespace gusu::server
