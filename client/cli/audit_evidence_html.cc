// The page of a pack of evidence. All that it says of a revision comes from bytes that its leaf
// binds.
#include <utility>

#include "client/cli/audit_evidence_pack.h"
#include "client/cli/record_text.h"
#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

constexpr size_t kValueColumnsMax = 2000;

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
  EvidenceWriter(const Evidence& evidence, Language language, const DayCalendar& calendar)
      : evidence_(evidence),
        calendar_(calendar),
        page_(language, {"工业标识登记证据", "Evidence of a registration"}) {}

  std::string Write() && {
    AddSummary();
    AddProven();
    for (size_t i = 0; i < evidence_.revisions.size(); ++i) AddRevision(i);
    for (const Record& ancestor : evidence_.answer.ancestor_contents) {
      page_.AddHeading({"所继承的批次或型号", "Batch or model that it inherits from"});
      page_.AddFacts({{{"标识", "Code"}, ancestor.identifier}});
      AddValues(ancestor);
    }
    page_.AddHeading({"检查点", "Checkpoint"});
    page_.AddText(evidence_.checkpoint.text);
    return std::move(page_).Finish();
  }

 private:
  std::string Time(uint64_t time_us) const { return calendar_.ToText(time_us); }

  void AddSummary() {
    const Record& record = evidence_.answer.content;
    const VerifiedLeaf& first = evidence_.revisions.front().verified;
    Facts facts = {
        {{"标识", "Code"}, record.identifier},
        {{"登记企业", "Registered by"}, first.opening->registrant},
        {{"登记时间", "Registered"}, Time(first.commit_time_us)},
        {{"最近修订", "Last revision"}, Time(evidence_.answer.record.commit_time_us)},
        {{"修订数", "Revisions"}, std::to_string(evidence_.revisions.size())},
        {{"状态", "State"}, std::string(ToText(record.state))},
        {{"检查点", "Checkpoint"}, CheckpointText(evidence_.checkpoint.verified)},
    };
    for (const auto& cosignature : evidence_.checkpoint.verified.cosignatures) {
      facts.push_back({{"见证方联署", "Cosigned by"},
                       cosignature.witness + ", " + Time(cosignature.time_s * 1'000'000)});
    }
    page_.AddFacts(facts);
  }

  void AddProven() {
    const std::string stated = Time(evidence_.answer.stated_time_us);
    page_.AddHeading({"已证明", "Proven"});
    page_.AddList(
        {"下列每一修订均在所示时间记入日志：其叶由检查点的根所含，根由日志密钥签名。",
         "每一修订的操作、主体、理由与所示数值，即其叶所绑定者，此后未被改动。",
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
    const VerifiedLeaf& leaf = evidence_.revisions[index].verified;
    const EntryOpening& opening = *leaf.opening;
    const std::string number = std::to_string(index + 1);
    const std::string chinese = "修订 " + number + "：" + opening.operation;
    const std::string english = "Revision " + number + ": " + opening.operation;
    page_.AddHeading({chinese, english});
    Facts facts = {{{"提交时间", "Committed"}, Time(leaf.commit_time_us)},
                   {{"日志中的位置", "Leaf"}, std::to_string(leaf.leaf_index)}};
    AddGiven({"主体", "By"}, opening.actor, &facts);
    AddGiven({"凭证", "Credential"}, opening.credential, &facts);
    AddGiven({"代表", "On behalf of"}, opening.on_behalf_of, &facts);
    AddGiven({"理由", "Reason"}, opening.reason, &facts);
    if (opening.sequence != 0) {
      facts.push_back(
          {{"前缀内序号", "Number within the prefix"}, std::to_string(opening.sequence)});
    }
    AddGiven({"未出示的部分", "Not shown"}, Joined(leaf.not_shown), &facts);
    AddGiven({"已抹除的部分", "Erased"}, Joined(leaf.erased), &facts);
    facts.push_back({{"叶", "Leaf's bytes"}, ToHex(evidence_.revisions[index].proof.leaf)});
    facts.push_back({{"证明文件", "Proof"},
                     "revisions/" + number + ".json, revisions/" + number + ".tlog-proof"});
    const Result<Record> content = ReadRecordParts(opening.resource, leaf.parts);
    if (content) AddContent(*content, &facts);
    page_.AddFacts(facts);
    if (content) AddValues(*content);
  }

  void AddContent(const Record& record, Facts* facts) {
    AddGiven({"状态", "State"}, std::string(ToText(record.state)), facts);
    AddGiven({"层级", "Level"}, std::string(ToText(record.level)), facts);
    if (record.instance_of) {
      AddGiven({"属于", "Instance of"}, record.instance_of->identifier, facts);
    }
    AddGiven({"模板", "Template"}, record.template_id, facts);
    AddGiven({"所有者", "Owner"}, record.owner, facts);
    AddGiven({"保管者", "Custodian"}, record.custodian, facts);
    AddGiven({"停用原因", "Suspended"}, record.suspension_reason, facts);
    if (record.retirement) {
      AddGiven({"注销原因", "Retired"},
               std::string(ToText(record.retirement->reason)) +
                   (record.retirement->text.empty() ? "" : ": " + record.retirement->text),
               facts);
    }
  }

  void AddValues(const Record& record) {
    if (record.values.empty()) return;
    HtmlTable table;
    table.caption = {"数值", "Values"};
    table.columns = {{{"序", "Index"}, true},
                     {{"类型", "Type"}, false},
                     {{"层", "Tier"}, false},
                     {{"值", "Value"}, false},
                     {{"作者", "Author"}, false}};
    for (const Value& value : record.values) {
      table.rows.push_back({std::to_string(value.index), value.type,
                            std::string(ToText(value.tier)),
                            ToValueText(value.data, kValueColumnsMax), value.author});
    }
    page_.AddTable(table);
  }

  const Evidence& evidence_;
  const DayCalendar& calendar_;
  HtmlPage page_;
};

}  // namespace

std::string EvidencePage(const Evidence& evidence, Language language, const DayCalendar& calendar) {
  return EvidenceWriter(evidence, language, calendar).Write();
}

}  // namespace gusu::cli
