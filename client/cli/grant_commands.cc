// gusu grant: create, list, revoke.
#include <algorithm>

#include "client/cli/change_options.h"
#include "client/cli/file_content.h"
#include "client/cli/grant_text.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/template_file.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

// 500 identifiers of 1,020 bytes, and their ends of line.
constexpr size_t kCodesFileBytesMax = 1 << 20;

struct CreateOptions {
  std::string from;
  std::string to;
  std::string to_group;
  std::string to_code;
  std::string scheme;
  std::string authority;
  std::string prefix;
  std::string template_id;
  std::string beginning;
  std::vector<std::string> codes;
  std::string codes_file;
  std::string own_in;
  std::string read;
  std::vector<std::string> write;
  bool append_events = false;
  std::string expires;
  std::string title;
  std::string request_id;
};

// Lines without spaces at their ends; empty ones are left out.
MaybeFailure AppendCodes(const std::string& path, std::vector<std::string>* codes) {
  const OrFailure<std::string> content = ReadWholeFile(path, kCodesFileBytesMax);
  if (!content.ok()) return content.failure();
  for (size_t at = 0; at < content->size();) {
    const size_t end = std::min(content->find('\n', at), content->size());
    const std::string line = content->substr(at, end - at);
    const size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos) {
      codes->push_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
    }
    at = end + 1;
  }
  return std::nullopt;
}

MaybeFailure FillGrantee(const CreateOptions& options, Grantee* grantee) {
  const int given = static_cast<int>(!options.to.empty()) +
                    static_cast<int>(!options.to_group.empty()) +
                    static_cast<int>(!options.to_code.empty());
  if (given != 1) {
    return UsageFailure("to whom?",
                        "name one of --to REGISTRANT, --to-group GROUP, --to-code CODE");
  }
  if (!options.to.empty()) grantee->registrant = WithCollection("registrants", options.to);
  if (!options.to_group.empty()) grantee->group = WithParent("groups", options.to_group);
  if (options.to_code.empty()) return std::nullopt;
  const auto scheme =
      ToEnumeration<OrganizationCodeScheme>(options.scheme, "scheme", "uscc, lei, other");
  if (!scheme.ok()) return scheme.failure();
  grantee->organization_code = OrganizationCode{*scheme, options.to_code, options.authority};
  return std::nullopt;
}

MaybeFailure FillScope(const CreateOptions& options, GrantScope* scope) {
  scope->identifiers = options.codes;
  if (!options.codes_file.empty()) {
    if (const auto failure = AppendCodes(options.codes_file, &scope->identifiers)) return failure;
    if (scope->identifiers.empty()) return UsageFailure(options.codes_file + " holds no code");
  }
  const int given =
      static_cast<int>(!options.prefix.empty()) + static_cast<int>(!options.beginning.empty()) +
      static_cast<int>(!scope->identifiers.empty()) + static_cast<int>(!options.own_in.empty());
  if (given != 1 || (!options.template_id.empty() && options.prefix.empty())) {
    return UsageFailure("on which records?",
                        "name one of --prefix (perhaps with --template), --beginning, --code or "
                        "--codes-file, --own-in");
  }
  if (!options.prefix.empty()) scope->prefix = WithCollection("prefixes", options.prefix);
  if (!options.template_id.empty()) scope->template_name = ToTemplateName(options.template_id);
  if (!options.own_in.empty()) scope->own_in_prefix = WithCollection("prefixes", options.own_in);
  scope->identifier_beginning = options.beginning;
  return std::nullopt;
}

MaybeFailure FillRights(const CreateOptions& options, Rights* rights) {
  const auto tier = ToEnumeration<Tier>(options.read, "tier", "partner, owner");
  if (!tier.ok()) return tier.failure();
  rights->read_tier = *tier;
  rights->write_attributes = options.write;
  rights->append_events = options.append_events;
  if (*tier == Tier::kUnspecified && options.write.empty() && !options.append_events) {
    return UsageFailure("which right?", "name --read TIER, --write ATTRIBUTE or --append-events");
  }
  return std::nullopt;
}

MaybeFailure Create(Session& session, const CreateOptions& options) {
  CreateGrantRequest request;
  Grant& grant = request.grant;
  if (const auto failure = FillGrantee(options, &grant.grantee)) return failure;
  if (const auto failure = FillScope(options, &grant.scope)) return failure;
  if (const auto failure = FillRights(options, &grant.rights)) return failure;
  if (!options.expires.empty()) {
    const auto expiry = ParseExpiry(options.expires, ToTimestamp(std::chrono::system_clock::now()));
    if (!expiry.ok()) return expiry.failure();
    grant.expire_time = *expiry;
  }
  grant.title = options.title;
  request.request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  if (!options.from.empty()) request.parent = WithCollection("registrants", options.from);
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->CreateGrant(std::move(request)),
                     [&session](const GrantAnswer& answer) { PrintGrant(session, answer.grant); });
}

