#include "server/record_rules.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/attribute_text.h"
#include "server/record_message.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr uint32_t kFreeIndexMin = 2;
constexpr size_t kLanguageCharactersMax = 35;

using UsedIndexes = absl::InlinedVector<uint32_t, 32>;

absl::Status Refused(std::string_view reason, std::string message, ErrorMetadata metadata) {
  return Error(absl::StatusCode::kInvalidArgument, reason, message, std::move(metadata));
}

absl::Status Violated(const Template& templ, std::string_view attribute, std::string_view value,
                      std::string_view what) {
  return Refused("TEMPLATE_VIOLATED",
                 Concat("attribute ", Quote(attribute), " of template ", templ.id, " ", what),
                 {{"template", std::string(templ.id)},
                  {"attribute", std::string(attribute)},
                  {"value", std::string(value)}});
}

bool LooksLikeAttribute(std::string_view type) {
  return std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

absl::Status CheckType(std::string_view type) {
  if (type.empty()) return FieldMissing("type");
  if (!IsUtf8(type) || CharacterCount(type) > kTypeCharactersMax || type.front() == ' ' ||
      type.back() == ' ' || std::any_of(type.begin(), type.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
      })) {
    return FieldInvalid("type", type,
                        "1 to 255 characters of UTF-8 without controls, and no space at an end");
  }
  if (absl::EqualsIgnoreCase(AbslView(type), "HS_SECKEY")) {
    return Refused("VALUE_TYPE_REFUSED", "a secret (HS_SECKEY) is never a value of a record",
                   {{"type", std::string(type)}});
  }
  if (absl::StartsWithIgnoreCase(AbslView(type), "GUSU.")) {
    return Refused("VALUE_TYPE_REFUSED", Concat("type ", type, " is the server's to write"),
                   {{"type", std::string(type)}});
  }
  return absl::OkStatus();
}

// The form of BCP 47: letters first, then subtags of letters and digits, 1 to 8 characters each.
bool IsLanguage(std::string_view text) {
  if (text.size() > kLanguageCharactersMax) return false;
  size_t length = 0;
  bool first = true;
  for (char c : text) {
    if (c == '-') {
      if (length == 0 || (first && length < 2)) return false;
      length = 0;
      first = false;
    } else if (!std::isalnum(static_cast<unsigned char>(c)) ||
               (first && !std::isalpha(static_cast<unsigned char>(c))) || ++length > 8) {
      return false;
    }
  }
  return length >= (first ? 2 : 1);
}

absl::Status CheckReferences(const stored::ValueRow& value) {
  if (value.references_size() > kValueReferencesMax) {
    return FieldInvalid("references", std::to_string(value.references_size()),
                        Concat("at most ", kValueReferencesMax));
  }
  for (const stored::ReferenceRow& reference : value.references()) {
    absl::StatusOr<Identifier> parsed = Identifier::Parse(reference.identifier());
    if (!parsed.ok()) return parsed.status();
  }
  return absl::OkStatus();
}

// The value's place in the template, or the proof that it has none.
absl::Status PlaceInTemplate(const Template& templ, stored::ValueRow* value) {
  const Attribute* attribute = templ.FindByName(value->type());
  if (attribute == nullptr) {
    if (LooksLikeAttribute(value->type())) {
      return Violated(templ, value->type(), value->data(), "does not exist");
    }
    if (value->index() >= kAttributeIndexMin) {
      const Attribute* owner = templ.FindByIndex(value->index());
      return Violated(
          templ, owner != nullptr ? owner->name : value->type(), value->data(),
          Concat("cannot be ", Quote(value->type()), ": indexes from ", kAttributeIndexMin,
                 " on are attributes', and this is ", value->index()));
    }
    return absl::OkStatus();
  }
  if (value->index() == 0) value->set_index(attribute->index);
  if (value->index() != attribute->index) {
    return Violated(templ, attribute->name, value->data(),
                    Concat("has index ", attribute->index, ", not ", value->index()));
  }
  if (value->tier() == 0) value->set_tier(attribute->default_tier);
  // Of a digest, nobody but its author knows the text.
  if (value->is_digest()) return absl::OkStatus();
  if (std::string fault = FaultOfAttributeText(*attribute, value->data()); !fault.empty()) {
    return Violated(templ, attribute->name, value->data(),
                    Concat(Quote(value->data()), " ", fault));
  }
  return absl::OkStatus();
}

