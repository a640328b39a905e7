#include "proto/label_payload.h"

#include <algorithm>

#include "proto/check_digit.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kGtinDigits = 14;
constexpr size_t kGs1CharactersMax = 20;
// GS1 General Specifications, table 7.11-1.
constexpr std::string_view kSet82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

absl::Status PublicUrlInvalid(std::string_view url, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("public URL \"", Quote(url), "\" ", what),
               {{"field", "public_url"}, {"value", Quote(url)}});
}

absl::Status CheckPublicUrl(std::string_view url) {
  size_t host = std::string_view::npos;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.substr(0, scheme.size()) == scheme) host = scheme.size();
  }
  if (host == std::string_view::npos) {
    return PublicUrlInvalid(url, "does not begin with https:// or http://");
  }
  if (host == url.size() || url[host] == '/') return PublicUrlInvalid(url, "has no host");
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '?' && c != '#' && c != '"' && c != '<' && c != '>';
  });
  if (is_plain) return absl::OkStatus();
  return PublicUrlInvalid(url,
                          "is not ASCII without spaces, quotes, \"<\", \">\", \"?\" and \"#\"");
}

absl::Status Gs1Invalid(std::string_view attribute, std::string_view value, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "GS1_DATA_INVALID",
               Concat(attribute, " \"", Quote(value), "\" ", what),
               {{"attribute", std::string(attribute)}, {"value", Quote(value)}});
}

absl::Status Gs1Missing(std::string_view attribute, std::string_view level) {
  return Error(absl::StatusCode::kFailedPrecondition, "GS1_DATA_MISSING",
               Concat("the GS1 key of ", level, " needs the attribute ", attribute),
               {{"attribute", std::string(attribute)}});
}

absl::StatusOr<std::string> Gtin14(std::string_view gtin) {
  const bool digits =
      std::all_of(gtin.begin(), gtin.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool length = gtin.size() == 8 || (gtin.size() >= 12 && gtin.size() <= kGtinDigits);
  if (!digits || !length) return Gs1Invalid("gtin", gtin, "is not 8, 12, 13 or 14 digits");
  if (!HasValidCheck(gtin, CheckScheme::kGs1)) {
    return Gs1Invalid("gtin", gtin, "does not end in its check digit");
  }
  return std::string(kGtinDigits - gtin.size(), '0').append(gtin);
}

absl::Status CheckSet82(std::string_view attribute, std::string_view value) {
  if (value.size() > kGs1CharactersMax) {
    return Gs1Invalid(attribute, value,
                      Concat("has ", value.size(), " characters, more than ", kGs1CharactersMax));
  }
  const size_t bad = value.find_first_not_of(kSet82);
  if (bad == std::string_view::npos) return absl::OkStatus();
  return Gs1Invalid(attribute, value,
                    Concat("has a character that GS1 does not know, at ", bad + 1));
}

}  // namespace

absl::Status PublicUrlMissing() {
  return Error(absl::StatusCode::kFailedPrecondition, "PUBLIC_URL_MISSING",
               "this registry has no public URL, to which the codes on labels lead: it is given at "
               "a registry's first start (gusud --public-url)");
}

absl::StatusOr<std::string> PublicUrlOf(std::string_view public_url, const Identifier& id) {
  if (public_url.empty()) return PublicUrlMissing();
  GUSU_RETURN_IF_ERROR(CheckPublicUrl(public_url));
  while (public_url.back() == '/') public_url.remove_suffix(1);
  const bool is_dots = id.suffix() == "." || id.suffix() == "..";
  return Concat(public_url, "/", PercentEncode(id.prefix()), is_dots ? "%2F" : "/",
                PercentEncode(id.suffix()));
}

absl::StatusOr<std::string> Gs1ElementString(const Gs1Values& values, Gs1Level level) {
  const std::string_view level_text = level == Gs1Level::kModel   ? "a model"
                                      : level == Gs1Level::kBatch ? "a batch"
                                                                  : "an item";
  if (values.gtin.empty()) return Gs1Missing("gtin", level_text);
  GUSU_ASSIGN_OR_RETURN(const std::string gtin, Gtin14(values.gtin));
  const std::string key = Concat("[01]", gtin);
  if (level == Gs1Level::kModel) return key;
  const bool is_batch = level == Gs1Level::kBatch;
  const std::string_view attribute = is_batch ? "batch" : "serial";
  const std::string& value = is_batch ? values.batch : values.serial;
  if (value.empty()) return Gs1Missing(attribute, level_text);
  GUSU_RETURN_IF_ERROR(CheckSet82(attribute, value));
  return Concat(key, is_batch ? "[10]" : "[21]", value);
}

}  // namespace gusu
