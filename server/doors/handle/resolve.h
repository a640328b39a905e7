// From a request to resolve to the values that are answered, or to the server that has them.
//
// Aliases are followed inside this registry, at most kAliasesMax, for a client that wants public
// values and not an authoritative answer, and that asks for no alias; where that leads nowhere it
// gets the record as it is, and follows by itself.
#pragma once

#include <string>

#include "server/caller.h"
#include "server/doors/handle/call.h"

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class HandleAdministration;
class HandleIdentities;
class HandleSite;
class Resolver;

class HandleResolve {
 public:
  static constexpr int kAliasesMax = 5;
  // Types, and indexes, that one request may ask for.
  static constexpr size_t kFilterElementsMax = 256;

  // Not owned; all outlive it.
  struct Sources {
    const Resolver* resolver = nullptr;
    const storage::Ledger* ledger = nullptr;
    const HandleSite* site = nullptr;
    // nullptr: credentials have no Handle identities.
    const HandleIdentities* identities = nullptr;
    // A handle that HS_SERV names; empty: none.
    std::string service;
  };
  explicit HandleResolve(Sources sources) : sources_(std::move(sources)) {}

  // Answers the call as the caller may read. Where more exists that it asks for, and it does not
  // ask for public values only, `challenger` is called instead; nullptr: such values are dropped.
  void Resolve(const HandleCall& call, const Caller& caller,
               HandleAdministration* challenger) const;

 private:
  struct Work;
  void AnswerPrefixRecord(Work& work, std::string_view prefix) const;
  void AnswerRecord(Work& work) const;
  void AnswerIdentities(Work& work, absl::Status status) const;
  void AnswerReferral(Work& work) const;
  void Conclude(Work& work) const;
  void FollowAliases(Work& work) const;
  bool WithholdsWanted(Work& work) const;

  const Sources sources_;
};

}  // namespace gusu::server
