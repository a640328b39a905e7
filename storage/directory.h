// The small tables, whole and immutable in memory: settings, registrants, prefixes, credentials,
// templates, grants, groups, patterns of serial ranges.
//
// The ledger replaces the directory in the same step as the commit that touches a table; whoever
// holds the old one goes on reading it. A replacement copies only the parts that the commit
// touched.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/row.h"

namespace gusu::storage::v1 {
class CredentialRow;
class GrantRow;
class GroupRow;
class PrefixRow;
class RangePatternsRow;
class RegistrantRow;
class SettingsRow;
class TemplateRow;
}  // namespace gusu::storage::v1

namespace gusu::storage {

template <typename Message>
struct Entry {
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::shared_ptr<const Message> row;
};

class Directory {
 public:
  using RegistrantEntry = Entry<v1::RegistrantRow>;
  using PrefixEntry = Entry<v1::PrefixRow>;
  using CredentialEntry = Entry<v1::CredentialRow>;
  using SettingsEntry = Entry<v1::SettingsRow>;
  using TemplateEntry = Entry<v1::TemplateRow>;
  using GrantEntry = Entry<v1::GrantRow>;
  using GroupEntry = Entry<v1::GroupRow>;
  using RangePatternsEntry = Entry<v1::RangePatternsRow>;

  Directory();
  ~Directory();

  // Each is nullptr when there is none; otherwise valid as long as the directory.
  const SettingsEntry* settings() const;
  const RegistrantEntry* FindRegistrant(std::string_view id) const;
  // By comparison key.
  const PrefixEntry* FindPrefix(std::string_view prefix_key) const;
  // The longest granted prefix that `prefix_key` is or descends from: of 88.118.8.1 also 88.118.8.
  const PrefixEntry* FindCoveringPrefix(std::string_view prefix_key) const;
  // `registrant` is empty for the bureau's.
  const CredentialEntry* FindCredential(std::string_view registrant, std::string_view id) const;
  // By SHA-256 of a token's text, 32 bytes; revoked and expired ones too.
  const CredentialEntry* FindCredentialBySecret(std::string_view secret_sha256) const;
  // By its identity at {prefix}/ADMIN; revoked and expired ones too.
  const CredentialEntry* FindCredentialByHandle(std::string_view prefix_key, uint32_t index) const;
  // Those with an identity at {prefix}/ADMIN that are not revoked, in the order of their indexes.
  // Expired ones too.
  std::vector<const CredentialEntry*> CredentialsAtHandle(std::string_view prefix_key) const;
  // The highest index that a credential of {prefix}/ADMIN ever had; 0: there was none.
  uint32_t LastHandleIndex(std::string_view prefix_key) const;
  // By SHA-256 of the claim secret's text: the application that it belongs to.
  const RegistrantEntry* FindRegistrantByClaim(std::string_view claim_sha256,
                                               std::string* id = nullptr) const;
  // Whether the registrant has a REGISTRANT_ADMIN token that is not revoked.
  bool HasAdminCredential(std::string_view registrant) const;

  // By comparison key of the id; built-in templates are not here.
  const TemplateEntry* FindTemplate(std::string_view id_key) const;
  const GrantEntry* FindGrant(std::string_view registrant, std::string_view id) const;
  const GroupEntry* FindGroup(std::string_view registrant, std::string_view id) const;
  const RangePatternsEntry* FindRangePatterns(std::string_view prefix_key) const;
  // Grants on the prefix that are not revoked and name the registrant, a group that it is in, or
  // its organisation code (which counts only while it is approved); valid as long as the directory.
  // In no order; expired ones too.
  std::vector<const GrantEntry*> GrantsTo(std::string_view registrant,
                                          std::string_view prefix_key) const;

  // The tables that are kept here, a byte each (storage/keys.h).
  static constexpr std::string_view kTables = "gnpcewal";
  // Whether rows at `key` are kept here.
  static bool Holds(std::string_view key);
  // Revision of the row at `key`, for keys that Holds() is true for; nullopt: no row.
  std::optional<uint64_t> RevisionAt(std::string_view key) const;

  // A directory in which the row at `key` is `row`; nullopt deletes it. kDataLoss when the row's
  // payload is not its table's message.
  struct Replacement {
    std::string key;
    std::optional<Row> row;
  };
  absl::StatusOr<std::shared_ptr<const Directory>> With(
      const std::vector<Replacement>& replacements) const;

 private:
  struct Tables;
  explicit Directory(std::shared_ptr<const Tables> tables);
  std::shared_ptr<const Tables> tables_;
};

}  // namespace gusu::storage
