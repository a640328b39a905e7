#include "gusu/json.h"

#include <cstdio>

namespace gusu {
namespace {

// How many bytes the UTF-8 character at the beginning of `text` has; 0 when there is none.
size_t CharacterBytes(std::string_view text) {
  static constexpr uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || more >= text.size()) return 0;
  uint32_t character = first & (0x3f >> more);
  for (size_t i = 1; i <= more; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return 0;
    character = character << 6 | (next & 0x3f);
  }
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  return character < kSmallest[more] || character > 0x10ffff || is_surrogate ? 0 : more + 1;
}

bool IsText(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t length = CharacterBytes(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string Base64(std::string_view bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t j = 0; j < 3; ++j) {
      three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
    }
    for (size_t j = 0; j < 4; ++j) {
      text += i + j > bytes.size() ? '=' : kAlphabet[three >> (18 - 6 * j) & 63];
    }
  }
  return text;
}

std::string Hex(std::string_view bytes) {
  std::string text;
  char digits[3];
  for (unsigned char byte : bytes) {
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

// An object; fields with empty text, zero or nothing in them are left out.
class Object {
 public:
  Object& Text(const char* name, std::string_view text) {
    return text.empty() ? *this : Raw(name, JsonString(text));
  }
  Object& Number(const char* name, uint64_t number) {
    return number == 0 ? *this : Raw(name, std::to_string(number));
  }
  Object& Flag(const char* name, bool flag) { return flag ? Raw(name, "true") : *this; }
  Object& Time(const char* name, const std::optional<Timestamp>& time) {
    return time ? Text(name, ToText(*time)) : *this;
  }
  template <typename Item>
  Object& List(const char* name, const std::vector<Item>& items) {
    if (items.empty()) return *this;
    std::string list = "[";
    for (const Item& item : items) {
      if (list.size() > 1) list += ",";
      list += ItemJson(item);
    }
    return Raw(name, list + "]");
  }
  // Left out when it is an empty object.
  Object& Part(const char* name, const std::string& json) {
    return json == "{}" ? *this : Raw(name, json);
  }
  Object& Raw(const char* name, const std::string& json) {
    json_ += json_.empty() ? "{" : ",";
    json_ += '"';
    json_ += name;
    json_ += "\":";
    json_ += json;
    return *this;
  }
  std::string Take() { return json_.empty() ? "{}" : std::move(json_) + "}"; }

 private:
  static std::string ItemJson(const std::string& item) { return JsonString(item); }
  static std::string ItemJson(const Value& value);
  static std::string ItemJson(const Reference& reference) {
    return Object()
        .Text("identifier", reference.identifier)
        .Number("index", reference.index)
        .Take();
  }
  static std::string ItemJson(const Attribute& attribute) {
    return Object()
        .Number("index", attribute.index)
        .Text("name", attribute.name)
        .Text("type", ToText(attribute.type))
        .Flag("required", attribute.required)
        .Flag("indexed", attribute.indexed)
        .Text("default_tier", ToText(attribute.default_tier))
        .Text("unit", attribute.unit)
        .List("choices", attribute.choices)
        .Text("english_name", attribute.english_name)
        .Text("chinese_name", attribute.chinese_name)
        .Take();
  }

  std::string json_;
};

std::string Object::ItemJson(const Value& value) {
  Object out;
  out.Number("index", value.index).Text("type", value.type);
  if (IsText(value.data)) {
    out.Raw("data", JsonString(value.data));
  } else {
    out.Text("data_base64", Base64(value.data));
  }
  if (value.ttl_seconds) out.Raw("ttl_seconds", std::to_string(*value.ttl_seconds));
  return out.Time("cache_until", value.cache_until)
      .Text("tier", ToText(value.tier))
      .Text("author", value.author)
      .Text("language", value.language)
      .List("references", value.references)
      .Time("modified_time", value.modified_time)
      .Text("inherited_from", value.inherited_from)
      .Take();
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = CharacterBytes(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += "\xef\xbf\xbd";  // U+FFFD
    } else if (first == '"' || first == '\\') {
      out += '\\';
      out += text[0];
    } else if (first < 0x20 || first == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", first);
      out += first == '\n' ? "\\n" : first == '\t' ? "\\t" : first == '\r' ? "\\r" : escape;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + "\"";
}

std::string ToJson(const Status& status) {
  Object metadata;
  for (const auto& [key, value] : status.metadata) {
    // A key is one of ours; it is escaped all the same.
    const std::string name = JsonString(key);
    metadata.Raw(name.substr(1, name.size() - 2).c_str(), JsonString(value));
  }
  return Object()
      .Text("code", ToText(status.code))
      .Text("reason", status.reason)
      .Text("message", status.message)
      .Part("metadata", metadata.Take())
      .Take();
}

std::string ToJson(const Registrant& registrant) {
  const OrganizationCode& code = registrant.organization_code;
  const Contact& contact = registrant.contact;
  return Object()
      .Text("name", registrant.name)
      .Text("kind", ToText(registrant.kind))
      .Text("legal_name", registrant.legal_name)
      .Text("english_name", registrant.english_name)
      .Part("organization_code", Object()
                                     .Text("scheme", ToText(code.scheme))
                                     .Text("value", code.value)
                                     .Text("authority", code.authority)
                                     .Take())
      .Text("address", registrant.address)
      .Text("district", registrant.district)
      .Text("industry_class", registrant.industry_class)
      .Part("contact", Object()
                           .Text("person", contact.person)
                           .Text("email", contact.email)
                           .Text("phone", contact.phone)
                           .Take())
      .Text("state", ToText(registrant.state))
      .Time("create_time", registrant.create_time)
      .Time("update_time", registrant.update_time)
      .Text("etag", registrant.etag)
      .List("warnings", registrant.warnings)
      .Take();
}

std::string ToJson(const Prefix& prefix) {
  return Object()
      .Text("name", prefix.name)
      .Text("prefix", prefix.prefix)
      .Text("holder", prefix.holder)
      .Number("quota", prefix.quota)
      .Part("suffix_policy", Object()
                                 .Number("characters_max", prefix.suffix_policy.characters_max)
                                 .Text("check_scheme", ToText(prefix.suffix_policy.check_scheme))
                                 .Take())
      .Text("state", ToText(prefix.state))
      .Time("create_time", prefix.create_time)
      .Time("update_time", prefix.update_time)
      .Text("etag", prefix.etag)
      .Take();
}

std::string ToJson(const Credential& credential) {
  return Object()
      .Text("name", credential.name)
      .Text("role", ToText(credential.role))
      .Text("title", credential.title)
      .Time("expire_time", credential.expire_time)
      .Text("state", ToText(credential.state))
      .Time("create_time", credential.create_time)
      .Time("revoke_time", credential.revoke_time)
      .Take();
}

std::string ToJson(const Template& definition) {
  return Object()
      .Text("name", definition.name)
      .Number("version", definition.version)
      .Text("english_name", definition.english_name)
      .Text("chinese_name", definition.chinese_name)
      .List("attributes", definition.attributes)
      .Take();
}

std::string ToJson(const Receipt& receipt) {
  // The first leaf has the index 0: it is written out.
  return Object()
      .Raw("leaf_index", std::to_string(receipt.leaf_index))
      .Number("revision", receipt.revision)
      .Time("commit_time", receipt.commit_time)
      .Take();
}

std::string ToJson(const Record& record) {
  Object out;
  out.Text("name", record.name)
      .Text("identifier", record.identifier)
      .Text("level", ToText(record.level));
  if (record.instance_of) {
    out.Part("instance_of", Object()
                                .Text("identifier", record.instance_of->identifier)
                                .Number("revision", record.instance_of->revision)
                                .Take());
  }
  out.Text("template", record.template_id)
      .Number("template_version", record.template_version)
      .Text("issued_by", record.issued_by)
      .Text("owner", record.owner)
      .Text("custodian", record.custodian)
      .Text("state", ToText(record.state))
      .List("values", record.values);
  if (record.origin) {
    const Origin& origin = *record.origin;
    out.Part("origin", Object()
                           .Text("system", origin.system)
                           .Text("original_identifier", origin.original_identifier)
                           .Time("original_registration_time", origin.original_registration_time)
                           .Text("evidence_sha256", Hex(origin.evidence_sha256))
                           .Take());
  }
  out.Time("effective_time", record.effective_time);
  if (record.retirement) {
    out.Part("retirement", Object()
                               .Text("reason", ToText(record.retirement->reason))
                               .Text("text", record.retirement->text)
                               .Text("successor", record.retirement->successor)
                               .Time("time", record.retirement->time)
                               .Take());
  }
  return out.Text("suspension_reason", record.suspension_reason)
      .Time("create_time", record.create_time)
      .Time("update_time", record.update_time)
      .Number("revision", record.revision)
      .Number("leaf_index", record.leaf_index)
      .Text("etag", record.etag)
      .Take();
}

std::string ToJson(const RecordRevision& revision) {
  return Object()
      .Raw("record", ToJson(revision.record))
      .Raw("receipt", ToJson(revision.receipt))
      .Text("operation", revision.operation)
      .Text("actor", revision.actor)
      .Text("on_behalf_of", revision.on_behalf_of)
      .Text("reason", revision.reason)
      .Text("credential", revision.credential)
      .Take();
}

std::string ToJson(const RegisterResult& result) {
  return Object()
      .Text("identifier", result.identifier)
      .Text("name", result.name)
      .Text("outcome", ToText(result.outcome))
      .Raw("receipt", ToJson(result.receipt))
      .Text("etag", result.etag)
      .Take();
}

std::string ToJson(const ResolveAnswer& answer) {
  return Object()
      .Raw("record", ToJson(answer.record))
      .Number("read_revision", answer.read_revision)
      .Text("holder_state", ToText(answer.holder_state))
      .Number("values_withheld_count", answer.values_withheld_count)
      .Take();
}

std::string ToJson(const RegistrantAnswer& answer) {
  return Object()
      .Raw("registrant", ToJson(answer.registrant))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const PrefixAnswer& answer) {
  return Object()
      .Raw("prefix", ToJson(answer.prefix))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const CredentialAnswer& answer) {
  return Object()
      .Raw("credential", ToJson(answer.credential))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const RecordAnswer& answer) {
  return Object()
      .Raw("record", ToJson(answer.record))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const ResolveOutcome& outcome) {
  Object out;
  out.Text("identifier", outcome.identifier);
  if (outcome.answer) return out.Raw("answer", ToJson(*outcome.answer)).Take();
  return out.Raw("error", ToJson(outcome.answer.status())).Take();
}

std::string ToJson(const RowOutcome& outcome) {
  Object out;
  out.Raw("row_index", std::to_string(outcome.row_index));
  if (outcome.result) return out.Raw("result", ToJson(*outcome.result)).Take();
  return out.Raw("error", ToJson(outcome.result.status())).Take();
}

}  // namespace gusu
