#include "client/cli/audit_proof_text.h"

#include <ostream>

#include "client/cli/audit_leaf.h"
#include "client/cli/record_text.h"
#include "client/cli/table.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined;
}

void AddIfAny(Table* table, const char* name, const std::string& text) {
  if (!text.empty()) table->AddRow({name, text});
}

void AddLeaf(Table* table, const VerifiedLeaf& leaf) {
  table->AddRow({"Logged", "leaf " + std::to_string(leaf.leaf_index) + ", " +
                               RevisionToLocalText(leaf.commit_time_us)});
  if (leaf.opening) {
    table->AddRow({"Operation", leaf.opening->operation});
    table->AddRow({"Resource", leaf.opening->resource});
    AddIfAny(table, "Registrant", leaf.opening->registrant);
    AddIfAny(table, "By", leaf.opening->actor);
    AddIfAny(table, "On behalf of", leaf.opening->on_behalf_of);
    AddIfAny(table, "Reason", leaf.opening->reason);
  } else {
    table->AddRow({"Opening", "not shown: what was logged stays closed"});
  }
  std::vector<std::string> shown;
  for (const ContentPart& part : leaf.parts) shown.push_back(part.label);
  AddIfAny(table, "Bound and shown", Joined(shown));
  AddIfAny(table, "Bound, not shown", Joined(leaf.not_shown));
  AddIfAny(table, "Bound, erased", Joined(leaf.erased));
}

void AddCheckpoint(Table* table, const VerifiedCheckpoint& checkpoint) {
  table->AddRow({"In the log", CheckpointText(checkpoint)});
  for (const auto& [witness, time_s] : checkpoint.cosignatures) {
    table->AddRow({"Cosigned", witness + ", " + RevisionToLocalText(time_s * 1'000'000)});
  }
}

}  // namespace

void PrintProvenLeaf(Session& session, const VerifiedLeaf& leaf) {
  session.out() << "PROVEN: these bytes stand in the log, unaltered since they were logged.\n";
  Table table;
  AddLeaf(&table, leaf);
  AddCheckpoint(&table, leaf.checkpoint);
  table.Print(session.out(), false);
}

void PrintProvenAnswer(Session& session, const VerifiedAnswer& answer) {
  const VerifiedLeaf& leaf = answer.record;
  session.out() << "PROVEN: " << answer.content.identifier << " was registered by "
                << (leaf.opening ? leaf.opening->registrant : "a registrant not shown")
                << ", unaltered since " << RevisionToLocalText(leaf.commit_time_us) << ".\n";
  Table table;
  AddLeaf(&table, leaf);
  AddCheckpoint(&table, leaf.checkpoint);
  table.Print(session.out(), false);
  session.out() << '\n';
  PrintRecord(session, answer.content);
  if (!answer.serial_range.empty()) {
    session.out() << "\nA code of " << answer.serial_range
                  << (answer.serial_is_stated
                          ? ": by its form; that its serial is one of the range's is STATED only.\n"
                          : ": by its pattern and its serial.\n");
  }
  for (size_t i = 0; i < answer.ancestors.size(); ++i) {
    session.out() << "\nPROVEN, and inherited from:\n";
    Table ancestor;
    AddLeaf(&ancestor, answer.ancestors[i]);
    ancestor.Print(session.out(), false);
    if (i < answer.ancestor_contents.size()) PrintRecord(session, answer.ancestor_contents[i]);
  }
  session.out() << "\nSTATED by the server over its signature, as of "
                << RevisionToLocalText(answer.stated_time_us)
                << ": no newer revision than this one.\nLater changes and recalls are not known.\n";
}

}  // namespace gusu::cli
