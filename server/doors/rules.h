// The rules that doors ask. A door is given what it uses; none is owned, all outlive the doors.
#pragma once

namespace gusu::storage {
class Ledger;
}

namespace gusu::server {

class Audit;
class BureauReads;
class Checkpoints;
class CredentialVault;
class Grants;
class HandleIdentities;
class HandleSite;
class MessageHandler;
class Metrics;
class RateLimiter;
class Registrar;
class Registry;
class Resolver;
class SerialRanges;
class Statistics;
class Templates;
class Transfers;
class WorkPool;

struct DoorRules {
  Registry* registry = nullptr;
  Registrar* registrar = nullptr;
  const Resolver* resolver = nullptr;
  BureauReads* bureau_reads = nullptr;
  Grants* grants = nullptr;
  SerialRanges* ranges = nullptr;
  Templates* templates = nullptr;
  Transfers* transfers = nullptr;
  const Statistics* statistics = nullptr;
  const Audit* audit = nullptr;
  const Checkpoints* checkpoints = nullptr;
  const HandleIdentities* identities = nullptr;
  CredentialVault* vault = nullptr;
  // Of the Handle door, for the doors that answer for it; nullptr: there is none.
  const HandleSite* handle_site = nullptr;
  const MessageHandler* handle_messages = nullptr;
  const storage::Ledger* ledger = nullptr;
  RateLimiter* rate_limiter = nullptr;
  // Counts calls; nullptr: nobody does.
  Metrics* metrics = nullptr;
  // Where calls run when the engine may block; nullptr: on the doors' own threads.
  WorkPool* pool = nullptr;
};

}  // namespace gusu::server
