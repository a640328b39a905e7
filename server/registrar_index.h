// Secondary indexes of registrants and prefixes: what lists and closings look up without a scan.
//
// Registrants are found by state, kind, each beginning of their district and industry class, and by
// having an amendment; prefixes by holder, and by state when it is not ACTIVE.
// Entries of equal terms are in the order of names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/change.h"

namespace gusu::storage::v1 {
class PrefixRow;
class RegistrantRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class ListRegistrantsRequest;
}

namespace gusu::server {

// Brings the indexes from `before` (nullptr: there was no such registrant) to `after`.
void IndexRegistrant(std::string_view id, const storage::v1::RegistrantRow* before,
                     const storage::v1::RegistrantRow& after, Change* change);
void IndexPrefix(std::string_view prefix_key, const storage::v1::PrefixRow* before,
                 const storage::v1::PrefixRow& after, Change* change);

// Where the entries begin that hold all registrants of the request, and likely few others: those of
// its rarest filter. nullopt: no index helps. What it finds is compared with all filters.
std::optional<std::string> RegistrantIndexFor(const v1::ListRegistrantsRequest& request);

// Entries are keys of prefixes.
std::string PrefixesOfHolder(std::string_view holder);
// nullopt for ACTIVE and 0, which are not indexed.
std::optional<std::string> PrefixesInState(uint32_t state);

}  // namespace gusu::server
