#include "server/doors/handle/admin_request.h"

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/handle/request.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/handle/prefix_record.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using handle::Operation;

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
    GUSU_RETURN_IF_ERROR(CheckHandleValue(value.index, value.type, value.data));
    FillValue(value, row->add_values());
  }
  request->row = row;
  if (request->kind != AdminRequest::Kind::kCreate && row->values().empty()) {
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

}  // namespace

absl::StatusOr<AdminRequest> ReadAdminRequest(const handle::Message& message) {
  AdminRequest request;
  switch (message.header.operation) {
    case Operation::kDeleteHandle: {
      request.kind = AdminRequest::Kind::kDelete;
      GUSU_ASSIGN_OR_RETURN(const std::string_view named,
                            handle::DecodeHandleRequest(message.body));
      request.handle = std::string(named);
      break;
    }
    case Operation::kRemoveValue:
      request.kind = AdminRequest::Kind::kRemoveValues;
      GUSU_RETURN_IF_ERROR(ReadRemoval(message.body, &request));
      break;
    case Operation::kAddValue:
      request.kind = AdminRequest::Kind::kAddValues;
      GUSU_RETURN_IF_ERROR(ReadValues(message.body, &request));
      break;
    case Operation::kModifyValue:
      request.kind = AdminRequest::Kind::kModifyValues;
      GUSU_RETURN_IF_ERROR(ReadValues(message.body, &request));
      break;
    default:
      request.overwrites = message.header.Has(handle::kOverwrite);
      request.mints = message.header.Has(handle::kMintSuffix);
      GUSU_RETURN_IF_ERROR(ReadValues(message.body, &request));
  }
  GUSU_RETURN_IF_ERROR(CheckHandleNamed(request));
  return request;
}

absl::StatusOr<std::string> ReadListRequest(const handle::Message& message) {
  GUSU_ASSIGN_OR_RETURN(const std::string_view named, handle::DecodeHandleRequest(message.body));
  const auto prefix = PrefixOfPrefixHandle(named);
  if (prefix.has_value()) return ParsePrefix(*prefix);
  return Error(absl::StatusCode::kInvalidArgument, "IDENTIFIER_MALFORMED",
               Concat("handles are listed of a prefix, as 0.NA/88.118.8, not of ", Quote(named)),
               {{"identifier", std::string(named)}});
}

}  // namespace gusu::server
