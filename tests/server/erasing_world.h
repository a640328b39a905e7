// A world with a record whose values are to be erased.
#pragma once

#include <string>
#include <vector>

#include "proto/text.h"
#include "storage/keys.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

namespace stored = storage::v1;

// 88.118.8/A of sz-pumps: registered with an OWNER value, whose text a second revision changes.
class ErasingWorld : public RegistryWorld {
 public:
  ErasingWorld() {
    Register(R"(identifier: "88.118.8/A" values { type: "NAME" data: "Pump" }
                values { type: "NOTE" data: "secret-4711" tier: OWNER })");
    Change(&Registry::ModifyValues,
           R"(name: "88.118.8/A" modify { type: "NOTE" data: "open now" })");
  }

  // The revision of the leaf that is the nth since the world was made.
  uint64_t Revision(uint64_t nth) const {
    const uint64_t leaf_index = View()->leaf_count() - Leaves() + nth;
    return View()->ReadChange(leaf_index)->revision;
  }

  // Erases the OWNER values of 88.118.8/A, unless `more` says otherwise.
  std::string EraseAs(const Caller& caller, const std::vector<uint64_t>& revisions,
                      const std::string& more = "") {
    std::string request = Concat("name: \"88.118.8/A\" reason: \"asked to\" ", more);
    if (more.find("tier") == more.npos) request += " tier: OWNER";
    for (const uint64_t revision : revisions) request += Concat(" revisions: ", revision);
    return ChangeAs(caller, &Registry::EraseValues, request);
  }
  std::string Erase(const std::vector<uint64_t>& revisions, const std::string& more = "") {
    return EraseAs(Writer("sz-pumps"), revisions, more);
  }

  std::vector<stored::RecordRow> Rows(const std::string& identifier = "88.118.8/A") const {
    std::vector<stored::RecordRow> rows;
    const auto visit = [&rows](const storage::Row& row) {
      REQUIRE(rows.emplace_back().ParseFromString(row.payload));
      return true;
    };
    const auto view = View();
    REQUIRE(view->ScanRevisions(storage::RecordKey(identifier), view->last_revision(), visit).ok());
    return rows;
  }

  // Each revision, newest first, in a line: its values, what was erased, and which salts and which
  // marks of its registration its row has.
  std::string History() const {
    std::string history;
    for (const stored::RecordRow& row : Rows()) {
      for (const stored::ValueRow& value : row.values()) {
        history += Concat(value.type(), "=", value.data(), " ");
      }
      for (const uint32_t tier : row.erased_tiers()) {
        history += Concat("erased ", v1::Tier_Name(static_cast<v1::Tier>(tier)), " ");
      }
      history += Concat("salts ", row.body_salt().size() / 32, row.public_salt().size() / 32,
                        row.partner_salt().size() / 32, row.owner_salt().size() / 32,
                        row.create_digest().empty() ? "" : " digest",
                        row.create_request_id().empty() ? "" : " request", "\n");
    }
    return history;
  }
};

// How the second revision reads after an erasure, up to its leaf.
inline const std::string kUpdated =
    "88.118.8/A ITEM ACTIVE 2:NAME=Pump 3:NOTE=open now(OWNER) by registrants/sz-pumps leaf ";

}  // namespace gusu::server
