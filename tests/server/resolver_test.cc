#include "server/resolver.h"

#include <catch2/catch.hpp>

#include "google/rpc/status.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/value_selection.h"
#include "tests/server/reading_store.h"

using gusu::ErrorMetadataValue;
using gusu::Operation;
using gusu::server::Caller;
using gusu::server::Resolver;
using namespace gusu::test;
namespace v1 = gusu::v1;

namespace {

struct Fixture {
  ReadingStore store;
  Resolver resolver{&store.ledger(), nullptr, [this] { return store.Now(); }};

  absl::Status Resolve(const std::string& identifier, const v1::ResolveOptions& options,
                       const Caller& caller, v1::ResolveResponse* response) {
    v1::ResolveRequest request;
    request.set_identifier(identifier);
    *request.mutable_options() = options;
    return resolver.Resolve(request, caller, response);
  }

  // `index type=data <inherited_from>` of each value, and how many were withheld, of which
  // tiers; or the reason.
  std::string Values(const std::string& identifier, const Caller& caller = Anonymous(),
                     const v1::ResolveOptions& options = {}) {
    v1::ResolveResponse response;
    const absl::Status status = Resolve(identifier, options, caller, &response);
    if (!status.ok()) return gusu::ErrorReason(status);
    std::string text;
    for (const v1::Value& value : response.record().values()) {
      text += gusu::Concat(value.index(), " ", value.type(), "=", value.data());
      if (!value.inherited_from().empty()) text += gusu::Concat(" <", value.inherited_from());
      text += "; ";
    }
    text += std::to_string(response.values_withheld_count());
    for (const int tier : response.withheld_tiers()) {
      text += ' ' + v1::Tier_Name(static_cast<v1::Tier>(tier));
    }
    return text;
  }

  std::string AsOf(const std::string& identifier, uint64_t us) {
    v1::ResolveOptions options;
    options.mutable_as_of_time()->set_seconds(static_cast<int64_t>(us / 1'000'000));
    options.mutable_as_of_time()->set_nanos(static_cast<int32_t>(us % 1'000'000 * 1000));
    return Values(identifier, Anonymous(), options);
  }

  std::string AsOfDay(const std::string& identifier, const std::string& day) {
    v1::ResolveOptions options;
    options.set_as_of_date(day);
    return Values(identifier, Anonymous(), options);
  }
};

v1::ResolveOptions Only(const std::vector<std::string>& types,
                        const std::vector<uint32_t>& indexes = {}) {
  v1::ResolveOptions options;
  for (const std::string& type : types) options.add_types(type);
  for (const uint32_t index : indexes) options.add_indexes(index);
  return options;
}

}  // namespace

TEST_CASE("a registered identifier resolves to its record, in any case of its letters") {
  Fixture f;
  auto pump = RecordOf("88.118.8/HP-1");
  AddValue(pump, 2000, "name", "Pump");
  const uint64_t revision = f.store.Put(pump);
  v1::ResolveResponse response;
  REQUIRE(f.Resolve("88.118.8/hp-1", {}, Anonymous(), &response).ok());
  const v1::Record& record = response.record();
  CHECK(record.name() == "prefixes/88.118.8/records/HP-1");
  CHECK(record.identifier() == "88.118.8/HP-1");
  CHECK(record.state() == v1::Record::ACTIVE);
  CHECK(record.level() == v1::Record::ITEM);
  CHECK(record.issued_by() == "registrants/pumps");
  CHECK(record.owner() == "registrants/pumps");
  CHECK(record.revision() == revision);
  REQUIRE(record.values_size() == 1);
  CHECK(record.values(0).data() == "Pump");
  CHECK(record.values(0).modified_time().seconds() == static_cast<int64_t>(revision / 1'000'000));
  CHECK(response.read_revision() == revision);
  CHECK(response.holder_state() == v1::Registrant::ACTIVE);
  CHECK(response.values_withheld_count() == 0);
}

