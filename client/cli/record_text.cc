#include "client/cli/record_text.h"

#include <algorithm>
#include <ostream>

#include "client/cli/table.h"
#include "client/cli/text_width.h"
#include "client/cli/time_text.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

constexpr size_t kValueColumnsMax = 2000;
constexpr size_t kSummaryColumnsMax = 60;
constexpr size_t kHexBytesMax = 32;

std::string Hexadecimal(const std::string& data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "0x";
  for (size_t i = 0; i < std::min(data.size(), kHexBytesMax); ++i) {
    const auto byte = static_cast<unsigned char>(data[i]);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  if (data.size() > kHexBytesMax) text += "… (" + std::to_string(data.size()) + " bytes)";
  return text;
}

// Empty when nothing is erased.
std::string ToErasedText(const Record& record) {
  return record.erased_tiers.empty() ? "" : ToErasedTiers(record) + " values erased";
}

void AddOrigin(const std::optional<Origin>& origin, Table* table) {
  if (!origin) return;
  std::string text = origin->system;
  if (!origin->original_identifier.empty()) text += " " + origin->original_identifier;
  const std::string time = ToLocalText(origin->original_registration_time);
  if (!time.empty()) text += ", " + time;
  table->AddRow({"Origin", text});
}

}  // namespace

std::string ToInstanceText(const InstanceOf& instance_of) {
  if (instance_of.revision == 0) return instance_of.identifier;
  return instance_of.identifier + "@" + std::to_string(instance_of.revision);
}

std::string ToRetirementText(const Retirement& retirement) {
  std::string text = std::string(ToText(retirement.reason));
  if (!retirement.text.empty()) text += ": " + retirement.text;
  if (!retirement.successor.empty()) text += ", successor " + retirement.successor;
  if (retirement.time) text += ", " + ToLocalText(retirement.time);
  return text;
}

std::string ToHoldText(const Hold& hold) {
  std::string text = std::string(ToText(hold.side)) + ": " + hold.reason;
  if (!hold.document_number.empty()) text += ", document " + hold.document_number;
  if (hold.time) text += ", since " + ToLocalText(hold.time);
  return text;
}

void PrintValues(Session& session, const std::vector<Value>& values) {
  const bool any_inherited = std::any_of(values.begin(), values.end(), [](const Value& value) {
    return !value.inherited_from.empty();
  });
  std::vector<std::string> headings = {"INDEX", "TYPE", "TIER", "VALUE"};
  if (any_inherited) headings.insert(headings.begin() + 3, "FROM");
  Table table(headings);
  for (const Value& value : values) {
    std::vector<std::string> cells = {
        std::to_string(value.index), value.type, std::string(ToText(value.tier)),
        (value.is_digest ? "SHA-256 " : "") + ToValueText(value.data, kValueColumnsMax)};
    if (any_inherited) cells.insert(cells.begin() + 3, value.inherited_from);
    table.AddRow(std::move(cells));
  }
  if (table.empty()) return;
  session.out() << '\n';
  table.Print(session.out(), session.colour());
}

std::string ToValueText(const std::string& data, size_t columns_max) {
  if (!IsUtf8(data)) return Hexadecimal(data);
  const std::string text = Printable(data);
  if (DisplayWidth(text) <= columns_max) return text;
  std::string cut;
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    size_t bytes = 1;
    while (at + bytes < text.size() &&
           (static_cast<unsigned char>(text[at + bytes]) & 0xC0) == 0x80)
      ++bytes;
    const std::string character = text.substr(at, bytes);
    columns += DisplayWidth(character);
    if (columns + 1 > columns_max) break;
    cut += character;
    at += bytes;
  }
  return cut + "…";
}

void PrintRecord(Session& session, const Record& record) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Identifier", record.identifier);
  add("State", std::string(ToText(record.state)));
  if (record.retirement) add("Retired", ToRetirementText(*record.retirement));
  add("Suspended", record.suspension_reason);
  for (const Hold& hold : record.holds) {
    add("Hold " + std::to_string(hold.number), ToHoldText(hold));
  }
  add("Level", std::string(ToText(record.level)));
  if (record.instance_of) add("Instance of", ToInstanceText(*record.instance_of));
  if (!record.template_id.empty()) {
    add("Template", record.template_id + ", version " + std::to_string(record.template_version));
  }
  add("Issued by", record.issued_by);
  if (record.owner != record.issued_by) add("Owner", record.owner);
  if (record.custodian != record.owner) add("Custodian", record.custodian);
  add("Serial range", record.serial_range);
  AddOrigin(record.origin, &table);
  add("Effective", ToLocalText(record.effective_time));
  add("Registered", ToLocalText(record.create_time));
  add("Revision", std::to_string(record.revision) + ", " + RevisionToLocalText(record.revision));
  add("ETag", record.etag);
  add("Values", ToErasedText(record));
  table.Print(session.out(), false);
  PrintValues(session, record.values);
}

void PrintWithheld(Session& session, uint32_t count, const std::vector<Tier>& tiers) {
  if (count == 0) return;
  session.out() << "\n"
                << count << (count == 1 ? " more value is" : " more values are")
                << " not for this caller to read";
  for (size_t i = 0; i < tiers.size(); ++i) {
    session.out() << (i == 0 ? ": " : ", ") << ToText(tiers[i]);
  }
  session.out() << ".\n";
}

MaybeFailure PrintChange(Session& session, const Result<RecordAnswer>& answer) {
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    session.out() << ToText(answer->record.state) << ' ' << answer->record.identifier << "  ("
                  << ToReceiptText(answer->receipt) << ")\n";
  }
  return std::nullopt;
}

std::vector<std::string> RecordHeadings() {
  return {"IDENTIFIER", "STATE", "LEVEL", "TEMPLATE", "VALUES"};
}

std::vector<std::string> ToRecordCells(const Record& record) {
  std::string summary;
  for (const Value& value : record.values) {
    if (DisplayWidth(summary) > kSummaryColumnsMax) break;
    summary += (summary.empty() ? "" : ", ") + value.type + "=" + value.data;
  }
  const std::string erased = ToErasedText(record);
  if (!erased.empty()) summary = summary.empty() ? erased : erased + ", " + summary;
  return {record.identifier, std::string(ToText(record.state)), std::string(ToText(record.level)),
          record.template_id, ToValueText(summary, kSummaryColumnsMax)};
}

std::string ToErasedTiers(const Record& record) {
  std::string tiers;
  for (const Tier tier : record.erased_tiers) {
    tiers += (tiers.empty() ? "" : ", ") + std::string(ToText(tier));
  }
  return tiers;
}

std::string ToReceiptText(const Receipt& receipt) {
  return ToLocalText(receipt.commit_time) + ", leaf " + std::to_string(receipt.leaf_index);
}

}  // namespace gusu::cli
