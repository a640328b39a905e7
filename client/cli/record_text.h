// Records as people read them.
#pragma once

#include <string>
#include <vector>

#include "client/cli/session.h"
#include "gusu/resources.h"

namespace gusu::cli {

// A heading line, what the record is, and its values.
void PrintRecord(Session& session, const Record& record);

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
