#include "proto/grant_canonical.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"

// Tags are the field numbers of the rows (gusu/storage/v1/storage.proto), which never change.

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kSaltBytes = 32;

template <typename Row>
std::vector<Commitment> SealBody(Row& row) {
  *row.mutable_body_salt() = RandomBytes(kSaltBytes);
  return {{"BODY", CommitmentHash(row.body_salt(), CanonicalBody(row))}};
}

}  // namespace

std::string CanonicalBody(const storage::v1::GrantRow& grant) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, grant.grantor())
      .Text(2, grant.id())
      .Text(3, grant.grantee())
      .Text(4, grant.group())
      .Number(5, grant.organization_code_scheme())
      .Text(6, grant.organization_code_authority())
      .Text(7, grant.organization_code())
      .Number(8, grant.scope())
      .Text(9, grant.prefix_key())
      .Text(10, grant.suffix_beginning())
      .Text(11, grant.template_id());
  for (const std::string& suffix : grant.suffixes()) writer.Element(12, suffix);
  writer.Number(13, grant.read_tier());
  for (const std::string& attribute : grant.write_attributes()) writer.Element(14, attribute);
  writer.Number(15, grant.append_events() ? 1 : 0)
      .Number(16, grant.expire_time_us())
      .Text(17, grant.title())
      .Number(18, grant.revoked() ? 1 : 0)
      .Number(23, grant.by_holder() ? 1 : 0);
  for (const std::string& identifier : grant.identifiers()) writer.Element(24, identifier);
  for (const uint64_t count : grant.passing_counts()) writer.NumberElement(25, count);
  return std::move(writer).Take();
}

std::string CanonicalBody(const storage::v1::GroupRow& group) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, group.registrant()).Text(2, group.id()).Text(3, group.title());
  for (const std::string& member : group.members()) writer.Element(4, member);
  return std::move(writer).Take();
}

std::vector<Commitment> Seal(storage::v1::GrantRow& grant) { return SealBody(grant); }
std::vector<Commitment> Seal(storage::v1::GroupRow& group) { return SealBody(group); }

}  // namespace gusu
