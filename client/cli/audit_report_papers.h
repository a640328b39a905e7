// The bureau's report as a page to print and as a table to compute with.
#pragma once

#include <string>

#include "client/cli/audit_report_count.h"
#include "client/cli/html.h"

namespace gusu::cli {

// A page; of registrants the `registrants_max` with most registrations, the others in one row. The
// same report is always the same bytes.
std::string ToHtml(const Report& report, Language language, size_t registrants_max);

// section,key,name,measure,count,from,to,origin,tree_size,root_hex: one number a row. Sections:
// total, operation, day, district, industry, registrant.
std::string ToCsv(const Report& report);

}  // namespace gusu::cli
