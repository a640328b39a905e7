#include "tests/client/fake_server.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gusu::test {

google::rpc::Status RowFault(grpc::StatusCode code, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("the test says " + reason);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("gusu");
  (*info.mutable_metadata())["said_by"] = "test";
  status.add_details()->PackFrom(info);
  return status;
}

grpc::Status Fault(grpc::StatusCode code, const std::string& reason) {
  const google::rpc::Status status = RowFault(code, reason);
  return {code, status.message(), status.SerializeAsString()};
}

FakeServer::FakeServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(&registry);
  builder.RegisterService(&resolver);
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

ClientOptions FakeServer::options() const {
  ClientOptions options;
  options.server = "127.0.0.1:" + std::to_string(port_);
  options.plaintext = true;
  options.retry.backoff_initial = std::chrono::milliseconds(1);
  options.retry.backoff_max = std::chrono::milliseconds(4);
  return options;
}

v1::StreamRegisterResponse CreatedAll(const v1::StreamRegisterRequest& request) {
  v1::StreamRegisterResponse response;
  for (const v1::RegisterRow& row : request.rows()) {
    v1::RegisterResult* result = response.add_outcomes()->mutable_result();
    result->set_identifier(row.has_mint() ? row.request_id() : row.identifier());
    result->set_outcome(v1::RegisterResult::CREATED);
  }
  return response;
}

v1::StreamResolveResponse ResolvedAll(const v1::StreamResolveRequest& request) {
  v1::StreamResolveResponse response;
  for (const std::string& identifier : request.identifiers()) {
    v1::ResolveOutcome* outcome = response.add_outcomes();
    outcome->set_identifier(identifier);
    outcome->mutable_response()->mutable_record()->set_identifier(identifier);
  }
  return response;
}

RegisterRow RowOf(const std::string& identifier) {
  RegisterRow row;
  row.identifier = identifier;
  row.template_id = "product";
  row.values = {TextValue("name", "Pump")};
  return row;
}

}  // namespace gusu::test
