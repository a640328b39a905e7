// The API's five services on the callback API, each method a line: its rule, and how it answers.
#pragma once

#include <memory>

namespace grpc {
class Service;
}

namespace gusu::server {

class Core;

// `core` is not owned and outlives the services.
std::unique_ptr<grpc::Service> MakeRegistrarService(Core* core);
std::unique_ptr<grpc::Service> MakeRegistryService(Core* core);
std::unique_ptr<grpc::Service> MakeResolverService(Core* core);
std::unique_ptr<grpc::Service> MakeAuditService(Core* core);
std::unique_ptr<grpc::Service> MakeStatisticsService(Core* core);

}  // namespace gusu::server
