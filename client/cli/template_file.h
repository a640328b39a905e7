// A template's definition as a JSON file, in the form that `gusu template show --json` prints:
//
//   {"english_name": "Pump", "chinese_name": "泵",
//    "attributes": [
//      {"name": "head", "type": "DECIMAL", "unit": "m", "required": true},
//      {"name": "lot", "type": "STRING", "indexed": true, "default_tier": "PARTNER"},
//      {"name": "colour", "type": "ENUMERATION", "choices": ["red", "blue"]}]}
//
// What the server gives (name, version, state, owner, times, etag) may stand there and is not read.
// "draft_attributes", where they stand, count in place of "attributes": they are what a template
// that is being changed is to be.
#pragma once

#include <string>

#include "client/cli/failure.h"
#include "gusu/template.h"

namespace gusu::cli {

// Names and attributes. Failures name the place: attributes[2].type.
OrFailure<Template> ParseTemplate(const std::string& json);
// At most 1 MiB.
OrFailure<Template> ReadTemplateFile(const std::string& path);

// `product` and `88.118.8/META_PUMP` as resource names; a resource name stays as it is.
std::string ToTemplateName(const std::string& id);

}  // namespace gusu::cli
