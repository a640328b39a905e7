// Registrants and their credentials, and what is asked about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/resources.h"

namespace gusu {

enum class LocationDatum { kUnspecified, kWgs84, kCgcs2000, kGcj02 };
enum class AmendmentState { kUnspecified, kPending, kReturned };

GUSU_EXPORT std::string_view ToText(LocationDatum value);
GUSU_EXPORT std::string_view ToText(AmendmentState value);
template <>
GUSU_EXPORT std::optional<LocationDatum> FromText(std::string_view text);
template <>
GUSU_EXPORT std::optional<AmendmentState> FromText(std::string_view text);

struct OrganizationCode {
  OrganizationCodeScheme scheme = OrganizationCodeScheme::kUnspecified;  // default: USCC
  std::string value;
  std::string authority;  // for kOther
};

struct Contact {
  std::string person;
  std::string email;
  std::string phone;
};

// A point on the ground.
struct Location {
  double latitude = 0;   // degrees, -90 to 90
  double longitude = 0;  // degrees, -180 to 180
  LocationDatum datum = LocationDatum::kUnspecified;
};

// An honour or accreditation that the bureau gave.
struct Designation {
  std::string id;     // unique within its registrant, for ever: 1 to 63 of a-z, 0-9 and "-"
  std::string title;  // required
  std::string english_title;
  std::string programme;
  std::string certificate_number;
  std::string issued_on;    // YYYY-MM-DD; required
  std::string valid_until;  // YYYY-MM-DD, the last day; empty: without end
  // Output only from here on.
  bool revoked = false;
  std::string revocation_reason;
};

// What an organisation is by law, as its documents show it.
struct LegalData {
  std::string legal_name;
  std::string english_name;
  OrganizationCode organization_code;
  std::string address;
  std::string district;           // GB/T 2260; default: from the unified social credit code
  std::string industry_class;     // GB/T 4754
  uint32_t industry_edition = 0;  // of GB/T 4754; default: 2017
  std::optional<Location> location;
  // 32 bytes each, at most 32; shown to the registrant itself and to the bureau only.
  std::vector<std::string> documents_sha256;
};

// A change of an approved registrant's legal data on which the bureau has not decided.
struct Amendment {
  LegalData proposed;
  std::string reason;
  AmendmentState state = AmendmentState::kUnspecified;
  std::string state_reason;  // why it was returned
  std::optional<Timestamp> submit_time;
};

struct Registrant : LegalData {
  std::string name;                                    // registrants/{id}
  RegistrantKind kind = RegistrantKind::kUnspecified;  // default: ENTERPRISE
  Contact contact;  // shown to the registrant itself and to the bureau only
  // Output only from here on.
  RegistrantState state = RegistrantState::kUnspecified;
  std::string state_reason;  // why it was returned, rejected, suspended or closed
  std::vector<Designation> designations;
  std::string successor;               // registrants/{id}, of a closed one
  std::optional<Amendment> amendment;  // shown to the registrant itself and to the bureau only
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  std::string etag;
  std::vector<std::string> warnings;  // what the reviewer should know
};

struct Credential {
  std::string name;                // registrants/{id}/credentials/{id}, or bureau/credentials/{id}
  Role role = Role::kUnspecified;  // default: REGISTRANT_WRITER
  std::string title;               // at most 200 characters
  std::optional<Timestamp> expire_time;  // default: a year after creation; at most five years
  CredentialKind kind = CredentialKind::kUnspecified;  // default: TOKEN
  // Of HS_PUBKEY and HS_SECKEY: below which its Handle identity stands. Default: the registrant's
  // first in the order of prefixes.
  std::string handle_prefix;
  // Output only from here on.
  CredentialState state = CredentialState::kUnspecified;
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> revoke_time;
  std::string handle_identity;  // 300:88.118.8/ADMIN; empty of a token
};

// ---------------------------------------------------------------------------------------------
// Applying and correcting

struct ApplyRegistrantRequest {
  std::string registrant_id;  // 1 to 63 of a-z, 0-9 and "-"
  Registrant registrant;
  std::string claim_sha256;  // Sha256Of(claim secret), 32 bytes
  std::string request_id;
  bool include_proof = false;
};

// What the registrant is to be, whole. While it is PENDING or RETURNED it becomes that. When it is
// ACTIVE, a new contact counts at once, and other changes become its amendment.
struct UpdateRegistrantRequest {
  std::string name;  // registrants/{id}
  Registrant registrant;
  std::string reason;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct RegistrantAnswer {
  Registrant registrant;
  Receipt receipt;
};

// ---------------------------------------------------------------------------------------------
// What the bureau decides

// What each decision carries. With `etag`, it fails with kAborted / ETAG_MISMATCH if what it is
// about has changed since.
struct Decision {
  std::string name;    // registrants/{id} or prefixes/{prefix}
  std::string reason;  // required, but for an approval and a designation
  std::string etag;
  std::string request_id;
  bool include_proof = false;
};

// Of an ACTIVE registrant: its amendment becomes its data.
struct ApproveRegistrantRequest : Decision {};
struct ReturnRegistrantRequest : Decision {};
// Of an ACTIVE registrant: its amendment is dropped.
struct RejectRegistrantRequest : Decision {};
struct SuspendRegistrantRequest : Decision {};
struct ActivateRegistrantRequest : Decision {};
struct CloseRegistrantRequest : Decision {
  std::string successor;  // registrants/{id} that all prefixes pass to; required when there are any
};
struct DesignateRegistrantRequest : Decision {
  Designation designation;
};
struct RevokeDesignationRequest : Decision {
  std::string designation_id;
};

// Only those that fit all of what is given.
struct ListRegistrantsRequest {
  RegistrantState state = RegistrantState::kUnspecified;
  RegistrantKind kind = RegistrantKind::kUnspecified;
  std::string district;        // a beginning: 3205 is a city
  std::string industry_class;  // a beginning: C34 is a division
  std::string name_contains;   // of the legal or English name, in any case
  bool has_amendment = false;
  uint32_t page_size = 0;  // how many are fetched at a time, 1 to 1000; 0: the server's default
  // Range::next_page_token of the same request; empty: from the first on.
  std::string page_token;
};

// ---------------------------------------------------------------------------------------------
// Credentials

struct CreateCredentialRequest {
  std::string parent;  // registrants/{id}, or bureau
  Credential credential;
  // Exactly one of secret_sha256, public_key and secret, by the kind.
  std::string secret_sha256;  // TOKEN: Sha256Of(token secret), 32 bytes
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
  std::string public_key;  // HS_PUBKEY: bytes of admpub.bin
  std::string secret;      // HS_SECKEY: 16 to 255 bytes
};

struct CredentialAnswer {
  Credential credential;
  Receipt receipt;
};

struct ListCredentialsRequest {
  std::string parent;  // registrants/{id}, or bureau
  uint32_t page_size = 0;
};

struct RevokeCredentialRequest {
  std::string name;  // registrants/{id}/credentials/{id}, or bureau/credentials/{id}
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

}  // namespace gusu
