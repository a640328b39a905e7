// A registry whose pumps and valves hold prefixes, for credentials of Handle clients.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "gusu/v1/registrar.pb.h"
#include "server/access.h"
#include "server/handle_identity.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {

// pumps with 88.118.8 and 88.118.9, valves with 88.118.7; each with its admin.
struct HandleCredentialWorld : RegistrarWorld {
  HandleCredentialWorld() {
    MakeAdmin("pumps");
    MakeAdmin("valves");
    for (const char* prefix : {"88.118.9", "88.118.8"}) {
      REQUIRE(Show(Grant(prefix, "pumps").status()) == "OK");
    }
    REQUIRE(Show(Grant("88.118.7", "valves").status()) == "OK");
  }

  static v1::CreateCredentialRequest Asked(v1::Credential::Kind kind,
                                           const std::string& prefix = "") {
    v1::CreateCredentialRequest request;
    request.set_parent("registrants/pumps");
    request.mutable_credential()->set_kind(kind);
    request.mutable_credential()->set_handle_prefix(prefix);
    return request;
  }
  static v1::CreateCredentialRequest WithSecret(const std::string& secret,
                                                const std::string& prefix = "") {
    v1::CreateCredentialRequest request = Asked(v1::Credential::HS_SECKEY, prefix);
    request.set_secret(secret);
    return request;
  }
  static v1::CreateCredentialRequest WithKey(const std::string& key) {
    v1::CreateCredentialRequest request = Asked(v1::Credential::HS_PUBKEY);
    request.set_public_key(key);
    return request;
  }

  absl::StatusOr<v1::CredentialResponse> Make(const v1::CreateCredentialRequest& request) {
    return Write(&Registrar::CreateCredential, AdminOf("pumps"), request);
  }
  // Its identity, or the error.
  std::string Identity(const v1::CreateCredentialRequest& request) {
    const auto made = Make(request);
    return made.ok() ? made->credential().handle_identity() : RegistrarWorld::Show(made.status());
  }
  // Bytes of the key that an identity is checked with, or the error.
  std::string KeyOf(const std::string& handle, uint32_t index) {
    const auto key = FindHandleKey(*View(), vault(), {handle, index}, Now());
    return key.ok() ? key->bytes : RegistrarWorld::Show(key.status());
  }
  // Who is let in once the proof was verified: registrant and role, or the error.
  std::string LetIn(const std::string& handle, uint32_t index) {
    const auto view = View();
    const HandleIdentity identity{handle, index};
    const auto key = FindHandleKey(*view, vault(), identity, Now());
    if (!key.ok()) return RegistrarWorld::Show(key.status());
    const auto caller = AuthenticateHandle(*view, identity, *key, "192.0.2.9", Now());
    if (!caller.ok()) return RegistrarWorld::Show(caller.status());
    CHECK(caller->door == Door::kHandle);
    CHECK(caller->peer == "192.0.2.9");
    return caller->registrant + " " + std::string(RoleName(caller->role));
  }
};

}  // namespace gusu::server
