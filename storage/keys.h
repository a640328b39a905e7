// Where each row stands. The whole layout, with an example, is in storage/FORMAT.md.
//
// A key begins with a byte that names its table. Identifiers and prefixes appear by their
// comparison key (upper case), which holds no byte below 0x20, so 0x00 ends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gusu::storage {

// Tables.
inline constexpr char kHeadTable = 'h';
inline constexpr char kSettingsTable = 'g';
inline constexpr char kRegistrantTable = 'n';
inline constexpr char kOrganizationCodeTable = 'u';
inline constexpr char kPrefixTable = 'p';
inline constexpr char kCredentialTable = 'c';
inline constexpr char kRecordTable = 'r';
inline constexpr char kHistoryTable = 'y';
inline constexpr char kOpeningTable = 'o';
inline constexpr char kRequestTable = 'q';
inline constexpr char kPrefixCountersTable = 's';
inline constexpr char kMintTable = 'm';
inline constexpr char kTileTable = 't';

std::string HeadKey();
std::string SettingsKey();
std::string RegistrantKey(std::string_view id);
std::string OrganizationCodeKey(uint32_t scheme, std::string_view authority,
                                std::string_view value);
std::string PrefixKey(std::string_view prefix_key);
// `registrant` is empty for the bureau's.
std::string CredentialKey(std::string_view registrant, std::string_view id);
// `identifier_key` is Identifier::key(): "88.118.8/HP-1".
std::string RecordKey(std::string_view identifier_key);
// Keyed by inverted revision, so the first key at or after HistoryKey(k, t) is the row as of t.
std::string HistoryKey(std::string_view row_key, uint64_t revision);
std::string OpeningKey(uint64_t leaf_index);
std::string RequestKey(std::string_view scope, std::string_view id);
std::string PrefixCountersKey(std::string_view prefix_key);
std::string MintKey(std::string_view prefix_key, std::string_view pattern);
// Of a full tile of the audit tree's hashes.
std::string TileKey(uint32_t level, uint64_t index);

// The least key after every key that begins with `beginning`; empty when there is none.
std::string AfterBeginning(std::string_view beginning);

}  // namespace gusu::storage
