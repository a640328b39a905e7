// From a question for a handle's values to what is answered, whatever protocol asks: the values, or
// the server that has them.
//
// Aliases are followed inside this registry, at most kAliasesMax, where the question wants that and
// does not name the alias; where that leads nowhere the record is answered as it is.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "proto/handle/protocol.h"
#include "proto/handle/request.h"
#include "server/caller.h"

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class HandleIdentities;
class HandleSite;
class Resolver;

// Where an answer goes: exactly one of them is called, before the question's call returns.
class HandleReadingAnswer {
 public:
  virtual ~HandleReadingAnswer() = default;
  virtual void Values(std::span<const handle::Value> values) = 0;
  // The handle that has the sites, and they as HS_SITE values.
  virtual void Referral(std::string_view handle, std::span<const handle::Value> sites) = 0;
  virtual void Refuse(handle::ResponseCode code, std::string_view text) = 0;
  virtual void Refuse(const absl::Status& status) = 0;
  // Values that the question asks for are withheld, and it wants to be told of that.
  virtual void AskWho() = 0;
};

class HandleReading {
 public:
  static constexpr int kAliasesMax = 5;
  // Types, and indexes, that one question may ask for.
  static constexpr size_t kFilterElementsMax = 256;

  // Not owned; all outlive it.
  struct Sources {
    const Resolver* resolver = nullptr;
    const storage::Ledger* ledger = nullptr;
    // nullptr: there is no server of the Handle protocol to be named.
    const HandleSite* site = nullptr;
    // nullptr: credentials have no Handle identities.
    const HandleIdentities* identities = nullptr;
    // A handle that HS_SERV names; empty: none.
    std::string service;
  };
  explicit HandleReading(Sources sources) : sources_(std::move(sources)) {}

  struct Question {
    const handle::ResolveRequest& request;
    const Caller& caller;
    bool follows_aliases = false;
    bool refers = true;  // else a delegated prefix is not here
    // Of values that are withheld and asked for; else they do not exist.
    bool asks_who = false;
    // {prefix}/ADMIN without a record, whose identities show no key, has an HS_ADMIN of its own.
    bool shows_identities = false;
  };
  void Ask(const Question& question, HandleReadingAnswer* answer) const;

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
