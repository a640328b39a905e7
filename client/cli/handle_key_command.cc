// gusu handle export-key: a key pair as the files that Handle tools use.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "client/cli/file_content.h"
#include "client/cli/handle_key_file.h"
#include "client/cli/output_file.h"
#include "client/cli/program.h"
#include "client/cli/secret_file.h"
#include "client/cli/table.h"
#include "proto/handle/key.h"
#include "proto/handle/private_key_file.h"

namespace gusu::cli {
namespace {

constexpr int kKeyBits = 2048;
constexpr size_t kPassphraseBytesMax = 1024;

struct ExportKeyOptions {
  std::string out = ".";
  std::string in;
  std::string passphrase_file;
};

OrFailure<handle::PrivateKey> ReadOrMakeKey(const std::string& in) {
  if (in.empty()) return handle::PrivateKey::GenerateRsa(kKeyBits);
  const OrFailure<std::string> record = ReadRsaPrivateKey(in);
  if (!record.ok()) return record.failure();
  auto key = handle::PrivateKey::Decode(*record);
  if (!key.ok()) return FileFailure(in + ": " + std::string(key.status().message()));
  return *std::move(key);
}

// Empty without a file.
OrFailure<std::string> ReadPassphrase(const std::string& path) {
  if (path.empty()) return std::string();
  const OrFailure<std::string> content = ReadWholeFile(path, kPassphraseBytesMax);
  if (!content.ok()) return content.failure();
  std::string line = content->substr(0, content->find_first_of("\r\n"));
  if (line.empty()) return FileFailure(path + " begins with an empty line, not a passphrase");
  return line;
}

MaybeFailure WritePublicFile(const std::string& path, const std::string& content) {
  if (std::filesystem::exists(path)) {
    return FileFailure(path + " exists and is not overwritten", "name another place");
  }
  if (MaybeFailure failure = WriteOutputFile(path, content)) return failure;
  using std::filesystem::perms;
  std::error_code error;
  std::filesystem::permissions(
      path, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read, error);
  if (error) return FileFailure("cannot set the mode of " + path + ": " + error.message());
  return std::nullopt;
}

MaybeFailure ExportKey(Session& session, const ExportKeyOptions& options) {
  const OrFailure<std::string> passphrase = ReadPassphrase(options.passphrase_file);
  if (!passphrase.ok()) return passphrase.failure();
  const std::string private_path = options.out + "/admpriv.bin";
  const std::string public_path = options.out + "/admpub.bin";
  // Before the private one is made, so that a repetition is not left with half a pair.
  if (std::filesystem::exists(public_path)) {
    return FileFailure(public_path + " exists and is not overwritten", "name another place");
  }
  const OrFailure<handle::PrivateKey> key = ReadOrMakeKey(options.in);
  if (!key.ok()) return key.failure();
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return FileFailure("cannot make " + options.out + ": " + error.message());
  if (MaybeFailure failure =
          CreatePrivateFile(private_path, handle::EncodePrivateKeyFile(*key, *passphrase))) {
    return failure;
  }
  if (MaybeFailure failure = WritePublicFile(public_path, key->public_key().Encode())) {
    return failure;
  }
  if (session.json()) {
    session.out() << nlohmann::ordered_json{{"private_key", private_path},
                                            {"public_key", public_path},
                                            {"encrypted", !passphrase->empty()}}
                         .dump()
                  << '\n';
    return std::nullopt;
  }
  Table table;
  table.AddRow(
      {"Private key", private_path + (passphrase->empty() ? " (not encrypted)" : " (encrypted)")});
  table.AddRow({"Public key", public_path});
  table.Print(session.out(), false);
  session.out() << "\nMake it a credential with gusu credential create --public-key " << public_path
                << '\n';
  return std::nullopt;
}

}  // namespace

void AddHandleKeyCommand(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<ExportKeyOptions>(
      program, family, "export-key",
      "Write an RSA key pair as Handle tools read it: admpriv.bin and admpub.bin",
      "  gusu handle export-key --out keys --passphrase-file passphrase\n"
      "  gusu handle export-key --in key.pem --out keys",
      ExportKey);
  command->add_option("--out", options->out, "Directory for the two files; made if need be")
      ->capture_default_str();
  command->add_option("--in", options->in,
                      "PEM of the private key; default: a new one of 2048 bits");
  command->add_option("--passphrase-file", options->passphrase_file,
                      "Its first line encrypts admpriv.bin; default: not encrypted");
}

}  // namespace gusu::cli