TEST_CASE("what cannot be resolved tells malformed, unknown prefix and never issued apart") {
  Fixture f;
  v1::ResolveResponse response;
  const auto refusal = [&](const std::string& identifier) {
    return f.Resolve(identifier, {}, Anonymous(), &response);
  };
  CHECK(gusu::ErrorReason(refusal("88.118.8")) == "IDENTIFIER_MALFORMED");
  CHECK(refusal("88.118.8").code() == absl::StatusCode::kInvalidArgument);
  CHECK(gusu::ErrorReason(refusal("88.118.77/x")) == "PREFIX_NOT_FOUND");
  CHECK(ErrorMetadataValue(refusal("88.118.77/x"), "prefix") == "88.118.77");
  CHECK(gusu::ErrorReason(refusal("88.118.8.1/x")) == "PREFIX_NOT_FOUND");
  CHECK(gusu::ErrorReason(refusal("88.118/x")) == "PREFIX_NOT_FOUND");
  const absl::Status never = refusal("88.118.8/x");
  CHECK(never.code() == absl::StatusCode::kNotFound);
  CHECK(gusu::ErrorReason(never) == "IDENTIFIER_NOT_FOUND");
  CHECK(gusu::StdView(never.message()) == "identifier 88.118.8/x is not registered");
  CHECK(ErrorMetadataValue(never, "identifier") == "88.118.8/x");
}

TEST_CASE("a record of any state resolves, with its state") {
  Fixture f;
  for (const auto state : {v1::Record::RESERVED, v1::Record::SUSPENDED, v1::Record::RETIRED}) {
    auto record = RecordOf("88.118.8/S-" + std::to_string(state));
    record.set_state(state);
    f.store.Put(record);
    v1::ResolveResponse response;
    REQUIRE(f.Resolve(record.identifier(), {}, Anonymous(), &response).ok());
    CHECK(response.record().state() == state);
    CHECK(response.record().values().empty());
  }
}

TEST_CASE("values are filtered by type, by type beginning and by index, either of which counts") {
  Fixture f;
  auto record = RecordOf("88.118.8/F");
  AddValue(record, 1, "URL", "u");
  AddValue(record, 2, "a.b", "ab");
  AddValue(record, 3, "a.c", "ac");
  AddValue(record, 4, "ab", "x");
  f.store.Put(record);
  const auto values = [&f](const v1::ResolveOptions& options) {
    return f.Values("88.118.8/F", Anonymous(), options);
  };
  CHECK(values({}) == "1 URL=u; 2 a.b=ab; 3 a.c=ac; 4 ab=x; 0");
  CHECK(values(Only({"URL"})) == "1 URL=u; 0");
  CHECK(values(Only({"a."})) == "2 a.b=ab; 3 a.c=ac; 0");
  CHECK(values(Only({"a"})) == "0");
  CHECK(values(Only({}, {4})) == "4 ab=x; 0");
  CHECK(values(Only({"a.b"}, {1})) == "1 URL=u; 2 a.b=ab; 0");
  CHECK(values(Only({"none"}, {99})) == "0");
  CHECK(values(Only({""})) == "FILTER_MALFORMED");
  CHECK(values(Only(std::vector<std::string>(257, "t"))) == "FILTER_MALFORMED");
  CHECK(values(Only({}, std::vector<uint32_t>(257, 1))) == "FILTER_MALFORMED");
  CHECK(values(Only(std::vector<std::string>(256, "URL"), std::vector<uint32_t>(256, 1))) ==
        "1 URL=u; 0");
}

TEST_CASE("who may read which tier") {
  Fixture f;
  auto record = RecordOf("88.118.8/T");
  AddValue(record, 2, "open", "1", v1::PUBLIC);
  AddValue(record, 3, "partner", "2", v1::PARTNER);
  AddValue(record, 4, "own", "3", v1::OWNER);
  AddValue(record, 5, "note", "4", v1::OWNER)->set_author("registrants/valves");
  f.store.Put(record);
  const std::string id = "88.118.8/T";
  CHECK(f.Values(id) == "2 open=1; 3 PARTNER OWNER");
  CHECK(f.Values(id, WriterOf("pumps")) == "2 open=1; 3 partner=2; 4 own=3; 5 note=4; 0");
  CHECK(f.Values(id, WriterOf("valves")) == "2 open=1; 5 note=4; 2 PARTNER OWNER");
  CHECK(f.Values(id, Auditor()) == "2 open=1; 3 PARTNER OWNER");
}

TEST_CASE("an answer without any readable value among those asked for is refused") {
  Fixture f;
  auto record = RecordOf("88.118.8/T");
  AddValue(record, 3, "partner", "2", v1::PARTNER);
  AddValue(record, 4, "own", "3", v1::OWNER);
  f.store.Put(record);
  v1::ResolveResponse response;
  const absl::Status status = f.Resolve("88.118.8/T", {}, Anonymous(), &response);
  CHECK(status.code() == absl::StatusCode::kPermissionDenied);
  CHECK(gusu::ErrorReason(status) == "TIER_REFUSED");
  CHECK(ErrorMetadataValue(status, "values_withheld_count") == "2");
  CHECK_FALSE(response.has_record());
  // Asked for nothing that exists: nothing is refused.
  CHECK(f.Values("88.118.8/T", Anonymous(), Only({"none"})) == "0");
}

