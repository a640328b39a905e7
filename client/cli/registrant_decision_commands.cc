// gusu registrant: approve, return, reject, suspend, activate, close, designate,
// revoke-designation. All are the bureau's.
#include "client/cli/change_options.h"
#include "client/cli/program.h"
#include "client/cli/registrant_text.h"

namespace gusu::cli {
namespace {

MaybeFailure Print(Session& session, const Result<RegistrantAnswer>& answer) {
  return PrintAnswer(session, answer, [&session](const RegistrantAnswer& shown) {
    PrintRegistrant(session, shown.registrant);
  });
}

void FillIn(const Session& session, const std::string& id, const ChangeOptions& change,
            Decision* decision) {
  decision->name = WithCollection("registrants", id);
  decision->reason = session.flags().reason;
  decision->etag = change.etag;
  decision->request_id = change.request_id;
}

enum class Reason { kOptional, kRequired };

struct DecisionOptions {
  std::string id;
  std::string successor;  // of close
  ChangeOptions change;
};

// A decision whose request has nothing of its own but perhaps a successor.
template <typename Request, Result<RegistrantAnswer> (Client::*call)(Request, CallOptions),
          Reason reason>
MaybeFailure Decide(Session& session, const DecisionOptions& options) {
  if (reason == Reason::kRequired) {
    if (const auto failure = RequireReason(session)) return failure;
  }
  Request request;
  FillIn(session, options.id, options.change, &request);
  if constexpr (std::is_same_v<Request, CloseRegistrantRequest>) {
    if (!options.successor.empty()) {
      request.successor = WithCollection("registrants", options.successor);
    }
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, ((*client).*call)(std::move(request), {}));
}

DecisionOptions* AddDecision(Program* program, CLI::App* family, const std::string& name,
                             const std::string& description, const std::string& examples,
                             MaybeFailure (*run)(Session&, const DecisionOptions&)) {
  const auto [command, options] =
      AddCommand<DecisionOptions>(program, family, name, description, examples, run);
  command->add_option("id", options->id, "Registrant")->required();
  AddChangeOptions(command, "registrant", &options->change);
  return options;
}

// ------------------------------------------------------------ designate and revoke-designation

struct DesignateOptions {
  std::string id;
  Designation designation;
  ChangeOptions change;
};

MaybeFailure Designate(Session& session, const DesignateOptions& options) {
  DesignateRegistrantRequest request;
  FillIn(session, options.id, options.change, &request);
  request.designation = options.designation;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->DesignateRegistrant(std::move(request)));
}

struct RevokeOptions {
  std::string id;
  std::string designation_id;
  ChangeOptions change;
};

MaybeFailure Revoke(Session& session, const RevokeOptions& options) {
  if (const auto failure = RequireReason(session)) return failure;
  RevokeDesignationRequest request;
  FillIn(session, options.id, options.change, &request);
  request.designation_id = options.designation_id;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->RevokeDesignation(std::move(request)));
}

void AddDesignations(Program* program, CLI::App* family) {
  const auto [designate, options] = AddCommand<DesignateOptions>(
      program, family, "designate", "Give a registrant an honour or accreditation",
      "  gusu --data /var/lib/gusu registrant designate sz-pumps green-2026 \\\n"
      "      --title 绿色工厂 --english-title \"Green factory\" --issued-on 2026-11-01",
      Designate);
  Designation& designation = options->designation;
  designate->add_option("id", options->id, "Registrant")->required();
  designate->add_option("designation", designation.id, "Id of the designation: a-z, 0-9 and -")
      ->required();
  designate->add_option("--title", designation.title, "What it is called")->required();
  designate->add_option("--english-title", designation.english_title, "The same in English");
  designate->add_option("--programme", designation.programme, "What it was given under");
  designate->add_option("--certificate-number", designation.certificate_number, "Of its document");
  designate->add_option("--issued-on", designation.issued_on, "YYYY-MM-DD")->required();
  designate->add_option("--valid-until", designation.valid_until,
                        "YYYY-MM-DD, its last day; default: without end");
  AddChangeOptions(designate, "registrant", &options->change);

  const auto [revoke, revoke_options] = AddCommand<RevokeOptions>(
      program, family, "revoke-designation", "Take a designation back; that it was given stays",
      "  gusu --data /var/lib/gusu registrant revoke-designation sz-pumps green-2026 \\\n"
      "      --reason \"audit of 2027 failed\"",
      Revoke);
  revoke->add_option("id", revoke_options->id, "Registrant")->required();
  revoke->add_option("designation", revoke_options->designation_id, "Id of the designation")
      ->required();
  AddChangeOptions(revoke, "registrant", &revoke_options->change);
}

}  // namespace

void AddRegistrantDecisionCommands(Program* program, CLI::App* family) {
  const std::string bureau = "  gusu --data /var/lib/gusu registrant ";
  AddDecision(program, family, "approve",
              "Approve an application, or an approved registrant's amendment",
              bureau + "approve sz-pumps --reason \"licence seen\"",
              Decide<ApproveRegistrantRequest, &Client::ApproveRegistrant, Reason::kOptional>);
  AddDecision(program, family, "return", "Send an application or amendment back for correction",
              bureau + "return sz-pumps --reason \"the licence's second page is missing\"",
              Decide<ReturnRegistrantRequest, &Client::ReturnRegistrant, Reason::kRequired>);
  AddDecision(program, family, "reject", "Refuse an application or drop an amendment",
              bureau + "reject sz-pumps --reason \"no such organisation\"",
              Decide<RejectRegistrantRequest, &Client::RejectRegistrant, Reason::kRequired>);
  AddDecision(program, family, "suspend", "Stop a registrant's writes; its codes resolve on",
              bureau + "suspend sz-pumps --reason \"licence expired\"",
              Decide<SuspendRegistrantRequest, &Client::SuspendRegistrant, Reason::kRequired>);
  AddDecision(program, family, "activate", "Let a suspended registrant write again",
              bureau + "activate sz-pumps --reason \"licence renewed\"",
              Decide<ActivateRegistrantRequest, &Client::ActivateRegistrant, Reason::kRequired>);
  DecisionOptions* close = AddDecision(
      program, family, "close", "Close a registrant for ever; a successor takes its prefixes",
      bureau + "close sz-pumps --successor sz-fluids --reason \"merged on 1 December\"",
      Decide<CloseRegistrantRequest, &Client::CloseRegistrant, Reason::kRequired>);
  family->get_subcommand("close")->add_option("--successor", close->successor,
                                              "Who takes its prefixes; required when it holds any");
  AddDesignations(program, family);
}

}  // namespace gusu::cli
