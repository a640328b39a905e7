// Changes of registrants and prefixes: from the row that stands to the one that takes its place,
// with its preconditions, index entries and commitments. And the writes that answer with them.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "server/registrar_submission.h"
#include "server/registry.h"
#include "storage/directory.h"

namespace gusu::storage::v1 {
class PrefixRow;
class RegistrantRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class PrefixResponse;
class RegistrantResponse;
}  // namespace gusu::v1

namespace gusu::server {

struct Acting;

// What the next row of a registrant begins with: the one that stands, with the times that it counts
// as its own written out.
storage::v1::RegistrantRow NextRow(const storage::Directory::RegistrantEntry& before);

// From the row that stands to `row`.
Change ChangeOfRegistrant(Operation operation, const std::string& id,
                          const storage::Directory::RegistrantEntry& before,
                          storage::v1::RegistrantRow row, const Acting& acting,
                          const Caller& caller);
// It concerns the holder that the prefix had before.
Change ChangeOfPrefix(Operation operation, const storage::Directory::PrefixEntry& before,
                      storage::v1::PrefixRow row, const Acting& acting, const Caller& caller);

// Of a request: `what` names the method, `fields` are all that make it another request.
Hash RequestDigest(std::string_view what, std::initializer_list<std::string_view> fields);

// SubmitWrite of a registrant's or a prefix's row, whose answer is the row as written.
void WriteRegistrant(storage::Ledger* ledger, const std::string& id,
                     std::optional<storage::ChangeSet::Request> request, PlanWrite plan,
                     Done<v1::RegistrantResponse> done);
void WritePrefix(storage::Ledger* ledger, const std::string& prefix_key,
                 std::optional<storage::ChangeSet::Request> request, PlanWrite plan,
                 Done<v1::PrefixResponse> done);

}  // namespace gusu::server
