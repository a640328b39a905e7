#include "client/cli/template_file.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "client/cli/file_content.h"

namespace gusu::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFileBytesMax = 1 << 20;

// Reads members of one object; remembers the first that is not what it must be.
class Reader {
 public:
  // `path` with a "." at its end, or empty at the top.
  Reader(std::string path, const Json& object, MaybeFailure* fault)
      : path_(std::move(path)), object_(object), fault_(fault) {
    if (!object.is_object())
      FailAt(path_.substr(0, path_.empty() ? 0 : path_.size() - 1), "is no object");
  }

  void Text(const char* name, std::string* text) {
    const Json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_string()) return Fail(name, "is no text");
    *text = member->get<std::string>();
  }
  void Flag(const char* name, bool* flag) {
    const Json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_boolean()) return Fail(name, "is neither true nor false");
    *flag = member->get<bool>();
  }
  void Number(const char* name, uint32_t* number) {
    const Json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_number_unsigned() || member->get<uint64_t>() > UINT32_MAX) {
      return Fail(name, "is no number between 0 and 4294967295");
    }
    *number = member->get<uint32_t>();
  }
  template <typename Enumeration>
  void Word(const char* name, const char* choices, Enumeration* value) {
    std::string text;
    Text(name, &text);
    if (text.empty()) return;
    const std::optional<Enumeration> found = FromText<Enumeration>(text);
    if (!found) return Fail(name, "is '" + text + "', which is none of " + choices);
    *value = *found;
  }
  void Texts(const char* name, std::vector<std::string>* texts) {
    Items(name, [&](const std::string& place, const Json& item) {
      if (!item.is_string()) return FailAt(place, "is no text");
      texts->push_back(item.get<std::string>());
    });
  }
  // Calls read(path, item) for each of a list; returns whether there is one.
  template <typename Read>
  bool Items(const char* name, Read read) {
    const Json* member = Find(name);
    if (member == nullptr) return false;
    if (!member->is_array()) {
      Fail(name, "is no list");
      return true;
    }
    for (size_t i = 0; i < member->size(); ++i) {
      read(path_ + name + "[" + std::to_string(i) + "]", (*member)[i]);
    }
    return true;
  }
  void Ignore(const char* name) { Find(name); }
  // Last: what was not asked for is a misspelling.
  void RefuseOthers() {
    if (!object_.is_object()) return;
    for (const auto& [name, value] : object_.items()) {
      bool known = false;
      for (const std::string& one : known_) known |= one == name;
      if (!known) Fail(name, "is not a field of a template");
    }
  }

 private:
  const Json* Find(const char* name) {
    known_.emplace_back(name);
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }
  void Fail(const std::string& name, const std::string& what) { FailAt(path_ + name, what); }
  void FailAt(const std::string& place, const std::string& what) {
    if (!*fault_) *fault_ = UsageFailure((place.empty() ? "the file" : place) + " " + what);
  }

  const std::string path_;
  const Json& object_;
  std::vector<std::string> known_;
  MaybeFailure* const fault_;
};

Attribute ReadAttribute(const std::string& path, const Json& json, MaybeFailure* fault) {
  Attribute out;
  Reader reader(path + ".", json, fault);
  reader.Number("index", &out.index);
  reader.Text("name", &out.name);
  reader.Word("type",
              "string, integer, decimal, boolean, date, time, url, identifier, enumeration, "
              "document",
              &out.type);
  reader.Flag("required", &out.required);
  reader.Flag("indexed", &out.indexed);
  reader.Flag("unique", &out.unique);
  reader.Flag("disabled", &out.disabled);
  reader.Word("default_tier", "public, partner, owner", &out.default_tier);
  reader.Text("unit", &out.unit);
  reader.Texts("choices", &out.choices);
  reader.Text("english_name", &out.english_name);
  reader.Text("chinese_name", &out.chinese_name);
  reader.RefuseOthers();
  if (!*fault && out.name.empty()) *fault = UsageFailure(path + " has no name");
  return out;
}

}  // namespace

OrFailure<Template> ParseTemplate(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return UsageFailure("the file is no JSON (RFC 8259)");
  Template out;
  MaybeFailure fault;
  Reader reader("", json, &fault);
  reader.Text("english_name", &out.english_name);
  reader.Text("chinese_name", &out.chinese_name);
  std::vector<Attribute> draft;
  const auto into = [&fault](std::vector<Attribute>* attributes) {
    return [&fault, attributes](const std::string& path, const Json& item) {
      attributes->push_back(ReadAttribute(path, item, &fault));
    };
  };
  const bool any = reader.Items("attributes", into(&out.attributes));
  const bool any_draft = reader.Items("draft_attributes", into(&draft));
  for (const char* name :
       {"name", "version", "state", "owner", "create_time", "update_time", "etag"}) {
    reader.Ignore(name);
  }
  reader.RefuseOthers();
  if (fault) return *fault;
  if (!any && !any_draft) return UsageFailure("the file has no attributes");
  if (any_draft) out.attributes = std::move(draft);
  return out;
}

OrFailure<Template> ReadTemplateFile(const std::string& path) {
  const OrFailure<std::string> content = ReadWholeFile(path, kFileBytesMax);
  if (!content.ok()) return content.failure();
  OrFailure<Template> parsed = ParseTemplate(*content);
  if (parsed.ok()) return parsed;
  Failure failure = parsed.failure();
  failure.message = path + ": " + failure.message;
  return failure;
}

std::string ToTemplateName(const std::string& id) {
  static constexpr char kCollection[] = "templates/";
  static constexpr char kDigits[] = "0123456789ABCDEF";
  if (id.starts_with(kCollection)) return id;
  std::string name = kCollection;
  for (const char c : id) {
    const bool stays = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (stays) {
      name += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      name += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return name;
}

}  // namespace gusu::cli
