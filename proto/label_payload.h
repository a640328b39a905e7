// What the symbol of a label holds: the web address of a code, the code itself, or GS1 keys.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/identifier.h"

namespace gusu {

enum class LabelPayload { kUrl, kHandle, kGs1 };

// `https://id.example/88.118.8/HP-1`: the registry's public URL and the identifier, percent-encoded
// but for the first "/", so that a later "/" of the suffix is %2F. The first one is %2F too where
// the suffix is "." or "..", which browsers take out of a path.
// kFailedPrecondition / PUBLIC_URL_MISSING without a public URL; kInvalidArgument / FIELD_INVALID
// for one that is not http:// or https:// with a host, or has "?", "#", space or what is not ASCII.
absl::StatusOr<std::string> PublicUrlOf(std::string_view public_url, const Identifier& id);
absl::Status PublicUrlMissing();

// Values of a record that GS1 has a key for; empty: there is none.
struct Gs1Values {
  std::string gtin;    // 8, 12, 13 or 14 digits
  std::string batch;   // 1 to 20 characters of GS1's set 82
  std::string serial;  // likewise
};
enum class Gs1Level { kModel, kBatch, kItem };

// The key of that level as an element string with its application identifiers in brackets:
// [01]09506000134352 of a model, with [10] of a batch, with [21] of an item. kFailedPrecondition /
// GS1_DATA_MISSING names the attribute that the level needs; kInvalidArgument / GS1_DATA_INVALID
// one that cannot stand in a GS1 symbol.
absl::StatusOr<std::string> Gs1ElementString(const Gs1Values& values, Gs1Level level);

}  // namespace gusu
