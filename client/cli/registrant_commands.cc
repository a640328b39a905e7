// gusu registrant: apply, approve, list, show.
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/secret_file.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

void PrintRegistrant(Session& session, const Registrant& registrant) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Registrant", registrant.name);
  add("State", std::string(ToText(registrant.state)));
  add("Kind", std::string(ToText(registrant.kind)));
  add("Name", registrant.legal_name);
  add("English name", registrant.english_name);
  add("Organization code", registrant.organization_code.value + " (" +
                               std::string(ToText(registrant.organization_code.scheme)) + ")");
  add("Authority", registrant.organization_code.authority);
  add("Address", registrant.address);
  add("District", registrant.district);
  add("Industry class", registrant.industry_class);
  add("Contact", registrant.contact.person);
  add("E-mail", registrant.contact.email);
  add("Phone", registrant.contact.phone);
  add("Applied", ToLocalText(registrant.create_time));
  add("Changed", ToLocalText(registrant.update_time));
  for (const std::string& warning : registrant.warnings) add("Warning", warning);
  table.Print(session.out(), false);
}

// -------------------------------------------------------------------------------- registrant apply

struct ApplyOptions {
  std::string id;
  Registrant registrant;
  std::string kind;
  std::string scheme;
  std::string claim_file;
  std::string request_id;
};

MaybeFailure Apply(Session& session, const ApplyOptions& options) {
  ApplyRegistrantRequest request;
  request.registrant_id = options.id;
  request.registrant = options.registrant;
  request.request_id = options.request_id;
  const auto kind =
      ToEnumeration<RegistrantKind>(options.kind, "kind", "enterprise, institute, partner");
  if (!kind.ok()) return kind.failure();
  request.registrant.kind = *kind;
  const auto scheme =
      ToEnumeration<OrganizationCodeScheme>(options.scheme, "scheme", "uscc, lei, other");
  if (!scheme.ok()) return scheme.failure();
  request.registrant.organization_code.scheme = *scheme;

  OrFailure<Client> client = session.ConnectWithoutCredential();
  if (!client.ok()) return client.failure();
  // The claim is on disk before the call: an application whose answer was lost can be repeated.
  const OrFailure<Secret> claim = ReadOrMakeSecret(options.claim_file, SecretKind::kClaim,
                                                   WithCollection("registrants", options.id));
  if (!claim.ok()) return claim.failure();
  request.claim_sha256 = Sha256Of(claim->text);
  const Result<RegistrantAnswer> answer = client->ApplyRegistrant(std::move(request));
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
    return std::nullopt;
  }
  const Registrant& registrant = answer->registrant;
  PrintRegistrant(session, registrant);
  session.out() << "\nThe claim is " << (claim->reused ? "still " : "") << "in "
                << options.claim_file << ": keep it, it is what proves that you applied.\n";
  if (registrant.state == RegistrantState::kPending) {
    session.out() << "Next: the bureau approves the application; then make your first token with\n"
                  << "  gusu credential create --claim-file " << options.claim_file << " --out "
                  << options.id << ".token\n";
  }
  return std::nullopt;
}

void AddApply(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<ApplyOptions>(
      program, family, "apply", "Apply to become a registrant; needs no credential",
      "  gusu registrant apply sz-pumps --name \"Suzhou Pumps\" \\\n"
      "      --organization-code 91320594MA1MABCD6F --claim-file sz-pumps.claim",
      Apply);
  Registrant& registrant = options->registrant;
  command->add_option("id", options->id, "Id that you choose: a-z, 0-9 and -")->required();
  command->add_option("--name", registrant.legal_name, "Legal name")->required();
  command->add_option("--english-name", registrant.english_name, "Name in English");
  command
      ->add_option("--organization-code", registrant.organization_code.value,
                   "Unified social credit code, or a code of --scheme")
      ->required();
  command->add_option("--scheme", options->scheme, "Of the code: uscc (default), lei, other");
  command->add_option("--authority", registrant.organization_code.authority,
                      "Who issued a code of scheme other");
  command->add_option("--kind", options->kind, "enterprise (default), institute, partner");
  command->add_option("--address", registrant.address, "Address");
  command->add_option("--district", registrant.district, "GB/T 2260; default: of the code");
  command->add_option("--industry-class", registrant.industry_class, "GB/T 4754");
  command->add_option("--contact-person", registrant.contact.person, "Never public");
  command->add_option("--contact-email", registrant.contact.email, "Never public");
  command->add_option("--contact-phone", registrant.contact.phone, "Never public");
  command
      ->add_option("--claim-file", options->claim_file,
                   "Keeps the claim secret; made when it does not exist, used again when it does")
      ->required();
  command->add_option("--request-id", options->request_id, "Makes a repetition the same request");
}

