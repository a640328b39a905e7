#include "proto/template_canonical.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"

// Tags are the field numbers of the rows (gusu/storage/v1/storage.proto), which never change.

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kSaltBytes = 32;

std::string AttributeBytes(const storage::v1::AttributeRow& attribute) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, attribute.index())
      .Text(2, attribute.name())
      .Number(3, attribute.type())
      .Number(4, attribute.required() ? 1 : 0)
      .Number(5, attribute.indexed() ? 1 : 0)
      .Number(6, attribute.unique() ? 1 : 0)
      .Number(7, attribute.disabled() ? 1 : 0)
      .Number(8, attribute.default_tier())
      .Text(9, attribute.unit());
  for (const std::string& choice : attribute.choices()) writer.Element(10, choice);
  writer.Text(11, attribute.english_name()).Text(12, attribute.chinese_name());
  return std::move(writer).Take();
}

}  // namespace

std::string CanonicalBody(const storage::v1::TemplateRow& row) {
  CanonicalWriter writer(kVersion);
  writer.Text(2, row.owner())
      .Number(3, row.state())
      .Number(4, row.version())
      .Text(5, row.english_name())
      .Text(6, row.chinese_name());
  for (const auto& attribute : row.attributes()) writer.Element(7, AttributeBytes(attribute));
  for (const auto& attribute : row.draft_attributes()) writer.Element(8, AttributeBytes(attribute));
  return std::move(writer).Take();
}

std::vector<Commitment> Seal(storage::v1::TemplateRow& row) {
  row.set_body_salt(RandomBytes(kSaltBytes));
  return {{"BODY", CommitmentHash(row.body_salt(), CanonicalBody(row))}};
}

}  // namespace gusu
