// The digest of a request that an answer begins with: so the client knows which request was
// answered, and a challenge which one it is for.
#pragma once

#include <string>
#include <string_view>

#include "proto/handle/protocol.h"
#include "proto/handle/wire.h"

namespace gusu::handle {

enum class DigestAlgorithm : uint8_t {
  kMd5Old = 0,  // MD5 behind a length of four bytes, before version 2.1
  kMd5 = 1,
  kSha1 = 2,
  kSha256 = 3,
};

struct RequestDigest {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  std::string bytes;  // 16, 20 or 32; empty: none
  bool operator==(const RequestDigest&) const = default;
};

// Of a request's header and body, as an answer in `version` states it: SHA-256 from 2.7 on, SHA-1
// from 2.1 on, else the old form of MD5.
RequestDigest DigestOf(std::string_view header_and_body, Version version);

void WriteDigest(Writer& body, const RequestDigest& digest);
// An algorithm that is none of the four is a fault.
RequestDigest ReadDigest(Reader& reader);

}  // namespace gusu::handle
