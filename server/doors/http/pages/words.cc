#include "server/doors/http/pages/words.h"

#include <array>
#include <utility>

#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr Words kUnknown = {"?", "?"};

}  // namespace

Words RecordStateWords(int state) {
  switch (state) {
    case v1::Record::RESERVED:
      return {"已预留", "Reserved"};
    case v1::Record::ACTIVE:
      return {"在用", "Active"};
    case v1::Record::SUSPENDED:
      return {"已暂停", "Suspended"};
    case v1::Record::RETIRED:
      return {"已注销", "Retired"};
    default:
      return kUnknown;
  }
}

Words RecordLevelWords(int level) {
  switch (level) {
    case v1::Record::MODEL:
      return {"型号", "Model"};
    case v1::Record::BATCH:
      return {"批次", "Batch"};
    case v1::Record::ITEM:
      return {"单件", "Item"};
    default:
      return kUnknown;
  }
}

Words RetirementReasonWords(int reason) {
  switch (reason) {
    case v1::Retirement::SCRAPPED:
      return {"已报废", "Scrapped"};
    case v1::Retirement::CONSUMED:
      return {"已消耗", "Consumed"};
    case v1::Retirement::EXPORTED:
      return {"已出口", "Exported"};
    case v1::Retirement::SUPERSEDED:
      return {"已被取代", "Superseded"};
    case v1::Retirement::REGISTERED_IN_ERROR:
      return {"登记有误", "Registered in error"};
    case v1::Retirement::LOST_OR_STOLEN:
      return {"遗失或被盗", "Lost or stolen"};
    case v1::Retirement::NEVER_USED:
      return {"从未使用", "Never used"};
    case v1::Retirement::DELETED:
      return {"已删除", "Deleted"};
    case v1::Retirement::OTHER:
      return {"其他原因", "Another reason"};
    default:
      return kUnknown;
  }
}

Words HoldSideWords(int side) {
  switch (side) {
    case v1::Hold::HOLDER:
      return {"登记单位", "the registrant"};
    case v1::Hold::BUREAU:
      return {"主管部门", "the bureau"};
    default:
      return kUnknown;
  }
}

Words RegistrantStateWords(int state) {
  switch (state) {
    case v1::Registrant::PENDING:
      return {"待审核", "Pending"};
    case v1::Registrant::ACTIVE:
      return {"有效", "Active"};
    case v1::Registrant::SUSPENDED:
      return {"已暂停", "Suspended"};
    case v1::Registrant::CLOSED:
      return {"已关闭", "Closed"};
    case v1::Registrant::RETURNED:
      return {"已退回", "Returned"};
    case v1::Registrant::REJECTED:
      return {"已驳回", "Rejected"};
    default:
      return kUnknown;
  }
}

Words TierWords(int tier) {
  switch (tier) {
    case v1::PUBLIC:
      return {"公开", "public"};
    case v1::PARTNER:
      return {"合作方", "partner"};
    case v1::OWNER:
      return {"所有方", "owner"};
    default:
      return kUnknown;
  }
}

Words SiteProtocolWords(int protocol) {
  switch (protocol) {
    case v1::Site::GRPC:
      return {"gRPC", "gRPC"};
    case v1::Site::HTTPS:
      return {"HTTPS", "HTTPS"};
    case v1::Site::HANDLE_TCP:
      return {"Handle（TCP）", "Handle over TCP"};
    case v1::Site::HANDLE_UDP:
      return {"Handle（UDP）", "Handle over UDP"};
    default:
      return kUnknown;
  }
}

Words OperationWords(std::string_view operation) {
  static constexpr std::array<std::pair<std::string_view, Words>, 15> kOperations = {{
      {"REGISTER", {"登记", "Registered"}},
      {"UPDATE", {"更新", "Updated"}},
      {"MODIFY_VALUES", {"修改值", "Values changed"}},
      {"SUSPEND", {"暂停", "Suspended"}},
      {"ACTIVATE", {"启用", "Activated"}},
      {"RETIRE", {"注销", "Retired"}},
      {"REINSTATE", {"恢复", "Reinstated"}},
      {"ERASE_VALUES", {"清除值", "Values erased"}},
      {"HOLD", {"冻结", "Hold placed"}},
      {"UNHOLD", {"解除冻结", "Hold lifted"}},
      {"TRANSFER", {"转移", "Transferred"}},
      {"ALLOCATE_RANGE", {"批量分配", "Allocated in a serial range"}},
      {"ACTIVATE_RANGE", {"批量启用", "Activated in a serial range"}},
      {"RELEASE_RANGE", {"批量释放", "Released in a serial range"}},
      {"SPLIT_RANGE", {"号段拆分", "Serial range divided"}},
  }};
  for (const auto& [name, words] : kOperations) {
    if (name == operation) return words;
  }
  return {operation, operation};
}

std::string WithheldText(const v1::ResolveResponse& answer, Language language) {
  std::string tiers;
  for (const int tier : answer.withheld_tiers()) {
    if (!tiers.empty()) tiers += Words{"、", ", "}.In(language);
    tiers += TierWords(tier).In(language);
  }
  return Concat(answer.values_withheld_count(), Words{"（", " ("}.In(language), tiers,
                Words{"）", ")"}.In(language));
}

}  // namespace gusu::server
