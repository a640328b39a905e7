#include "tests/e2e/api.h"

#include <catch2/catch.hpp>

#include "google/rpc/status.pb.h"
#include "proto/error.h"
#include "proto/hash.h"

namespace gusu::e2e {
namespace {

absl::Status ToStatus(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details()) || details.code() == 0) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  return FromRpcStatus(details);
}

std::string Sha256Bytes(const std::string& text) { return std::string(AsBytes(Sha256(text))); }

}  // namespace

std::string FaultOf(const grpc::Status& status) {
  if (status.ok()) return "";
  const absl::Status ours = ToStatus(status);
  const std::string code =
      absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
  return code + " " + ErrorReason(ours);
}

std::string FaultMetadata(const grpc::Status& status, const std::string& key) {
  return ErrorMetadataValue(ToStatus(status), key);
}

Api::Api(const std::string& address, const std::string& ca, std::string token)
    : token_(std::move(token)) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca;
  grpc::ChannelArguments arguments;
  // A connection of its own, whatever else in this process talks to the server.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ = grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
  registrar_ = v1::RegistrarService::NewStub(channel_);
  registry_ = v1::RegistryService::NewStub(channel_);
  resolver_ = v1::ResolverService::NewStub(channel_);
  audit_ = v1::AuditService::NewStub(channel_);
}

std::unique_ptr<grpc::ClientContext> Api::NewContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kCallTimeMax);
  if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
  return context;
}

Answer<v1::RegisterResponse> Api::Register(const v1::RegisterRow& row) const {
  v1::RegisterRequest request;
  *request.mutable_row() = row;
  return Call(registry(), &v1::RegistryService::Stub::Register, request);
}

Answer<v1::ResolveResponse> Api::Resolve(const std::string& identifier) const {
  v1::ResolveRequest request;
  request.set_identifier(identifier);
  return Call(resolver(), &v1::ResolverService::Stub::Resolve, request);
}

Answer<v1::Record> Api::GetRecord(const std::string& identifier) const {
  v1::GetRecordRequest request;
  request.set_name(identifier);
  return Call(registry(), &v1::RegistryService::Stub::GetRecord, request);
}

void AddValue(const std::string& type, const std::string& data,
              google::protobuf::RepeatedPtrField<v1::Value>* values, v1::Tier tier) {
  v1::Value* value = values->Add();
  value->set_type(type);
  value->set_data(data);
  value->set_tier(tier);
}

v1::RegisterRow Product(const std::string& identifier, const std::string& name) {
  v1::RegisterRow row;
  row.set_identifier(identifier);
  row.set_template_("product");
  AddValue("name", name, row.mutable_values());
  AddValue("model", "HP", row.mutable_values());
  return row;
}

std::string ValueOf(const v1::Record& record, const std::string& type) {
  for (const v1::Value& value : record.values()) {
    if (value.type() == type) return value.data();
  }
  return "(none)";
}

Enterprise MakeEnterprise(const ServerProcess& server, const std::string& id,
                          const std::string& organization_code, const std::string& prefix) {
  Enterprise enterprise{"registrants/" + id, prefix, NewTokenSecret(), NewTokenSecret(), ""};
  const std::string claim = NewClaimSecret();
  const Api anonymous(server, "");
  v1::ApplyRegistrantRequest apply;
  apply.set_registrant_id(id);
  apply.mutable_registrant()->set_legal_name(id + " Ltd.");
  apply.mutable_registrant()->mutable_organization_code()->set_value(organization_code);
  apply.set_claim_sha256(Sha256Bytes(claim));
  REQUIRE(anonymous.Call(anonymous.registrar(), &v1::RegistrarService::Stub::ApplyRegistrant, apply)
              .fault == "");

  const Api bureau(server, server.token());
  v1::ApproveRegistrantRequest approve;
  approve.set_name(enterprise.name);
  approve.set_reason("documents seen");
  REQUIRE(bureau.Call(bureau.registrar(), &v1::RegistrarService::Stub::ApproveRegistrant, approve)
              .fault == "");
  v1::GrantPrefixRequest grant;
  grant.set_prefix(prefix);
  grant.set_holder(enterprise.name);
  REQUIRE(bureau.Call(bureau.registrar(), &v1::RegistrarService::Stub::GrantPrefix, grant).fault ==
          "");

  const Api applicant(server, claim);
  v1::CreateCredentialRequest create;
  create.set_parent(enterprise.name);
  create.mutable_credential()->set_role(v1::Credential::REGISTRANT_ADMIN);
  create.set_secret_sha256(Sha256Bytes(enterprise.admin_token));
  REQUIRE(
      applicant.Call(applicant.registrar(), &v1::RegistrarService::Stub::CreateCredential, create)
          .fault == "");
  const Api admin(server, enterprise.admin_token);
  create.mutable_credential()->set_role(v1::Credential::REGISTRANT_WRITER);
  create.set_secret_sha256(Sha256Bytes(enterprise.writer_token));
  const auto writer =
      admin.Call(admin.registrar(), &v1::RegistrarService::Stub::CreateCredential, create);
  REQUIRE(writer.fault == "");
  enterprise.writer_credential = writer.value.credential().name();
  return enterprise;
}

}  // namespace gusu::e2e
