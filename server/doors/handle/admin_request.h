// Requests to administer: what the operations 100 to 105 ask for, in the API's own terms.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/handle/message.h"
#include "storage/view.h"

namespace gusu::v1 {
class RegisterRow;
}

namespace gusu::server {

struct AdminRequest {
  handle::Operation operation{};
  bool overwrites = false;  // kCreateHandle: a handle that exists becomes this
  bool mints = false;       // kCreateHandle: `handle` is the beginning of a new one
  std::string handle;       // as sent; kListHandles: the prefix alone
  std::vector<uint32_t> removed_indexes;
  // kCreateHandle, kAddValue, kModifyValue: the values. PUBLIC, where everybody may read them, else
  // OWNER; what else a permission says is not kept.
  std::shared_ptr<const v1::RegisterRow> row;
};

// HANDLE_MALFORMED; kInvalidArgument / IDENTIFIER_MALFORMED, or FIELD_INVALID for a value that no
// record can have.
absl::StatusOr<AdminRequest> ReadAdminRequest(const handle::Message& message);

// What can be refused whoever asks, so that nobody proves in vain who he is: a prefix that is not
// here (PREFIX_NOT_FOUND, PREFIX_DELEGATED), a handle that is not there (IDENTIFIER_NOT_FOUND), or
// is there already (IDENTIFIER_TAKEN).
absl::Status CheckBeforeAsking(const storage::View& view, const AdminRequest& request);

// IDENTIFIER_TAKEN for who creates it.
absl::Status HandleTaken(std::string_view handle);

// `beginning` and a random UUID.
std::string MintHandle(std::string_view beginning);

}  // namespace gusu::server
