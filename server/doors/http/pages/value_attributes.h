// What templates say of the values of an answer: of the record's own, and of those that it inherits
// from a batch or a model, which have templates of their own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "server/template.h"
#include "storage/view.h"

namespace gusu::v1 {
class Record;
class Value;
}  // namespace gusu::v1

namespace gusu::server {

class ValueAttributes {
 public:
  // Without any.
  ValueAttributes() = default;
  // Reads the records that `record` inherits from, as of `revision`; of one that cannot be read
  // the values go without attributes.
  ValueAttributes(const storage::View& view, const v1::Record& record, uint64_t revision);

  // Of the record itself; nullptr: it has none, or one that is not known any more.
  const Template* record_template() const { return TemplateOf(""); }
  // nullptr: the value is no attribute, or of a template that is not known.
  const Attribute* Find(const v1::Value& value) const;

 private:
  const Template* TemplateOf(const std::string& inherited_from) const;

  // By Value.inherited_from; two beside the record's own at most.
  std::map<std::string, std::shared_ptr<const Template>> templates_;
};

}  // namespace gusu::server
