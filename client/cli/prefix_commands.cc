// gusu prefix: grant, list, show.
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

std::string QuotaText(uint64_t quota) { return quota == 0 ? "none" : std::to_string(quota); }

void PrintPrefix(Session& session, const Prefix& prefix) {
  Table table;
  table.AddRow({"Prefix", prefix.prefix});
  table.AddRow({"State", std::string(ToText(prefix.state))});
  table.AddRow({"Holder", prefix.holder});
  table.AddRow({"Quota", QuotaText(prefix.quota)});
  table.AddRow({"Check", std::string(ToText(prefix.suffix_policy.check_scheme))});
  if (prefix.suffix_policy.characters_max > 0) {
    table.AddRow({"Suffix", "at most " + std::to_string(prefix.suffix_policy.characters_max) +
                                " characters"});
  }
  table.AddRow({"Granted", ToLocalText(prefix.create_time)});
  table.Print(session.out(), false);
}

struct GrantOptions {
  std::string prefix;
  std::string registrant;
  uint64_t quota = 0;
  uint32_t characters_max = 0;
  std::string check;
  std::string request_id;
};

MaybeFailure Grant(Session& session, const GrantOptions& options) {
  const auto check = ToEnumeration<SuffixCheckScheme>(options.check, "check scheme",
                                                      "none, mod37_36, mod97_10, mod11_10, gs1");
  if (!check.ok()) return check.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  GrantPrefixRequest request;
  request.prefix = options.prefix;
  request.holder = WithCollection("registrants", options.registrant);
  request.quota = options.quota;
  request.suffix_policy = {options.characters_max, *check};
  request.reason = session.flags().reason;
  request.request_id = options.request_id;
  const Result<PrefixAnswer> answer = client->GrantPrefix(std::move(request));
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    PrintPrefix(session, answer->prefix);
  }
  return std::nullopt;
}

struct ShowOptions {
  std::string prefix;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<Prefix> prefix = client->GetPrefix(WithCollection("prefixes", options.prefix));
  if (!prefix.ok()) return session.FailureOf(prefix.status());
  if (session.json()) {
    session.out() << ToJson(*prefix) << '\n';
  } else {
    PrintPrefix(session, *prefix);
  }
  return std::nullopt;
}

struct ListOptions {
  std::string registrant;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  ListPrefixesRequest request;
  if (!options.registrant.empty()) {
    request.holder = WithCollection("registrants", options.registrant);
  }
  return PrintListing(session, client->ListPrefixes(std::move(request)), options.limit,
                      {"PREFIX", "STATE", "HOLDER", "QUOTA", "CHECK", "GRANTED"},
                      [](const Prefix& prefix) -> std::vector<std::string> {
                        return {prefix.prefix,
                                std::string(ToText(prefix.state)),
                                prefix.holder,
                                QuotaText(prefix.quota),
                                std::string(ToText(prefix.suffix_policy.check_scheme)),
                                ToLocalText(prefix.create_time)};
                      });
}

}  // namespace

void AddPrefixCommands(Program* program) {
  CLI::App* family = AddFamily(program, "prefix", "Grant, list and show prefixes");

  const auto [grant, grant_options] = AddCommand<GrantOptions>(
      program, family, "grant", "Grant a prefix to a registrant; the bureau's right",
      "  gusu --data /var/lib/gusu prefix grant 88.118.8 --registrant sz-pumps\n"
      "  gusu prefix grant 88.118.9 --registrant sz-valves --quota 100000 --check mod37_36",
      Grant);
  grant->add_option("prefix", grant_options->prefix, "As it is to stand on labels")->required();
  grant->add_option("--registrant", grant_options->registrant, "Who is to hold it")->required();
  grant->add_option("--quota", grant_options->quota, "Records that may exist below it; 0: any");
  grant->add_option("--suffix-characters-max", grant_options->characters_max,
                    "Longest suffix, 1 to 253");
  grant->add_option("--check", grant_options->check,
                    "Check characters that suffixes end in: none (default), mod37_36, mod97_10, "
                    "mod11_10, gs1");
  grant->add_option("--request-id", grant_options->request_id,
                    "Makes a repetition the same request");

  const auto [show, show_options] =
      AddCommand<ShowOptions>(program, family, "show", "Show a prefix",
                              "  gusu --token-file sz-pumps.token prefix show 88.118.8", Show);
  show->add_option("prefix", show_options->prefix, "Prefix")->required();

  const auto [list, list_options] = AddCommand<ListOptions>(
      program, family, "list", "List prefixes: a registrant its own, the bureau all",
      "  gusu --data /var/lib/gusu prefix list --registrant sz-pumps", List);
  list->add_option("--registrant", list_options->registrant, "Only its own");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