TEST_CASE("a record inherits the values of its batch and its model, and its own ones win") {
  Fixture f;
  auto model = RecordOf("88.118.8/M", v1::Record::MODEL);
  AddValue(model, 2000, "name", "model name");
  AddValue(model, 2001, "kind", "of model");
  AddValue(model, 2002, "brand", "of model");
  f.store.Put(model);
  auto batch = RecordOf("88.118.8/B", v1::Record::BATCH);
  batch.set_instance_of("88.118.8/m");
  AddValue(batch, 2001, "kind", "of batch");
  AddValue(batch, 2003, "date", "of batch");
  f.store.Put(batch);
  auto item = RecordOf("88.118.8/I");
  item.set_instance_of("88.118.8/B");
  AddValue(item, 2000, "name", "item name");
  f.store.Put(item);
  CHECK(f.Values("88.118.8/I") ==
        "2000 name=item name; 2001 kind=of batch <88.118.8/B; 2003 date=of batch <88.118.8/B; "
        "2002 brand=of model <88.118.8/M; 0");
  CHECK(f.Values("88.118.8/I", Anonymous(), Only({"brand"})) ==
        "2002 brand=of model <88.118.8/M; 0");
  CHECK(f.Values("88.118.8/B") ==
        "2001 kind=of batch; 2003 date=of batch; 2000 name=model name <88.118.8/M; "
        "2002 brand=of model <88.118.8/M; 0");
}

TEST_CASE(
    "an own attribute wins over the one of that name that another template numbers otherwise") {
  Fixture f;
  auto model = RecordOf("88.118.8/M", v1::Record::MODEL);
  AddValue(model, 2, "note", "of model");
  AddValue(model, 2002, "model", "of model");
  AddValue(model, 2008, "unit", "of model");
  f.store.Put(model);
  auto item = RecordOf("88.118.8/I");
  item.set_instance_of("88.118.8/M");
  AddValue(item, 1, "note", "own");
  AddValue(item, 2001, "model", "own");
  f.store.Put(item);
  CHECK(
      f.Values("88.118.8/I") ==
      "1 note=own; 2001 model=own; 2 note=of model <88.118.8/M; 2008 unit=of model <88.118.8/M; 0");
}

TEST_CASE("a nearer value that is withheld is not replaced by an inherited one") {
  Fixture f;
  auto model = RecordOf("88.118.9/M", v1::Record::MODEL);
  AddValue(model, 2, "site", "old");
  AddValue(model, 3, "secret", "of the model's issuer", v1::OWNER);
  f.store.Put(model);
  auto item = RecordOf("88.118.8/I");
  item.set_instance_of("88.118.9/M");
  AddValue(item, 1, "URL", "u");
  AddValue(item, 2, "site", "hidden", v1::OWNER);
  f.store.Put(item);
  CHECK(f.Values("88.118.8/I") == "1 URL=u; 2 OWNER");
  // Each record's values are its own issuer's to read.
  CHECK(f.Values("88.118.8/I", WriterOf("pumps")) == "1 URL=u; 2 site=hidden; 1 OWNER");
  CHECK(f.Values("88.118.8/I", WriterOf("valves")) ==
        "1 URL=u; 3 secret=of the model's issuer <88.118.9/M; 1 OWNER");
}

TEST_CASE("a link to a fixed revision inherits what the ancestor was then") {
  Fixture f;
  auto model = RecordOf("88.118.8/M", v1::Record::MODEL);
  AddValue(model, 2, "v", "first");
  const uint64_t first = f.store.Put(model);
  auto item = RecordOf("88.118.8/I");
  item.set_instance_of("88.118.8/M");
  f.store.Put(item);
  auto fixed = RecordOf("88.118.8/J");
  fixed.set_instance_of("88.118.8/M");
  fixed.set_instance_of_revision(first);
  const uint64_t before = f.store.Put(fixed);
  model.mutable_values(0)->set_data("second");
  f.store.Put(model, Operation::kUpdate);
  CHECK(f.Values("88.118.8/I") == "2 v=second <88.118.8/M; 0");
  CHECK(f.Values("88.118.8/J") == "2 v=first <88.118.8/M; 0");
  CHECK(f.AsOf("88.118.8/I", before) == "2 v=first <88.118.8/M; 0");
}