void AddCreate(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<CreateOptions>(
      program, family, "create", "Give another registrant a right on records",
      "  gusu --token-file sz-pumps.token grant create --to sz-metro --beginning 88.118.8/LOT-7 "
      "\\\n"
      "      --read partner --title \"order 4711\" --expires 2y\n"
      "  gusu grant create --to-group sz-pumps/dealers --prefix 88.118.8 --read partner\n"
      "  gusu grant create --to-code 91320594MA1MABCD6F --own-in 88.118.8 --read owner\n"
      "  gusu grant create --to sz-service --code 88.118.8/HP-1 --write note",
      Create);
  command->add_option("--to", options->to, "Registrant that is given it");
  command->add_option("--to-group", options->to_group, "Group that is given it: REGISTRANT/GROUP");
  command->add_option("--to-code", options->to_code,
                      "Organization code: whichever approved registrant has it, now or later");
  command->add_option("--scheme", options->scheme, "Of the code: uscc (default), lei, other");
  command->add_option("--authority", options->authority, "Who issued a code of scheme other");
  command->add_option("--prefix", options->prefix, "On all records and ranges of this prefix");
  command->add_option("--template", options->template_id,
                      "With --prefix: only on records of this template");
  command->add_option("--beginning", options->beginning, "On codes that begin so: 88.118.8/LOT-7");
  AddRepeated(command, "--code", &options->codes, "On this code");
  command->add_option("--codes-file", options->codes_file, "On the codes in this file, one a line");
  command->add_option("--own-in", options->own_in,
                      "On records of this prefix whose owner or custodian the grantee is");
  command->add_option("--read", options->read, "Values up to this tier: partner, owner");
  AddRepeated(command, "--write", &options->write, "Attribute or type whose values may be added");
  command->add_flag("--append-events", options->append_events, "Events may be added");
  command->add_option("--expires", options->expires,
                      "Date, time, or 90d, 12h, 2y from now; default: a year");
  command->add_option("--title", options->title, "What it is for");
  command->add_option("--from", options->from, "Who gives it; default: the caller's registrant");
  AddRequestId(command, &options->request_id);
}

// ------------------------------------------------------------------------------- list and revoke

struct ListOptions {
  std::string registrant;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListGrantsRequest request;
  if (!options.registrant.empty()) {
    request.parent = WithCollection("registrants", options.registrant);
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListGrants(std::move(request)), options.limit,
                      {"GRANT", "STATE", "TO", "ON", "RIGHTS", "EXPIRES", "TITLE"},
                      [](const Grant& grant) -> std::vector<std::string> {
                        return {grant.name,
                                std::string(ToText(grant.state)),
                                ToGranteeText(grant.grantee),
                                ToScopeText(grant.scope),
                                ToRightsText(grant.rights),
                                ToLocalText(grant.expire_time),
                                grant.title};
                      });
}

struct RevokeOptions {
  std::string name;
  std::string request_id;
};

MaybeFailure Revoke(Session& session, const RevokeOptions& options) {
  RevokeGrantRequest request;
  request.name = WithParent("grants", options.name);
  request.reason = session.flags().reason;
  request.request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->RevokeGrant(std::move(request)),
                     [&session](const GrantAnswer& answer) { PrintGrant(session, answer.grant); });
}

}  // namespace

void AddGrantCommands(Program* program) {
  CLI::App* family = AddFamily(program, "grant", "Give rights on records, list and revoke them");
  AddCreate(program, family);
  const auto [list, list_options] = AddCommand<ListOptions>(
      program, family, "list", "List the grants that one was given, or that a registrant gave",
      "  gusu --token-file sz-metro.token grant list\n"
      "  gusu --token-file sz-pumps.token grant list --from sz-pumps",
      List);
  list->add_option("--from", list_options->registrant, "Those that this registrant gave");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");

  const auto [revoke, options] = AddCommand<RevokeOptions>(
      program, family, "revoke", "End a grant at once",
      "  gusu --token-file sz-pumps.token grant revoke registrants/sz-pumps/grants/GRANT \\\n"
      "      --reason \"order closed\"",
      Revoke);
  revoke->add_option("grant", options->name, "Name of the grant, or REGISTRANT/GRANT")->required();
  AddRequestId(revoke, &options->request_id);
}

}  // namespace gusu::cli
