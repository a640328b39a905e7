// Between the names of resources, as openings have them, and the keys of their rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gusu::server {

// Key of a resource's row; nullopt for a name that is no resource's.
std::optional<std::string> KeyOfResource(std::string_view resource);

// The resource that a key names, as far as a key can: prefixes and identifiers in upper case, of
// patterns their prefix; empty for keys of other tables.
std::string ResourceOfKey(std::string_view key);

// What the API calls the table of a row's key: records, registrants, …; empty for other tables.
std::string_view TableName(std::string_view key);

// What stands after the table in a key.
std::string_view NameIn(std::string_view key);

}  // namespace gusu::server
