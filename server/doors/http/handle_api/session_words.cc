#include "server/doors/http/handle_api/session_words.h"

#include "absl/strings/ascii.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/target.h"

namespace gusu::server {
namespace {

constexpr size_t kParametersMax = 16;

void Trim(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) text->remove_prefix(1);
  while (!text->empty() && (text->back() == ' ' || text->back() == '\t')) text->remove_suffix(1);
}

// Takes `name=value` or `name="value"`, and a comma behind it, off `text`.
absl::StatusOr<std::pair<std::string, std::string>> TakeParameter(std::string_view* text) {
  const size_t equals = text->find('=');
  if (equals == text->npos) {
    return ApiMalformed("Authorization", "has a parameter that is not name=\"value\"");
  }
  std::string_view name = text->substr(0, equals);
  Trim(&name);
  text->remove_prefix(equals + 1);
  Trim(text);
  std::string value;
  const bool is_quoted = text->starts_with('"');
  if (is_quoted) text->remove_prefix(1);
  while (!text->empty() && text->front() != (is_quoted ? '"' : ',')) {
    if (is_quoted && text->front() == '\\' && text->size() > 1) text->remove_prefix(1);
    value += text->front();
    text->remove_prefix(1);
  }
  if (is_quoted) {
    if (text->empty()) return ApiMalformed("Authorization", "has a quote that does not end");
    text->remove_prefix(1);
  }
  Trim(text);
  if (!text->empty() && text->front() != ',') {
    return ApiMalformed("Authorization", "has parameters without a comma between them");
  }
  if (!text->empty()) text->remove_prefix(1);
  Trim(text);
  if (!is_quoted) {
    std::string_view trimmed = value;
    Trim(&trimmed);
    value = std::string(trimmed);
  }
  return std::pair{absl::AsciiStrToLower(std::string(name)), std::move(value)};
}

}  // namespace

std::array<std::pair<const char*, std::string*>, 9> SessionWords::Named() {
  return {{{"sessionId", &session_id},
           {"cnonce", &client_nonce},
           {"id", &id},
           {"type", &type},
           {"alg", &algorithm},
           {"signature", &signature},
           {"salt", &salt},
           {"iterations", &iterations},
           {"length", &length}}};
}

absl::StatusOr<SessionWords> ReadSessionWords(std::string_view parameters) {
  SessionWords words;
  const auto named = words.Named();
  for (size_t count = 0; !parameters.empty(); ++count) {
    if (count == kParametersMax) return ApiMalformed("Authorization", "has too many parameters");
    GUSU_ASSIGN_OR_RETURN(const auto parameter, TakeParameter(&parameters));
    const auto& [name, value] = parameter;
    for (const auto& [known, word] : named) {
      if (name == absl::AsciiStrToLower(known)) *word = value;
    }
    if (name == "version" && value != "0") {
      return ApiMalformed("Authorization", Concat("has version ", Quote(value), ", not 0"));
    }
    if (name == "clientcert" && value != "false") {
      return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID",
                   "certificates of clients are not taken: use Basic, or a session");
    }
  }
  words.id = DecodedWord(words.id);
  return words;
}

std::string DecodedWord(const std::string& text) { return PercentDecode(text).value_or(text); }

}  // namespace gusu::server
