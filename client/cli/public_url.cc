#include "client/cli/public_url.h"

#include "proto/canonical.h"

namespace gusu::cli {
namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kPublicUrlField = 4;  // of the settings (proto/README.md, "Canonical bytes")

std::string PublicUrlIn(const std::string& settings) {
  absl::StatusOr<CanonicalReader> reader = CanonicalReader::Open(settings, kVersion);
  while (reader.ok()) {
    const auto field = reader->Next();
    if (!field.ok() || !field->has_value()) break;
    if ((*field)->tag == kPublicUrlField) return std::string((*field)->content);
  }
  return "";
}

}  // namespace

OrFailure<std::string> ReadPublicUrl(Session& session, Client& client) {
  const Result<InclusionProof> first = client.GetInclusionProof(0);
  if (!first.ok()) return session.FailureOf(first.status());
  if (!first->proof) return std::string();
  for (const ContentPart& part : first->proof->parts) {
    if (part.label == "BODY") return PublicUrlIn(part.content);
  }
  return std::string();
}

}  // namespace gusu::cli
