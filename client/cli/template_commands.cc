// gusu template: list, show.
#include "client/cli/listing.h"
#include "client/cli/program.h"

namespace gusu::cli {
namespace {

struct ShowOptions {
  std::string id;
};

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined;
}

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<Template> found = client->GetTemplate(WithCollection("templates", options.id));
  if (!found.ok()) return session.FailureOf(found.status());
  if (session.json()) {
    session.out() << ToJson(*found) << '\n';
    return std::nullopt;
  }
  Table about;
  about.AddRow({"Template", found->name});
  about.AddRow({"Version", std::to_string(found->version)});
  about.AddRow({"Name", found->english_name + " " + found->chinese_name});
  about.Print(session.out(), false);
  session.out() << '\n';
  Table table(
      {"INDEX", "NAME", "TYPE", "REQUIRED", "INDEXED", "TIER", "ENGLISH", "CHINESE", "CHOICES"});
  for (const Attribute& attribute : found->attributes) {
    const std::string unit = attribute.unit.empty() ? "" : " (" + attribute.unit + ")";
    table.AddRow({std::to_string(attribute.index), attribute.name,
                  std::string(ToText(attribute.type)) + unit, attribute.required ? "yes" : "",
                  attribute.indexed ? "yes" : "", std::string(ToText(attribute.default_tier)),
                  attribute.english_name, attribute.chinese_name, Joined(attribute.choices)});
  }
  table.Print(session.out(), session.colour());
  return std::nullopt;
}

struct ListOptions {};

MaybeFailure List(Session& session, const ListOptions&) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListTemplates(), 0,
                      {"TEMPLATE", "VERSION", "ATTRIBUTES", "ENGLISH", "CHINESE"},
                      [](const Template& found) -> std::vector<std::string> {
                        return {found.name, std::to_string(found.version),
                                std::to_string(found.attributes.size()), found.english_name,
                                found.chinese_name};
                      });
}

}  // namespace

void AddTemplateCommands(Program* program) {
  CLI::App* family = AddFamily(program, "template", "List and show templates");
  AddCommand<ListOptions>(program, family, "list", "List templates", "  gusu template list", List);
  const auto [show, options] =
      AddCommand<ShowOptions>(program, family, "show", "Show a template's attributes",
                              "  gusu template show product", Show);
  show->add_option("id", options->id, "Template")->required();
}

}  // namespace gusu::cli
