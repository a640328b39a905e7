#include "proto/range_canonical.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"

// Tags are the field numbers of the rows, which never change.

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kSaltBytes = 32;

std::string PatternBytes(const storage::v1::RangePatternRow& pattern) {
  const std::string& key = pattern.permutation_key();
  CanonicalWriter writer(kVersion);
  writer.Text(1, pattern.pattern())
      .Text(2, key.empty() ? std::string() : std::string(AsBytes(Sha256(key))))
      .Number(3, pattern.check_scheme())
      .Number(4, pattern.next_serial());
  return std::move(writer).Take();
}

}  // namespace

std::string CanonicalBody(const storage::v1::SerialRangeRow& range) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, range.prefix())
      .Number(2, range.pattern_number())
      .Text(3, range.pattern())
      .Number(4, range.first_serial())
      .Number(5, range.last_serial())
      .Text(6, CanonicalBody(range.record()))
      .Number(7, range.parent_last_serial());
  return std::move(writer).Take();
}

std::string CanonicalBody(const storage::v1::RangePatternsRow& patterns) {
  CanonicalWriter writer(kVersion);
  for (const storage::v1::RangePatternRow& pattern : patterns.patterns()) {
    writer.Element(1, PatternBytes(pattern));
  }
  return std::move(writer).Take();
}

std::vector<Commitment> Seal(storage::v1::SerialRangeRow& range) {
  storage::v1::RecordRow& record = *range.mutable_record();
  std::vector<Commitment> commitments = Seal(record);
  // A record's first commitment is its BODY; here that is the range's.
  commitments.front().hash = CommitmentHash(record.body_salt(), CanonicalBody(range));
  return commitments;
}

Commitment Seal(storage::v1::RangePatternsRow& patterns) {
  patterns.set_body_salt(RandomBytes(kSaltBytes));
  return {std::string(kPatternsLabel),
          CommitmentHash(patterns.body_salt(), CanonicalBody(patterns))};
}

}  // namespace gusu
