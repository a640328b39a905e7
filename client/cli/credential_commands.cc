// gusu credential: create, list, revoke.
#include "client/cli/handle_key_file.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/secret_file.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr char kRoleChoices[] =
    "registrant-writer, registrant-admin, reader, bureau-admin, bureau-auditor";

// Whose credentials: --registrant ID, --bureau, or what the claim is for.
struct ParentOptions {
  std::string registrant;
  bool bureau = false;
};

void AddParentOptions(CLI::App* command, ParentOptions* options) {
  CLI::Option* registrant =
      command->add_option("--registrant", options->registrant, "Whose credentials");
  command->add_flag("--bureau", options->bureau, "The bureau's own")->excludes(registrant);
}

OrFailure<std::string> ToParent(const Session& session, const ParentOptions& options,
                                const std::string& claim_subject) {
  if (options.bureau) return std::string("bureau");
  for (const std::string& name : {options.registrant, claim_subject, session.flags().as}) {
    if (!name.empty()) return WithCollection("registrants", name);
  }
  return UsageFailure("whose credential?", "name it with --registrant ID or --bureau");
}

// ------------------------------------------------------------------------------- credential create

struct CreateOptions {
  ParentOptions parent;
  std::string claim_file;
  std::string out;
  std::string public_key;
  std::string handle_secret_file;
  std::string handle_prefix;
  std::string role;
  std::string expires;
  std::string title;
  std::string request_id;
};

OrFailure<CreateCredentialRequest> ToRequest(const CreateOptions& options) {
  CreateCredentialRequest request;
  request.credential.title = options.title;
  request.credential.handle_prefix = options.handle_prefix;
  request.request_id = options.request_id;
  const auto role = ToEnumeration<Role>(options.role, "role", kRoleChoices);
  if (!role.ok()) return role.failure();
  request.credential.role = *role;
  if (!options.expires.empty()) {
    const OrFailure<Timestamp> expires =
        ParseExpiry(options.expires, ToTimestamp(std::chrono::system_clock::now()));
    if (!expires.ok()) return expires.failure();
    request.credential.expire_time = *expires;
  }
  return request;
}

// What the credential is made for, and where its maker keeps it.
struct Made {
  std::string label;
  std::string place;
  std::string advice;
};

// A secret is on disk before the call, so that the call can be repeated with the same one.
OrFailure<Made> AddSecret(const CreateOptions& options, CreateCredentialRequest* request) {
  if (!options.public_key.empty()) {
    const OrFailure<std::string> key = ReadHandlePublicKey(options.public_key);
    if (!key.ok()) return key.failure();
    request->credential.kind = CredentialKind::kHsPubkey;
    request->public_key = *key;
    return Made{"Public key", options.public_key,
                "Handle clients authenticate with its private key as the identity above."};
  }
  const bool is_token = options.handle_secret_file.empty();
  const std::string& path = is_token ? options.out : options.handle_secret_file;
  const OrFailure<Secret> secret =
      is_token ? ReadOrMakeSecret(path, SecretKind::kToken, "") : ReadOrMakeHandleSecret(path);
  if (!secret.ok()) return secret.failure();
  const std::string place = path + (secret->reused ? " (as before)" : "");
  if (is_token) {
    request->secret_sha256 = Sha256Of(secret->text);
    return Made{"Token", place,
                "Use it with --token-file " + path + " or GUSU_TOKEN_FILE=" + path +
                    ". Nobody can tell it again."};
  }
  request->credential.kind = CredentialKind::kHsSeckey;
  request->secret = secret->text;
  return Made{"Secret", place,
              "Handle clients authenticate with the file's first line as the identity above."};
}

MaybeFailure CheckOneKind(const CreateOptions& options) {
  const int given = (options.out.empty() ? 0 : 1) + (options.public_key.empty() ? 0 : 1) +
                    (options.handle_secret_file.empty() ? 0 : 1);
  if (given != 1) {
    return UsageFailure("what is the credential to be made for?",
                        "one of --out, --public-key and --handle-secret-file");
  }
  if (!options.out.empty() && !options.handle_prefix.empty()) {
    return UsageFailure("a token has no Handle identity",
                        "--handle-prefix goes with --public-key or --handle-secret-file");
  }
  return std::nullopt;
}

