// gusu register: one record, or a number of minted ones.
#include <algorithm>
#include <ostream>

#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

constexpr uint64_t kBatchRowsMax = 2000;
constexpr uint64_t kMintedMax = 1'000'000;

struct RegisterOptions {
  std::string target;  // an identifier, or with --mint a prefix
  std::string mint;
  uint64_t count = 1;
  std::string template_id;
  std::string level;
  std::string instance_of;
  std::string state;
  ValueOptions values;
  WriteOptions write;
  Origin origin;
  std::string origin_time;
  std::string origin_evidence;
};

bool FromHexadecimal(const std::string& text, std::string* bytes) {
  if (text.size() % 2 != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    if (!std::isxdigit(static_cast<unsigned char>(text[i])) ||
        !std::isxdigit(static_cast<unsigned char>(text[i + 1]))) {
      return false;
    }
    bytes->push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return true;
}

OrFailure<std::optional<Origin>> ToOrigin(const RegisterOptions& options) {
  Origin origin = options.origin;
  const auto time = ParseTimeIfGiven(options.origin_time);
  if (!time.ok()) return time.failure();
  origin.original_registration_time = *time;
  if (!FromHexadecimal(options.origin_evidence, &origin.evidence_sha256) ||
      (!origin.evidence_sha256.empty() && origin.evidence_sha256.size() != 32)) {
    return UsageFailure("--origin-evidence-sha256 is not 64 hexadecimal digits");
  }
  const bool given = !origin.system.empty() || !origin.original_identifier.empty() ||
                     time->has_value() || !origin.evidence_sha256.empty();
  return given ? std::optional<Origin>(origin) : std::nullopt;
}

OrFailure<RegisterRow> ToRow(const RegisterOptions& options) {
  RegisterRow row;
  if (options.mint.empty()) {
    row.identifier = options.target;
  } else {
    row.mint = MintPattern{options.target, options.mint};
  }
  row.template_id = options.template_id;
  row.instance_of = ToInstanceOf(options.instance_of);
  const auto level = ToEnumeration<Level>(options.level, "level", kLevelChoices);
  if (!level.ok()) return level.failure();
  row.level = *level;
  const auto state = ToEnumeration<State>(options.state, "initial state", "reserved, active");
  if (!state.ok()) return state.failure();
  row.state = *state;
  OrFailure<std::vector<Value>> values = ToValues(options.values);
  if (!values.ok()) return values.failure();
  row.values = std::move(*values);
  const auto effective_time = ParseTimeIfGiven(options.write.effective_time);
  if (!effective_time.ok()) return effective_time.failure();
  row.effective_time = *effective_time;
  const auto origin = ToOrigin(options);
  if (!origin.ok()) return origin.failure();
  row.origin = *origin;
  return row;
}

void PrintResult(Session& session, const RegisterResult& result) {
  if (session.json()) {
    session.out() << ToJson(result) << '\n';
    return;
  }
  session.out() << ToText(result.outcome) << ' ' << result.identifier << "  ("
                << ToReceiptText(result.receipt) << ")\n";
}

MaybeFailure RegisterOne(Session& session, Client& client, RegisterRequest request) {
  const Result<RegisterResult> result = client.Register(std::move(request));
  if (!result.ok()) return session.FailureOf(result.status());
  PrintResult(session, *result);
  return std::nullopt;
}

// Batches of one request id each, so that the whole is repeated by repeating the command with the
// same id.
MaybeFailure RegisterMinted(Session& session, Client& client, const RegisterRequest& request,
                            const RegisterOptions& options) {
  const bool made = options.write.request_id.empty();
  const std::string request_id = made ? MakeRequestId() : options.write.request_id;
  if (made) session.err() << "request id: " << request_id << '\n';
  const uint64_t batches = (options.count + kBatchRowsMax - 1) / kBatchRowsMax;
  uint64_t created = 0;
  for (uint64_t batch = 0; batch < batches; ++batch) {
    BatchRegisterRequest part;
    part.on_behalf_of = request.on_behalf_of;
    part.request_id = batches == 1 ? request_id : request_id + "-" + std::to_string(batch);
    part.rows.assign(std::min(kBatchRowsMax, options.count - batch * kBatchRowsMax), request.row);
    const auto results = client.BatchRegister(std::move(part));
    if (!results.ok()) {
      Failure failure = session.FailureOf(results.status());
      if (failure.exit_code == ExitCode::kOutcomeUnknown ||
          failure.exit_code == ExitCode::kUnreachable) {
        failure.hint = "repeat the same command with --request-id " + request_id;
      }
      if (created > 0) failure.message += " (after " + std::to_string(created) + " codes)";
      return failure;
    }
    for (const RegisterResult& result : *results) PrintResult(session, result);
    created += results->size();
  }
  return std::nullopt;
}

MaybeFailure Register(Session& session, const RegisterOptions& options) {
  if (options.mint.empty() && options.count != 1) {
    return UsageFailure("--count needs --mint PATTERN", "for example --mint 'HP-{serial:6}'");
  }
  OrFailure<RegisterRow> row = ToRow(options);
  if (!row.ok()) return row.failure();
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  RegisterRequest request{std::move(*row), *on_behalf_of};
  if (!options.mint.empty()) return RegisterMinted(session, *client, request, options);
  request.row.request_id = options.write.request_id;
  return RegisterOne(session, *client, std::move(request));
}

}  // namespace

