// gusu group: set, list.
#include "client/cli/change_options.h"
#include "client/cli/grant_text.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

struct SetOptions {
  std::string name;
  std::string title;
  std::vector<std::string> members;
  bool no_members = false;
  ChangeOptions change;
};

std::string Joined(const std::vector<std::string>& words, size_t words_max) {
  std::string joined;
  for (size_t i = 0; i < words.size() && i < words_max; ++i) {
    joined += (joined.empty() ? "" : ", ") + words[i];
  }
  if (words.size() > words_max) {
    joined += " and " + std::to_string(words.size() - words_max) + " more";
  }
  return joined;
}

void PrintGroup(Session& session, const Group& group) {
  Table table;
  table.AddRow({"Group", group.name});
  if (!group.title.empty()) table.AddRow({"Title", group.title});
  if (group.members.empty()) table.AddRow({"Members", "none"});
  for (const std::string& member : group.members) table.AddRow({"Member", member});
  table.AddRow({"ETag", group.etag});
  table.Print(session.out(), false);
}

MaybeFailure Set(Session& session, const SetOptions& options) {
  if (options.no_members != options.members.empty()) {
    return UsageFailure("who is in the group?",
                        "name each --member, all of them; or --no-members for an empty group");
  }
  SetGroupRequest request;
  request.group.name = WithParent("groups", options.name);
  if (!request.group.name.starts_with("registrants/")) {
    return UsageFailure("'" + options.name + "' is no group", "REGISTRANT/GROUP: sz-pumps/dealers");
  }
  request.group.title = options.title;
  for (const std::string& member : options.members) {
    request.group.members.push_back(WithCollection("registrants", member));
  }
  request.reason = session.flags().reason;
  request.etag = options.change.etag;
  request.request_id = options.change.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->SetGroup(std::move(request)),
                     [&session](const GroupAnswer& answer) { PrintGroup(session, answer.group); });
}

struct ListOptions {
  std::string registrant;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  constexpr size_t kMembersShownMax = 5;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  ListGroupsRequest request;
  request.parent = WithCollection("registrants", options.registrant);
  return PrintListing(session, client->ListGroups(std::move(request)), options.limit,
                      {"GROUP", "TITLE", "MEMBERS"},
                      [](const Group& group) -> std::vector<std::string> {
                        return {group.name, group.title, Joined(group.members, kMembersShownMax)};
                      });
}

}  // namespace

void AddGroupCommands(Program* program) {
  CLI::App* family =
      AddFamily(program, "group", "Put registrants under one name, to be granted rights together");
  const auto [set, options] = AddCommand<SetOptions>(
      program, family, "set", "Make a group, or say anew who is in it",
      "  gusu --token-file sz-pumps.token group set sz-pumps/dealers --title Dealers \\\n"
      "      --member sz-metro --member wx-trade",
      Set);
  set->add_option("group", options->name, "REGISTRANT/GROUP")->required();
  set->add_option("--title", options->title, "What it is called");
  AddRepeated(set, "--member", &options->members, "Registrant in it; those not named leave it");
  set->add_flag("--no-members", options->no_members, "Nobody is in it");
  AddChangeOptions(set, "group", &options->change);

  const auto [list, list_options] =
      AddCommand<ListOptions>(program, family, "list", "List a registrant's groups",
                              "  gusu --token-file sz-pumps.token group list sz-pumps", List);
  list->add_option("registrant", list_options->registrant, "Registrant")->required();
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
