// gusu audit proof, verify-proof: what shows with no network that a change was logged.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

#include "client/cli/audit_commands.h"
#include "client/cli/audit_proof_text.h"
#include "client/cli/log_trust.h"
#include "client/cli/output_file.h"
#include "client/cli/vkeys.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

constexpr size_t kProofBytesMax = 64 * 1024 * 1024;
constexpr std::string_view kReceiptBeginning = "c2sp.org/tlog-proof@";

struct ProofOptions {
  std::string identifier;
  std::optional<uint64_t> leaf;
  bool tlog_proof = false;
  std::string out;
};

OrFailure<std::string> FetchAnswerProof(Session& session, Client& client,
                                        const ProofOptions& options) {
  ResolveOptions resolve;
  resolve.include_proof = true;
  const Result<ResolveAnswer> answer = client.Resolve(options.identifier, resolve);
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (!answer->proof) {
    return Failure{ExitCode::kNegative, "PROOF_MISSING", "the server answered without a proof", ""};
  }
  return options.tlog_proof ? answer->proof->record.tlog_proof : ToJson(*answer->proof) + "\n";
}

OrFailure<std::string> FetchLeafProof(Session& session, Client& client,
                                      const ProofOptions& options) {
  const Result<InclusionProof> answer = client.GetInclusionProof(*options.leaf);
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (!answer->proof) {
    return Failure{ExitCode::kNegative, "PROOF_MISSING", "the server answered without a proof", ""};
  }
  return options.tlog_proof ? answer->proof->tlog_proof : ToJson(*answer->proof) + "\n";
}

MaybeFailure FetchProof(Session& session, const ProofOptions& options) {
  if (options.identifier.empty() == !options.leaf) {
    return UsageFailure("which proof?", "gusu audit proof 88.118.8/HP-1, or --leaf N");
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const OrFailure<std::string> proof = options.leaf ? FetchLeafProof(session, *client, options)
                                                    : FetchAnswerProof(session, *client, options);
  if (!proof.ok()) return proof.failure();
  if (options.out.empty()) {
    session.out() << *proof;
    return std::nullopt;
  }
  if (MaybeFailure failure = WriteOutputFile(options.out, *proof)) return failure;
  if (session.json()) {
    session.out() << "{\"file\":" << JsonString(options.out) << "}\n";
  } else {
    session.out() << "Written to " << options.out
                  << ".\nWhoever has it and the log's key verifies it with no network:\n"
                  << "  gusu audit verify-proof " << options.out << " --vkey FILE\n";
  }
  return std::nullopt;
}

struct VerifyProofOptions {
  std::string file;
  std::string identifier;
  std::vector<std::string> vkeys;
};

OrFailure<std::string> ReadProof(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  if (!file) return FileFailure("cannot read " + path);
  std::istream& in = path == "-" ? std::cin : file;
  std::string text;
  char buffer[64 * 1024];
  while (text.size() <= kProofBytesMax && in.good()) {
    in.read(buffer, sizeof buffer);
    text.append(buffer, static_cast<size_t>(in.gcount()));
  }
  if (in.bad() || text.empty()) return FileFailure("there is no proof in " + path);
  if (text.size() > kProofBytesMax) return FileFailure(path + " is longer than a proof can be");
  return text;
}

// Whether the text is a leaf's proof in JSON, and not an answer's.
bool IsLeafProof(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  return json.is_object() && json.contains("tlog_proof");
}

MaybeFailure VerifyLeafProof(Session& session, const Result<LeafProof>& proof,
                             const VerifyProofOptions& options,
                             const std::vector<std::string>& vkeys) {
  if (!proof.ok()) return CheckFailure(proof.status());
  const Result<VerifiedLeaf> leaf = VerifyLeaf(*proof, vkeys);
  if (!leaf.ok()) return CheckFailure(leaf.status());
  if (!options.identifier.empty()) {
    return UsageFailure("--code is for the proof of an answer, and this one is of a leaf");
  }
  if (session.json()) {
    session.out() << ToJson(*leaf) << '\n';
  } else {
    PrintProvenLeaf(session, *leaf);
  }
  return std::nullopt;
}

MaybeFailure VerifyProof(Session& session, const VerifyProofOptions& options) {
  const OrFailure<std::string> text = ReadProof(options.file);
  if (!text.ok()) return text.failure();
  const OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  if (text->starts_with(kReceiptBeginning)) {
    return VerifyLeafProof(session, ReadReceipt(*text), options, *vkeys);
  }
  if (IsLeafProof(*text)) {
    return VerifyLeafProof(session, LeafProofFromJson(*text), options, *vkeys);
  }
  const Result<AnswerProof> proof = AnswerProofFromJson(*text);
  if (!proof.ok()) return CheckFailure(proof.status());
  const Result<VerifiedAnswer> answer = VerifyAnswer(*proof, *vkeys, options.identifier);
  if (!answer.ok()) return CheckFailure(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    PrintProvenAnswer(session, *answer);
  }
  return std::nullopt;
}

}  // namespace

void AddAuditProofCommands(Program* program, CLI::App* family) {
  const auto [proof, proof_options] = AddCommand<ProofOptions>(
      program, family, "proof",
      "Fetch what proves a code's latest revision, or an entry, to anybody with the log's key",
      "  gusu audit proof 88.118.8/HP-1 -o HP-1.proof.json\n"
      "  gusu --token-file sz-pumps.token audit proof --leaf 4711\n"
      "  gusu audit proof 88.118.8/HP-1 --tlog-proof      (for other people's tools)",
      FetchProof);
  proof->add_option("code", proof_options->identifier, "Identifier");
  proof->add_option("--leaf", proof_options->leaf, "Index of an entry of the log");
  proof->add_flag("--tlog-proof", proof_options->tlog_proof,
                  "Only the receipt, as c2sp.org/tlog-proof has it");
  proof->add_option("-o,--out", proof_options->out, "Write it to this file");

  const auto [verify, verify_options] = AddCommand<VerifyProofOptions>(
      program, family, "verify-proof",
      "Check a proof with no network: what it proves, and what is only stated",
      "  gusu audit verify-proof HP-1.proof.json --vkey registry.vkey\n"
      "  gusu audit proof 88.118.8/HP-1 | gusu audit verify-proof - --vkey registry.vkey\n"
      "  gusu audit verify-proof receipt.txt --vkey registry.vkey --vkey witness.vkey\n"
      "Exit code 1: it does not hold.",
      VerifyProof);
  verify
      ->add_option("file", verify_options->file,
                   "Proof of an answer or of an entry in JSON, or a receipt; - for standard input")
      ->required();
  verify->add_option("--code", verify_options->identifier, "Identifier that the proof must be of");
  AddVkeyOption(verify, &verify_options->vkeys);
}

}  // namespace gusu::cli
