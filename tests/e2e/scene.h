// What the journeys over whole servers share: requests from text, and registrants that a case
// makes.
#pragma once

#include <google/protobuf/text_format.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/e2e/api.h"

namespace gusu::e2e {

template <typename Request, typename Response, typename Stub>
using UnaryCall = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  INFO(text);
  REQUIRE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

// The answer to a request in text form; the test ends when there is none.
template <typename Stub, typename Request, typename Response>
Response Do(const Api& api, Stub* stub, UnaryCall<Request, Response, Stub> method,
            const std::string& request) {
  const auto answer = api.Call(stub, method, FromText<Request>(request));
  INFO(request);
  INFO(answer.status.error_message());
  REQUIRE(answer.fault == "");
  return answer.value;
}

// Why there is no answer: "CODE REASON", "" when there is one.
template <typename Stub, typename Request, typename Response>
std::string Refusal(const Api& api, Stub* stub, UnaryCall<Request, Response, Stub> method,
                    const std::string& request) {
  return api.Call(stub, method, FromText<Request>(request)).fault;
}

// The instant of a revision, as text of a Timestamp.
std::string TimeOf(uint64_t revision);

// A registrant without a prefix, approved: its REGISTRANT_ADMIN's token.
std::string MakePartner(const ServerProcess& server, const std::string& id);

// What `gusu audit verify`, called as the bureau, says of the whole registry as it is now.
struct Verified {
  int exit_code = -1;
  std::string output;
};
Verified VerifyLog(const ServerProcess& server);

// Identifiers of a page, divided by spaces.
std::string Codes(const v1::ListRecordsResponse& page);

}  // namespace gusu::e2e
