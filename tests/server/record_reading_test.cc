#include <catch2/catch.hpp>

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "server/resolver.h"
#include "tests/server/reading_store.h"

using gusu::Operation;
using gusu::server::Caller;
using gusu::server::Resolver;
using namespace gusu::test;
namespace v1 = gusu::v1;

namespace {

struct Fixture {
  ReadingStore store;
  Resolver resolver{&store.ledger(), nullptr, [this] { return store.Now(); }};

  absl::Status List(v1::ListRecordsRequest request, const Caller& caller,
                    v1::ListRecordsResponse* response) {
    if (request.parent().empty()) request.set_parent("prefixes/88.118.8");
    return resolver.ListRecords(request, caller, response);
  }

  // Every identifier of every page, and how many pages.
  std::pair<std::string, int> ListAll(v1::ListRecordsRequest request) {
    std::string identifiers;
    int pages = 0;
    do {
      v1::ListRecordsResponse response;
      REQUIRE(List(request, WriterOf("pumps"), &response).ok());
      for (const v1::Record& record : response.records()) identifiers += record.identifier() + " ";
      request.set_page_token(response.next_page_token());
      ++pages;
      REQUIRE(pages < 100);
    } while (!request.page_token().empty());
    return {identifiers, pages};
  }
};

}  // namespace

TEST_CASE("a record is shown whole to its holder, and to the bureau without what is not public") {
  Fixture f;
  auto model = RecordOf("88.118.8/M", v1::Record::MODEL);
  AddValue(model, 9, "shared", "inherited");
  f.store.Put(model);
  auto record = RecordOf("88.118.8/G h");
  record.set_instance_of("88.118.8/M");
  AddValue(record, 2, "open", "1");
  AddValue(record, 3, "own", "2", v1::OWNER);
  f.store.Put(record);
  v1::GetRecordRequest request;
  request.set_name("prefixes/88.118.8/records/G%20h");
  v1::Record shown;
  REQUIRE(f.resolver.GetRecord(request, WriterOf("pumps"), &shown).ok());
  CHECK(shown.name() == request.name());
  CHECK(shown.instance_of().identifier() == "88.118.8/M");
  CHECK(shown.values_size() == 2);
  CHECK_FALSE(shown.etag().empty());
  request.set_name("88.118.8/g H");
  v1::Record audited;
  REQUIRE(f.resolver.GetRecord(request, Auditor(), &audited).ok());
  CHECK(audited.values_size() == 1);
  v1::Record none;
  const absl::Status foreign = f.resolver.GetRecord(request, WriterOf("valves"), &none);
  CHECK(foreign.code() == absl::StatusCode::kPermissionDenied);
  CHECK(gusu::ErrorReason(foreign) == "NOT_PREFIX_HOLDER");
  CHECK(gusu::ErrorReason(f.resolver.GetRecord(request, Anonymous(), &none)) ==
        "CREDENTIAL_MISSING");
  request.set_name("88.118.8/none");
  CHECK(gusu::ErrorReason(f.resolver.GetRecord(request, WriterOf("pumps"), &none)) ==
        "IDENTIFIER_NOT_FOUND");
  request.set_name("prefixes/88.118.8/records/%zz");
  CHECK(gusu::ErrorReason(f.resolver.GetRecord(request, WriterOf("pumps"), &none)) ==
        "IDENTIFIER_MALFORMED");
}

TEST_CASE("a prefix's records are listed in order, page by page, without those of other prefixes") {
  Fixture f;
  f.store.Put(RecordOf("88.118.9/OTHER"));
  for (const char* suffix : {"B", "a", "C/1", "10", "9"}) {
    f.store.Put(RecordOf(std::string("88.118.8/") + suffix));
  }
  const std::string all = "88.118.8/10 88.118.8/9 88.118.8/a 88.118.8/B 88.118.8/C/1 ";
  for (const uint32_t page_size : {0, 1, 2, 5, 1000}) {
    CAPTURE(page_size);
    v1::ListRecordsRequest request;
    request.set_page_size(page_size);
    const auto [identifiers, pages] = f.ListAll(request);
    CHECK(identifiers == all);
    CHECK(pages == (page_size == 1 ? 5 : page_size == 2 ? 3 : 1));
  }
}

TEST_CASE("lists are filtered by state and level") {
  Fixture f;
  f.store.Put(RecordOf("88.118.8/M", v1::Record::MODEL));
  auto retired = RecordOf("88.118.8/R");
  retired.set_state(v1::Record::RETIRED);
  f.store.Put(retired);
  f.store.Put(RecordOf("88.118.8/X"));
  v1::ListRecordsRequest request;
  request.set_page_size(1);
  request.set_state(v1::Record::ACTIVE);
  CHECK(f.ListAll(request).first == "88.118.8/M 88.118.8/X ");
  request.set_level(v1::Record::ITEM);
  CHECK(f.ListAll(request).first == "88.118.8/X ");
  request.set_state(v1::Record::STATE_UNSPECIFIED);
  CHECK(f.ListAll(request).first == "88.118.8/R 88.118.8/X ");
}

