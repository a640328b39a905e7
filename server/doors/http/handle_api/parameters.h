// Parameters of a request: those of its target, and those that a POST brings as a form or as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/doors/http/call.h"

namespace gusu::server {

class ApiParameters {
 public:
  // TARGET_MALFORMED or HANDLE_MALFORMED for a form or JSON that is none.
  static absl::StatusOr<ApiParameters> Read(const HttpCall& call);

  // The first of that name.
  std::optional<std::string_view> Text(std::string_view name) const;
  std::vector<std::string_view> All(std::string_view name) const;
  // A name alone, true, 1 and yes; false, 0 and no; in any case. Else HANDLE_MALFORMED.
  absl::StatusOr<bool> Flag(std::string_view name, bool fallback) const;
  absl::StatusOr<uint32_t> Number(std::string_view name, uint32_t fallback) const;
  // Of every parameter of that name.
  absl::StatusOr<std::vector<uint32_t>> Numbers(std::string_view name) const;

 private:
  FormPairs pairs_;
};

}  // namespace gusu::server
