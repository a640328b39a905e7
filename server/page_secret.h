// Conceals where a list goes on when that says more than its reader may read: an index's key has
// the beginning of a value, and the next page may begin at one of somebody else's.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/directory.h"

namespace gusu::server {

class PageSecret {
 public:
  // Of the registry: what one server concealed, another one reveals.
  explicit PageSecret(const storage::Directory& directory);

  // The same for the same position; longer by 16 bytes.
  std::string Conceal(std::string_view position) const;
  // Empty for an empty text. kInvalidArgument / PAGE_TOKEN_INVALID for what Conceal did not make.
  absl::StatusOr<std::string> Reveal(std::string_view concealed) const;

 private:
  std::string Mark(std::string_view position) const;
  std::string Mask(std::string_view mark, std::string_view bytes) const;

  std::string key_;
};

}  // namespace gusu::server
