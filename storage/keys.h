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
inline constexpr char kTemplateTable = 'e';
inline constexpr char kGrantTable = 'a';
inline constexpr char kGroupTable = 'w';
inline constexpr char kRangePatternsTable = 'l';
inline constexpr char kSerialRangeTable = 'j';
inline constexpr char kTransferTable = 'x';
inline constexpr char kIndexTable = 'i';
inline constexpr char kDayCountsTable = 'z';
inline constexpr char kUsageTable = 'd';

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

// `id` by its comparison key.
std::string TemplateKey(std::string_view id);
std::string GrantKey(std::string_view registrant, std::string_view id);
std::string GroupKey(std::string_view registrant, std::string_view id);
std::string RangePatternsKey(std::string_view prefix_key);
// Keyed by a range's end, so the first key at or after (prefix, pattern, serial) is the only
// candidate for that serial.
std::string SerialRangeKey(std::string_view prefix_key, uint32_t pattern_number,
                           uint64_t last_serial);
std::string TransferKey(std::string_view id);
// Days since 1970-01-01 in the registry's time zone, from 1970 on.
std::string DayCountsKey(std::string_view prefix_key, int32_t day, std::string_view registrant,
                         std::string_view district, std::string_view industry_class);
// `door` is its letter: G, H or W.
std::string UsageKey(std::string_view prefix_key, int32_t day, char door);

// Secondary indexes: keys without a value. An entry is beginning and name; `scope` is a prefix's
// key, a registrant's id, or empty, and `term` what is looked up: it begins with the index's own
// name and holds no byte 0x00. IndexBeginning ends the term, so that entries of equal terms are
// exactly the keys that begin with it; IndexTermBeginning does not, so that terms that begin alike
// follow one another.
std::string IndexBeginning(std::string_view scope, std::string_view term);
std::string IndexTermBeginning(std::string_view scope, std::string_view term_beginning);
// Written by the ledger with each change of a record: its name is the commit's revision (8 bytes,
// big-endian) and the suffix's comparison key; the value is "+" for a registration, else empty.
std::string ChangeTimesBeginning(std::string_view prefix_key);
std::string ChangeTimesKey(std::string_view prefix_key, uint64_t revision,
                           std::string_view suffix_key);

// Of the index of all that ever had an identity at {prefix}/ADMIN, revoked or not: none gets its
// number again.
std::string HandleIdentitiesBeginning(std::string_view prefix_key);
std::string HandleIdentityName(uint32_t index);

// The least key after every key that begins with `beginning`; empty when there is none.
std::string AfterBeginning(std::string_view beginning);

}  // namespace gusu::storage
