// Serial ranges: up to 10^9 codes that are allocated, activated and released at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gusu/requests.h"

namespace gusu {

// Codes of one pattern with consecutive serials, one state and the same values. Acting on a part
// of a range splits it.
struct SerialRange {
  std::string name;     // prefixes/{prefix}/serialRanges/{pattern number}-{last serial}
  std::string pattern;  // `BOLT-{serial:10}`, `BOLT-{permuted:10}{check}`
  uint64_t first_serial = 0;
  uint64_t last_serial = 0;           // inclusive
  std::string first_identifier;       // the code of first_serial
  std::string last_identifier;        // the code of last_serial
  State state = State::kUnspecified;  // RESERVED, ACTIVE, or RETIRED (released)
  Level level = Level::kUnspecified;
  std::optional<InstanceOf> instance_of;
  std::string template_id;
  uint32_t template_version = 0;
  std::vector<Value> values;  // what every code of the range has
  std::string issued_by;      // registrants/{id}
  std::string owner;          // registrants/{id}
  std::string custodian;      // registrants/{id}
  std::string parent;         // the range that it was a part of; empty: it is as it was allocated
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::string etag;

  uint64_t count() const { return last_serial - first_serial + 1; }
};

// Equal allocations are different ones; the Client fills in a random request id.
struct AllocateSerialRangeRequest {
  std::string parent;                 // prefixes/{prefix}
  std::string pattern;                // as SerialRange::pattern; at most 32 of them a prefix
  uint64_t count = 0;                 // 1 to 1,000,000,000
  uint64_t first_serial = 0;          // 0: after the last one that the pattern was allocated for
  Level level = Level::kUnspecified;  // default: ITEM
  std::optional<InstanceOf> instance_of;
  std::string template_id;
  std::vector<Value> values;
  State state = State::kUnspecified;  // RESERVED or ACTIVE; default: RESERVED
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// A part of a range that comes into use. The part lies within one range.
struct ActivateSerialRangeRequest {
  std::string first_identifier;
  std::string last_identifier;
  std::string reason;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// A part of a range, never activated, that is never to be used: it reads RETIRED for ever.
struct ReleaseSerialRangeRequest {
  std::string first_identifier;
  std::string last_identifier;
  std::string reason;  // required
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct ListSerialRangesRequest {
  std::string parent;                 // prefixes/{prefix}
  State state = State::kUnspecified;  // only those in this state
  uint32_t page_size = 0;
};

struct SerialRangeAnswer {
  SerialRange serial_range;  // the part that was acted on, as it is now
  Receipt receipt;
};

}  // namespace gusu
