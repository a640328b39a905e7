// Templates between their stored form and the API's.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace gusu::storage::v1 {
class TemplateRow;
}
namespace gusu::v1 {
class Template;
}

namespace gusu::server {

struct Template;

// Of a built-in one.
void FillTemplate(const Template& from, v1::Template* message);

// `owner`: id of the prefix's holder at the time of the answer. `revision` is that of the row's
// header. `with_draft`: for the owner and the bureau.
void FillTemplate(const storage::v1::TemplateRow& row, const std::string& owner, uint64_t revision,
                  bool with_draft, v1::Template* message);

}  // namespace gusu::server
