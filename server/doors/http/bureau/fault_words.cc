#include "server/doors/http/bureau/fault_words.h"

#include <algorithm>
#include <iterator>

namespace gusu::server {
namespace {

struct Sentence {
  std::string_view reason;
  std::string_view chinese;
};

constexpr Sentence kSentences[] = {
    {"CALL_QUEUE_FULL", "等待处理的请求过多，请稍后再试。"},
    {"CREDENTIAL_INVALID", "令牌无效：不存在、已撤销或已过期。"},
    {"ETAG_MISMATCH", "打开页面之后数据已有变化。请重新打开页面，核对后再作决定。"},
    {"FIELD_INVALID", "填写的内容不符合要求。"},
    {"FORM_MALFORMED", "提交的不是表单。"},
    {"FORM_REFUSED", "表单来自其他网站或较早的会话，未作任何更改。请重新打开页面。"},
    {"IDENTIFIER_MALFORMED", "这不是标识的写法。"},
    {"IDENTIFIER_NOT_FOUND", "该标识从未登记。"},
    {"ORGANIZATION_CODE_TAKEN", "该机构代码已属于另一家已核准的企业。"},
    {"PAGE_TOKEN_INVALID", "该页已失效，请重新查询。"},
    {"PREFIX_NOT_FOUND", "该前缀未授予任何企业。"},
    {"RATE_LIMITED", "该地址多次使用错误的令牌，请稍后再试。"},
    {"REASON_MISSING", "请填写理由。"},
    {"REGISTRANT_NOT_ACTIVE", "该企业不在正常状态。"},
    {"REGISTRANT_NOT_FOUND", "没有这家企业。"},
    {"REGISTRANT_NOT_PENDING", "该申请已有决定，或已退回企业修改。"},
    {"REPORT_TOO_LARGE", "内容过多，无法在此计数。请缩短时期，或使用命令行 gusu audit。"},
    {"ROLE_REFUSED", "该凭证的角色无权进行此操作。"},
    {"SESSION_ENDED", "尚未登录，或会话已结束。请重新登录。"},
    {"TLS_REQUIRED", "令牌只能通过 HTTPS，或在服务器本机上提交。"},
    {"WRITES_STOPPED", "服务器暂时不能写入，未作更改。请稍后再试。"},
};

}  // namespace

std::string_view FaultInChinese(std::string_view reason) {
  const auto found =
      std::find_if(std::begin(kSentences), std::end(kSentences),
                   [reason](const Sentence& sentence) { return sentence.reason == reason; });
  return found == std::end(kSentences) ? "" : found->chinese;
}

}  // namespace gusu::server
