#include "server/doors/http/pages/value_attributes.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/identifier.h"
#include "server/stored_record.h"

namespace gusu::server {
namespace {

// As of then; empty: the record has none, or cannot be read.
std::string TemplateIdOf(const storage::View& view, const std::string& identifier,
                         uint64_t revision) {
  const auto record = ReadRecord(view, ToKey(identifier), revision);
  return record.ok() && *record ? (*record)->row->template_id() : "";
}

}  // namespace

ValueAttributes::ValueAttributes(const storage::View& view, const v1::Record& record,
                                 uint64_t revision) {
  const storage::Directory& directory = view.directory();
  templates_[""] = FindTemplate(directory, record.template_());
  for (const v1::Value& value : record.values()) {
    const std::string& from = value.inherited_from();
    const auto [found, is_new] = templates_.try_emplace(from);
    if (is_new) found->second = FindTemplate(directory, TemplateIdOf(view, from, revision));
  }
}

const Attribute* ValueAttributes::Find(const v1::Value& value) const {
  if (value.index() < kAttributeIndexMin) return nullptr;
  const Template* found = TemplateOf(value.inherited_from());
  return found == nullptr ? nullptr : found->FindByName(value.type());
}

const Template* ValueAttributes::TemplateOf(const std::string& inherited_from) const {
  const auto found = templates_.find(inherited_from);
  return found == templates_.end() ? nullptr : found->second.get();
}

}  // namespace gusu::server
