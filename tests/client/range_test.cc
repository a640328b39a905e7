// Lists as ranges: pages are fetched as they are needed, and errors end the range.
#include <catch2/catch.hpp>
#include <vector>

#include "tests/client/fake_server.h"

namespace gusu::test {
namespace {

TEST_CASE(
    "a list is walked over all its pages, also empty ones, and fetched only as far as walked") {
  FakeServer server;
  std::vector<std::string> tokens;
  server.registry.on_list = [&](const v1::ListRecordsRequest& request,
                                v1::ListRecordsResponse* response) {
    tokens.push_back(request.page_token());
    CHECK(request.parent() == "prefixes/88.118.8");
    const std::vector<std::vector<std::string>> pages = {{"A", "B"}, {}, {"C"}};
    for (const std::string& suffix : pages[tokens.size() - 1]) {
      response->add_records()->set_identifier(suffix);
    }
    if (tokens.size() < pages.size()) response->set_next_page_token(std::to_string(tokens.size()));
    return grpc::Status::OK;
  };
  std::vector<std::string> walked;
  Range<Record> range = Client(server.options()).ListRecords({"prefixes/88.118.8"});
  CHECK(tokens.empty());
  for (const Result<Record>& record : range) {
    REQUIRE(record.ok());
    walked.push_back(record->identifier);
    if (walked.size() == 2) CHECK(tokens.size() == 1);
  }
  CHECK(walked == std::vector<std::string>{"A", "B", "C"});
  CHECK(tokens == std::vector<std::string>{"", "1", "2"});
  CHECK(range.begin() == range.end());
}

TEST_CASE("an error on a later page is the last item") {
  FakeServer server;
  server.registry.on_list = [&](const v1::ListRecordsRequest& request,
                                v1::ListRecordsResponse* response) {
    if (!request.page_token().empty()) {
      return Fault(grpc::StatusCode::INVALID_ARGUMENT, "PAGE_TOKEN_INVALID");
    }
    response->add_records()->set_identifier("A");
    response->set_next_page_token("next");
    return grpc::Status::OK;
  };
  std::vector<std::string> walked;
  for (const Result<Record>& record : Client(server.options()).ListRecords({"prefixes/88.118.8"})) {
    walked.push_back(record ? record->identifier : record.status().reason);
  }
  CHECK(walked == std::vector<std::string>{"A", "PAGE_TOKEN_INVALID"});
}

}  // namespace
}  // namespace gusu::test
