#include "server/template.h"

#include <mutex>
#include <optional>
#include <unordered_map>

#include "absl/strings/match.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/ownership.h"

namespace gusu::server {
namespace {

using storage::v1::AttributeRow;
using storage::v1::TemplateRow;

constexpr std::string_view kNameBeginning = "templates/";

// Templates that are kept as parsed.
constexpr size_t kParsedMax = 1024;

Attribute AttributeOf(const AttributeRow& row) {
  Attribute attribute;
  attribute.index = row.index();
  attribute.name = row.name();
  attribute.english_name = row.english_name();
  attribute.chinese_name = row.chinese_name();
  attribute.type = static_cast<AttributeType>(row.type());
  attribute.default_tier = row.default_tier();
  attribute.required = row.required();
  attribute.indexed = row.indexed();
  attribute.unique = row.unique();
  attribute.disabled = row.disabled();
  attribute.unit = row.unit();
  attribute.choices.assign(row.choices().begin(), row.choices().end());
  return attribute;
}

std::shared_ptr<const Template> TemplateOf(const TemplateRow& row, uint64_t revision) {
  auto parsed = std::make_shared<Template>();
  parsed->id = row.id();
  parsed->version = row.version();
  parsed->english_name = row.english_name();
  parsed->chinese_name = row.chinese_name();
  parsed->attributes.reserve(static_cast<size_t>(row.attributes_size()));
  for (const AttributeRow& attribute : row.attributes()) {
    parsed->attributes.push_back(AttributeOf(attribute));
  }
  parsed->state = static_cast<TemplateState>(row.state());
  parsed->revision = revision;
  return parsed;
}

// Each row is parsed once while it is among the kParsedMax that are kept.
class ParsedTemplates {
 public:
  std::shared_ptr<const Template> Get(const std::string& id_key,
                                      const storage::Directory::TemplateEntry& entry) {
    const std::lock_guard lock(mutex_);
    const auto found = parsed_.find(id_key);
    // The row is kept, so that no other one has its address.
    if (found != parsed_.end() && found->second.row == entry.row) return found->second.templ;
    if (found == parsed_.end() && parsed_.size() >= kParsedMax) parsed_.erase(parsed_.begin());
    Parsed made{entry.row, TemplateOf(*entry.row, entry.revision)};
    return parsed_.insert_or_assign(id_key, std::move(made)).first->second.templ;
  }

 private:
  struct Parsed {
    std::shared_ptr<const TemplateRow> row;
    std::shared_ptr<const Template> templ;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Parsed> parsed_;
};

// One that lives as long as the process needs no count of its users.
std::shared_ptr<const Template> BuiltIn(std::string_view id) {
  for (const Template& found : BuiltInTemplates()) {
    if (absl::EqualsIgnoreCase(AbslView(found.id), AbslView(id))) {
      return std::shared_ptr<const Template>(std::shared_ptr<const Template>(), &found);
    }
  }
  return nullptr;
}

absl::Status NotPublished(std::string_view id, std::string_view state) {
  return Error(absl::StatusCode::kFailedPrecondition, "TEMPLATE_NOT_PUBLISHED",
               Concat("template ", id, " is ", state, "; no new record takes it"),
               {{"template", std::string(id)}, {"state", std::string(state)}});
}

}  // namespace

const Attribute* Template::FindByName(std::string_view name) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

const Attribute* Template::FindByIndex(uint32_t index) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.index == index) return &attribute;
  }
  return nullptr;
}

std::string TemplateIdOf(std::string_view id_or_name) {
  if (!id_or_name.starts_with(kNameBeginning)) return std::string(id_or_name);
  absl::StatusOr<std::string> id = PercentDecode(id_or_name.substr(kNameBeginning.size()));
  return id.ok() ? *std::move(id) : std::string();
}

std::string TemplateName(std::string_view id) { return Concat(kNameBeginning, PercentEncode(id)); }

std::shared_ptr<const Template> FindTemplate(const storage::Directory& directory,
                                             std::string_view id_or_name) {
  if (id_or_name.empty()) return nullptr;
  const std::string id = TemplateIdOf(id_or_name);
  if (auto built_in = BuiltIn(id)) return built_in;
  const std::string id_key = ToKey(id);
  const auto* entry = directory.FindTemplate(id_key);
  if (entry == nullptr || entry->row->version() == 0) return nullptr;
  static auto* parsed = new ParsedTemplates;
  return parsed->Get(id_key, *entry);
}

absl::StatusOr<std::shared_ptr<const Template>> FindPublishedTemplate(
    const storage::Directory& directory, std::string_view id_or_name, std::string_view registrant) {
  std::shared_ptr<const Template> found = FindTemplate(directory, id_or_name);
  if (found == nullptr) {
    const std::string id_key = ToKey(TemplateIdOf(id_or_name));
    const auto* draft = directory.FindTemplate(id_key);
    if (draft == nullptr || PrefixHolder(directory, PrefixKeyIn(id_key)) != registrant) {
      return TemplateNotFound(id_or_name);
    }
    return NotPublished(draft->row->id(), "not published");
  }
  if (found->state != TemplateState::kPublished) return NotPublished(found->id, "withdrawn");
  return found;
}

absl::Status TemplateNotFound(std::string_view id_or_name) {
  return Error(absl::StatusCode::kNotFound, "TEMPLATE_NOT_FOUND",
               Concat("template ", Quote(id_or_name), " does not exist"),
               {{"template", std::string(id_or_name)}});
}

}  // namespace gusu::server