absl::Status CompleteValue(const Template* templ, stored::ValueRow* value) {
  if (absl::Status status = CheckType(value->type()); !status.ok()) return status;
  if (value->data().size() > kValueBytesMax) {
    return Refused("RECORD_TOO_LARGE",
                   Concat("value ", Quote(value->type()), " has ", value->data().size(),
                          " bytes; at most ", kValueBytesMax),
                   {{"type", value->type()},
                    {"index", std::to_string(value->index())},
                    {"bytes", std::to_string(value->data().size())},
                    {"bytes_max", std::to_string(kValueBytesMax)}});
  }
  if (value->is_digest() && value->data().size() != sizeof(Hash)) {
    return FieldInvalid(
        "data", HexEncode(value->data().substr(0, sizeof(Hash))),
        Concat("a digest is a SHA-256 of ", sizeof(Hash), " bytes, not ", value->data().size()));
  }
  if (value->index() >= kServerIndexMin && value->index() < kServerIndexEnd) {
    return Refused("VALUE_INDEX_RESERVED",
                   Concat("value index ", value->index(), " is the server's: ", kServerIndexMin,
                          " to ", kServerIndexEnd - 1),
                   {{"index", std::to_string(value->index())}, {"type", value->type()}});
  }
  if (templ != nullptr) {
    if (absl::Status status = PlaceInTemplate(*templ, value); !status.ok()) return status;
  }
  if (value->tier() == 0) value->set_tier(kTierPublic);
  if (value->tier() > kTierOwner) {
    return FieldInvalid("tier", std::to_string(value->tier()), "PUBLIC, PARTNER or OWNER");
  }
  if (!value->language().empty() && !IsLanguage(value->language())) {
    return FieldInvalid("language", value->language(), "not a language tag of BCP 47");
  }
  return CheckReferences(*value);
}

bool Contains(const UsedIndexes& used, uint32_t index) {
  return std::find(used.begin(), used.end(), index) != used.end();
}

uint32_t FreeIndexFor(std::string_view type, const UsedIndexes& used) {
  uint32_t index = type == "URL" ? 1 : type == "HS_ADMIN" ? 100 : kFreeIndexMin;
  if (!Contains(used, index)) return index;
  index = kFreeIndexMin;
  while (Contains(used, index)) ++index;
  return index;
}

bool HasIndex(const stored::RecordRow& row, uint32_t index) {
  return std::any_of(row.values().begin(), row.values().end(),
                     [index](const stored::ValueRow& value) { return value.index() == index; });
}

std::string Where(int value_index) { return Concat("values[", value_index, "]"); }

}  // namespace

absl::Status CompleteValues(const Template* templ, stored::RecordRow* row) {
  if (row->values_size() > kRecordValuesMax) {
    return Refused(
        "RECORD_TOO_LARGE",
        Concat("a record has at most ", kRecordValuesMax, " values, not ", row->values_size()),
        {{"values", std::to_string(row->values_size())},
         {"values_max", std::to_string(kRecordValuesMax)}});
  }
  FaultList faults;
  UsedIndexes used;
  bool has_open_index = false;
  for (int i = 0; i < row->values_size(); ++i) {
    stored::ValueRow* value = row->mutable_values(i);
    if (absl::Status status = CompleteValue(templ, value); !status.ok()) {
      faults.Add(Where(i), status);
    } else if (value->index() == 0) {
      has_open_index = true;
    } else if (Contains(used, value->index())) {
      faults.Add(Where(i),
                 Refused("VALUE_INDEX_DUPLICATE", Concat("two values have index ", value->index()),
                         {{"index", std::to_string(value->index())}, {"type", value->type()}}));
    } else {
      used.push_back(value->index());
    }
  }
  if (absl::Status status = faults.ToStatus(); !status.ok()) return status;
  if (!has_open_index) return absl::OkStatus();
  for (stored::ValueRow& value : *row->mutable_values()) {
    if (value.index() != 0) continue;
    value.set_index(FreeIndexFor(value.type(), used));
    used.push_back(value.index());
  }
  return absl::OkStatus();
}

