// Records as people read them.
#pragma once

#include <string>
#include <vector>

#include "client/cli/session.h"
#include "gusu/requests.h"

namespace gusu::cli {

// A heading line, what the record is, and its values.
void PrintRecord(Session& session, const Record& record);
// A table of values after an empty line; nothing without values.
void PrintValues(Session& session, const std::vector<Value>& values);

// A line about values that the caller's rights do not cover; nothing when there are none.
void PrintWithheld(Session& session, uint32_t count, const std::vector<Tier>& tiers);

// A line about the record after a change, or why there was none.
MaybeFailure PrintChange(Session& session, const Result<RecordAnswer>& answer);

// `BUREAU: stolen, document 4711, since 2026-11-23 08:00:00 +0800`.
std::string ToHoldText(const Hold& hold);
// `88.118.8/HP`, or `88.118.8/HP@1790000000000000` for a fixed revision.
std::string ToInstanceText(const InstanceOf& instance_of);
std::string ToRetirementText(const Retirement& retirement);

// IDENTIFIER, STATE, LEVEL, TEMPLATE, VALUES: a record in one row.
std::vector<std::string> RecordHeadings();
std::vector<std::string> ToRecordCells(const Record& record);

// Text as it is; what is not UTF-8 in hexadecimal; cut to `columns_max` with "…".
std::string ToValueText(const std::string& data, size_t columns_max);

// Tiers whose values of this revision were erased: "PARTNER, OWNER".
std::string ToErasedTiers(const Record& record);

// When a change was committed and where it stands in the audit log.
std::string ToReceiptText(const Receipt& receipt);

}  // namespace gusu::cli
