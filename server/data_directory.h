// The directory of all that a server keeps, used by one server at a time:
//
//   lock                held while a server uses the directory; holds its process id
//   db/                 the store
//   tls/                local CA and server certificate (server/tls_files.h)
//   bureau-admin.token  the bureau's first credential, for the operator to take away
//   credentials.key     what secrets in the store are encrypted with (server/credential_vault.h)
//   log.key             the audit log's keys (server/audit/log_keys.h)
//   log.vkey            their verifier keys, for auditors to take away
//   anchor              the checkpoints that were signed (server/audit/anchor.h)
//   cosigned            the last checkpoint that witnesses cosigned
//   handle.key          the Handle door's RSA key (server/doors/handle/site_key.h)
//   handle.site         HS_SITE as the Handle door told it last, with its serial
//   grpc.address        HOST:PORT of the running server's gRPC door
//   handle.address      likewise, of its Handle door
//   http.address        likewise, of its HTTP door
//
// Directories have mode 0700 when the server makes them, files 0600. A start that is interrupted at
// any point is completed by the next one.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace gusu::server {

class DataDirectory {
 public:
  // Makes what is missing, takes the lock, and removes the addresses of a server that was killed.
  // kUnavailable when another server holds the lock, kFailedPrecondition when the directory cannot
  // be used; the message says which path and why.
  static absl::StatusOr<DataDirectory> Open(const std::string& path);
  // As Open, of a new directory below the system's temporary one, removed on destruction.
  static absl::StatusOr<DataDirectory> OpenTemporary();

  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();  // releases the lock

  const std::string& path() const { return path_; }
  std::string store_path() const { return path_ + "/db"; }
  std::string tls_path() const { return path_ + "/tls"; }
  std::string token_path() const { return path_ + "/bureau-admin.token"; }
  std::string log_key_path() const { return path_ + "/log.key"; }
  std::string log_vkey_path() const { return path_ + "/log.vkey"; }
  std::string credential_key_path() const { return path_ + "/credentials.key"; }
  std::string anchor_path() const { return path_ + "/anchor"; }
  std::string cosigned_path() const { return path_ + "/cosigned"; }
  std::string handle_key_path() const { return path_ + "/handle.key"; }
  std::string handle_site_path() const { return path_ + "/handle.site"; }
  std::string grpc_address_path() const { return path_ + "/grpc.address"; }
  std::string handle_address_path() const { return path_ + "/handle.address"; }
  std::string http_address_path() const { return path_ + "/http.address"; }

  // The text of the bureau's first token: what the file holds, or a new one, which is durable
  // before this returns. So a start that is interrupted before the registry knows the token's hash
  // finds the same token again.
  absl::StatusOr<std::string> ReadOrMakeToken() const;

  absl::Status WriteGrpcAddress(const std::string& address) const;
  absl::Status WriteHandleAddress(const std::string& address) const;
  absl::Status WriteHttpAddress(const std::string& address) const;
  // Of all doors.
  absl::Status RemoveAddresses() const;

 private:
  DataDirectory(std::string path, int lock_descriptor);
  std::string path_;
  int lock_descriptor_;  // -1: moved from
  bool temporary_ = false;
};

}  // namespace gusu::server