absl::Status CheckRequired(const Template& templ, const stored::RecordRow& row,
                           const stored::RecordRow* before) {
  for (const Attribute& attribute : templ.attributes) {
    if (!attribute.required || HasIndex(row, attribute.index)) continue;
    if (before != nullptr && !HasIndex(*before, attribute.index)) continue;
    return Violated(templ, attribute.name, "", "is required");
  }
  return absl::OkStatus();
}

absl::Status CheckNotDisabled(const Template& templ, const stored::RecordRow& row) {
  for (const stored::ValueRow& value : row.values()) {
    if (value.modified_revision() != 0) continue;
    const Attribute* attribute = templ.FindByIndex(value.index());
    if (attribute != nullptr && attribute->disabled) {
      return Violated(templ, attribute->name, value.data(), "is disabled and takes no new value");
    }
  }
  return absl::OkStatus();
}

void AddDefaults(const Template& templ, const stored::RegistrantRow& registrant,
                 stored::RecordRow* row) {
  if (templ.id != "product" || !row->instance_of().empty()) return;
  const Attribute& manufacturer = *templ.FindByName("manufacturer");
  for (const stored::ValueRow& value : row->values()) {
    if (value.index() == manufacturer.index) return;
  }
  stored::ValueRow* value = row->add_values();
  value->set_index(manufacturer.index);
  value->set_type(std::string(manufacturer.name));
  value->set_data(registrant.legal_name());
  value->set_ttl(kTtlSecondsDefault);
  value->set_tier(manufacturer.default_tier);
  value->set_author(RegistrantName(row->issued_by()));
}

bool SameContent(const stored::ValueRow& a, const stored::ValueRow& b) {
  return a.type() == b.type() && a.data() == b.data() && a.ttl() == b.ttl() &&
         a.ttl_absolute() == b.ttl_absolute() && a.tier() == b.tier() &&
         a.language() == b.language() && a.is_digest() == b.is_digest() &&
         std::equal(a.references().begin(), a.references().end(), b.references().begin(),
                    b.references().end(),
                    [](const stored::ReferenceRow& x, const stored::ReferenceRow& y) {
                      return x.identifier() == y.identifier() && x.index() == y.index();
                    });
}

absl::Status CheckRecordBytes(const stored::RecordRow& row) {
  size_t bytes = row.ByteSizeLong();
  if (bytes <= kRecordBytesMax) return absl::OkStatus();
  ErrorMetadata metadata = {{"bytes", std::to_string(bytes)},
                            {"bytes_max", std::to_string(kRecordBytesMax)}};
  std::string message = Concat("the record has ", bytes, " bytes; at most ", kRecordBytesMax);
  auto largest = std::max_element(row.values().begin(), row.values().end(),
                                  [](const stored::ValueRow& a, const stored::ValueRow& b) {
                                    return a.data().size() < b.data().size();
                                  });
  if (largest != row.values().end()) {
    message +=
        Concat("; its largest value is ", Quote(largest->type()), " with ", largest->data().size());
    metadata.push_back({"type", largest->type()});
    metadata.push_back({"index", std::to_string(largest->index())});
    metadata.push_back({"value_bytes", std::to_string(largest->data().size())});
  }
  return Refused("RECORD_TOO_LARGE", std::move(message), std::move(metadata));
}

}  // namespace gusu::server
