#include "server/record_index.h"

#include <algorithm>

#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/template.h"

namespace gusu::server {
namespace {

// Ends a name within a term. No name and no escaped value holds it but where a value is cut short.
constexpr char kSeparator = '\x01';

// Without 0x00, which ends a term, in the order of the bytes.
void AppendEscaped(std::string_view bytes, std::string* term) {
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) > 1) {
      *term += c;
    } else {
      *term += '\x01';
      *term += static_cast<char>(c + 2);
    }
  }
}

void AppendValue(std::string_view data, std::string* term) {
  AppendEscaped(data.substr(0, kTermValueBytesMax), term);
  if (data.size() > kTermValueBytesMax) *term += kSeparator + HexEncode(AsBytes(Sha256(data)));
}

std::string ValueTermOf(std::string_view type) { return Concat("value:", type, kSeparator); }

}  // namespace

std::string ValueTerm(std::string_view type, std::string_view data) {
  std::string term = ValueTermOf(type);
  AppendValue(data, &term);
  return term;
}

std::string ValueTermBeginning(std::string_view type, std::string_view beginning) {
  std::string term = ValueTermOf(type);
  AppendEscaped(beginning.substr(0, kTermValueBytesMax), &term);
  return term;
}

std::string UniqueTerm(std::string_view template_id, const Attribute& attribute,
                       std::string_view data) {
  std::string term = Concat("unique:", ToKey(template_id), kSeparator, attribute.index, kSeparator);
  AppendValue(data, &term);
  return term;
}

std::string StateTerm(uint32_t state) { return Concat("state:", state); }

std::string LevelTerm(uint32_t level) { return Concat("level:", level); }

std::string InstanceOfTerm(std::string_view identifier) {
  return Concat("instance_of:", ToKey(identifier));
}

std::string TemplateTerm(std::string_view template_id) {
  return Concat("template:", ToKey(template_id));
}

std::string OwnerTerm(std::string_view prefix_key) { return Concat("owner:", prefix_key); }

std::string CustodianTerm(std::string_view prefix_key) { return Concat("custodian:", prefix_key); }

bool IsIndexedEverywhere(std::string_view type) {
  const auto& templates = BuiltInTemplates();
  return std::any_of(templates.begin(), templates.end(), [type](const Template& templ) {
    const Attribute* attribute = templ.FindByName(type);
    return attribute != nullptr && attribute->indexed;
  });
}

bool IsIndexed(const Template* templ, std::string_view type) {
  if (templ != nullptr) {
    const Attribute* attribute = templ->FindByName(type);
    if (attribute != nullptr && attribute->indexed) return true;
  }
  return IsIndexedEverywhere(type);
}

}  // namespace gusu::server