MaybeFailure Create(Session& session, const CreateOptions& options) {
  if (MaybeFailure failure = CheckOneKind(options)) return failure;
  OrFailure<CreateCredentialRequest> request = ToRequest(options);
  if (!request.ok()) return request.failure();
  Secret claim;
  if (!options.claim_file.empty()) {
    const OrFailure<Secret> read = ReadSecret(options.claim_file);
    if (!read.ok()) return read.failure();
    claim = *read;
  }
  const OrFailure<std::string> parent = ToParent(session, options.parent, claim.subject);
  if (!parent.ok()) return parent.failure();
  request->parent = *parent;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;

  OrFailure<Client> client =
      claim.text.empty() ? session.Connect() : session.ConnectWithSecret(claim.text);
  if (!client.ok()) return client.failure();
  const OrFailure<Made> made = AddSecret(options, &*request);
  if (!made.ok()) return made.failure();
  const Result<CredentialAnswer> answer = client->CreateCredential(std::move(*request));
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
    return std::nullopt;
  }
  const Credential& credential = answer->credential;
  Table table;
  table.AddRow({"Credential", credential.name});
  table.AddRow({"Kind", std::string(ToText(credential.kind))});
  if (!credential.handle_identity.empty()) {
    table.AddRow({"Identity", credential.handle_identity});
  }
  table.AddRow({"Role", std::string(ToText(credential.role))});
  table.AddRow({"Expires", ToLocalText(credential.expire_time)});
  table.AddRow({made->label, made->place});
  table.Print(session.out(), false);
  session.out() << '\n' << made->advice << '\n';
  return std::nullopt;
}

// -------------------------------------------------------------------------- credential list,
// revoke

struct ListOptions {
  ParentOptions parent;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  const OrFailure<std::string> parent = ToParent(session, options.parent, "");
  if (!parent.ok()) return parent.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListCredentials({*parent}), options.limit,
                      {"CREDENTIAL", "KIND", "IDENTITY", "ROLE", "STATE", "EXPIRES", "TITLE"},
                      [](const Credential& credential) -> std::vector<std::string> {
                        return {credential.name,
                                std::string(ToText(credential.kind)),
                                credential.handle_identity,
                                std::string(ToText(credential.role)),
                                std::string(ToText(credential.state)),
                                ToLocalText(credential.expire_time),
                                credential.title};
                      });
}

struct RevokeOptions {
  std::string name;
  std::string request_id;
};

MaybeFailure Revoke(Session& session, const RevokeOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  RevokeCredentialRequest request;
  request.name = options.name;
  request.reason = session.flags().reason;
  request.request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request.on_behalf_of = *on_behalf_of;
  const Result<CredentialAnswer> answer = client->RevokeCredential(std::move(request));
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    session.out() << ToText(answer->credential.state) << ' ' << answer->credential.name << ' '
                  << ToLocalText(answer->credential.revoke_time) << '\n';
  }
  return std::nullopt;
}

}  // namespace

void AddCredentialCommands(Program* program) {
  CLI::App* family = AddFamily(program, "credential", "Create, list and revoke credentials");

  const auto [create, create_options] = AddCommand<CreateOptions>(
      program, family, "create",
      "Make a token or a secret here, or take a public key, and have it registered",
      "  gusu credential create --claim-file sz-pumps.claim --out sz-pumps.token\n"
      "  gusu --token-file admin.token credential create --registrant sz-pumps \\\n"
      "      --role reader --expires 90d --title \"Goods-in scanner\" --out scanner.token\n"
      "  gusu --token-file admin.token credential create --registrant sz-pumps \\\n"
      "      --public-key keys/admpub.bin --title \"Handle client of the ERP\"",
      Create);
  AddParentOptions(create, &create_options->parent);
  create->add_option("--claim-file", create_options->claim_file,
                     "Claim of an approved application, for the first credential");
  create->add_option("--out", create_options->out,
                     "Keeps a token; made when it does not exist, used again when it does");
  create->add_option("--public-key", create_options->public_key,
                     "Key of a Handle client (HS_PUBKEY): admpub.bin, PEM or DER of RSA or DSA");
  create->add_option(
      "--handle-secret-file", create_options->handle_secret_file,
      "Keeps the secret of a Handle client (HS_SECKEY); made when it does not exist, "
      "used again when it does");
  create->add_option("--handle-prefix", create_options->handle_prefix,
                     "Where the Handle identity stands; default: the registrant's first prefix");
  create->add_option("--role", create_options->role,
                     "registrant-writer (default), registrant-admin, reader, bureau-admin, "
                     "bureau-auditor");
  create->add_option("--expires", create_options->expires,
                     "Date, time or duration (90d); default: in a year");
  create->add_option("--title", create_options->title, "What it is for");
  create->add_option("--request-id", create_options->request_id,
                     "Makes a repetition the same request");

  const auto [list, list_options] = AddCommand<ListOptions>(
      program, family, "list", "List credentials of a registrant or of the bureau",
      "  gusu --token-file admin.token credential list --registrant sz-pumps\n"
      "  gusu --data /var/lib/gusu credential list --bureau",
      List);
  AddParentOptions(list, &list_options->parent);
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");

  const auto [revoke, revoke_options] = AddCommand<RevokeOptions>(
      program, family, "revoke", "Revoke a credential; it proves nothing from then on",
      "  gusu --token-file admin.token credential revoke \\\n"
      "      registrants/sz-pumps/credentials/ID --reason \"laptop lost\"",
      Revoke);
  revoke->add_option("name", revoke_options->name, "As credential list shows it")->required();
  revoke->add_option("--request-id", revoke_options->request_id,
                     "Makes a repetition the same request");
}

}  // namespace gusu::cli