void AddRegisterCommand(Program* program) {
  const auto [command, options] = AddCommand<RegisterOptions>(
      program, &program->app, "register", "Register a code, or let the server mint codes",
      "  gusu register 88.118.8/HP-1 --template product --value name=Pump --value model=HP\n"
      "  gusu register 88.118.8/L-1 --value 1:URL=https://example.com/l1\n"
      "  gusu register 88.118.8/HP-1-0042 --instance-of 88.118.8/HP-1 --partner cost=@cost.txt\n"
      "  gusu register 88.118.8 --mint 'HP-{serial:6}{check}' --count 500 --template product \\\n"
      "      --value name=Pump --request-id order-4711\n"
      "  gusu --data /var/lib/gusu --as sz-pumps --reason drill register 88.118.8/HP-2 \\\n"
      "      --template product --value name=Pump",
      Register);
  command->add_option("code", options->target, "Identifier; with --mint, the prefix")->required();
  command->add_option("--mint", options->mint,
                      "Pattern of new codes: text with {serial:N} or {random:N}, then {check}");
  command->add_option("--count", options->count, "How many to mint, in batches of 2000")
      ->check([](const std::string& text) -> std::string {
        uint64_t count = 0;
        if (ParseNumber(text, &count) && count >= 1 && count <= kMintedMax) return "";
        return "'" + text + "' is not a count between 1 and 1000000";
      });
  command->add_option("--template", options->template_id, "Template, for example product");
  command->add_option("--level", options->level, "item (default), batch, model");
  command->add_option("--instance-of", options->instance_of,
                      "Batch or model whose values it inherits: IDENTIFIER[@REVISION]");
  command->add_option("--state", options->state, "active (default) or reserved");
  AddValueOptions(command, &options->values);
  command->add_option("--request-id", options->write.request_id,
                      "Makes a repetition the same request; default for a given code: its content");
  command->add_option("--effective-time", options->write.effective_time,
                      "When it happened in business, RFC 3339");
  command->add_option("--origin-system", options->origin.system,
                      "Registry that the code comes from");
  command->add_option("--origin-identifier", options->origin.original_identifier,
                      "Its identifier there");
  command->add_option("--origin-time", options->origin_time, "When it was registered there");
  command->add_option("--origin-evidence-sha256", options->origin_evidence,
                      "SHA-256 of the evidence, in hexadecimal");
}

}  // namespace gusu::cli
