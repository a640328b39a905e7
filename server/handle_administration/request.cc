#include "server/handle_administration/request.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/challenge.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/delegation.h"
#include "server/handle_administrators.h"
#include "server/resource_fields.h"

namespace gusu::server {

absl::Status CheckHandleValue(uint32_t index, std::string_view type, std::string_view data) {
  if (index == 0 || index > INT32_MAX) {
    return FieldInvalid("index", std::to_string(index),
                        Concat("it is ", index, ", and must be from 1 to ", INT32_MAX));
  }
  if (type.empty()) return FieldInvalid("type", "", Concat("value ", index, " has none"));
  const std::string type_key = ToKey(type);
  if (type_key == handle::kSecretKeyType) {
    return FieldInvalid("type", type,
                        "secrets are no values of records: make a credential of the secret");
  }
  if (type_key != "HS_ADMIN" && type_key != "HS_VLIST") return absl::OkStatus();
  const absl::Status status = type_key == "HS_ADMIN" ? handle::DecodeAdminValue(data).status()
                                                     : handle::DecodeVlist(data).status();
  if (status.ok()) return status;
  return FieldInvalid("data", Concat("value ", index, " of type ", Quote(type)),
                      StdView(status.message()));
}

absl::Status CheckHandleNamed(const AdminRequest& request) {
  if (!request.mints) return Identifier::Parse(request.handle).status();
  // Else the error would name a suffix that nobody sent.
  if (request.handle.find('/') == std::string::npos) {
    return Identifier::Parse(request.handle).status();
  }
  return Identifier::Parse(MintHandle(request.handle)).status();
}

absl::Status CheckPrefixIsHere(const storage::View& view, std::string_view prefix) {
  GUSU_RETURN_IF_ERROR(CheckNotDelegated(view.directory(), prefix));
  if (view.directory().FindPrefix(ToKey(prefix)) != nullptr) return absl::OkStatus();
  return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND", "That prefix doesn't live here",
               {{"prefix", std::string(prefix)}});
}

absl::Status CheckBeforeAsking(const storage::View& view, const AdminRequest& request) {
  GUSU_ASSIGN_OR_RETURN(
      const Identifier identifier,
      Identifier::Parse(request.mints ? MintHandle(request.handle) : request.handle));
  GUSU_RETURN_IF_ERROR(CheckPrefixIsHere(view, identifier.prefix()));
  if (request.kind != AdminRequest::Kind::kCreate) {
    return FindHandleRecord(view, identifier).status();
  }
  if (request.overwrites || request.mints) return absl::OkStatus();
  // A code of a serial range is there to be registered.
  GUSU_ASSIGN_OR_RETURN(const auto record,
                        ReadRecord(view, identifier.key(), view.last_revision()));
  if (!record.has_value() || IsDeletedHandle(*record->row)) return absl::OkStatus();
  return HandleTaken(request.handle);
}

absl::Status HandleTaken(std::string_view handle) {
  return Error(absl::StatusCode::kAlreadyExists, "IDENTIFIER_TAKEN",
               Concat("handle ", Quote(handle), " exists"), {{"identifier", std::string(handle)}});
}

std::string MintHandle(std::string_view beginning) {
  // RFC 9562, version 4.
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = HexEncode(bytes);
  const std::string_view digits = hex;
  return Concat(beginning, digits.substr(0, 8), "-", digits.substr(8, 4), "-", digits.substr(12, 4),
                "-", digits.substr(16, 4), "-", digits.substr(20));
}

}  // namespace gusu::server
