// Holds, history, serial ranges and transfers over the wire.
#include <catch2/catch.hpp>

#include "tests/client/fake_server.h"

namespace gusu::test {
namespace {

using grpc::StatusCode::FAILED_PRECONDITION;
using grpc::StatusCode::UNAVAILABLE;

TEST_CASE("a hold and an allocation are repeated as the same request, with an id of their own") {
  FakeServer server;
  std::vector<std::string> holds;
  server.registry.on_hold = [&](const v1::HoldRecordRequest& request,
                                v1::RecordResponse* response) {
    holds.push_back(request.request_id());
    if (holds.size() == 1) return Fault(UNAVAILABLE, "COMMIT_OUTCOME_UNKNOWN");
    response->mutable_record()->add_holds()->set_number(1);
    return grpc::Status::OK;
  };
  std::vector<std::string> allocations;
  server.registry.on_allocate = [&](const v1::AllocateSerialRangeRequest& request,
                                    v1::SerialRangeResponse* response) {
    allocations.push_back(request.request_id());
    if (allocations.size() == 1) return Fault(UNAVAILABLE, "COMMIT_OUTCOME_UNKNOWN");
    response->mutable_serial_range()->set_last_serial(request.count());
    return grpc::Status::OK;
  };
  Client client(server.options());
  const Result<RecordAnswer> held = client.HoldRecord({"88/1", "claim", "", "", "", {}, false});
  REQUIRE(held.ok());
  CHECK(held->record.holds.at(0).number == 1);
  REQUIRE(holds.size() == 2);
  CHECK(holds[0].size() == 32);
  CHECK(holds[0] == holds[1]);
  AllocateSerialRangeRequest allocate;
  allocate.count = 9;
  REQUIRE(client.AllocateSerialRange(allocate).ok());
  REQUIRE(allocations.size() == 2);
  CHECK(allocations[0].size() == 32);
  CHECK(allocations[0] == allocations[1]);
  REQUIRE(client.AllocateSerialRange(allocate).ok());
  CHECK(allocations[2] != allocations[0]);
}

TEST_CASE("offers and acts on parts are told apart by their content") {
  FakeServer server;
  server.registry.on_offer = [](const v1::OfferTransferRequest& request,
                                v1::TransferResponse* response) {
    CHECK(request.request_id().empty());
    *response->mutable_transfer() = request.transfer();
    return grpc::Status::OK;
  };
  server.registry.on_release = [](const v1::ReleaseSerialRangeRequest& request,
                                  v1::SerialRangeResponse*) {
    CHECK(request.request_id().empty());
    return Fault(FAILED_PRECONDITION, "RANGE_STATE");
  };
  Client client(server.options());
  OfferTransferRequest offer;
  offer.transfer.to = "registrants/b";
  offer.transfer.items = {{"88/1", {}}};
  const Result<TransferAnswer> answer = client.OfferTransfer(offer);
  REQUIRE(answer.ok());
  CHECK(answer->transfer.to == "registrants/b");
  CHECK(answer->transfer.items.at(0).identifier == "88/1");
  ReleaseSerialRangeRequest release;
  release.first_identifier = "88/B1";
  CHECK(client.ReleaseSerialRange(release).status().reason == "RANGE_STATE");
}

TEST_CASE("what cannot travel is refused before anything is sent") {
  FakeServer server;  // would end the process when it were asked: nothing is set
  Client client(server.options());
  CHECK(client.GetRecord(GetRecordRequest{"88/1", "\xff"}).status().reason == "TEXT_NOT_UTF8");
  CHECK(client.GetTransfer("\xff").status().reason == "TEXT_NOT_UTF8");
  CHECK(client.GetSerialRange("\xff").status().metadata.at("field") == "name");
  ListRecordsRequest list;
  list.attributes = {{"batch", "\xff", false}};
  Range<Record> records = client.ListRecords(list);
  CHECK((*records.begin()).status().metadata.at("field") == "attributes[0].equals");
  Range<Transfer> transfers = client.ListTransfers({"\xff", {}, {}, 0});
  CHECK((*transfers.begin()).status().metadata.at("field") == "parent");
}

TEST_CASE("a read with a reason sends it, and one without sends none") {
  FakeServer server;
  std::vector<std::string> reasons;
  server.registry.on_get = [&](const v1::GetRecordRequest& request, v1::Record* record) {
    reasons.push_back(request.reason());
    record->set_values_withheld_count(2);
    return grpc::Status::OK;
  };
  Client client(server.options());
  CHECK(client.GetRecord("88/1")->values_withheld_count == 2);
  CHECK(client.GetRecord(GetRecordRequest{"88/1", "inspection"}).ok());
  CHECK(reasons == std::vector<std::string>{"", "inspection"});
}

TEST_CASE("a walk through a list can be left at a page and taken up there") {
  FakeServer server;
  std::vector<std::string> tokens;
  server.registry.on_list = [&](const v1::ListRecordsRequest& request,
                                v1::ListRecordsResponse* response) {
    tokens.push_back(request.page_token());
    const int page = request.page_token().empty() ? 0 : std::stoi(request.page_token());
    response->add_records()->set_identifier("88/" + std::to_string(page));
    if (page < 3) response->set_next_page_token(std::to_string(page + 1));
    return grpc::Status::OK;
  };
  Client client(server.options());
  ListRecordsRequest request;
  request.parent = "prefixes/88";
  Range<Record> range = client.ListRecords(request);
  CHECK(range.next_page_token().empty());
  auto record = range.begin();
  CHECK((*record)->identifier == "88/0");
  ++record;
  CHECK((*record)->identifier == "88/1");
  CHECK(range.next_page_token() == "2");
  request.page_token = range.next_page_token();
  std::vector<std::string> rest;
  for (const Result<Record>& item : client.ListRecords(request)) rest.push_back(item->identifier);
  CHECK(rest == std::vector<std::string>{"88/2", "88/3"});
  CHECK(tokens == std::vector<std::string>{"", "1", "2", "3"});
}

TEST_CASE("history, ranges and transfers are walked over their pages") {
  FakeServer server;
  server.registry.on_revisions = [](const v1::ListRevisionsRequest& request,
                                    v1::ListRevisionsResponse* response) {
    CHECK(request.name() == "88/1");
    response->add_revisions()->set_operation(request.page_token().empty() ? "HOLD" : "REGISTER");
    if (request.page_token().empty()) response->set_next_page_token("1");
    return grpc::Status::OK;
  };
  server.registry.on_ranges = [](const v1::ListSerialRangesRequest& request,
                                 v1::ListSerialRangesResponse* response) {
    CHECK(request.parent() == "prefixes/88");
    response->add_serial_ranges()->set_pattern(request.page_token().empty() ? "A{serial:2}"
                                                                            : "B{serial:2}");
    if (request.page_token().empty()) response->set_next_page_token("1");
    return grpc::Status::OK;
  };
  server.registry.on_transfers = [](const v1::ListTransfersRequest& request,
                                    v1::ListTransfersResponse* response) {
    CHECK(request.direction() == v1::ListTransfersRequest::INCOMING);
    response->add_transfers()->set_name(request.page_token().empty() ? "transfers/b"
                                                                     : "transfers/a");
    if (request.page_token().empty()) response->set_next_page_token("1");
    return grpc::Status::OK;
  };
  Client client(server.options());
  std::vector<std::string> seen;
  for (const auto& revision : client.ListRevisions({"88/1", 0, ""})) {
    seen.push_back(revision->operation);
  }
  for (const auto& range : client.ListSerialRanges({"prefixes/88", {}, 0})) {
    seen.push_back(range->pattern);
  }
  for (const auto& transfer :
       client.ListTransfers({"", TransferDirection::kIncoming, TransferState::kUnspecified, 0})) {
    seen.push_back(transfer->name);
  }
  CHECK(seen == std::vector<std::string>{"HOLD", "REGISTER", "A{serial:2}", "B{serial:2}",
                                         "transfers/b", "transfers/a"});
}

}  // namespace
}  // namespace gusu::test
