// gusu registrant: apply, update, list, show; what the bureau decides is in
// registrant_decision_commands.cc.
#include "client/cli/change_options.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/registrant_fields.h"
#include "client/cli/registrant_text.h"
#include "client/cli/secret_file.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

// With the claim in the file when one is named, else with the configured credential.
OrFailure<Client> ConnectAs(Session& session, const std::string& claim_file) {
  if (claim_file.empty()) return session.Connect();
  const OrFailure<Secret> claim = ReadSecret(claim_file);
  if (!claim.ok()) return claim.failure();
  return session.ConnectWithSecret(claim->text);
}

// -------------------------------------------------------------------------------- registrant apply

struct ApplyOptions {
  std::string id;
  RegistrantFields fields;
  std::string claim_file;
  std::string request_id;
};

MaybeFailure Apply(Session& session, const ApplyOptions& options) {
  ApplyRegistrantRequest request;
  request.registrant_id = options.id;
  request.request_id = options.request_id;
  if (const auto failure = ApplyFields(options.fields, &request.registrant)) return failure;

  OrFailure<Client> client = session.ConnectWithoutCredential();
  if (!client.ok()) return client.failure();
  // The claim is on disk before the call: an application whose answer was lost can be repeated.
  const OrFailure<Secret> claim = ReadOrMakeSecret(options.claim_file, SecretKind::kClaim,
                                                   WithCollection("registrants", options.id));
  if (!claim.ok()) return claim.failure();
  request.claim_sha256 = Sha256Of(claim->text);
  return PrintAnswer(
      session, client->ApplyRegistrant(std::move(request)), [&](const RegistrantAnswer& answer) {
        PrintRegistrant(session, answer.registrant);
        session.out() << "\nThe claim is " << (claim->reused ? "still " : "") << "in "
                      << options.claim_file << ": keep it, it is what proves that you applied.\n";
        if (answer.registrant.state != RegistrantState::kPending) return;
        session.out() << "Next: the bureau approves the application; then make your first token "
                         "with\n  gusu credential create --claim-file "
                      << options.claim_file << " --out " << options.id << ".token\n";
      });
}

void AddApply(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<ApplyOptions>(
      program, family, "apply", "Apply to become a registrant; needs no credential",
      "  gusu registrant apply sz-pumps --name \"Suzhou Pumps\" \\\n"
      "      --organization-code 91320594MA1MABCD6F --document licence.pdf \\\n"
      "      --claim-file sz-pumps.claim",
      Apply);
  command->add_option("id", options->id, "Id that you choose: a-z, 0-9 and -")->required();
  AddRegistrantFields(command, true, &options->fields);
  command
      ->add_option("--claim-file", options->claim_file,
                   "Keeps the claim secret; made when it does not exist, used again when it does")
      ->required();
  AddRequestId(command, &options->request_id);
}

// ------------------------------------------------------------------------------- registrant update

struct UpdateOptions {
  std::string id;
  RegistrantFields fields;
  std::string claim_file;
  std::string etag;
};

MaybeFailure Update(Session& session, const UpdateOptions& options) {
  if (!HasAny(options.fields)) {
    return UsageFailure("nothing to change", "name what is to be different: --address ADDRESS");
  }
  Registrant checked;  // what is written wrong is told before anything is sent
  if (const auto failure = ApplyFields(options.fields, &checked)) return failure;
  UpdateRegistrantRequest request;
  request.name = WithCollection("registrants", options.id);
  request.reason = session.flags().reason;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = ConnectAs(session, options.claim_file);
  if (!client.ok()) return client.failure();

  Result<Registrant> found = client->GetRegistrant(request.name);
  if (!found.ok()) return session.FailureOf(found.status());
  request.registrant = *std::move(found);
  // What is under way goes on from what was proposed.
  if (request.registrant.amendment) {
    static_cast<LegalData&>(request.registrant) = request.registrant.amendment->proposed;
  }
  if (const auto failure = ApplyFields(options.fields, &request.registrant)) return failure;
  request.etag = options.etag.empty() ? request.registrant.etag : options.etag;
  const Result<RegistrantAnswer> answer = client->UpdateRegistrant(std::move(request));
  if (answer.status().code == StatusCode::kUnknownOutcome) {
    Failure failure = session.FailureOf(answer.status());
    failure.hint = "repeat the same command: it begins by reading the registrant";
    return failure;
  }
  return PrintAnswer(session, answer, [&session](const RegistrantAnswer& shown) {
    PrintRegistrant(session, shown.registrant);
  });
}

