// A registrar and statistics service in this process: remembers what it was asked, and answers what
// the test says.
#pragma once

#include <google/protobuf/text_format.h>
#include <grpcpp/grpcpp.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gusu/client.h"
#include "gusu/v1/registrar.grpc.pb.h"
#include "gusu/v1/statistics.grpc.pb.h"

namespace gusu::test {

// Remembers requests as text, and answers what the test says.
struct Script {
  std::vector<std::string> asked;
  std::string answer;  // in the text format; read as what the method answers with
  std::map<std::string, std::string> answers;  // by method; they count before `answer`

  template <typename Request, typename Response>
  grpc::Status Take(const char* method, const Request* request, Response* response) {
    asked.push_back(std::string(method) + " " + request->ShortDebugString());
    const auto own = answers.find(method);
    const bool read = google::protobuf::TextFormat::ParseFromString(
        own == answers.end() ? answer : own->second, response);
    return read ? grpc::Status::OK : grpc::Status(grpc::StatusCode::INTERNAL, "bad script");
  }
};

#define GUSU_FAKE(Method, Response)                                             \
  grpc::Status Method(grpc::ServerContext*, const v1::Method##Request* request, \
                      v1::Response* response) override {                        \
    return script_->Take(#Method, request, response);                           \
  }

class FakeRegistrar final : public v1::RegistrarService::Service {
 public:
  explicit FakeRegistrar(Script* script) : script_(script) {}
  GUSU_FAKE(ApplyRegistrant, RegistrantResponse)
  GUSU_FAKE(UpdateRegistrant, RegistrantResponse)
  GUSU_FAKE(ApproveRegistrant, RegistrantResponse)
  GUSU_FAKE(ReturnRegistrant, RegistrantResponse)
  GUSU_FAKE(RejectRegistrant, RegistrantResponse)
  GUSU_FAKE(SuspendRegistrant, RegistrantResponse)
  GUSU_FAKE(ActivateRegistrant, RegistrantResponse)
  GUSU_FAKE(CloseRegistrant, RegistrantResponse)
  GUSU_FAKE(DesignateRegistrant, RegistrantResponse)
  GUSU_FAKE(RevokeDesignation, RegistrantResponse)
  GUSU_FAKE(ListRegistrants, ListRegistrantsResponse)
  GUSU_FAKE(GrantPrefix, PrefixResponse)
  GUSU_FAKE(UpdatePrefix, PrefixResponse)
  GUSU_FAKE(DelegatePrefix, PrefixResponse)
  GUSU_FAKE(TransferPrefix, PrefixResponse)
  GUSU_FAKE(SuspendPrefix, PrefixResponse)
  GUSU_FAKE(ActivatePrefix, PrefixResponse)
  GUSU_FAKE(RetirePrefix, PrefixResponse)
  GUSU_FAKE(ListPrefixes, ListPrefixesResponse)
  GUSU_FAKE(GetTemplate, Template)
  GUSU_FAKE(ListTemplates, ListTemplatesResponse)
  GUSU_FAKE(CreateTemplate, TemplateResponse)
  GUSU_FAKE(UpdateTemplate, TemplateResponse)
  GUSU_FAKE(PublishTemplate, TemplateResponse)
  GUSU_FAKE(WithdrawTemplate, TemplateResponse)
  GUSU_FAKE(CreateGrant, GrantResponse)
  GUSU_FAKE(RevokeGrant, GrantResponse)
  GUSU_FAKE(ListGrants, ListGrantsResponse)
  GUSU_FAKE(SetGroup, GroupResponse)
  GUSU_FAKE(ListGroups, ListGroupsResponse)

 private:
  Script* const script_;
};

class FakeStatistics final : public v1::StatisticsService::Service {
 public:
  explicit FakeStatistics(Script* script) : script_(script) {}
  GUSU_FAKE(GetStatistics, GetStatisticsResponse)
  GUSU_FAKE(RecountStatistics, RecountStatisticsResponse)
  GUSU_FAKE(ListUsage, ListUsageResponse)

 private:
  Script* const script_;
};
#undef GUSU_FAKE

class RegistrarWorld {
 public:
  RegistrarWorld() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&registrar_);
    builder.RegisterService(&statistics_);
    server_ = builder.BuildAndStart();
    ClientOptions options;
    options.server = address();
    options.plaintext = true;
    client = std::make_unique<Client>(options);
  }
  ~RegistrarWorld() { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // The only request since the last call of this.
  std::string Asked() {
    REQUIRE(script.asked.size() == 1);
    std::string asked = std::move(script.asked.front());
    script.asked.clear();
    return asked;
  }

  Script script;
  std::unique_ptr<Client> client;

 private:
  FakeRegistrar registrar_{&script};
  FakeStatistics statistics_{&script};
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace gusu::test
