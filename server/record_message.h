// Records between their stored form and the API's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::storage::v1 {
class OriginRow;
class RecordRow;
class RetirementRow;
class ValueRow;
}  // namespace gusu::storage::v1
namespace gusu::v1 {
class Origin;
class Record;
class Retirement;
class Value;
}  // namespace gusu::v1

namespace gusu::server {

// How long a reader may cache a value that says nothing else.
inline constexpr uint32_t kTtlSecondsDefault = 86'400;

// prefixes/{prefix}/records/{suffix, percent-encoded} of an identifier that was parsed before.
std::string RecordName(std::string_view identifier);

// All of a record but its values; `revision` and `leaf_index` are those of the row's header,
// `prefix_holder` is the holder of its prefix as of the answer (server/ownership.h).
void FillRecord(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                uint64_t revision, uint64_t leaf_index, v1::Record* record);
// One value of a row whose header has `revision`.
void FillValue(const storage::v1::ValueRow& row, uint64_t revision, v1::Value* value);
// FillRecord with every value.
void FillWholeRecord(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                     uint64_t revision, uint64_t leaf_index, v1::Record* record);

// What a caller sent, without output-only fields. Field by field: the rules are in record_rules.h.
// `value_index` counts from 0 and names the value in errors: values[2].
absl::Status ReadValue(const v1::Value& value, int value_index, storage::v1::ValueRow* row);
absl::Status ReadOrigin(const v1::Origin& origin, storage::v1::OriginRow* row);

}  // namespace gusu::server