void AddUpdate(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<UpdateOptions>(
      program, family, "update",
      "Correct an application, or apply for a change of a registrant's data",
      "  gusu registrant update sz-pumps --claim-file sz-pumps.claim --district 320594\n"
      "  gusu --token-file sz-pumps.token registrant update sz-pumps --name \"Suzhou Pumps Ltd\" "
      "\\\n"
      "      --document new-licence.pdf --reason \"renamed on 1 November\"\n"
      "What is not named stays. A new contact of an approved registrant counts at once; other\n"
      "changes do when the bureau has approved them.",
      Update);
  command->add_option("id", options->id, "Registrant")->required();
  AddRegistrantFields(command, false, &options->fields);
  command->add_option("--claim-file", options->claim_file, "Act with the application's claim");
  command->add_option("--etag", options->etag, "Only if the registrant is still as it was read");
}

// ---------------------------------------------------------------------- registrant show and list

struct ShowOptions {
  std::string id;
  std::string claim_file;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = ConnectAs(session, options.claim_file);
  if (!client.ok()) return client.failure();
  return PrintAnswer(
      session, client->GetRegistrant(WithCollection("registrants", options.id)),
      [&session](const Registrant& registrant) { PrintRegistrant(session, registrant); });
}

struct ListOptions {
  std::string state;
  std::string kind;
  ListRegistrantsRequest request;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListRegistrantsRequest request = options.request;
  const auto state = ToEnumeration<RegistrantState>(
      options.state, "state", "pending, active, suspended, closed, returned, rejected");
  if (!state.ok()) return state.failure();
  request.state = *state;
  const auto kind =
      ToEnumeration<RegistrantKind>(options.kind, "kind", "enterprise, institute, partner");
  if (!kind.ok()) return kind.failure();
  request.kind = *kind;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(
      session, client->ListRegistrants(std::move(request)), options.limit,
      {"REGISTRANT", "STATE", "KIND", "CODE", "DISTRICT", "INDUSTRY", "NAME", "AMENDMENT",
       "APPLIED"},
      [](const Registrant& registrant) -> std::vector<std::string> {
        return {registrant.name,
                std::string(ToText(registrant.state)),
                std::string(ToText(registrant.kind)),
                registrant.organization_code.value,
                registrant.district,
                registrant.industry_class,
                registrant.legal_name,
                registrant.amendment ? std::string(ToText(registrant.amendment->state)) : "",
                ToLocalText(registrant.create_time)};
      });
}

void AddList(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<ListOptions>(
      program, family, "list", "List registrants; the bureau's right",
      "  gusu --data /var/lib/gusu registrant list --state pending\n"
      "  gusu --data /var/lib/gusu registrant list --district 3205 --industry-class C34\n"
      "  gusu --data /var/lib/gusu registrant list --amendments",
      List);
  command->add_option("--state", options->state,
                      "Only pending, active, suspended, closed, returned or rejected");
  command->add_option("--kind", options->kind, "Only enterprise, institute or partner");
  command->add_option("--district", options->request.district,
                      "Only where the district begins so: 3205 is a city");
  command->add_option("--industry-class", options->request.industry_class,
                      "Only where the industry class begins so: C34 is a division");
  command->add_option("--name", options->request.name_contains,
                      "Only where a name contains this, in any case");
  command->add_flag("--amendments", options->request.has_amendment,
                    "Only those that applied for a change of their data");
  command->add_option("--limit", options->limit, "At most so many; 0: all");
}

}  // namespace

CLI::App* AddRegistrantCommands(Program* program) {
  CLI::App* family =
      AddFamily(program, "registrant", "Apply, correct, decide on, list and show registrants");
  AddApply(program, family);
  AddUpdate(program, family);
  const auto [show, options] = AddCommand<ShowOptions>(
      program, family, "show", "Show a registrant: whole to itself and to the bureau",
      "  gusu registrant show sz-pumps --claim-file sz-pumps.claim\n"
      "  gusu --data /var/lib/gusu registrant show sz-pumps --json",
      Show);
  show->add_option("id", options->id, "Registrant")->required();
  show->add_option("--claim-file", options->claim_file, "Ask with the application's claim");
  AddList(program, family);
  return family;
}

}  // namespace gusu::cli
