#include "client/cli/import_source.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "client/cli/text_width.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

bool BeginsWithIgnoringCase(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(), [](char a, char b) {
           return std::toupper(static_cast<unsigned char>(a)) ==
                  std::toupper(static_cast<unsigned char>(b));
         });
}

std::string SetLevel(const std::string& text, RegisterRow* row) {
  const auto level = ToEnumeration<Level>(text, "level", kLevelChoices);
  if (!level.ok()) return level.failure().message;
  row->level = *level;
  return "";
}

}  // namespace

std::string SetField(const std::string& field, const std::string& text, RegisterRow* row) {
  if (!IsUtf8(text)) return "is not UTF-8; convert the file, for example with iconv -f GB18030";
  if (field == "identifier") {
    row->identifier = text;
  } else if (field == "template") {
    row->template_id = text;
  } else if (field == "instance_of") {
    row->instance_of = ToInstanceOf(text);
  } else if (field == "level") {
    return SetLevel(text, row);
  } else if (field == "state") {
    const auto state = ToEnumeration<State>(text, "initial state", "reserved, active");
    if (!state.ok()) return state.failure().message;
    row->state = *state;
  } else if (field == "effective_time") {
    const auto time = ParseTimeIfGiven(text);
    if (!time.ok()) return time.failure().message;
    row->effective_time = *time;
  }
  return "";
}

std::string ApplyDefaults(const ImportDefaults& defaults, RegisterRow* row) {
  if (row->identifier.empty()) return "no identifier";
  if (!defaults.prefix.empty()) {
    const std::string beginning = defaults.prefix + "/";
    if (!BeginsWithIgnoringCase(row->identifier, beginning)) {
      row->identifier = beginning + row->identifier;
    }
  }
  if (row->template_id.empty()) row->template_id = defaults.template_id;
  if (!row->instance_of) row->instance_of = ToInstanceOf(defaults.instance_of);
  return row->level == Level::kUnspecified ? SetLevel(defaults.level, row) : "";
}

}  // namespace gusu::cli
