// gusu template: create, update, publish, withdraw, list, show.
#include "client/cli/change_options.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/template_file.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined;
}

// "required, indexed, unique, disabled", of these what holds.
std::string ToRulesText(const Attribute& attribute) {
  std::vector<std::string> rules;
  if (attribute.required) rules.emplace_back("required");
  if (attribute.indexed) rules.emplace_back("indexed");
  if (attribute.unique) rules.emplace_back("unique");
  if (attribute.disabled) rules.emplace_back("disabled");
  return Joined(rules);
}

void PrintAttributes(Session& session, const std::vector<Attribute>& attributes) {
  Table table({"INDEX", "NAME", "TYPE", "RULES", "TIER", "ENGLISH", "CHINESE", "CHOICES"});
  for (const Attribute& attribute : attributes) {
    const std::string unit = attribute.unit.empty() ? "" : " (" + attribute.unit + ")";
    table.AddRow({std::to_string(attribute.index), attribute.name,
                  std::string(ToText(attribute.type)) + unit, ToRulesText(attribute),
                  std::string(ToText(attribute.default_tier)), attribute.english_name,
                  attribute.chinese_name, Joined(attribute.choices)});
  }
  table.Print(session.out(), session.colour());
}

std::string ToVersionText(const Template& definition) {
  return definition.version == 0 ? "not published yet" : std::to_string(definition.version);
}

void PrintTemplate(Session& session, const Template& definition) {
  Table about;
  about.AddRow({"Template", definition.name});
  about.AddRow({"State", std::string(ToText(definition.state))});
  about.AddRow({"Version", ToVersionText(definition)});
  about.AddRow({"Name", definition.english_name + " " + definition.chinese_name});
  if (!definition.owner.empty()) about.AddRow({"Owner", definition.owner});
  const std::string changed = ToLocalText(definition.update_time);
  if (!changed.empty()) about.AddRow({"Changed", changed});
  if (!definition.etag.empty()) about.AddRow({"ETag", definition.etag});
  about.Print(session.out(), false);
  if (!definition.attributes.empty()) {
    session.out() << '\n';
    PrintAttributes(session, definition.attributes);
  }
  if (!definition.draft_attributes.empty()) {
    session.out() << "\nDraft of the next version:\n";
    PrintAttributes(session, definition.draft_attributes);
  }
}

MaybeFailure Print(Session& session, const Result<TemplateAnswer>& answer) {
  return PrintAnswer(session, answer, [&session](const TemplateAnswer& shown) {
    PrintTemplate(session, shown.definition);
  });
}

// ----------------------------------------------------------------------------- create and update

struct WriteOptions {
  std::string id;
  std::string file;
  ChangeOptions change;
};

MaybeFailure Create(Session& session, const WriteOptions& options) {
  CreateTemplateRequest request;
  request.template_id = options.id;
  request.request_id = options.change.request_id;
  OrFailure<Template> definition = ReadTemplateFile(options.file);
  if (!definition.ok()) return definition.failure();
  request.definition = std::move(*definition);
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->CreateTemplate(std::move(request)));
}

// What the requests on a template that is there have in common.
template <typename Request>
MaybeFailure FillIn(const Session& session, const std::string& id, const ChangeOptions& change,
                    Request* request) {
  request->name = ToTemplateName(id);
  request->etag = change.etag;
  request->request_id = change.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

MaybeFailure Update(Session& session, const WriteOptions& options) {
  UpdateTemplateRequest request;
  if (const auto failure = FillIn(session, options.id, options.change, &request)) return failure;
  OrFailure<Template> definition = ReadTemplateFile(options.file);
  if (!definition.ok()) return definition.failure();
  request.definition = std::move(*definition);
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->UpdateTemplate(std::move(request)));
}

// -------------------------------------------------------------------------- publish and withdraw

struct DecisionOptions {
  std::string id;
  ChangeOptions change;
};

MaybeFailure Publish(Session& session, const DecisionOptions& options) {
  PublishTemplateRequest request;
  if (const auto failure = FillIn(session, options.id, options.change, &request)) return failure;
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->PublishTemplate(std::move(request)));
}

MaybeFailure Withdraw(Session& session, const DecisionOptions& options) {
  if (const auto failure = RequireReason(session)) return failure;
  WithdrawTemplateRequest request;
  if (const auto failure = FillIn(session, options.id, options.change, &request)) return failure;
  request.reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->WithdrawTemplate(std::move(request)));
}

