// The words of the Handle protocol: operations, response codes, flags and limits (RFC 3652, version
// 2.11). What the bytes look like is in proto/HANDLE.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gusu::handle {

inline constexpr uint16_t kPort = 2641;

// Limits. What a client sends beyond them is refused before anything is kept of it.
inline constexpr size_t kMessageBytesMax = 262'144;  // header, body and credential
inline constexpr size_t kHandleBytesMax = 2'048;
inline constexpr size_t kElementsMax = 2'048;     // of any list in a message
inline constexpr size_t kHandlesPerMessage = 50;  // of an answer to kListHandles
inline constexpr uint32_t kRecursionCountMax = 10;

struct Version {
  uint8_t major = 2;
  uint8_t minor = 11;
  bool operator==(const Version&) const = default;
  constexpr bool operator<(const Version& other) const {
    return major != other.major ? major < other.major : minor < other.minor;
  }
  constexpr bool operator>=(const Version& other) const { return !(*this < other); }
};
// What this library speaks; it reads and answers everything from 2.0 on.
inline constexpr Version kOwnVersion{2, 11};

enum class Operation : uint32_t {
  kResolve = 1,
  kGetSiteInfo = 2,
  kCreateHandle = 100,
  kDeleteHandle = 101,
  kAddValue = 102,
  kRemoveValue = 103,
  kModifyValue = 104,
  kListHandles = 105,
  kChallengeAnswer = 200,
  kVerifyChallenge = 201,
  kHomePrefix = 300,
  kUnhomePrefix = 301,
  kListHomedPrefixes = 302,
  kSessionSetup = 400,
  kSessionTerminate = 401,
  kSessionKeyExchange = 402,
};

enum class ResponseCode : uint32_t {
  kNone = 0,  // of a request
  kSuccess = 1,
  kError = 2,
  kServerTooBusy = 3,
  kProtocolError = 4,
  kOperationNotSupported = 5,
  kRecursionCountTooHigh = 6,
  kServerReadOnly = 7,
  kHandleNotFound = 100,
  kHandleAlreadyExists = 101,
  kInvalidHandle = 102,
  kValuesNotFound = 200,
  kValueAlreadyExists = 201,
  kInvalidValue = 202,
  kStaleSiteInfo = 300,
  kServerNotResponsible = 301,
  kServiceReferral = 302,
  kPrefixReferral = 303,
  kInvalidAdmin = 400,
  kInsufficientPermissions = 401,
  kAuthenticationNeeded = 402,
  kAuthenticationFailed = 403,
  kInvalidCredential = 404,
  kAuthenticationTimeout = 405,
  kAuthenticationError = 406,
  kSessionTimeout = 500,
  kSessionFailed = 501,
  kInvalidSessionKey = 502,
  kNeedRsaKey = 503,
  kInvalidSessionSetup = 504,
  kSessionMessageRepeated = 505,
};

// Flags of a message's header.
inline constexpr uint32_t kAuthoritative = 0x80000000;        // AUTH
inline constexpr uint32_t kCertify = 0x40000000;              // CERT: sign the answer
inline constexpr uint32_t kEncrypt = 0x20000000;              // ENCR
inline constexpr uint32_t kRecursive = 0x10000000;            // RECU
inline constexpr uint32_t kCacheCertify = 0x08000000;         // CACR
inline constexpr uint32_t kContinuous = 0x04000000;           // CONT: more messages follow
inline constexpr uint32_t kKeepAlive = 0x02000000;            // KPAL
inline constexpr uint32_t kPublicOnly = 0x01000000;           // PUBL
inline constexpr uint32_t kReturnRequestDigest = 0x00800000;  // RRDG
inline constexpr uint32_t kOverwrite = 0x00400000;            // OVRW
inline constexpr uint32_t kMintSuffix = 0x00200000;           // MINT
inline constexpr uint32_t kDoNotRefer = 0x00100000;           // DNRF

}  // namespace gusu::handle
