// gusu prefix: grant, list, show; what changes one is in prefix_change_commands.cc.
#include "client/cli/change_options.h"
#include "client/cli/listing.h"
#include "client/cli/prefix_text.h"
#include "client/cli/program.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

struct GrantOptions {
  GrantPrefixRequest request;
  std::string registrant;
  std::string check;
  std::string disclosure;
};

MaybeFailure GrantOne(Session& session, const GrantOptions& options) {
  GrantPrefixRequest request = options.request;
  const auto check = ToEnumeration<SuffixCheckScheme>(options.check, "check scheme",
                                                      "none, mod37_36, mod97_10, mod11_10, gs1");
  if (!check.ok()) return check.failure();
  request.suffix_policy.check_scheme = *check;
  const auto disclosure =
      ToEnumeration<Disclosure>(options.disclosure, "disclosure", "closed, open");
  if (!disclosure.ok()) return disclosure.failure();
  request.disclosure = *disclosure;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  request.holder = WithCollection("registrants", options.registrant);
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(
      session, client->GrantPrefix(std::move(request)),
      [&session](const PrefixAnswer& answer) { PrintPrefix(session, answer.prefix); });
}

void AddGrant(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<GrantOptions>(
      program, family, "grant",
      "Grant a prefix: the bureau any, a holder one below its own and within its quota",
      "  gusu --data /var/lib/gusu prefix grant 88.118.8 --registrant sz-pumps\n"
      "  gusu --data /var/lib/gusu prefix grant 88.118.9 --registrant sz-valves --quota 100000 \\\n"
      "      --check mod37_36 --pattern '[A-Z]{2}-[0-9]{1,8}[0-9A-Z]'\n"
      "  gusu --token-file sz-pumps.token prefix grant 88.118.8.1 --registrant sz-castings \\\n"
      "      --quota 5000",
      GrantOne);
  GrantPrefixRequest& request = options->request;
  SuffixPolicy& policy = request.suffix_policy;
  command->add_option("prefix", request.prefix, "As it is to stand on labels")->required();
  command->add_option("--registrant", options->registrant, "Who is to hold it")->required();
  command->add_option("--quota", request.quota,
                      "Records and range codes that may exist below it; 0: any");
  command->add_option("--suffix-characters-max", policy.characters_max, "Longest suffix, 1 to 253");
  command->add_option("--check", options->check,
                      "Check characters that suffixes end in: none (default), mod37_36, mod97_10, "
                      "mod11_10, gs1");
  command->add_option("--pattern", policy.pattern,
                      "Regular expression that whole suffixes match; default: letters, digits and "
                      ". _ : + - /");
  command->add_flag("--allow-unicode", policy.allows_unicode,
                    "Suffixes may have characters beyond ASCII; not with --pattern");
  command->add_option("--disclosure", options->disclosure,
                      "Whether everybody sees what a change was: closed (default), open");
  AddRequestId(command, &request.request_id);
}

struct ShowOptions {
  std::string prefix;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->GetPrefix(WithCollection("prefixes", options.prefix)),
                     [&session](const Prefix& prefix) { PrintPrefix(session, prefix); });
}

struct ListOptions {
  std::string registrant;
  std::string above;
  std::string state;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListPrefixesRequest request;
  if (!options.registrant.empty()) {
    request.holder = WithCollection("registrants", options.registrant);
  }
  if (!options.above.empty()) request.above = WithCollection("prefixes", options.above);
  const auto state =
      ToEnumeration<PrefixState>(options.state, "state", "active, suspended, retired");
  if (!state.ok()) return state.failure();
  request.state = *state;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListPrefixes(std::move(request)), options.limit,
                      {"PREFIX", "STATE", "HOLDER", "QUOTA", "CHECK", "RESOLVED", "GRANTED"},
                      [](const Prefix& prefix) -> std::vector<std::string> {
                        return {prefix.prefix,
                                std::string(ToText(prefix.state)),
                                prefix.holder,
                                ToQuotaText(prefix),
                                std::string(ToText(prefix.suffix_policy.check_scheme)),
                                prefix.sites.empty() ? "here" : "elsewhere",
                                ToLocalText(prefix.create_time)};
                      });
}

}  // namespace

CLI::App* AddPrefixCommands(Program* program) {
  CLI::App* family = AddFamily(program, "prefix", "Grant, change, list and show prefixes");
  AddGrant(program, family);
  const auto [show, show_options] =
      AddCommand<ShowOptions>(program, family, "show", "Show a prefix",
                              "  gusu --token-file sz-pumps.token prefix show 88.118.8", Show);
  show->add_option("prefix", show_options->prefix, "Prefix")->required();

  const auto [list, list_options] = AddCommand<ListOptions>(
      program, family, "list", "List prefixes: a registrant its own, the bureau all",
      "  gusu --data /var/lib/gusu prefix list --registrant sz-pumps\n"
      "  gusu --token-file sz-pumps.token prefix list --above 88.118.8",
      List);
  list->add_option("--registrant", list_options->registrant, "Only its own");
  list->add_option("--above", list_options->above, "Only those derived from this prefix");
  list->add_option("--state", list_options->state, "Only active, suspended or retired");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
  return family;
}

}  // namespace gusu::cli
