// The page of a pack of evidence. All that it says of a revision comes from bytes that its leaf
// binds.
#include <utility>

#include "proto/hash.h"
#include "proto/papers/evidence.h"

namespace gusu::papers {
namespace {

using Facts = std::vector<HtmlPage::Fact>;

void AddGiven(Label name, const std::string& value, Facts* facts) {
  if (!value.empty()) facts->push_back({name, value});
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

class EvidenceWriter {
 public:
  EvidenceWriter(const Evidence& evidence, Language language, const Calendar& calendar)
      : evidence_(evidence),
        calendar_(calendar),
        page_(language, {"工业标识登记证据", "Evidence of a registration"}) {}

  std::string Write() && {
    AddSummary();
    AddProven();
    for (size_t i = 0; i < evidence_.revisions.size(); ++i) AddRevision(i);
    for (const Evidence::Content& ancestor : evidence_.ancestors) {
      page_.AddHeading({"所继承的批次或型号", "Batch or model that it inherits from"});
      page_.AddFacts({{{"标识", "Code"}, ancestor.identifier}});
      AddValues(ancestor);
    }
    page_.AddHeading({"检查点", "Checkpoint"});
    page_.AddText(evidence_.log.checkpoint);
    return std::move(page_).Finish();
  }

 private:
  std::string Time(uint64_t time_us) const { return calendar_.ToText(time_us); }

  void AddSummary() {
    const Evidence::Content& record = evidence_.record;
    const Evidence::Revision& first = evidence_.revisions.front();
    Facts facts = {
        {{"标识", "Code"}, record.identifier},
        {{"登记企业", "Registered by"}, first.registrant},
        {{"登记时间", "Registered"}, Time(first.commit_time_us)},
        {{"最近修订", "Last revision"}, Time(evidence_.revisions.back().commit_time_us)},
        {{"修订数", "Revisions"}, std::to_string(evidence_.revisions.size())},
        {{"状态", "State"}, record.state},
        {{"检查点", "Checkpoint"}, ToText(evidence_.log)},
    };
    for (const LogState::Cosignature& cosignature : evidence_.log.cosignatures) {
      facts.push_back({{"见证方联署", "Cosigned by"},
                       cosignature.witness + ", " + Time(cosignature.time_s * 1'000'000)});
    }
    page_.AddFacts(facts);
  }

  void AddProven() {
    const std::string stated = Time(evidence_.stated_time_us);
    page_.AddHeading({"已证明", "Proven"});
    page_.AddList(
        {"下列每一修订均在所示时间记入日志：其叶由检查点的根所含，根由日志密钥签名。",
         "每一修订的操作、操作者、理由与所示内容，即其叶所绑定者，此后未被改动。",
         "自登记至最近修订，各修订逐一相连，其间无一遗漏。"},
        {"Each revision below was logged when it says: its leaf is under the checkpoint's root, "
         "which the log's key signed.",
         "Each revision's operation, actor, reason and values shown are what its leaf binds, "
         "unaltered since.",
         "From the registration to the last revision each one names the one before: none between "
         "them is left out."});
    page_.AddHeading({"仅由服务器声明", "Stated by the server only"});
    page_.AddList({"截至 " + stated + "，无更新的修订。其后的变更与召回不在此列。"},
                  {"At " + stated +
                   " there was no newer revision. Later changes and recalls are not known here."});
    page_.AddParagraph({"如何自行核对：见 VERIFY.md。密钥 vkey 应由其他途径取得并比对。",
                        "How to verify all of this: VERIFY.md. Compare the key in vkey with one "
                        "that you were handed in another way."});
  }

  void AddRevision(size_t index) {
    const Evidence::Revision& revision = evidence_.revisions[index];
    const std::string number = std::to_string(index + 1);
    const std::string chinese = "修订 " + number + "：" + revision.operation;
    const std::string english = "Revision " + number + ": " + revision.operation;
    page_.AddHeading({chinese, english});
    Facts facts = {{{"提交时间", "Committed"}, Time(revision.commit_time_us)},
                   {{"日志中的位置", "Leaf"}, std::to_string(revision.leaf_index)}};
    AddGiven({"操作者", "By"}, revision.actor, &facts);
    AddGiven({"凭证", "Credential"}, revision.credential, &facts);
    AddGiven({"代表", "On behalf of"}, revision.on_behalf_of, &facts);
    AddGiven({"理由", "Reason"}, revision.reason, &facts);
    if (revision.sequence != 0) {
      facts.push_back(
          {{"前缀内序号", "Number within the prefix"}, std::to_string(revision.sequence)});
    }
    AddGiven({"未出示的部分", "Not shown"}, Joined(revision.not_shown), &facts);
    AddGiven({"已抹除的部分", "Erased"}, Joined(revision.erased), &facts);
    facts.push_back({{"叶", "Leaf's bytes"}, HexEncode(revision.leaf)});
    facts.push_back({{"证明文件", "Proof"},
                     "revisions/" + number + ".json, revisions/" + number + ".tlog-proof"});
    if (revision.content) AddContent(*revision.content, &facts);
    page_.AddFacts(facts);
    if (revision.content) AddValues(*revision.content);
  }

  void AddContent(const Evidence::Content& record, Facts* facts) {
    AddGiven({"状态", "State"}, record.state, facts);
    AddGiven({"层级", "Level"}, record.level, facts);
    AddGiven({"属于", "Instance of"}, record.instance_of, facts);
    AddGiven({"模板", "Template"}, record.template_id, facts);
    AddGiven({"所有者", "Owner"}, record.owner, facts);
    AddGiven({"保管者", "Custodian"}, record.custodian, facts);
    AddGiven({"暂停原因", "Suspended"}, record.suspension_reason, facts);
    AddGiven({"注销原因", "Retired"}, record.retirement, facts);
  }

  void AddValues(const Evidence::Content& record) {
    if (record.values.empty()) return;
    HtmlTable table;
    table.caption = {"登记内容", "Values"};
    table.columns = {{{"序", "Index"}, true},
                     {{"类型", "Type"}, false},
                     {{"层", "Tier"}, false},
                     {{"值", "Value"}, false},
                     {{"作者", "Author"}, false}};
    for (const Evidence::Value& value : record.values) {
      table.rows.push_back(
          {std::to_string(value.index), value.type, value.tier, value.text, value.author});
    }
    page_.AddTable(table);
  }

  const Evidence& evidence_;
  const Calendar& calendar_;
  HtmlPage page_;
};

}  // namespace

std::string EvidencePage(const Evidence& evidence, Language language, const Calendar& calendar) {
  return EvidenceWriter(evidence, language, calendar).Write();
}

}  // namespace gusu::papers
