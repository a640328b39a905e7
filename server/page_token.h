// Where a list goes on. Opaque to clients, and good only for the same list: the same method with
// the same other fields.
//
//   const PageScope scope("ListRecords", {request.parent(), …});
//   GUSU_ASSIGN_OR_RETURN(const std::string after, scope.Read(request.page_token()));
//   …
//   response->set_next_page_token(scope.Token(last_key));
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

inline constexpr size_t kPageSizeDefault = 100;
inline constexpr size_t kPageSizeMax = 1000;
// Rows that one page looks at; then it ends, however few it found.
inline constexpr size_t kPageRowsMax = 10'000;
// Where a page ends, however few entries it has: an entry more still fits a message.
inline constexpr size_t kPageBytesMax = 3 << 20;

// 0 is the default, and more than the maximum is the maximum.
size_t PageSize(uint32_t requested);

class PageScope {
 public:
  // `filters` are the request's fields but page size and token, in a fixed order.
  PageScope(std::string_view method, std::initializer_list<std::string_view> filters);

  std::string Token(std::string_view position) const;
  // The position; empty for an empty token, the first page. kInvalidArgument / PAGE_TOKEN_INVALID
  // for a token that Token() of this scope did not make.
  absl::StatusOr<std::string> Read(std::string_view token) const;

 private:
  std::string digest_;
};

// kInvalidArgument / PAGE_TOKEN_INVALID: a position that its list cannot go on from.
absl::Status PageTokenInvalid();

}  // namespace gusu::server