// --------------------------------------------------------------------------------- show and list

struct ShowOptions {
  std::string id;
  uint32_t version = 0;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->GetTemplate(ToTemplateName(options.id), options.version),
                     [&session](const Template& found) { PrintTemplate(session, found); });
}

struct ListOptions {
  std::string registrant;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListTemplatesRequest request;
  if (!options.registrant.empty()) {
    request.owner = WithCollection("registrants", options.registrant);
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListTemplates(std::move(request)), options.limit,
                      {"TEMPLATE", "STATE", "VERSION", "ATTRIBUTES", "ENGLISH", "CHINESE", "OWNER"},
                      [](const Template& found) -> std::vector<std::string> {
                        const size_t count = found.version == 0 ? found.draft_attributes.size()
                                                                : found.attributes.size();
                        return {found.name,           std::string(ToText(found.state)),
                                ToVersionText(found), std::to_string(count),
                                found.english_name,   found.chinese_name,
                                found.owner};
                      });
}

void AddWrites(Program* program, CLI::App* family) {
  const auto [create, create_options] = AddCommand<WriteOptions>(
      program, family, "create", "Make a template below a prefix of one's own, as a draft",
      "  gusu --token-file sz-pumps.token template create 88.118.8/META_PUMP --file pump.json\n"
      "The file is what `gusu template show --json` prints, for example\n"
      "  {\"english_name\": \"Pump\", \"attributes\": [\n"
      "    {\"name\": \"head\", \"type\": \"DECIMAL\", \"unit\": \"m\", \"required\": true}]}",
      Create);
  create->add_option("id", create_options->id, "Identifier below a prefix that one holds")
      ->required();
  create->add_option("--file", create_options->file, "JSON with its names and attributes")
      ->required();
  AddRequestId(create, &create_options->change.request_id);

  const auto [update, update_options] = AddCommand<WriteOptions>(
      program, family, "update", "Draft a template's next version",
      "  gusu template show 88.118.8/META_PUMP --json > pump.json     (then change it)\n"
      "  gusu --token-file sz-pumps.token template update 88.118.8/META_PUMP --file pump.json\n"
      "No attribute is left out, and none changes its index or type.",
      Update);
  update->add_option("id", update_options->id, "Template")->required();
  update->add_option("--file", update_options->file, "JSON with its names and attributes")
      ->required();
  AddChangeOptions(update, "template", &update_options->change);
}

void AddDecisions(Program* program, CLI::App* family) {
  const auto [publish, publish_options] = AddCommand<DecisionOptions>(
      program, family, "publish", "Make the draft the version that new records are checked against",
      "  gusu --token-file sz-pumps.token template publish 88.118.8/META_PUMP", Publish);
  publish->add_option("id", publish_options->id, "Template")->required();
  AddChangeOptions(publish, "template", &publish_options->change);

  const auto [withdraw, withdraw_options] = AddCommand<DecisionOptions>(
      program, family, "withdraw", "Let no new record take a template; publishing brings it back",
      "  gusu --token-file sz-pumps.token template withdraw 88.118.8/META_PUMP \\\n"
      "      --reason \"replaced by META_PUMP2\"",
      Withdraw);
  withdraw->add_option("id", withdraw_options->id, "Template")->required();
  AddChangeOptions(withdraw, "template", &withdraw_options->change);
}

}  // namespace

void AddTemplateCommands(Program* program) {
  CLI::App* family =
      AddFamily(program, "template", "Create, change, publish, list and show templates");
  AddWrites(program, family);
  AddDecisions(program, family);
  const auto [list, list_options] =
      AddCommand<ListOptions>(program, family, "list", "List templates",
                              "  gusu template list\n"
                              "  gusu template list --registrant sz-pumps",
                              List);
  list->add_option("--registrant", list_options->registrant, "Only its own");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
  const auto [show, options] =
      AddCommand<ShowOptions>(program, family, "show", "Show a template's attributes",
                              "  gusu template show product\n"
                              "  gusu template show 88.118.8/META_PUMP --version 1 --json",
                              Show);
  show->add_option("id", options->id, "Template")->required();
  show->add_option("--version", options->version, "One that was published; default: the latest");
}

}  // namespace gusu::cli
