// What a server gives to show that a change stands in the audit log. Nothing of it is checked by
// having it: gusu/audit.h checks it.
#pragma once

#include <string>
#include <vector>

namespace gusu {

// A part of what a change wrote: BODY, or a tier of values (PUBLIC, PARTNER, OWNER).
struct ContentPart {
  std::string label;
  std::string content;     // canonical bytes, for those who may read them
  std::string salt;        // 32 bytes
  std::string commitment;  // in their place, 32 bytes: as the server computes it from the store
  bool erased = false;     // values and salt are gone
};

// That a change stands in the log, and what it was.
struct LeafProof {
  std::string leaf;        // 41 bytes
  std::string tlog_proof;  // c2sp.org/tlog-proof@v1, with a signed checkpoint
  std::string opening;     // canonical bytes; empty where the caller may not read it
  std::string salt;        // 32 bytes; empty when the opening is
  std::vector<ContentPart> parts;
};

struct AnswerProof {
  LeafProof record;
  std::vector<LeafProof> ancestors;  // of inherited values, nearest first
  std::string statement;             // a signed note: which revision is the latest
  std::string identifier_salt;       // 32 bytes
};

}  // namespace gusu
