#include "gusu/v1/statistics.grpc.pb.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/unary.h"
#include "server/statistics/statistics.h"

namespace gusu::server {
namespace {

class StatisticsDoor final : public v1::StatisticsService::CallbackService {
 public:
  explicit StatisticsDoor(Core* core) : core_(*core) {}

  grpc::ServerUnaryReactor* GetStatistics(grpc::CallbackServerContext* context,
                                          const v1::GetStatisticsRequest* request,
                                          v1::GetStatisticsResponse* response) override {
    return Read(core_, Method::kGetStatistics, context, core_.rules().statistics,
                &Statistics::GetStatistics, request, response);
  }

  grpc::ServerUnaryReactor* RecountStatistics(grpc::CallbackServerContext* context,
                                              const v1::RecountStatisticsRequest* request,
                                              v1::RecountStatisticsResponse* response) override {
    return Read(core_, Method::kRecountStatistics, context, core_.rules().statistics,
                &Statistics::RecountStatistics, request, response);
  }

  grpc::ServerUnaryReactor* ListUsage(grpc::CallbackServerContext* context,
                                      const v1::ListUsageRequest* request,
                                      v1::ListUsageResponse* response) override {
    return Read(core_, Method::kListUsage, context, core_.rules().statistics,
                &Statistics::ListUsage, request, response);
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeStatisticsService(Core* core) {
  return std::make_unique<StatisticsDoor>(core);
}

}  // namespace gusu::server
