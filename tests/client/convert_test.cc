// Structs to messages and back: nothing that a caller sets is lost on the way.
#include "client/connection/convert.h"

#include <catch2/catch.hpp>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gusu/client.h"
#include "gusu/json.h"

namespace gusu::test {
namespace {

RegisterRow FullRow() {
  RegisterRow row;
  row.identifier = "88.118.8/HP-1";
  row.level = Level::kBatch;
  row.instance_of = InstanceOf{"88.118.8/HP", 5};
  row.template_id = "product";
  Value value = TextValue("name", "Pump", Tier::kPartner);
  value.index = 2000;
  value.ttl_seconds = 60;
  value.language = "en";
  value.references = {{"88.118.8/X", 3}};
  Value cached = TextValue("URL", "https://example.com");
  cached.cache_until = ParseTimestamp("2030-01-01T00:00:00.000001Z");
  row.values = {value, cached};
  row.origin = Origin{"old", "HP1", ParseTimestamp("1999-12-31T23:59:59Z"), std::string(32, '\1')};
  row.effective_time = ParseTimestamp("1969-12-31T23:59:59.999999Z");
  row.state = State::kReserved;
  row.request_id = "r-1";
  return row;
}

// Compared as JSON of the record that has the row's fields.
std::string AsJson(const RegisterRow& row) {
  Record record;
  record.identifier = row.identifier;
  record.level = row.level;
  record.instance_of = row.instance_of;
  record.template_id = row.template_id;
  record.values = row.values;
  record.origin = row.origin;
  record.effective_time = row.effective_time;
  record.state = row.state;
  return ToJson(record) + row.request_id;
}

TEST_CASE("a row survives the way to the wire and back with every field") {
  const RegisterRow row = FullRow();
  const RegisterRow back = FromProto(ToProto(row));
  CHECK(AsJson(back) == AsJson(row));
  RegisterRow minted;
  minted.mint = MintPattern{"88.118.8", "HP-{serial:6}"};
  const RegisterRow minted_back = FromProto(ToProto(minted));
  REQUIRE(minted_back.mint);
  CHECK(minted_back.mint->prefix == "88.118.8");
  CHECK(minted_back.mint->pattern == "HP-{serial:6}");
}

TEST_CASE("a record is reinstated as it was, or with the values that are given, be it none") {
  ReinstateRecordRequest request;
  CHECK_FALSE(ToProto(request).has_content());
  request.values.emplace();
  CHECK(ToProto(request).has_content());
  request.values->push_back({});
  request.values->back().type = "URL";
  REQUIRE(ToProto(request).content().values_size() == 1);
  CHECK(ToProto(request).content().values(0).type() == "URL");
}

TEST_CASE("every write and Resolve can ask for a proof, and receipts bring it") {
  const auto asks = [](auto request) {
    const bool before = ToProto(request).include_proof();
    request.include_proof = true;
    return !before && ToProto(request).include_proof();
  };
  CHECK(asks(ApplyRegistrantRequest()));
  CHECK(asks(ApproveRegistrantRequest()));
  CHECK(asks(GrantPrefixRequest()));
  CHECK(asks(CreateCredentialRequest()));
  CHECK(asks(RevokeCredentialRequest()));
  CHECK(asks(RegisterRequest()));
  CHECK(asks(BatchRegisterRequest()));
  CHECK(asks(UpdateRecordRequest()));
  CHECK(asks(ModifyValuesRequest()));
  CHECK(asks(SuspendRecordRequest()));
  CHECK(asks(ActivateRecordRequest()));
  CHECK(asks(RetireRecordRequest()));
  CHECK(asks(ReinstateRecordRequest()));
  CHECK(asks(EraseValuesRequest()));
  CHECK(asks(ResolveOptions()));

  v1::RegisterResult result;
  result.mutable_receipt()->mutable_proof()->set_leaf("l");
  CHECK(FromProto(result).receipt.proof->leaf == "l");
  v1::RecordResponse response;
  response.mutable_receipt()->mutable_proof_error()->set_code(14);
  response.mutable_record()->add_erased_tiers(v1::OWNER);
  CHECK(FromProto(response).receipt.proof_error.code == StatusCode::kUnavailable);
  CHECK(FromProto(response).record.erased_tiers == std::vector<Tier>{Tier::kOwner});
  v1::ResolveResponse resolved;
  CHECK(!FromProto(resolved).proof);
  resolved.mutable_proof()->set_statement("s");
  resolved.mutable_proof()->set_identifier_salt("i");
  resolved.mutable_proof()->mutable_record()->set_leaf("r");
  resolved.mutable_proof()->add_ancestors()->set_leaf("a");
  CHECK(ToJson(*FromProto(resolved).proof) ==
        R"({"record":{"leaf":"cg=="},"ancestors":[{"leaf":"YQ=="}],"statement":"s",)"
        R"("identifier_salt":"aQ=="})");
}

TEST_CASE("an erasure survives the way to the wire with every field") {
  EraseValuesRequest request;
  request.name = "88.118.8/HP-1";
  request.tier = Tier::kPartner;
  request.revisions = {5, 7};
  request.reason = "asked to";
  request.etag = "e";
  request.request_id = "r";
  request.on_behalf_of = OnBehalfOf{"registrants/a", "why"};
  const v1::EraseValuesRequest out = ToProto(request);
  CHECK(out.name() == "88.118.8/HP-1");
  CHECK(out.tier() == v1::PARTNER);
  CHECK(std::vector<uint64_t>(out.revisions().begin(), out.revisions().end()) == request.revisions);
  CHECK(out.reason() == "asked to");
  CHECK(out.etag() == "e");
  CHECK(out.request_id() == "r");
  CHECK(out.on_behalf_of().registrant() == "registrants/a");
  CHECK(out.on_behalf_of().reason() == "why");
}

TEST_CASE("the enumerations of both sides have the same numbers and names") {
  for (int i = 1; i < 10; ++i) {
    CHECK(ToText(static_cast<RetirementReason>(i)) ==
          v1::Retirement::Reason_Name(static_cast<v1::Retirement::Reason>(i)));
    CHECK(ToText(static_cast<AttributeType>(i)) ==
          v1::Template::AttributeType_Name(static_cast<v1::Template::AttributeType>(i)));
  }
  for (int i = 1; i < 7; ++i) {
    CHECK(ToText(static_cast<RegistrantState>(i)) ==
          v1::Registrant::State_Name(static_cast<v1::Registrant::State>(i)));
  }
  // A number that is kept free has no name.
  for (int i = 1; i < 5; ++i) {
    CHECK(ToText(static_cast<CredentialKind>(i)) ==
          v1::Credential::Kind_Name(static_cast<v1::Credential::Kind>(i)));
  }
  CHECK_FALSE(FromText<CredentialKind>("").has_value());
  for (int i = 1; i < 6; ++i) {
    CHECK(ToText(static_cast<Role>(i)) ==
          v1::Credential::Role_Name(static_cast<v1::Credential::Role>(i)));
    CHECK(ToText(static_cast<SuffixCheckScheme>(i)) ==
          v1::SuffixPolicy::CheckScheme_Name(static_cast<v1::SuffixPolicy::CheckScheme>(i)));
  }
  for (int i = 1; i < 5; ++i) {
    CHECK(ToText(static_cast<State>(i)) ==
          v1::Record::State_Name(static_cast<v1::Record::State>(i)));
  }
  for (int i = 1; i < 4; ++i) {
    CHECK(ToText(static_cast<Level>(i)) ==
          v1::Record::Level_Name(static_cast<v1::Record::Level>(i)));
    CHECK(ToText(static_cast<Tier>(i)) == v1::Tier_Name(static_cast<v1::Tier>(i)));
    CHECK(ToText(static_cast<CredentialState>(i)) ==
          v1::Credential::State_Name(static_cast<v1::Credential::State>(i)));
    CHECK(ToText(static_cast<PrefixState>(i)) ==
          v1::Prefix::State_Name(static_cast<v1::Prefix::State>(i)));
    CHECK(ToText(static_cast<RegistrantKind>(i)) ==
          v1::Registrant::Kind_Name(static_cast<v1::Registrant::Kind>(i)));
    CHECK(ToText(static_cast<OrganizationCodeScheme>(i)) ==
          v1::OrganizationCode::Scheme_Name(static_cast<v1::OrganizationCode::Scheme>(i)));
  }
  for (int i = 1; i < 3; ++i) {
    CHECK(ToText(static_cast<Outcome>(i)) ==
          v1::RegisterResult::Outcome_Name(static_cast<v1::RegisterResult::Outcome>(i)));
  }
}

TEST_CASE("of an error's details the ErrorInfo counts, and what cannot be read is passed over") {
  google::rpc::Status status;
  status.set_code(5);
  status.set_message("not there");
  status.add_details()->set_type_url("type.googleapis.com/google.rpc.Help");
  google::rpc::ErrorInfo info;
  info.set_reason("IDENTIFIER_NOT_FOUND");
  (*info.mutable_metadata())["identifier"] = "88.118.8/HP-9";
  auto* detail = status.add_details();
  detail->set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  detail->set_value(info.SerializeAsString());
  CHECK(FromProto(status) == Status{StatusCode::kNotFound,
                                    "not there",
                                    "IDENTIFIER_NOT_FOUND",
                                    {{"identifier", "88.118.8/HP-9"}}});
}

TEST_CASE("what a Handle credential is made for is sent, and its identity comes back") {
  CreateCredentialRequest request;
  request.credential.kind = CredentialKind::kHsSeckey;
  request.credential.handle_prefix = "88.118.8";
  request.credential.handle_identity = "never sent";
  request.secret = std::string("\0secret", 7);
  request.public_key = "key";
  const v1::CreateCredentialRequest sent = ToProto(request);
  CHECK(sent.credential().kind() == v1::Credential::HS_SECKEY);
  CHECK(sent.credential().handle_prefix() == "88.118.8");
  CHECK(sent.credential().handle_identity().empty());
  CHECK(sent.secret() == request.secret);
  CHECK(sent.public_key() == "key");
  CHECK(sent.secret_sha256().empty());

  v1::Credential made = sent.credential();
  made.set_handle_identity("300:88.118.8/ADMIN");
  const Credential read = FromProto(made);
  CHECK(read.kind == CredentialKind::kHsSeckey);
  CHECK(read.handle_prefix == "88.118.8");
  CHECK(read.handle_identity == "300:88.118.8/ADMIN");
  CHECK(ToJson(read).find(R"("kind":"HS_SECKEY","handle_prefix":"88.118.8",)"
                          R"("handle_identity":"300:88.118.8/ADMIN")") != std::string::npos);
}

}  // namespace
}  // namespace gusu::test
