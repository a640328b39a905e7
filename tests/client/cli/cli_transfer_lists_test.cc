// Lists of codes that are offered and accepted: an account of each code.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "client/cli/transfer_lists.h"
#include "gusu/connection.h"

namespace gusu::cli {
namespace {

Status Refusal(StatusCode code, const std::string& reason, const std::string& identifier = "") {
  Status status{code, "the test says " + reason, reason, {}};
  if (!identifier.empty()) status.metadata["identifier"] = identifier;
  return status;
}

// Transfers in memory. A request that names a code of `refused` is refused for it.
class TransferRegistry : public Connection {
 public:
  std::map<std::string, Transfer> transfers;
  std::vector<std::string> newest_first;
  std::map<std::string, Status> refused;  // by code
  Status fault;                           // of every write from then on, when not OK
  std::vector<OfferTransferRequest> offers;
  std::vector<AcceptTransferRequest> accepts;

  void Add(const std::string& id, TransferState state, const std::vector<TransferItem>& items,
           const std::string& from = "registrants/sz-pumps") {
    Transfer transfer;
    transfer.name = "transfers/" + id;
    transfer.from = from;
    transfer.state = state;
    transfer.items = items;
    transfers[transfer.name] = transfer;
    newest_first.push_back(transfer.name);
  }

