// What a record's values must be to be stored: limits, indexes, tiers and the template's
// attributes.
//
// Faults of several values are told together (FaultList); each names the value and what it says.
// Reasons: RECORD_TOO_LARGE, VALUE_INDEX_DUPLICATE, VALUE_INDEX_RESERVED, VALUE_TYPE_REFUSED,
// TEMPLATE_VIOLATED, FIELD_INVALID.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "server/template.h"

namespace gusu::storage::v1 {
class RecordRow;
class RegistrantRow;
class ValueRow;
}  // namespace gusu::storage::v1

namespace gusu::server {

inline constexpr int kRecordValuesMax = 256;
inline constexpr size_t kValueBytesMax = 64 * 1024;
inline constexpr size_t kRecordBytesMax = 192 * 1024;
inline constexpr size_t kTypeCharactersMax = 255;
inline constexpr int kValueReferencesMax = 32;
// Indexes of values that only the server writes: [min, end).
inline constexpr uint32_t kServerIndexMin = 1000;
inline constexpr uint32_t kServerIndexEnd = 2000;

// Gives each value of the row the index and the tier that it does not say, and checks every value
// by itself and its index against the others.
//
// An attribute of the template takes the template's index and tier; `URL` the index 1 and
// `HS_ADMIN` 100 when it is free; all else the lowest free one from 2 on. `templ` is nullptr for a
// record of free values. In a record with a template, a type of lower-case letters, digits and "_"
// must be one of its attributes, so that a misspelt one is not taken for a free value.
absl::Status CompleteValues(const Template* templ, storage::v1::RecordRow* row);

// Whether every attribute that the template requires is there, but for those that `before` (when
// given) lacks too.
absl::Status CheckRequired(const Template& templ, const storage::v1::RecordRow& row,
                           const storage::v1::RecordRow* before = nullptr);

// Whether no value that the change brings (whose time of modification is not set yet) is of an
// attribute that is disabled.
absl::Status CheckNotDisabled(const Template& templ, const storage::v1::RecordRow& row);

// What the template says of a record that does not say it: a product that inherits nothing is made
// by its registrant.
void AddDefaults(const Template& templ, const storage::v1::RegistrantRow& registrant,
                 storage::v1::RecordRow* row);

// Whether two values say the same, whoever wrote them and when.
bool SameContent(const storage::v1::ValueRow& a, const storage::v1::ValueRow& b);

// Of the row as it is to be stored; names the largest value when it is too large.
absl::Status CheckRecordBytes(const storage::v1::RecordRow& row);

}  // namespace gusu::server
