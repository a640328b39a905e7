// The fuzz target of the HTTP door: from the bytes of a connection to the answers.
#pragma once

#include <string_view>

namespace gusu::test {

// Bytes of a connection, behind a byte that says who sends them: `p` over plain HTTP from
// elsewhere, `t` over TLS from there, `l` over plain HTTP from the server's own machine. The first
// kRequestsMax requests among them are answered; an answer that comes in parts is asked for
// kPartsMax of them.
//
// Stops the program unless:
// - the same requests are read however the bytes are cut, and one that is refused ends it;
// - what was read is within the limits, and has a method, an origin-form target and no control
//   characters in its headers;
// - each request has one answer, of a known status, whose headers can be sent and are those that
//   every answer has; none is a fault of the server's own (500);
// - JSON is JSON, and a page is UTF-8 that shows no tag which a request brought;
// - no answer has a secret, nor a value of the owner's tier, unless the request brought a
// credential;
// - nothing is written but an application, unless the request brought a credential over a
// connection
//   that may carry one.
//
// Within a Catch2 test case, whose assertions the registry is made with. Registry and router are
// made anew when an input wrote, the router alone otherwise.
inline constexpr int kRequestsMax = 8;
inline constexpr int kPartsMax = 4;
void FuzzHttpDoor(std::string_view input) noexcept;

}  // namespace gusu::test
