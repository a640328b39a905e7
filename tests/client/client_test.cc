// A Client on a connection of the program's own.
#include "gusu/client.h"

#include <catch2/catch.hpp>

namespace gusu::test {
namespace {

// Remembers what it was asked.
class Remembering : public Connection {
 public:
  Result<RegisterResult> Register(const RegisterRequest& request, const CallOptions&) override {
    registered = request;
    return RegisterResult{request.row.identifier, "", Outcome::kCreated, {}, ""};
  }
  Result<std::vector<RegisterResult>> BatchRegister(const BatchRegisterRequest& request,
                                                    const CallOptions&) override {
    batch = request;
    return std::vector<RegisterResult>(request.rows.size());
  }
  Result<RecordAnswer> SuspendRecord(const SuspendRecordRequest& request,
                                     const CallOptions& call) override {
    suspended = request;
    deadline = call.deadline;
    return RecordAnswer{};
  }
  Result<RegistrantAnswer> ApproveRegistrant(const ApproveRegistrantRequest& request,
                                             const CallOptions&) override {
    approved = request;
    return RegistrantAnswer{};
  }
  Range<Prefix> ListPrefixes(const ListPrefixesRequest&, const CallOptions&) override {
    Prefix prefix;
    prefix.prefix = "88.118.8";
    return Range<Prefix>::Of({prefix});
  }

  RegisterRequest registered;
  BatchRegisterRequest batch;
  SuspendRecordRequest suspended;
  ApproveRegistrantRequest approved;
  std::chrono::milliseconds deadline{0};
};

TEST_CASE("request ids are filled in where content does not tell requests apart") {
  auto connection = std::make_shared<Remembering>();
  Client client(connection);
  RegisterRow given;
  given.identifier = "88.118.8/HP-1";
  RegisterRow minted;
  minted.mint = MintPattern{"88.118.8", "HP-{serial:6}"};

  REQUIRE(client.Register(given).ok());
  CHECK(connection->registered.row.request_id.empty());
  REQUIRE(client.Register(minted).ok());
  const std::string first = connection->registered.row.request_id;
  CHECK(first.size() == 32);
  REQUIRE(client.Register(minted).ok());
  CHECK(connection->registered.row.request_id != first);
  minted.request_id = "mine";
  REQUIRE(client.Register(minted).ok());
  CHECK(connection->registered.row.request_id == "mine");

  REQUIRE(client.BatchRegister({{given, given}, std::nullopt, ""}).ok());
  CHECK(connection->batch.request_id.empty());
  REQUIRE(client.BatchRegister({{given, minted}, std::nullopt, ""}).ok());
  CHECK(connection->batch.request_id.size() == 32);

  REQUIRE(client.SuspendRecord({"88.118.8/HP-1", "drill", "", "", {}, {}}).ok());
  CHECK(connection->suspended.request_id.size() == 32);
  REQUIRE(client.ApproveRegistrant({"registrants/sz-pumps", "", "", ""}).ok());
  CHECK(connection->approved.request_id.size() == 32);
}

TEST_CASE("options of a call reach the connection") {
  auto connection = std::make_shared<Remembering>();
  REQUIRE(Client(connection)
              .SuspendRecord({"88.118.8/HP-1", "drill", "", "", {}, {}},
                             CallOptions{std::chrono::milliseconds(70)})
              .ok());
  CHECK(connection->deadline == std::chrono::milliseconds(70));
}

TEST_CASE("what a mock does not override is unimplemented, by name") {
  Client client(std::make_shared<Remembering>());
  const Status status = client.Resolve("88.118.8/HP-1").status();
  CHECK(status.code == StatusCode::kUnimplemented);
  CHECK(status.message == "this connection does not do Resolve");
  CHECK(client.OpenRegisterStream() == nullptr);
  for (const auto& record : client.ListRecords({"prefixes/88.118.8"})) {
    CHECK(record.status().code == StatusCode::kUnimplemented);
  }
  size_t prefixes = 0;
  for (const auto& prefix : client.ListPrefixes()) prefixes += prefix->prefix == "88.118.8";
  CHECK(prefixes == 1);
}

TEST_CASE("secrets have their form, are never the same, and hash to 32 bytes") {
  const std::string token = MakeTokenSecret();
  const std::string claim = MakeClaimSecret();
  CHECK(token.rfind("gusu_", 0) == 0);
  CHECK(token.size() == 5 + 43);
  CHECK(claim.rfind("gusu_claim_", 0) == 0);
  CHECK(claim.size() == 11 + 43);
  CHECK(token != MakeTokenSecret());
  // FIPS 180-4, "abc".
  CHECK(Sha256Of("abc").substr(0, 4) == "\xba\x78\x16\xbf");
  CHECK(Sha256Of("abc").size() == 32);
}

TEST_CASE("a status reads as one line") {
  const Status status{StatusCode::kNotFound,
                      "identifier 88.118.8/HP-9 is not registered",
                      "IDENTIFIER_NOT_FOUND",
                      {}};
  CHECK(status.ToString() ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND: identifier 88.118.8/HP-9 is not registered");
  CHECK(Status{}.ToString() == "OK");
}

}  // namespace
}  // namespace gusu::test