// ------------------------------------------------------------------------------ registrant approve

struct ApproveOptions {
  std::string id;
  WriteOptions write;
};

MaybeFailure Approve(Session& session, const ApproveOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  ApproveRegistrantRequest request;
  request.name = WithCollection("registrants", options.id);
  request.reason = session.flags().reason;
  request.etag = options.write.etag;
  request.request_id = options.write.request_id;
  const Result<RegistrantAnswer> answer = client->ApproveRegistrant(std::move(request));
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    PrintRegistrant(session, answer->registrant);
  }
  return std::nullopt;
}

// ------------------------------------------------------------------------- registrant show and
// list

struct ShowOptions {
  std::string id;
  std::string claim_file;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<std::string> claim = std::string();
  if (!options.claim_file.empty()) {
    const OrFailure<Secret> secret = ReadSecret(options.claim_file);
    if (!secret.ok()) return secret.failure();
    claim = secret->text;
  }
  OrFailure<Client> client = claim->empty() ? session.Connect() : session.ConnectWithSecret(*claim);
  if (!client.ok()) return client.failure();
  const auto registrant = client->GetRegistrant(WithCollection("registrants", options.id));
  if (!registrant.ok()) return session.FailureOf(registrant.status());
  if (session.json()) {
    session.out() << ToJson(*registrant) << '\n';
  } else {
    PrintRegistrant(session, *registrant);
  }
  return std::nullopt;
}

struct ListOptions {
  std::string state;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  const auto state = ToEnumeration<RegistrantState>(
      options.state, "state", "pending, active, suspended, closed, returned, rejected");
  if (!state.ok()) return state.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListRegistrants({*state}), options.limit,
                      {"REGISTRANT", "STATE", "CODE", "NAME", "APPLIED"},
                      [](const Registrant& registrant) -> std::vector<std::string> {
                        return {registrant.name, std::string(ToText(registrant.state)),
                                registrant.organization_code.value, registrant.legal_name,
                                ToLocalText(registrant.create_time)};
                      });
}

}  // namespace

void AddRegistrantCommands(Program* program) {
  CLI::App* family = AddFamily(program, "registrant", "Apply, approve, list and show registrants");
  AddApply(program, family);

  const auto [approve, approve_options] = AddCommand<ApproveOptions>(
      program, family, "approve", "Approve an application; the bureau's right",
      "  gusu --data /var/lib/gusu registrant approve sz-pumps --reason \"licence seen\"", Approve);
  approve->add_option("id", approve_options->id, "Registrant")->required();
  approve->add_option("--etag", approve_options->write.etag,
                      "Only if the application is still as it was read");
  approve->add_option("--request-id", approve_options->write.request_id,
                      "Makes a repetition the same request");

  const auto [show, show_options] = AddCommand<ShowOptions>(
      program, family, "show", "Show a registrant to itself or to the bureau",
      "  gusu registrant show sz-pumps --claim-file sz-pumps.claim\n"
      "  gusu --data /var/lib/gusu registrant show sz-pumps --json",
      Show);
  show->add_option("id", show_options->id, "Registrant")->required();
  show->add_option("--claim-file", show_options->claim_file, "Ask with the application's claim");

  const auto [list, list_options] =
      AddCommand<ListOptions>(program, family, "list", "List registrants; the bureau's right",
                              "  gusu --data /var/lib/gusu registrant list --state pending", List);
  list->add_option("--state", list_options->state, "Only those in this state");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