TEST_CASE("as of a time, the answer is what it would have been then") {
  Fixture f;
  auto record = RecordOf("88.118.8/A");
  AddValue(record, 2, "v", "first");
  const uint64_t first = f.store.Put(record);
  f.store.Pass(kMinuteUs);
  record.mutable_values(0)->set_data("second");
  record.set_create_revision(first);
  const uint64_t second = f.store.Put(record, Operation::kUpdate);
  f.store.Pass(kMinuteUs);
  CHECK(f.AsOf("88.118.8/A", second) == "2 v=second; 0");
  CHECK(f.AsOf("88.118.8/A", second - 1) == "2 v=first; 0");
  CHECK(f.AsOf("88.118.8/A", first) == "2 v=first; 0");
  CHECK(f.AsOf("88.118.8/A", first - 1) == "IDENTIFIER_NOT_FOUND");
  CHECK(f.AsOf("88.118.8/A", second + kMinuteUs) == "2 v=second; 0");
  CHECK(f.AsOf("88.118.8/A", second + kMinuteUs + 1'000'000) == "AS_OF_IN_FUTURE");

  v1::ResolveOptions options;
  options.mutable_as_of_time()->set_seconds(static_cast<int64_t>(first / 1'000'000) - 1);
  v1::ResolveResponse response;
  const absl::Status status = f.Resolve("88.118.8/A", options, Anonymous(), &response);
  CHECK_THAT(std::string(gusu::StdView(status.message())),
             Catch::Contains("was not registered as of 2026-03-01T") &&
                 Catch::Contains("; it is since 2026-03-01T15:58:"));
  options.mutable_as_of_time()->set_seconds(-1);
  CHECK(gusu::ErrorReason(f.Resolve("88.118.8/A", options, Anonymous(), &response)) ==
        "FIELD_INVALID");
}

TEST_CASE("the read revision is the state that was read") {
  Fixture f;
  f.store.Put(RecordOf("88.118.8/A"));
  f.store.Pass(kMinuteUs);
  const uint64_t last = f.store.Put(RecordOf("88.118.8/B"));
  f.store.Pass(kMinuteUs);
  v1::ResolveOptions options;
  v1::ResolveResponse response;
  REQUIRE(f.Resolve("88.118.8/A", options, Anonymous(), &response).ok());
  CHECK(response.read_revision() == last);
  options.mutable_as_of_time()->set_seconds((kStartUs + 2 * kMinuteUs) / 1'000'000);
  REQUIRE(f.Resolve("88.118.8/A", options, Anonymous(), &response).ok());
  CHECK(response.read_revision() == last);
  options.mutable_as_of_time()->set_seconds(kStartUs / 1'000'000 + 30);
  REQUIRE(f.Resolve("88.118.8/A", options, Anonymous(), &response).ok());
  CHECK(response.read_revision() == (kStartUs / 1'000'000 + 30) * 1'000'000);
}

TEST_CASE("a day is of the registry's time zone, and means its end") {
  Fixture f;
  auto record = RecordOf("88.118.8/D");
  AddValue(record, 2, "v", "on the first");
  f.store.Put(record);  // 23:58 on March 1 in Shanghai, 15:58 UTC
  f.store.Pass(3 * kMinuteUs);
  record.mutable_values(0)->set_data("on the second");
  f.store.Put(record, Operation::kUpdate);  // 00:01 on March 2
  CHECK(f.AsOfDay("88.118.8/D", "2026-02-28") == "IDENTIFIER_NOT_FOUND");
  CHECK(f.AsOfDay("88.118.8/D", "2026-03-01") == "2 v=on the first; 0");
  CHECK(f.AsOfDay("88.118.8/D", "2026-03-02") == "2 v=on the second; 0");
  CHECK(f.AsOfDay("88.118.8/D", "2026-03-03") == "AS_OF_IN_FUTURE");
  CHECK(f.AsOfDay("88.118.8/D", "1969-12-31") == "IDENTIFIER_NOT_FOUND");
  for (const char* bad : {"", "2026-3-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-03-00",
                          "2026/03/01", "2026-03-01 ", "+026-03-01", "today"}) {
    CAPTURE(bad);
    CHECK(f.AsOfDay("88.118.8/D", bad) == "FIELD_INVALID");
  }
}