TEST_CASE("a page stays small however large the records are") {
  Fixture f;
  for (int i = 0; i < 40; ++i) {
    auto record = RecordOf("88.118.8/L-" + std::to_string(100 + i));
    AddValue(record, 2, "a", std::string(60'000, 'x'));
    AddValue(record, 3, "b", std::string(60'000, 'x'));
    f.store.Put(record);
  }
  v1::ListRecordsResponse response;
  REQUIRE(f.List({}, WriterOf("pumps"), &response).ok());
  CHECK(response.ByteSizeLong() < (4 << 20));
  CHECK_FALSE(response.next_page_token().empty());
  CHECK(f.ListAll({}).second == 2);
}

TEST_CASE("lists are for the prefix's holder and the bureau, and tokens for their own list") {
  Fixture f;
  f.store.Put(RecordOf("88.118.8/A"));
  f.store.Put(RecordOf("88.118.8/B"));
  v1::ListRecordsRequest request;
  request.set_page_size(1);
  v1::ListRecordsResponse response;
  REQUIRE(f.List(request, Auditor(), &response).ok());
  request.set_page_token(response.next_page_token());
  const auto reason = [&](const Caller& caller) {
    v1::ListRecordsResponse again;
    return gusu::ErrorReason(f.List(request, caller, &again));
  };
  CHECK(reason(WriterOf("pumps")).empty());
  CHECK(reason(WriterOf("valves")) == "NOT_PREFIX_HOLDER");
  CHECK(reason(Anonymous()) == "CREDENTIAL_MISSING");
  request.set_parent("prefixes/88.118.9");
  CHECK(reason(Auditor()) == "PAGE_TOKEN_INVALID");
  request.set_parent("prefixes/88.118.8");
  request.set_level(v1::Record::ITEM);
  CHECK(reason(Auditor()) == "PAGE_TOKEN_INVALID");
  request.set_level(v1::Record::LEVEL_UNSPECIFIED);
  request.set_page_token("nonsense");
  CHECK(reason(Auditor()) == "PAGE_TOKEN_INVALID");
  request.set_page_token("");
  request.set_parent("prefixes/88.118.77");
  CHECK(reason(Auditor()) == "PREFIX_NOT_FOUND");
  request.set_parent("88.118.8");
  CHECK(reason(Auditor()) == "FIELD_INVALID");
  request.set_parent("prefixes/88..8");
  CHECK(reason(Auditor()) == "IDENTIFIER_MALFORMED");
}

TEST_CASE("a record's revisions are told newest first, with who did what and why") {
  Fixture f;
  auto record = RecordOf("88.118.8/H");
  AddValue(record, 2, "v", "0", v1::OWNER);
  std::vector<uint64_t> revisions = {f.store.Put(record)};
  for (int i = 1; i < 5; ++i) {
    record.mutable_values(0)->set_data(std::to_string(i));
    revisions.push_back(f.store.Put(record, Operation::kModifyValues, "why " + std::to_string(i)));
  }
  f.store.Put(RecordOf("88.118.8/H1"));
  for (const uint32_t page_size : {1, 2, 5, 100}) {
    CAPTURE(page_size);
    v1::ListRevisionsRequest request;
    request.set_name("88.118.8/h");
    request.set_page_size(page_size);
    int at = 4;
    do {
      v1::ListRevisionsResponse response;
      REQUIRE(f.resolver.ListRevisions(request, WriterOf("pumps"), &response).ok());
      for (const v1::RecordRevision& revision : response.revisions()) {
        REQUIRE(at >= 0);
        CHECK(revision.receipt().revision() == revisions[static_cast<size_t>(at)]);
        CHECK(revision.record().revision() == revisions[static_cast<size_t>(at)]);
        CHECK(revision.record().leaf_index() == revision.receipt().leaf_index());
        CHECK(revision.record().values(0).data() == std::to_string(at));
        CHECK(revision.operation() == (at == 0 ? "REGISTER" : "MODIFY_VALUES"));
        CHECK(revision.reason() == (at == 0 ? "" : "why " + std::to_string(at)));
        CHECK(revision.actor() == "registrants/pumps");
        CHECK(revision.credential() == "c1");
        --at;
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    CHECK(at == -1);
  }
}

TEST_CASE("history is for those who may see the record whole, and its tokens for its own record") {
  Fixture f;
  f.store.Put(RecordOf("88.118.8/H"));
  f.store.Put(RecordOf("88.118.8/H"), Operation::kUpdate);
  f.store.Put(RecordOf("88.118.8/I"));
  v1::ListRevisionsRequest request;
  request.set_name("88.118.8/H");
  request.set_page_size(1);
  v1::ListRevisionsResponse response;
  REQUIRE(f.resolver.ListRevisions(request, Auditor(), &response).ok());
  request.set_page_token(response.next_page_token());
  const auto reason = [&](const Caller& caller) {
    v1::ListRevisionsResponse again;
    return gusu::ErrorReason(f.resolver.ListRevisions(request, caller, &again));
  };
  CHECK(reason(Auditor()).empty());
  CHECK(reason(WriterOf("valves")) == "NOT_PREFIX_HOLDER");
  CHECK(reason(Anonymous()) == "CREDENTIAL_MISSING");
  request.set_name("88.118.8/I");
  CHECK(reason(Auditor()) == "PAGE_TOKEN_INVALID");
  request.set_name("88.118.8/J");
  CHECK(reason(Auditor()) == "IDENTIFIER_NOT_FOUND");
}
