// The audit log, as plain structs: checkpoints, entries, proofs, and what checks an answer with no
// network.
//
//   gusu::ResolveOptions options;
//   options.include_proof = true;
//   gusu::Result<gusu::ResolveAnswer> answer = client.Resolve("88.118.8/HP-1", options);
//   gusu::Result<gusu::VerifiedAnswer> verified = gusu::VerifyAnswer(*answer->proof, {vkey});
//
// A vkey is a verifier key's text, `registry.example/log1+4517142d+AQOh…`: get it another way than
// from the server that it is to check.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gusu/export.h"
#include "gusu/proof.h"
#include "gusu/registrant.h"
#include "gusu/resources.h"
#include "gusu/status.h"

namespace gusu {

// ---------------------------------------------------------------------------------------------
// What the server answers with; nothing of it is checked yet

struct LogCheckpoint {
  std::string checkpoint;           // a signed note
  std::string cosigned_checkpoint;  // the greatest with cosignatures of witnesses; may be empty
  std::vector<std::string> vkeys;   // as the server says
};

enum class EntryView { kUnspecified = 0, kLeaf = 1, kOpening = 2, kContent = 3 };

// A row of the store: a resource as one change left it.
struct StoredRow {
  std::string table;     // records, registrants, prefixes, credentials, registry, …
  std::string resource;  // the resource's name
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  bool current = false;
  std::vector<ContentPart> parts;
  // Of counters.
  uint64_t sequence = 0;
  uint64_t record_count = 0;
  uint64_t range_code_count = 0;
  Status error;  // why the row cannot be read
};

struct LogEntry {
  uint64_t leaf_index = 0;
  std::string leaf;     // 41 bytes
  std::string opening;  // canonical bytes; empty where the caller may not read it
  std::string salt;
  std::optional<StoredRow> row;  // with EntryView::kContent
};

struct ListEntriesRequest {
  uint64_t start_leaf_index = 0;
  uint64_t end_leaf_index = 0;  // not listed; 0: the log's end
  std::optional<Timestamp> start_time;
  std::optional<Timestamp> end_time;  // not listed
  std::string prefix;                 // prefixes/{prefix}
  EntryView view = EntryView::kUnspecified;
  uint32_t page_size = 0;  // how many are fetched at a time, 1 to 1000; 0: the server's default
};

struct InclusionProof {
  uint64_t leaf_index = 0;
  uint64_t tree_size = 0;
  std::vector<std::string> hashes;  // 32 bytes each, the leaf's sibling first
  std::optional<LeafProof> proof;   // when no tree size was asked for
};

struct ConsistencyProof {
  uint64_t old_size = 0;
  uint64_t new_size = 0;
  std::vector<std::string> hashes;
  std::string checkpoint;  // when no new size was asked for
};

struct WatchEntriesRequest {
  uint64_t start_leaf_index = 0;
  EntryView view = EntryView::kUnspecified;  // kLeaf or kOpening
};

// What a watch brings: entries without a gap, and a checkpoint when they have caught up with it.
struct WatchEvent {
  std::vector<LogEntry> entries;
  std::string checkpoint;
};

struct AddCosignaturesRequest {
  std::string checkpoint;
  std::vector<std::string> witness_vkeys;
  std::string reason;
};

struct ListRowsRequest {
  std::string table;
  bool include_history = false;
  EntryView view = EntryView::kUnspecified;
  uint32_t page_size = 0;
};

struct StoredFile {
  std::string name;
  uint64_t bytes = 0;
};

// ---------------------------------------------------------------------------------------------
// Reading the bytes

// What an opening says. Fails with kInvalidArgument for bytes that are not one.
struct EntryOpening {
  std::string operation;     // REGISTER, RETIRE, …
  std::string resource;      // the resource's name
  std::string registrant;    // registrants/{id}; empty: none
  std::string actor;         // registrants/{id}, bureau or applicant
  std::string credential;    // its id
  std::string on_behalf_of;  // registrants/{id} when the bureau acted for it
  std::string reason;
  uint64_t revision = 0;             // commit time, microseconds since 1970 UTC
  uint64_t previous_leaf_count = 0;  // index of the resource's previous leaf + 1; 0: none
  uint64_t sequence = 0;             // within the prefix, from 1 on; 0: none
  struct Commitment {
    std::string label;
    std::string hash;  // 32 bytes
  };
  std::vector<Commitment> commitments;
  struct Erasure {
    uint64_t leaf_index = 0;
    std::string label;
  };
  std::vector<Erasure> erasures;
};
GUSU_EXPORT Result<EntryOpening> ReadOpening(const std::string& opening);

// What canonical bytes of a record hold: BODY and tiers of values, parsed from the bytes that the
// commitments bind and from nothing else. Parts without content are left out.
GUSU_EXPORT Result<Record> ReadRecordParts(const std::string& resource,
                                           const std::vector<ContentPart>& parts);
// The same for a registrant's BODY.
GUSU_EXPORT Result<Registrant> ReadRegistrantParts(const std::string& resource,
                                                   const std::vector<ContentPart>& parts);

// ---------------------------------------------------------------------------------------------
// Checking with no network

// The signatures hold, and the origin is the keys'.
struct VerifiedCheckpoint {
  std::string origin;
  uint64_t tree_size = 0;
  std::string root;  // 32 bytes
  struct Cosignature {
    std::string witness;  // the key's name
    uint64_t time_s = 0;  // seconds since 1970 UTC
  };
  std::vector<Cosignature> cosignatures;
};
// `vkeys` are of the log and, when their cosignatures are to count, of witnesses.
GUSU_EXPORT Result<VerifiedCheckpoint> VerifyCheckpoint(const std::string& checkpoint,
                                                        const std::vector<std::string>& vkeys);

// What a leaf's proof shows: that these bytes were logged at that place, and what they bind.
struct VerifiedLeaf {
  VerifiedCheckpoint checkpoint;
  uint64_t leaf_index = 0;
  uint64_t commit_time_us = 0;
  std::optional<EntryOpening> opening;
  std::vector<ContentPart> parts;      // whose bytes are what the opening's commitments bind
  std::vector<std::string> not_shown;  // labels of commitments whose content was not given
  std::vector<std::string> erased;     // labels of those whose content the server says is erased
};
GUSU_EXPORT Result<VerifiedLeaf> VerifyLeaf(const LeafProof& proof,
                                            const std::vector<std::string>& vkeys);

// A receipt's text alone (c2sp.org/tlog-proof@v1) as a proof without opening and parts: of the leaf
// that stands in its `extra`. kInvalidArgument for other texts and for one without a leaf.
GUSU_EXPORT Result<LeafProof> ReadReceipt(const std::string& tlog_proof);

// What an answer proves, and what it only states.
struct VerifiedAnswer {
  // Proven: logged by `record.opening->registrant` at `record.commit_time_us`, unaltered since.
  VerifiedLeaf record;
  Record content;                       // from the proven bytes alone
  std::vector<VerifiedLeaf> ancestors;  // each proven in the same way
  std::vector<Record> ancestor_contents;
  // Of a code without a record of its own: the name of its serial range, of which `record` is the
  // leaf. That the code is one of the range's is proven by its pattern and its serial, but only
  // stated (over the statement's signature) where the pattern permutes the serials.
  std::string serial_range;
  bool serial_is_stated = false;
  // Stated over the server's signature: at `stated_time_us` no newer revision was logged than this
  // one, in the state as of `stated_read_revision`. Later changes and recalls are not known.
  uint64_t stated_revision = 0;
  uint64_t stated_read_revision = 0;
  uint64_t stated_tree_size = 0;
  uint64_t stated_time_us = 0;
};
// kInvalidArgument says what does not fit; reasons as in proto/README.md. When `identifier` is not
// empty, the proof must be of that identifier; for a code of a serial range it must be given.
GUSU_EXPORT Result<VerifiedAnswer> VerifyAnswer(const AnswerProof& proof,
                                                const std::vector<std::string>& vkeys,
                                                const std::string& identifier = "");

}  // namespace gusu
