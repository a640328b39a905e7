// Keys as the Handle protocol writes them: a type and big numbers, each in Java's BigInteger form,
// that is two's complement with a zero byte before a first bit that is set.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace gusu::handle {

inline constexpr std::string_view kRsaPublicType = "RSA_PUB_KEY";       // e, n
inline constexpr std::string_view kDsaPublicType = "DSA_PUB_KEY";       // q, p, g, y
inline constexpr std::string_view kRsaPrivateType = "RSA_PRIVCRT_KEY";  // n, e, d, p, q, dp, dq, qi
inline constexpr std::string_view kRsaShortPrivateType = "RSA_PRIV_KEY";  // n, d
inline constexpr std::string_view kDsaPrivateType = "DSA_PRIV_KEY";       // x, p, q, g

struct KeyRecord {
  std::string type;
  // Big-endian, without leading zeros; in the order above.
  std::vector<std::string> numbers;
  bool operator==(const KeyRecord&) const = default;
};

// HANDLE_MALFORMED for a type that is none of the five, a number that is negative, zero or of more
// than 8,192 bits, or bytes that follow. Public keys have two bytes of flags, which are passed
// over.
absl::StatusOr<KeyRecord> DecodeKeyRecord(std::string_view bytes);
std::string EncodeKeyRecord(const KeyRecord& record);

}  // namespace gusu::handle