  Result<TransferAnswer> OfferTransfer(const OfferTransferRequest& request,
                                       const CallOptions&) override {
    if (!fault.ok()) return fault;
    for (const TransferItem& item : request.transfer.items) {
      const auto it = refused.find(item.identifier);
      if (it != refused.end()) return it->second;
    }
    offers.push_back(request);
    TransferAnswer answer;
    answer.transfer.name = "transfers/offer" + std::to_string(offers.size());
    return answer;
  }
  Result<TransferAnswer> AcceptTransfer(const AcceptTransferRequest& request,
                                        const CallOptions&) override {
    if (!fault.ok()) return fault;
    for (const std::string& identifier : request.identifiers) {
      const auto it = refused.find(identifier);
      if (it != refused.end()) return it->second;
    }
    accepts.push_back(request);
    Transfer& transfer = transfers.at(request.name);
    bool any_left = false;
    for (TransferItem& item : transfer.items) {
      for (const std::string& identifier : request.identifiers) {
        if (CodeKey(item.identifier) == CodeKey(identifier)) {
          item.state = TransferItemState::kAccepted;
        }
      }
      any_left |= item.state == TransferItemState::kOffered;
    }
    if (!any_left) transfer.state = TransferState::kAccepted;
    return TransferAnswer{transfer, {}};
  }
  Result<Transfer> GetTransfer(const std::string& name, const CallOptions&) override {
    const auto it = transfers.find(name);
    if (it == transfers.end()) return Refusal(StatusCode::kNotFound, "TRANSFER_NOT_FOUND");
    return it->second;
  }
  Range<Transfer> ListTransfers(const ListTransfersRequest& request, const CallOptions&) override {
    CHECK(request.direction == TransferDirection::kIncoming);
    std::vector<Transfer> listed;
    for (const std::string& name : newest_first) {
      Transfer transfer = transfers.at(name);
      if (request.state != TransferState::kUnspecified && request.state != transfer.state) continue;
      transfer.items.clear();
      listed.push_back(transfer);
    }
    return Range<Transfer>::Of(listed);
  }
};

constexpr auto kOpen = TransferItemState::kOffered;

std::vector<CodeRow> RowsOf(const std::vector<std::string>& codes) {
  std::vector<CodeRow> rows;
  for (const std::string& code : codes) rows.push_back({rows.size() + 1, code, "", "", ""});
  return rows;
}

std::vector<std::string> Outcomes(const std::vector<CodeRow>& rows) {
  std::vector<std::string> outcomes;
  for (const CodeRow& row : rows) {
    outcomes.push_back(row.identifier + " " + row.outcome +
                       (row.transfer.empty() ? "" : " " + row.transfer));
  }
  return outcomes;
}

using Expected = std::vector<std::string>;

struct World {
  std::shared_ptr<TransferRegistry> registry = std::make_shared<TransferRegistry>();
  Client client{registry};
};

TEST_CASE("a list has a code a line; spaces, empty lines and line ends do not count") {
  std::istringstream in(
      "\xef\xbb\xbf"
      "88/1\r\n\n  88/2\t\n88/3");
  const auto rows = ReadCodes(in);
  REQUIRE(rows.ok());
  CHECK(Outcomes(*rows) == Expected{"88/1 ", "88/2 ", "88/3 "});
  CHECK((*rows)[1].line == 3);
}

TEST_CASE("a list of more codes than fit in memory is refused") {
  std::string text;
  for (size_t i = 0; i <= kCodesMax; ++i) text += "8/1\n";
  std::istringstream in(text);
  const auto rows = ReadCodes(in);
  REQUIRE(!rows.ok());
  CHECK(rows.failure().message == "more than 1,000,000 codes");
}

TEST_CASE("codes have one key when they are one code") {
  CHECK(CodeKey("88.118.8/hp-1") == CodeKey("88.118.8/HP-1"));
  CHECK(CodeKey("88/é") != CodeKey("88/É"));
}

TEST_CASE("a list is offered 1000 codes at a time, each once") {
  World world;
  std::vector<std::string> codes;
  for (int i = 0; i < 1001; ++i) codes.push_back("88/" + std::to_string(i));
  codes.push_back("88/7");
  std::vector<CodeRow> rows = RowsOf(codes);
  OfferTransferRequest like;
  like.transfer.to = "registrants/b";
  CHECK(OfferList(world.client, like, &rows).ok());
  REQUIRE(world.registry->offers.size() == 2);
  CHECK(world.registry->offers[0].transfer.items.size() == 1000);
  CHECK(world.registry->offers[1].transfer.items.size() == 1);
  CHECK(world.registry->offers[1].transfer.to == "registrants/b");
  CHECK(world.registry->offers[1].request_id.empty());
  CHECK(rows[0].outcome == kOffered);
  CHECK(rows[0].transfer == "transfers/offer1");
  CHECK(rows[1000].transfer == "transfers/offer2");
  CHECK(rows[1001].outcome == kDuplicate);
}

TEST_CASE("a code that the registry refuses is left out of the offer, with its reason") {
  World world;
  world.registry->refused["88/2"] = Refusal(StatusCode::kFailedPrecondition, "RECORD_HELD", "88/2");
  world.registry->refused["88/x"] = Refusal(StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND", "88/X");
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2", "88/x", "88/4"});
  CHECK(OfferList(world.client, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 OFFERED transfers/offer1", "88/2 RECORD_HELD",
                                   "88/x IDENTIFIER_NOT_FOUND", "88/4 OFFERED transfers/offer1"});
  CHECK(rows[1].message == "the test says RECORD_HELD");
}

TEST_CASE(
    "of an offer that is refused as a whole every code is told so, and nothing more is tried") {
  World world;
  std::vector<std::string> codes;
  for (int i = 0; i < 1001; ++i) codes.push_back("88/" + std::to_string(i));
  std::vector<CodeRow> rows = RowsOf(codes);
  world.registry->fault = Refusal(StatusCode::kNotFound, "REGISTRANT_NOT_FOUND");
  CHECK(OfferList(world.client, {}, &rows).reason == "REGISTRANT_NOT_FOUND");
  CHECK(rows[0].outcome == "REGISTRANT_NOT_FOUND");
  CHECK(rows[999].outcome == "REGISTRANT_NOT_FOUND");
  CHECK(rows[1000].outcome == kNotTried);
  CHECK(world.registry->offers.empty());
}

TEST_CASE("without the server nothing is tried any more, and the account says so") {
  World world;
  world.registry->fault = Refusal(StatusCode::kUnknownOutcome, "OUTCOME_UNKNOWN");
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2"});
  CHECK(OfferList(world.client, {}, &rows).code == StatusCode::kUnknownOutcome);
  CHECK(Outcomes(rows) == Expected{"88/1 NOT_TRIED", "88/2 NOT_TRIED"});
}

TEST_CASE("a delivery is accepted from all open offers, one commit each") {
  World world;
  world.registry->Add("a", TransferState::kOffered, {{"88/1", kOpen}, {"88/2", kOpen}});
  world.registry->Add("b", TransferState::kOffered, {{"88/3", kOpen}, {"88/9", kOpen}});
  world.registry->Add("c", TransferState::kOffered, {{"88/8", kOpen}});
  std::vector<CodeRow> rows = RowsOf({"88/3", "88/1", "88/hp", "88/2", "88/1"});
  AcceptTransferRequest like;
  like.reason = "delivered";
  CHECK(AcceptDelivery(world.client, {}, like, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/3 ACCEPTED transfers/b", "88/1 ACCEPTED transfers/a",
                                   "88/hp NOT_OFFERED", "88/2 ACCEPTED transfers/a",
                                   "88/1 DUPLICATE", "88/9 NOT_LISTED transfers/b"});
  CHECK(rows.back().line == 0);
  REQUIRE(world.registry->accepts.size() == 2);
  CHECK(world.registry->accepts[0].name == "transfers/a");
  CHECK(world.registry->accepts[0].identifiers == std::vector<std::string>{"88/1", "88/2"});
  CHECK(world.registry->accepts[0].reason == "delivered");
}

TEST_CASE("a delivery that is accepted again goes on where it stopped") {
  World world;
  world.registry->Add("a", TransferState::kOffered, {{"88/1", kOpen}, {"88/2", kOpen}});
  world.registry->Add("b", TransferState::kOffered, {{"88/3", kOpen}});
  world.registry->refused["88/2"] = Refusal(StatusCode::kFailedPrecondition, "RECORD_HELD", "88/2");
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2", "88/3"});
  CHECK(AcceptDelivery(world.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED transfers/a", "88/2 RECORD_HELD transfers/a",
                                   "88/3 ACCEPTED transfers/b"});
  world.registry->refused.clear();
  rows = RowsOf({"88/1", "88/2", "88/3"});
  CHECK(AcceptDelivery(world.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED_BEFORE transfers/a", "88/2 ACCEPTED transfers/a",
                                   "88/3 ACCEPTED_BEFORE transfers/b"});
}

TEST_CASE("of offers that are over the account says what became of them") {
  World world;
  world.registry->Add("a", TransferState::kExpired, {{"88/1", kOpen}});
  world.registry->Add("b", TransferState::kWithdrawn,
                      {{"88/2", kOpen}, {"88/3", TransferItemState::kAccepted}});
  world.registry->transfers["transfers/b"].state_reason = "wrong customer";
  world.registry->Add("c", TransferState::kOffered, {{"88/4", TransferItemState::kDeclined}});
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2", "88/3", "88/4"});
  CHECK(AcceptDelivery(world.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 EXPIRED transfers/a", "88/2 WITHDRAWN transfers/b",
                                   "88/3 ACCEPTED_BEFORE transfers/b",
                                   "88/4 DECLINED transfers/c"});
  CHECK(rows[1].message == "wrong customer");
  CHECK(world.registry->accepts.empty());
}

TEST_CASE("a code in two offers is taken from the newest that still offers it") {
  World world;
  world.registry->Add("new", TransferState::kOffered, {{"88/1", kOpen}});
  world.registry->Add("old", TransferState::kOffered, {{"88/1", kOpen}, {"88/2", kOpen}});
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2"});
  CHECK(AcceptDelivery(world.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED transfers/new", "88/2 ACCEPTED transfers/old"});

  // One that was declined does not hide another that still stands.
  World other;
  other.registry->Add("new", TransferState::kOffered,
                      {{"88/1", TransferItemState::kDeclined}, {"88/5", kOpen}});
  other.registry->Add("old", TransferState::kOffered, {{"88/1", kOpen}});
  rows = RowsOf({"88/1"});
  CHECK(AcceptDelivery(other.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED transfers/old"});
}

TEST_CASE("a delivery can be bound to one registrant's offers, or to one offer") {
  World world;
  world.registry->Add("a", TransferState::kOffered, {{"88/1", kOpen}}, "registrants/other");
  world.registry->Add("b", TransferState::kOffered, {{"88/1", kOpen}});
  std::vector<CodeRow> rows = RowsOf({"88/1"});
  DeliveryOptions options;
  options.from = "registrants/sz-pumps";
  CHECK(AcceptDelivery(world.client, options, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED transfers/b"});
  rows = RowsOf({"88/1"});
  CHECK(AcceptDelivery(world.client, {"", "", "transfers/a"}, {}, &rows).ok());
  CHECK(Outcomes(rows) == Expected{"88/1 ACCEPTED transfers/a"});
  rows = RowsOf({"88/1"});
  CHECK(AcceptDelivery(world.client, {"", "", "transfers/none"}, {}, &rows).reason ==
        "TRANSFER_NOT_FOUND");
  CHECK(Outcomes(rows) == Expected{"88/1 NOT_TRIED"});
}

TEST_CASE("one offer that is refused does not keep the others from being accepted") {
  World world;
  world.registry->Add("a", TransferState::kOffered, {{"88/1", kOpen}});
  world.registry->Add("b", TransferState::kOffered, {{"88/2", kOpen}});
  world.registry->refused["88/1"] = Refusal(StatusCode::kFailedPrecondition, "TRANSFER_NOT_OPEN");
  std::vector<CodeRow> rows = RowsOf({"88/1", "88/2"});
  CHECK(AcceptDelivery(world.client, {}, {}, &rows).ok());
  CHECK(Outcomes(rows) ==
        Expected{"88/1 TRANSFER_NOT_OPEN transfers/a", "88/2 ACCEPTED transfers/b"});

  World away;
  away.registry->Add("a", TransferState::kOffered, {{"88/1", kOpen}});
  away.registry->fault = Refusal(StatusCode::kUnavailable, "SERVER_UNREACHABLE");
  rows = RowsOf({"88/1", "88/2"});
  CHECK(AcceptDelivery(away.client, {}, {}, &rows).reason == "SERVER_UNREACHABLE");
  CHECK(Outcomes(rows) == Expected{"88/1 NOT_TRIED transfers/a", "88/2 NOT_OFFERED"});
}

}  // namespace
}  // namespace gusu::cli
