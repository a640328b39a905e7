// Requests to administer handles, as Handle clients make them, in the API's own terms.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/view.h"

namespace gusu::v1 {
class RegisterRow;
}

namespace gusu::server {

struct AdminRequest {
  enum class Kind {
    kCreate,
    kDelete,
    kAddValues,     // that the handle does not have yet, by index
    kModifyValues,  // that it has
    kPutValues,     // that it has or not
    kRemoveValues,
  };
  Kind kind = Kind::kCreate;
  bool overwrites = false;  // kCreate: a handle that exists becomes this
  bool mints = false;       // kCreate: `handle` is the beginning of a new one
  std::string handle;       // as sent
  std::vector<uint32_t> removed_indexes;
  // Of the kinds with values: PUBLIC, where everybody may read them, else OWNER; what else a
  // permission says is not kept.
  std::shared_ptr<const v1::RegisterRow> row;
};

// What no record can have as a value: an index of 0 or beyond 2^31, no type, a secret, an HS_ADMIN
// or HS_VLIST that cannot be read. kInvalidArgument / FIELD_INVALID.
absl::Status CheckHandleValue(uint32_t index, std::string_view type, std::string_view data);

// kInvalidArgument / IDENTIFIER_MALFORMED.
absl::Status CheckHandleNamed(const AdminRequest& request);

// What can be refused whoever asks, so that nobody proves in vain who he is: a prefix that is not
// here (PREFIX_NOT_FOUND, PREFIX_DELEGATED), a handle that is not there (IDENTIFIER_NOT_FOUND), or
// is there already (IDENTIFIER_TAKEN).
absl::Status CheckBeforeAsking(const storage::View& view, const AdminRequest& request);
// The first half: that the prefix's handles are here.
absl::Status CheckPrefixIsHere(const storage::View& view, std::string_view prefix);

// IDENTIFIER_TAKEN for who creates it.
absl::Status HandleTaken(std::string_view handle);

// `beginning` and a random UUID.
std::string MintHandle(std::string_view beginning);

}  // namespace gusu::server
