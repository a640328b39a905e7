#include "server/doors/handle/admin_request.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/handle/challenge.h"
#include "proto/handle/request.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/delegation.h"
#include "server/doors/handle/prefix_record.h"
#include "server/handle_administrators.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using handle::Operation;

absl::Status CheckValue(const handle::Value& value) {
  const std::string field = Concat("value ", value.index, " of type ", Quote(value.type));
  if (value.index == 0 || value.index > INT32_MAX) {
    return FieldInvalid("index", std::to_string(value.index), Concat("of ", field));
  }
  const std::string type = ToKey(value.type);
  if (type == handle::kSecretKeyType) {
    return FieldInvalid("type", value.type,
                        "secrets are no values of records: make a credential of the secret");
  }
  if (type != "HS_ADMIN" && type != "HS_VLIST") return absl::OkStatus();
  const absl::Status status = type == "HS_ADMIN" ? handle::DecodeAdminValue(value.data).status()
                                                 : handle::DecodeVlist(value.data).status();
  return status.ok() ? status : FieldInvalid("data", field, StdView(status.message()));
}

void FillValue(const handle::Value& value, v1::Value* out) {
  out->set_index(value.index);
  out->set_type(std::string(value.type));
  out->set_data(std::string(value.data));
  if (value.ttl_type == handle::TtlType::kAbsolute) {
    out->mutable_cache_until()->set_seconds(value.ttl);
  } else {
    out->set_ttl_seconds(value.ttl);
  }
  out->set_tier((value.permissions & handle::kPublicRead) != 0 ? v1::PUBLIC : v1::OWNER);
  for (const handle::Reference& reference : value.references) {
    v1::Reference* added = out->add_references();
    added->set_identifier(std::string(reference.handle));
    added->set_index(reference.index);
  }
}

absl::Status ReadValues(std::string_view body, AdminRequest* request) {
  GUSU_ASSIGN_OR_RETURN(const handle::ValuesRequest read, handle::DecodeValuesRequest(body));
  request->handle = std::string(read.handle);
  const auto row = std::make_shared<v1::RegisterRow>();
  for (const handle::Value& value : read.values) {
    GUSU_RETURN_IF_ERROR(CheckValue(value));
    FillValue(value, row->add_values());
  }
  request->row = row;
  if (request->operation != Operation::kCreateHandle && row->values().empty()) {
    return FieldMissing("values");
  }
  return absl::OkStatus();
}

absl::Status ReadRemoval(std::string_view body, AdminRequest* request) {
  GUSU_ASSIGN_OR_RETURN(const handle::RemoveValueRequest read,
                        handle::DecodeRemoveValueRequest(body));
  request->handle = std::string(read.handle);
  for (const uint32_t index : read.indexes) request->removed_indexes.push_back(index);
  return request->removed_indexes.empty() ? FieldMissing("indexes") : absl::OkStatus();
}

absl::Status ReadListing(std::string_view body, AdminRequest* request) {
  GUSU_ASSIGN_OR_RETURN(const std::string_view named, handle::DecodeHandleRequest(body));
  const auto prefix = PrefixOfPrefixHandle(named);
  if (!prefix.has_value()) {
    return Error(absl::StatusCode::kInvalidArgument, "IDENTIFIER_MALFORMED",
                 Concat("handles are listed of a prefix, as 0.NA/88.118.8, not of ", Quote(named)),
                 {{"identifier", std::string(named)}});
  }
  GUSU_ASSIGN_OR_RETURN(request->handle, ParsePrefix(*prefix));
  return absl::OkStatus();
}

absl::Status ReadBody(const handle::Message& message, AdminRequest* request) {
  switch (request->operation) {
    case Operation::kListHandles:
      return ReadListing(message.body, request);
    case Operation::kRemoveValue:
      return ReadRemoval(message.body, request);
    case Operation::kDeleteHandle: {
      GUSU_ASSIGN_OR_RETURN(const std::string_view named,
                            handle::DecodeHandleRequest(message.body));
      request->handle = std::string(named);
      return absl::OkStatus();
    }
    default:
      return ReadValues(message.body, request);
  }
}

absl::Status CheckPrefix(const storage::View& view, std::string_view prefix) {
  GUSU_RETURN_IF_ERROR(CheckNotDelegated(view.directory(), prefix));
  if (view.directory().FindPrefix(ToKey(prefix)) != nullptr) return absl::OkStatus();
  return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND", "That prefix doesn't live here",
               {{"prefix", std::string(prefix)}});
}

}  // namespace

absl::StatusOr<AdminRequest> ReadAdminRequest(const handle::Message& message) {
  AdminRequest request;
  request.operation = message.header.operation;
  if (request.operation == Operation::kCreateHandle) {
    request.overwrites = message.header.Has(handle::kOverwrite);
    request.mints = message.header.Has(handle::kMintSuffix);
  }
  GUSU_RETURN_IF_ERROR(ReadBody(message, &request));
  if (request.operation == Operation::kListHandles) return request;
  const std::string named = request.mints ? MintHandle(request.handle) : request.handle;
  GUSU_RETURN_IF_ERROR(Identifier::Parse(named).status());
  return request;
}

absl::Status CheckBeforeAsking(const storage::View& view, const AdminRequest& request) {
  if (request.operation == Operation::kListHandles) return CheckPrefix(view, request.handle);
  GUSU_ASSIGN_OR_RETURN(
      const Identifier identifier,
      Identifier::Parse(request.mints ? MintHandle(request.handle) : request.handle));
  GUSU_RETURN_IF_ERROR(CheckPrefix(view, identifier.prefix()));
  if (request.operation != Operation::kCreateHandle) {
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
