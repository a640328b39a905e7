// The API as a test calls it: plain stubs over TLS with a token, and builders for short requests.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gusu/v1/audit.grpc.pb.h"
#include "gusu/v1/registrar.grpc.pb.h"
#include "gusu/v1/registry.grpc.pb.h"
#include "gusu/v1/resolver.grpc.pb.h"
#include "tests/e2e/server_process.h"

namespace gusu::e2e {

inline constexpr std::chrono::seconds kCallTimeMax{20};

// An answer, or why there is none: `fault` is "" or "CODE REASON".
template <typename Response>
struct Answer {
  Response value;
  grpc::Status status;
  std::string fault;
  bool ok() const { return status.ok(); }
};

// "" when ok, else for example "NOT_FOUND PREFIX_NOT_FOUND".
std::string FaultOf(const grpc::Status& status);
// A metadata value of the status's ErrorInfo.
std::string FaultMetadata(const grpc::Status& status, const std::string& key);

class Api {
 public:
  // Over TLS, trusting `ca` (PEM).
  Api(const std::string& address, const std::string& ca, std::string token);
  // Of a server's own address and CA.
  Api(const ServerProcess& server, std::string token)
      : Api(server.address(), server.ca(), std::move(token)) {}

  template <typename Stub, typename Request, typename Response>
  Answer<Response> Call(Stub* stub,
                        grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request) const {
    Answer<Response> answer;
    const auto context = NewContext();
    answer.status = (stub->*method)(context.get(), request, &answer.value);
    answer.fault = FaultOf(answer.status);
    return answer;
  }

  // With the token and a deadline.
  std::unique_ptr<grpc::ClientContext> NewContext() const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  v1::RegistrarService::Stub* registrar() const { return registrar_.get(); }
  v1::RegistryService::Stub* registry() const { return registry_.get(); }
  v1::ResolverService::Stub* resolver() const { return resolver_.get(); }
  v1::AuditService::Stub* audit() const { return audit_.get(); }

  // Short forms.
  Answer<v1::RegisterResponse> Register(const v1::RegisterRow& row) const;
  Answer<v1::ResolveResponse> Resolve(const std::string& identifier) const;
  Answer<v1::Record> GetRecord(const std::string& identifier) const;

 private:
  std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::RegistrarService::Stub> registrar_;
  std::unique_ptr<v1::RegistryService::Stub> registry_;
  std::unique_ptr<v1::ResolverService::Stub> resolver_;
  std::unique_ptr<v1::AuditService::Stub> audit_;
};

// A product of the built-in template, with the values that tests look at.
v1::RegisterRow Product(const std::string& identifier, const std::string& name = "Pump");
void AddValue(const std::string& type, const std::string& data,
              google::protobuf::RepeatedPtrField<v1::Value>* values,
              v1::Tier tier = v1::TIER_UNSPECIFIED);
// The data of the value of a type, or "(none)".
std::string ValueOf(const v1::Record& record, const std::string& type);

// An active registrant with a prefix, and the token of its writer.
struct Enterprise {
  std::string name;  // registrants/{id}
  std::string prefix;
  std::string admin_token;
  std::string writer_token;
  std::string writer_credential;  // its name
};
// Applies, is approved by the bureau, makes its credentials with its claim, and is granted the
// prefix.
Enterprise MakeEnterprise(const ServerProcess& server, const std::string& id,
                          const std::string& organization_code, const std::string& prefix);

}  // namespace gusu::e2e