TEST_CASE("a batch has an outcome for each identifier, in order, repeats and faults included") {
  Fixture f;
  auto model = RecordOf("88.118.8/M", v1::Record::MODEL);
  AddValue(model, 2, "v", "shared");
  f.store.Put(model);
  v1::BatchResolveRequest request;
  for (int i = 0; i < 100; ++i) {
    auto item = RecordOf("88.118.8/I-" + std::to_string(i));
    item.set_instance_of("88.118.8/M");
    f.store.Put(item);
    request.add_identifiers("88.118.8/i-" + std::to_string(i));
  }
  request.add_identifiers("88.118.8/I-0");
  request.add_identifiers("nonsense");
  request.add_identifiers("88.118.8/never");
  v1::BatchResolveResponse response;
  REQUIRE(f.resolver.BatchResolve(request, Anonymous(), &response).ok());
  REQUIRE(response.outcomes_size() == 103);
  for (int i = 0; i < 101; ++i) {
    CHECK(response.outcomes(i).identifier() == request.identifiers(i));
    const v1::Record& record = response.outcomes(i).response().record();
    CHECK(record.identifier() == "88.118.8/I-" + std::to_string(i % 100));
    CHECK(record.values(0).inherited_from() == "88.118.8/M");
    CHECK(response.outcomes(i).response().read_revision() ==
          response.outcomes(0).response().read_revision());
  }
  const auto reason = [&response](int i) {
    return gusu::ErrorReason(gusu::FromRpcStatus(response.outcomes(i).error()));
  };
  CHECK(reason(101) == "IDENTIFIER_MALFORMED");
  CHECK(reason(102) == "IDENTIFIER_NOT_FOUND");
}

TEST_CASE("batches without identifiers, or with too many, are refused whole") {
  Fixture f;
  v1::BatchResolveRequest request;
  v1::BatchResolveResponse response;
  CHECK(gusu::ErrorReason(f.resolver.BatchResolve(request, Anonymous(), &response)) ==
        "FIELD_MISSING");
  for (int i = 0; i < 2001; ++i) request.add_identifiers("88.118.8/x");
  const absl::Status status = f.resolver.BatchResolve(request, Anonymous(), &response);
  CHECK(gusu::ErrorReason(status) == "BATCH_TOO_LARGE");
  CHECK(ErrorMetadataValue(status, "count_max") == "2000");
  v1::StreamResolveRequest message;
  v1::StreamResolveResponse outcomes;
  for (int i = 0; i < 1001; ++i) message.add_identifiers("88.118.8/x");
  CHECK(gusu::ErrorReason(f.resolver.ResolveMany(message, {}, Anonymous(), &outcomes)) ==
        "BATCH_TOO_LARGE");
  message.mutable_identifiers()->RemoveLast();
  REQUIRE(f.resolver.ResolveMany(message, {}, Anonymous(), &outcomes).ok());
  CHECK(outcomes.outcomes_size() == 1000);
}

TEST_CASE("a batch stops at 3 MiB, and asking again for the rest gets everything in the end") {
  Fixture f;
  v1::BatchResolveRequest request;
  for (int i = 0; i < 60; ++i) {
    auto record = RecordOf("88.118.8/L-" + std::to_string(i));
    for (uint32_t index = 2; index < 5; ++index) {
      AddValue(record, index, "blob", std::string(60'000, 'x'));
    }
    f.store.Put(record);
    request.add_identifiers(record.identifier());
  }
  int rounds = 0;
  int resolved = 0;
  while (request.identifiers_size() > 0) {
    ++rounds;
    v1::BatchResolveResponse response;
    REQUIRE(f.resolver.BatchResolve(request, Anonymous(), &response).ok());
    CHECK(response.ByteSizeLong() < (4 << 20));
    v1::BatchResolveRequest rest;
    for (const v1::ResolveOutcome& outcome : response.outcomes()) {
      if (outcome.has_response()) {
        ++resolved;
        continue;
      }
      CHECK(gusu::ErrorReason(gusu::FromRpcStatus(outcome.error())) == "RETRY_REST");
      rest.add_identifiers(outcome.identifier());
    }
    REQUIRE(rest.identifiers_size() < request.identifiers_size());
    request = rest;
  }
  CHECK(resolved == 60);
  CHECK(rounds == 4);
}

TEST_CASE("a request of huge identifiers is answered bit by bit") {
  Fixture f;
  v1::BatchResolveRequest request;
  for (int i = 0; i < 5; ++i) request.add_identifiers(std::string(700'000, 'x'));
  v1::BatchResolveResponse response;
  REQUIRE(f.resolver.BatchResolve(request, Anonymous(), &response).ok());
  CHECK(gusu::ErrorReason(gusu::FromRpcStatus(response.outcomes(0).error())) ==
        "IDENTIFIER_MALFORMED");
  CHECK(gusu::ErrorReason(gusu::FromRpcStatus(response.outcomes(1).error())) == "RETRY_REST");
}
