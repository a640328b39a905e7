// Lists, holds, serial ranges, transfers and referrals: structs to messages and back.
#include <catch2/catch.hpp>

#include "client/connection/convert.h"
#include "client/connection/text_check.h"
#include "gusu/client.h"
#include "gusu/json.h"

namespace gusu::test {
namespace {

TEST_CASE("every filter of a list of records goes to the wire, and none that is not given") {
  ListRecordsRequest request;
  request.parent = "prefixes/-";
  request.state = State::kReserved;
  request.level = Level::kBatch;
  request.page_size = 7;
  request.attributes = {{"batch", "L-1", false}, {"serial", "00", true}};
  request.owner = "registrants/a";
  request.custodian = "registrants/b";
  request.create_time.from = ParseTimestamp("2026-11-01T00:00:00Z");
  request.update_time.before = ParseTimestamp("2026-12-01T00:00:00.000001Z");
  request.as_of_time = ParseTimestamp("2026-11-23T00:00:00Z");
  request.instance_of = "88.118.8/HP";
  request.template_id = "product";
  request.reason = "inspection";
  request.page_token = "t";
  const v1::ListRecordsRequest out = ToProto(request);
  CHECK(out.parent() == "prefixes/-");
  CHECK(out.state() == v1::Record::RESERVED);
  CHECK(out.level() == v1::Record::BATCH);
  CHECK(out.page_size() == 7);
  REQUIRE(out.attributes_size() == 2);
  CHECK(out.attributes(0).name() == "batch");
  CHECK(out.attributes(0).condition_case() == v1::AttributeFilter::kEquals);
  CHECK(out.attributes(0).equals() == "L-1");
  CHECK(out.attributes(1).name() == "serial");
  CHECK(out.attributes(1).condition_case() == v1::AttributeFilter::kBeginsWith);
  CHECK(out.attributes(1).begins_with() == "00");
  CHECK(out.owner() == "registrants/a");
  CHECK(out.custodian() == "registrants/b");
  CHECK(out.create_time().from().seconds() == 1793491200);
  CHECK(!out.create_time().has_before());
  CHECK(!out.update_time().has_from());
  CHECK(out.update_time().before().nanos() == 1000);
  CHECK(out.as_of_time().seconds() == 1795392000);
  CHECK(out.instance_of() == "88.118.8/HP");
  CHECK(out.template_() == "product");
  CHECK(out.reason() == "inspection");
  CHECK(out.page_token() == "t");

  const v1::ListRecordsRequest bare = ToProto(ListRecordsRequest{"prefixes/88"});
  CHECK(bare.SerializeAsString() == [] {
    v1::ListRecordsRequest expected;
    expected.set_parent("prefixes/88");
    return expected.SerializeAsString();
  }());
}

TEST_CASE("an empty value is a filter of its own") {
  ListRecordsRequest request;
  request.attributes = {{"batch", "", false}};
  CHECK(ToProto(request).attributes(0).condition_case() == v1::AttributeFilter::kEquals);
}

TEST_CASE("the reasons of reads go to the wire") {
  CHECK(ToProto(GetRecordRequest{"88/1", "why"}).reason() == "why");
  CHECK(ToProto(ListRevisionsRequest{"88/1", 3, "why"}).reason() == "why");
  CHECK(ToProto(ListRevisionsRequest{"88/1", 3, "why"}).page_size() == 3);
  ResolveOptions options;
  options.reason = "why";
  CHECK(ToProto(options).reason() == "why");
}

TEST_CASE("a hold and its lifting go to the wire with every field") {
  HoldRecordRequest hold{"88/1", "stolen", "D-1", "e", "r", OnBehalfOf{"registrants/a", "w"}, true};
  const v1::HoldRecordRequest held = ToProto(hold);
  CHECK(held.name() == "88/1");
  CHECK(held.reason() == "stolen");
  CHECK(held.document_number() == "D-1");
  CHECK(held.etag() == "e");
  CHECK(held.request_id() == "r");
  CHECK(held.on_behalf_of().registrant() == "registrants/a");
  CHECK(held.include_proof());
  UnholdRecordRequest unhold{"88/1", 3, "found", "e", "r", OnBehalfOf{"registrants/a", "w"}, true};
  const v1::UnholdRecordRequest lifted = ToProto(unhold);
  CHECK(lifted.name() == "88/1");
  CHECK(lifted.number() == 3);
  CHECK(lifted.reason() == "found");
  CHECK(lifted.etag() == "e");
  CHECK(lifted.request_id() == "r");
  CHECK(lifted.on_behalf_of().reason() == "w");
  CHECK(lifted.include_proof());
}

TEST_CASE("a record brings its holds, its range and how much was withheld") {
  v1::Record record;
  record.set_identifier("88/1");
  v1::Hold* hold = record.add_holds();
  hold->set_number(2);
  hold->set_side(v1::Hold::BUREAU);
  hold->set_reason("seized");
  hold->set_document_number("2026-88");
  hold->mutable_time()->set_seconds(1795392000);
  record.set_values_withheld_count(4);
  record.add_withheld_tiers(v1::PARTNER);
  record.add_withheld_tiers(v1::OWNER);
  record.set_serial_range("prefixes/88/serialRanges/1-9");
  v1::Value* value = record.add_values();
  value->set_type("pin");
  value->set_is_digest(true);
  CHECK(ToJson(FromProto(record)) ==
        R"({"identifier":"88/1","values":[{"type":"pin","data":"","is_digest":true}],)"
        R"("holds":[{"number":2,"side":"BUREAU","reason":"seized","document_number":"2026-88",)"
        R"("time":"2026-11-23T00:00:00Z"}],"values_withheld_count":4,)"
        R"("withheld_tiers":["PARTNER","OWNER"],)"
        R"("serial_range":"prefixes/88/serialRanges/1-9"})");
}

TEST_CASE("a digest stays one on its way to the wire") {
  RegisterRow row;
  row.values = {TextValue("pin", std::string(32, '\1'))};
  row.values[0].is_digest = true;
  CHECK(ToProto(row).values(0).is_digest());
  CHECK(FromProto(ToProto(row)).values[0].is_digest);
}

TEST_CASE("a referral comes in place of a record") {
  v1::ResolveResponse response;
  response.mutable_referral()->set_prefix("prefixes/88.9");
  v1::Site* site = response.mutable_referral()->add_sites();
  site->set_address("registry.example");
  site->set_protocol(v1::Site::HTTPS);
  site->set_port(443);
  site->set_public_key("k");
  const ResolveAnswer answer = FromProto(response);
  REQUIRE(answer.referral);
  CHECK(ToJson(answer) ==
        R"({"referral":{"prefix":"prefixes/88.9","sites":[{"address":"registry.example",)"
        R"("protocol":"HTTPS","port":443,"public_key":"aw=="}]}})");
  CHECK(!FromProto(v1::ResolveResponse()).referral);
}

TEST_CASE("an allocation and both acts on a part go to the wire with every field") {
  AllocateSerialRangeRequest request;
  request.parent = "prefixes/88";
  request.pattern = "B{serial:4}";
  request.count = 5;
  request.first_serial = 6;
  request.level = Level::kItem;
  request.instance_of = InstanceOf{"88/HP", 7};
  request.template_id = "product";
  request.values = {TextValue("name", "Bolt")};
  request.state = State::kActive;
  request.reason = "why";
  request.request_id = "r";
  request.on_behalf_of = OnBehalfOf{"registrants/a", "w"};
  request.include_proof = true;
  const v1::AllocateSerialRangeRequest out = ToProto(request);
  CHECK(out.parent() == "prefixes/88");
  CHECK(out.pattern() == "B{serial:4}");
  CHECK(out.count() == 5);
  CHECK(out.first_serial() == 6);
  CHECK(out.level() == v1::Record::ITEM);
  CHECK(out.instance_of().identifier() == "88/HP");
  CHECK(out.instance_of().revision() == 7);
  CHECK(out.template_() == "product");
  CHECK(out.values(0).data() == "Bolt");
  CHECK(out.state() == v1::Record::ACTIVE);
  CHECK(out.reason() == "why");
  CHECK(out.request_id() == "r");
  CHECK(out.on_behalf_of().registrant() == "registrants/a");
  CHECK(out.include_proof());

  const auto part = [](auto act) {
    act.first_identifier = "88/B0001";
    act.last_identifier = "88/B0002";
    act.reason = "why";
    act.request_id = "r";
    act.on_behalf_of = OnBehalfOf{"registrants/a", "w"};
    act.include_proof = true;
    const auto sent = ToProto(act);
    return sent.first_identifier() == "88/B0001" && sent.last_identifier() == "88/B0002" &&
           sent.reason() == "why" && sent.request_id() == "r" &&
           sent.on_behalf_of().reason() == "w" && sent.include_proof();
  };
  CHECK(part(ActivateSerialRangeRequest()));
  CHECK(part(ReleaseSerialRangeRequest()));
  const v1::ListSerialRangesRequest list =
      ToProto(ListSerialRangesRequest{"prefixes/88", State::kRetired, 5});
  CHECK(list.parent() == "prefixes/88");
  CHECK(list.state() == v1::Record::RETIRED);
  CHECK(list.page_size() == 5);
}

TEST_CASE("a serial range comes from the wire with every field") {
  v1::SerialRangeResponse response;
  v1::SerialRange* range = response.mutable_serial_range();
  range->set_name("prefixes/88/serialRanges/1-9");
  range->set_pattern("B{serial:4}");
  range->set_first_serial(2);
  range->set_last_serial(9);
  range->set_first_identifier("88/B0002");
  range->set_last_identifier("88/B0009");
  range->set_state(v1::Record::RESERVED);
  range->set_level(v1::Record::ITEM);
  range->mutable_instance_of()->set_identifier("88/HP");
  range->set_template_("product");
  range->set_template_version(3);
  range->add_values()->set_type("name");
  range->set_issued_by("registrants/a");
  range->set_owner("registrants/b");
  range->set_custodian("registrants/c");
  range->set_parent("prefixes/88/serialRanges/1-20");
  range->mutable_create_time()->set_seconds(1);
  range->mutable_update_time()->set_seconds(2);
  range->set_revision(11);
  range->set_leaf_index(12);
  range->set_etag("e");
  response.mutable_receipt()->set_leaf_index(13);
  const SerialRangeAnswer answer = FromProto(response);
  CHECK(answer.serial_range.count() == 8);
  CHECK(ToJson(answer) ==
        R"({"serial_range":{"name":"prefixes/88/serialRanges/1-9","pattern":"B{serial:4}",)"
        R"("first_serial":2,"last_serial":9,"first_identifier":"88/B0002",)"
        R"("last_identifier":"88/B0009","state":"RESERVED","level":"ITEM",)"
        R"("instance_of":{"identifier":"88/HP"},"template":"product","template_version":3,)"
        R"("values":[{"type":"name","data":""}],"issued_by":"registrants/a",)"
        R"("owner":"registrants/b","custodian":"registrants/c",)"
        R"("parent":"prefixes/88/serialRanges/1-20","create_time":"1970-01-01T00:00:01Z",)"
        R"("update_time":"1970-01-01T00:00:02Z","revision":11,"leaf_index":12,"etag":"e"},)"
        R"("receipt":{"leaf_index":13}})");
}

TEST_CASE("an offer and what is decided of it go to the wire with every field") {
  OfferTransferRequest offer;
  offer.transfer.to = "registrants/b";
  offer.transfer.ownership = true;
  offer.transfer.custody = true;
  offer.transfer.items = {{"88/1", TransferItemState::kUnspecified}};
  offer.transfer.range = TransferRange{"88/B1", "88/B2"};
  offer.transfer.expire_time = ParseTimestamp("2026-12-01T00:00:00Z");
  offer.transfer.reference = "DN-1";
  offer.reason = "sold";
  offer.request_id = "r";
  offer.on_behalf_of = OnBehalfOf{"registrants/a", "w"};
  offer.include_proof = true;
  const v1::OfferTransferRequest out = ToProto(offer);
  CHECK(out.transfer().to() == "registrants/b");
  CHECK(out.transfer().ownership());
  CHECK(out.transfer().custody());
  CHECK(out.transfer().items(0).identifier() == "88/1");
  CHECK(out.transfer().range().first_identifier() == "88/B1");
  CHECK(out.transfer().range().last_identifier() == "88/B2");
  CHECK(out.transfer().expire_time().seconds() == 1796083200);
  CHECK(out.transfer().reference() == "DN-1");
  CHECK(out.reason() == "sold");
  CHECK(out.request_id() == "r");
  CHECK(out.on_behalf_of().registrant() == "registrants/a");
  CHECK(out.include_proof());

  const auto decision = [](auto request) {
    request.name = "transfers/x";
    request.reason = "why";
    request.etag = "e";
    request.request_id = "r";
    request.on_behalf_of = OnBehalfOf{"registrants/a", "w"};
    request.include_proof = true;
    return request;
  };
  const auto has_all = [](const auto& sent) {
    return sent.name() == "transfers/x" && sent.reason() == "why" && sent.etag() == "e" &&
           sent.request_id() == "r" && sent.on_behalf_of().reason() == "w" && sent.include_proof();
  };
  AcceptTransferRequest accept = decision(AcceptTransferRequest());
  accept.identifiers = {"88/1", "88/2"};
  CHECK(has_all(ToProto(accept)));
  CHECK(ToProto(accept).identifiers(1) == "88/2");
  DeclineTransferRequest decline = decision(DeclineTransferRequest());
  decline.identifiers = {"88/3"};
  CHECK(has_all(ToProto(decline)));
  CHECK(ToProto(decline).identifiers(0) == "88/3");
  CHECK(has_all(ToProto(decision(WithdrawTransferRequest()))));

  const v1::ListTransfersRequest list = ToProto(ListTransfersRequest{
      "registrants/b", TransferDirection::kOutgoing, TransferState::kExpired, 9});
  CHECK(list.parent() == "registrants/b");
  CHECK(list.direction() == v1::ListTransfersRequest::OUTGOING);
  CHECK(list.state() == v1::Transfer::EXPIRED);
  CHECK(list.page_size() == 9);
}

TEST_CASE("a transfer comes from the wire with every field") {
  v1::TransferResponse response;
  v1::Transfer* transfer = response.mutable_transfer();
  transfer->set_name("transfers/x");
  transfer->set_from("registrants/a");
  transfer->set_to("registrants/b");
  transfer->set_custody(true);
  transfer->add_items()->set_identifier("88/1");
  transfer->mutable_items(0)->set_state(v1::TransferItem::DECLINED);
  transfer->mutable_range()->set_first_identifier("88/B1");
  transfer->mutable_range()->set_last_identifier("88/B2");
  transfer->mutable_expire_time()->set_seconds(3);
  transfer->set_reference("DN-1");
  transfer->set_state(v1::Transfer::OFFERED);
  transfer->mutable_create_time()->set_seconds(1);
  transfer->mutable_update_time()->set_seconds(2);
  transfer->set_state_reason("damaged");
  transfer->set_etag("e");
  CHECK(ToJson(FromProto(response)) ==
        R"({"transfer":{"name":"transfers/x","from":"registrants/a","to":"registrants/b",)"
        R"("custody":true,"items":[{"identifier":"88/1","state":"DECLINED"}],)"
        R"("range":{"first_identifier":"88/B1","last_identifier":"88/B2"},)"
        R"("expire_time":"1970-01-01T00:00:03Z","reference":"DN-1","state":"OFFERED",)"
        R"("create_time":"1970-01-01T00:00:01Z","update_time":"1970-01-01T00:00:02Z",)"
        R"("state_reason":"damaged","etag":"e"},"receipt":{"leaf_index":0}})");
}

TEST_CASE("the enumerations of transfers, holds and sites have the numbers and names of the API") {
  for (int i = 1; i < 7; ++i) {
    CHECK(ToText(static_cast<TransferState>(i)) ==
          v1::Transfer::State_Name(static_cast<v1::Transfer::State>(i)));
  }
  for (int i = 1; i < 4; ++i) {
    CHECK(ToText(static_cast<TransferItemState>(i)) ==
          v1::TransferItem::State_Name(static_cast<v1::TransferItem::State>(i)));
  }
  for (int i = 1; i < 5; ++i) {
    CHECK(ToText(static_cast<SiteProtocol>(i)) ==
          v1::Site::Protocol_Name(static_cast<v1::Site::Protocol>(i)));
  }
  for (int i = 1; i < 3; ++i) {
    CHECK(ToText(static_cast<HoldSide>(i)) == v1::Hold::Side_Name(static_cast<v1::Hold::Side>(i)));
    CHECK(ToText(static_cast<TransferDirection>(i)) ==
          v1::ListTransfersRequest::Direction_Name(
              static_cast<v1::ListTransfersRequest::Direction>(i)));
  }
  CHECK(FromText<TransferState>("withdrawn") == TransferState::kWithdrawn);
  CHECK(!FromText<TransferState>("gone"));
}

// The field that the check names, when `set` puts a byte there that is no UTF-8.
template <typename Request>
std::string FaultOf(void (*set)(Request&, const std::string&)) {
  Request request;
  CHECK(CheckText(request).ok());
  set(request, "\xff");
  const Status status = CheckText(request);
  CHECK(status.code == StatusCode::kInvalidArgument);
  CHECK(status.reason == "TEXT_NOT_UTF8");
  return status.metadata.count("field") == 0 ? "" : status.metadata.at("field");
}

#define GUSU_FAULT(Request, assignment) \
  FaultOf<Request>([](Request& request, const std::string& bad) { assignment; })

TEST_CASE("text that is not UTF-8 is refused by the name of its field") {
  CHECK(GUSU_FAULT(GetRecordRequest, request.reason = bad) == "reason");
  CHECK(GUSU_FAULT(ListRevisionsRequest, request.reason = bad) == "reason");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.parent = bad) == "parent");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.owner = bad) == "owner");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.custodian = bad) == "custodian");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.instance_of = bad) == "instance_of");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.template_id = bad) == "template");
  CHECK(GUSU_FAULT(ListRecordsRequest, request.page_token = bad) == "page_token");
  CHECK(GUSU_FAULT(ListRecordsRequest,
                   (request.attributes = {{"a", "b", false}, {bad, "b", true}})) ==
        "attributes[1].name");
  CHECK(GUSU_FAULT(ListRecordsRequest, (request.attributes = {{"a", bad, false}})) ==
        "attributes[0].equals");
  CHECK(GUSU_FAULT(ListRecordsRequest, (request.attributes = {{"a", bad, true}})) ==
        "attributes[0].begins_with");
  CHECK(GUSU_FAULT(HoldRecordRequest, request.document_number = bad) == "document_number");
  CHECK(GUSU_FAULT(HoldRecordRequest, request.reason = bad) == "reason");
  CHECK(GUSU_FAULT(UnholdRecordRequest, request.name = bad) == "name");
  CHECK(GUSU_FAULT(AllocateSerialRangeRequest, request.pattern = bad) == "pattern");
  CHECK(GUSU_FAULT(AllocateSerialRangeRequest, request.parent = bad) == "parent");
  CHECK(GUSU_FAULT(AllocateSerialRangeRequest, request.values = {TextValue(bad, "")}) ==
        "values[0].type");
  CHECK(GUSU_FAULT(AllocateSerialRangeRequest, (request.instance_of = InstanceOf{bad, 0})) ==
        "instance_of.identifier");
  CHECK(GUSU_FAULT(ActivateSerialRangeRequest, request.first_identifier = bad) ==
        "first_identifier");
  CHECK(GUSU_FAULT(ReleaseSerialRangeRequest, request.last_identifier = bad) == "last_identifier");
  CHECK(GUSU_FAULT(OfferTransferRequest, request.transfer.to = bad) == "transfer.to");
  CHECK(GUSU_FAULT(OfferTransferRequest, request.transfer.reference = bad) == "transfer.reference");
  CHECK(GUSU_FAULT(OfferTransferRequest, (request.transfer.items = {{"a", {}}, {bad, {}}})) ==
        "transfer.items[1].identifier");
  CHECK(GUSU_FAULT(OfferTransferRequest, (request.transfer.range = TransferRange{"a", bad})) ==
        "transfer.range.last_identifier");
  CHECK(GUSU_FAULT(AcceptTransferRequest, (request.identifiers = {"a", bad})) == "identifiers[1]");
  CHECK(GUSU_FAULT(DeclineTransferRequest, request.reason = bad) == "reason");
  CHECK(GUSU_FAULT(WithdrawTransferRequest, (request.on_behalf_of = OnBehalfOf{bad, ""})) ==
        "on_behalf_of.registrant");
  ResolveOptions options;
  options.reason = "\xff";
  CHECK(CheckText(options).metadata.at("field") == "options.reason");
}

#undef GUSU_FAULT

}  // namespace
}  // namespace gusu::test
