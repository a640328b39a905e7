// All that proves a code's history, as one archive that anybody can verify.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/papers/archive.h"
#include "proto/papers/calendar.h"
#include "proto/papers/html_page.h"
#include "proto/papers/log_state.h"

namespace gusu::papers {

// What of it is proven was verified by whoever gathered it; texts are as the page prints them.
struct Evidence {
  struct Value {
    uint32_t index = 0;
    std::string type, tier, text, author;
  };
  struct Content {
    std::string identifier;
    std::string state, level, instance_of, template_id, owner, custodian;
    std::string suspension_reason, retirement;  // empty: neither
    std::vector<Value> values;
  };
  struct Revision {
    uint64_t leaf_index = 0;
    uint64_t commit_time_us = 0;  // microseconds since 1970 UTC
    // As the opening has them.
    std::string operation, registrant, actor, credential, on_behalf_of, reason;
    uint64_t sequence = 0;                       // within the prefix, from 1 on; 0: none
    std::vector<std::string> not_shown, erased;  // labels of parts
    std::string leaf;                            // 41 bytes
    std::optional<Content> content;
    // What the archive has of it: the leaf's proof, whose receipt ends in `log.checkpoint`, and the
    // receipt alone.
    std::string proof_json, tlog_proof;
  };

  LogState log;                    // in which every revision is proven
  std::vector<std::string> vkeys;  // of the log, and of witnesses
  Content record;                  // now
  std::vector<Content> ancestors;  // that it inherits from, nearest first
  uint64_t stated_time_us = 0;     // when the server said that none is newer
  std::string answer_proof_json;
  std::vector<Revision> revisions;  // at least one: the registration first, without a gap
};

inline constexpr size_t kEvidenceValueCharactersMax = 2000;
// Data as the page prints it: text, at most that long, or hexadecimal when it is none.
std::string ToValueText(const std::string& data);

// evidence.html, VERIFY.md, checkpoint, vkey, answer-proof.json, revisions/N.json and
// revisions/N.tlog-proof from 1 on, and manifest.sha256 of all of them. The same evidence is always
// the same bytes.
Archive ToPack(const Evidence& evidence, Language language, const Calendar& calendar);

// The page of a pack, and the text on how to verify the pack.
std::string EvidencePage(const Evidence& evidence, Language language, const Calendar& calendar);
std::string VerificationGuide(const Evidence& evidence);

}  // namespace gusu::papers
