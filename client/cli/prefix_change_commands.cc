// gusu prefix: update, delegate, transfer, suspend, activate, retire.
#include "client/cli/change_options.h"
#include "client/cli/file_content.h"
#include "client/cli/prefix_text.h"
#include "client/cli/program.h"
#include "client/cli/site_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

MaybeFailure Print(Session& session, const Result<PrefixAnswer>& answer) {
  return PrintAnswer(session, answer,
                     [&session](const PrefixAnswer& shown) { PrintPrefix(session, shown.prefix); });
}

template <typename Request>
void FillIn(const Session& session, const std::string& prefix, const ChangeOptions& change,
            Request* request) {
  request->name = WithCollection("prefixes", prefix);
  request->reason = session.flags().reason;
  request->etag = change.etag;
  request->request_id = change.request_id;
}

// -------------------------------------------------------------------------------------- update

struct UpdateOptions {
  std::string prefix;
  std::optional<uint64_t> quota;
  std::string disclosure;
  ChangeOptions change;
};

MaybeFailure Update(Session& session, const UpdateOptions& options) {
  if (!options.quota && options.disclosure.empty()) {
    return UsageFailure("nothing to change", "name --quota NUMBER or --disclosure open");
  }
  UpdatePrefixRequest request;
  FillIn(session, options.prefix, options.change, &request);
  request.quota = options.quota;
  const auto disclosure =
      ToEnumeration<Disclosure>(options.disclosure, "disclosure", "closed, open");
  if (!disclosure.ok()) return disclosure.failure();
  request.disclosure = *disclosure;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->UpdatePrefix(std::move(request)));
}

// ------------------------------------------------------------------------------------ delegate

struct DelegateOptions {
  std::string prefix;
  std::vector<std::string> sites;
  std::vector<std::string> public_keys;  // files, of the sites in their order
  bool here = false;
  ChangeOptions change;
};

OrFailure<std::vector<Site>> ToSites(const DelegateOptions& options) {
  if (options.here == !options.sites.empty()) {
    return UsageFailure("where are its identifiers resolved?",
                        "name --site grpc://HOST:PORT, or --here to end a delegation");
  }
  if (!options.public_keys.empty() && options.public_keys.size() != options.sites.size()) {
    return UsageFailure("there are " + std::to_string(options.sites.size()) + " sites and " +
                            std::to_string(options.public_keys.size()) + " keys",
                        "name a --public-key for each --site, in the same order, or none");
  }
  std::vector<Site> sites;
  for (size_t i = 0; i < options.sites.size(); ++i) {
    OrFailure<Site> site = ParseSite(options.sites[i]);
    if (!site.ok()) return site.failure();
    if (!options.public_keys.empty()) {
      OrFailure<std::string> key = ReadPublicKey(options.public_keys[i]);
      if (!key.ok()) return key.failure();
      site->public_key = std::move(*key);
    }
    sites.push_back(std::move(*site));
  }
  return sites;
}

MaybeFailure Delegate(Session& session, const DelegateOptions& options) {
  DelegatePrefixRequest request;
  FillIn(session, options.prefix, options.change, &request);
  OrFailure<std::vector<Site>> sites = ToSites(options);
  if (!sites.ok()) return sites.failure();
  request.sites = std::move(*sites);
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return Print(session, client->DelegatePrefix(std::move(request)));
}

// ----------------------------------------------------------- transfer, suspend, activate, retire

struct DecisionOptions {
  std::string prefix;
  std::string registrant;  // of transfer
  ChangeOptions change;
};

template <typename Request, Result<PrefixAnswer> (Client::*call)(Request, CallOptions)>
MaybeFailure Decide(Session& session, const DecisionOptions& options) {
  if (const auto failure = RequireReason(session)) return failure;
  Request request;
  FillIn(session, options.prefix, options.change, &request);
  if constexpr (std::is_same_v<Request, TransferPrefixRequest>) {
    request.holder = WithCollection("registrants", options.registrant);
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
  command->add_option("prefix", options->prefix, "Prefix")->required();
  AddChangeOptions(command, "prefix", &options->change);
  return options;
}

void AddUpdate(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<UpdateOptions>(
      program, family, "update", "Change a prefix's quota or disclosure",
      "  gusu --data /var/lib/gusu prefix update 88.118.8 --quota 2000000 --reason \"line 4\"\n"
      "  gusu --token-file sz-pumps.token prefix update 88.118.8 --disclosure open",
      Update);
  command->add_option("prefix", options->prefix, "Prefix")->required();
  command->add_option("--quota", options->quota,
                      "Records and range codes that may exist below it; 0: any");
  command->add_option("--disclosure", options->disclosure,
                      "Whether everybody sees what a change was: closed, open");
  AddChangeOptions(command, "prefix", &options->change);
}

void AddDelegate(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<DelegateOptions>(
      program, family, "delegate", "Refer a prefix's identifiers to servers of another registry",
      "  gusu prefix delegate 88.118.8 --site grpc://registry.sz-pumps.example:7440 \\\n"
      "      --site handle-tcp://192.0.2.7:2641 --reason \"own registry\"\n"
      "  gusu prefix delegate 88.118.8 --here --reason \"back again\"",
      Delegate);
  command->add_option("prefix", options->prefix, "Prefix without records, ranges and derived ones")
      ->required();
  AddRepeated(command, "--site", &options->sites,
              "PROTOCOL://HOST:PORT of grpc, https, handle-tcp, handle-udp; any of them answers");
  AddRepeated(command, "--public-key", &options->public_keys,
              "File with the key that the site proves, PEM or DER");
  command->add_flag("--here", options->here, "Resolve here again");
  AddChangeOptions(command, "prefix", &options->change);
}

}  // namespace

void AddPrefixChangeCommands(Program* program, CLI::App* family) {
  AddUpdate(program, family);
  AddDelegate(program, family);
  const std::string bureau = "  gusu --data /var/lib/gusu prefix ";
  DecisionOptions* transfer = AddDecision(
      program, family, "transfer", "Pass a prefix to another holder; the bureau's right",
      bureau +
          "transfer 88.118.8 --registrant sz-fluids --reason \"line sold\"\n"
          "Open offers and grants of the holder before end with it; records keep who issued them.",
      Decide<TransferPrefixRequest, &Client::TransferPrefix>);
  family->get_subcommand("transfer")
      ->add_option("--registrant", transfer->registrant, "Who is to hold it")
      ->required();
  AddDecision(program, family, "suspend", "Stop writes below a prefix; its codes resolve on",
              bureau + "suspend 88.118.8 --reason \"under inquiry\"",
              Decide<SuspendPrefixRequest, &Client::SuspendPrefix>);
  AddDecision(program, family, "activate", "Let a suspended prefix be written below again",
              bureau + "activate 88.118.8 --reason \"inquiry closed\"",
              Decide<ActivatePrefixRequest, &Client::ActivatePrefix>);
  AddDecision(program, family, "retire", "End writes below a prefix for ever; its codes resolve on",
              bureau + "retire 88.118.8 --reason \"line closed\"",
              Decide<RetirePrefixRequest, &Client::RetirePrefix>);
}

}  // namespace gusu::cli
