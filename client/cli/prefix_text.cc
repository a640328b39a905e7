#include "client/cli/prefix_text.h"

#include "client/cli/site_text.h"
#include "client/cli/table.h"
#include "client/cli/time_text.h"

namespace gusu::cli {

std::string ToQuotaText(const Prefix& prefix) {
  if (prefix.quota == 0) return "none";
  std::string text = std::to_string(prefix.quota);
  if (prefix.quota_granted > 0) {
    text += ", " + std::to_string(prefix.quota_granted) + " of it granted";
  }
  return text;
}

void PrintPrefix(Session& session, const Prefix& prefix) {
  const SuffixPolicy& policy = prefix.suffix_policy;
  Table table;
  table.AddRow({"Prefix", prefix.prefix});
  table.AddRow({"State", std::string(ToText(prefix.state))});
  if (!prefix.state_reason.empty()) table.AddRow({"State's reason", prefix.state_reason});
  table.AddRow({"Holder", prefix.holder});
  table.AddRow({"Quota", ToQuotaText(prefix)});
  table.AddRow({"Check", std::string(ToText(policy.check_scheme))});
  if (policy.characters_max > 0) {
    table.AddRow({"Suffix", "at most " + std::to_string(policy.characters_max) + " characters"});
  }
  if (!policy.pattern.empty()) table.AddRow({"Pattern", policy.pattern});
  if (policy.allows_unicode) table.AddRow({"Characters", "beyond ASCII too"});
  table.AddRow({"Disclosure", std::string(ToText(prefix.disclosure))});
  for (const Site& site : prefix.sites) {
    table.AddRow(
        {"Resolved at", ToSiteText(site) + (site.public_key.empty() ? "" : ", with a key")});
  }
  table.AddRow({"Granted", ToLocalText(prefix.create_time)});
  table.AddRow({"ETag", prefix.etag});
  table.Print(session.out(), false);
}

}  // namespace gusu::cli
