// The hashes that the Handle protocol uses, older ones too: a client's version decides. OpenSSL
// underneath.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gusu::handle {

enum class HashAlgorithm : uint8_t { kMd5, kSha1, kSha256 };

size_t HashByteCount(HashAlgorithm algorithm);
// Over the concatenation of the parts.
std::string HashBytes(HashAlgorithm algorithm, std::initializer_list<std::string_view> parts);
std::string HmacBytes(HashAlgorithm algorithm, std::string_view key,
                      std::initializer_list<std::string_view> parts);
// PBKDF2 with HMAC-SHA-1, as the protocol derives keys from secrets. The caller bounds both counts.
std::string DeriveKey(std::string_view secret, std::string_view salt, uint32_t iterations,
                      size_t key_bytes);

// "SHA-256", "SHA1" or "MD5", as signatures name them; "SHA256" and "SHA-1" are read as well.
std::string_view HashName(HashAlgorithm algorithm);
std::optional<HashAlgorithm> HashFromName(std::string_view name);

// In a time that says nothing about where they differ.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace gusu::handle
