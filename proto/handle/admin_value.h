// The data of values that say who may change a handle: HS_ADMIN and HS_VLIST.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/value.h"

namespace gusu::handle {

// Rights of an administrator.
inline constexpr uint16_t kAddHandle = 0x001;
inline constexpr uint16_t kDeleteHandle = 0x002;
inline constexpr uint16_t kAddDerivedPrefix = 0x004;
inline constexpr uint16_t kDeleteDerivedPrefix = 0x008;
inline constexpr uint16_t kModifyValueRight = 0x010;
inline constexpr uint16_t kRemoveValueRight = 0x020;
inline constexpr uint16_t kAddValueRight = 0x040;
inline constexpr uint16_t kModifyAdmin = 0x080;
inline constexpr uint16_t kRemoveAdmin = 0x100;
inline constexpr uint16_t kAddAdmin = 0x200;
inline constexpr uint16_t kReadValue = 0x400;
inline constexpr uint16_t kListHandlesRight = 0x800;
inline constexpr uint16_t kAllRights = 0xfff;

// HS_ADMIN: the rights of the administrator whose key is the value `administrator` refers to; index
// 0 stands for every key of that handle.
struct AdminValue {
  uint16_t rights = 0;
  Reference administrator;
  bool operator==(const AdminValue&) const = default;
};
std::string EncodeAdminValue(const AdminValue& value);
// Two zero bytes behind the value are passed over: older tools wrote them.
absl::StatusOr<AdminValue> DecodeAdminValue(std::string_view data);

// Twelve binary digits, kListHandlesRight first, as JSON has them: "011111110011".
std::string RightsText(uint16_t rights);
// nullopt unless the text is twelve binary digits.
std::optional<uint16_t> RightsFromText(std::string_view text);

// HS_VLIST: the members of a group of administrators, keys or groups themselves.
std::string EncodeVlist(std::span<const Reference> members);
absl::StatusOr<ReferenceList> DecodeVlist(std::string_view data);

}  // namespace gusu::handle
