// Where a list of records finds those that it looks at: the records themselves in order, or the
// entries of the index that the filters narrow most.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/record_filter.h"
#include "storage/view.h"

namespace gusu::server {

// An interval of keys, each of which leads to a record.
struct RecordSource {
  enum class Kind {
    kRecords,  // the records of a prefix, in the order of their keys
    kIndex,    // entries whose terms end and whose names are suffixes: of one prefix
    kCreated,  // entries of the times of registrations
    kChanged,  // entries of the times of changes: those that are a record's last one
    kParty,    // entries of a registrant's own, whose terms end in a prefix
  };
  Kind kind = Kind::kRecords;
  std::string begin, end;  // keys
  // Of kinds but kParty: of the records.
  std::string prefix_key;
  // kIndex by the beginning of an attribute's value: what to compare the entries' terms with, since
  // a record may have several.
  const RecordFilter::Attribute* beginning = nullptr;
};

// What an entry leads to.
struct RecordCandidate {
  std::string key;                  // in the interval; where the list goes on after it
  std::string identifier_key;       // empty: the entry leads to no record that is wanted
  std::optional<storage::Row> row;  // kRecords
  uint64_t revision = 0;            // kCreated and kChanged: that the record must have
  std::string term;                 // kIndex: from the interval's beginning to the end of the term
};

// Of the records of one prefix: the first that applies of an attribute's exact value, an
// attribute's beginning, instances, an owner or custodian other than the prefix's holder, times, a
// rare state or level, a template; else all records. A list of the past has all records.
RecordSource SourceFor(const RecordFilter& filter, std::string_view prefix_key,
                       const std::string& prefix_holder);

// Of the records below all prefixes that name their owner (else their custodian): the first half of
// a list over all prefixes.
RecordSource PartySource(const RecordFilter& filter);

// Calls `visit` for each key after `after` (empty: from the beginning), in order, until it returns
// false.
absl::Status ScanSource(const storage::View& view, const RecordSource& source,
                        std::string_view after,
                        const std::function<bool(RecordCandidate candidate)>& visit);

}  // namespace gusu::server
