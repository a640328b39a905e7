#include "client/audit/read_range.h"

#include <optional>

#include "client/audit/canonical_fields.h"
#include "client/audit/read_parts.h"
#include "client/audit/verify_leaf.h"
#include "gusu/audit.h"
#include "proto/identifier.h"
#include "proto/range_pattern.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

using Field = CanonicalReader::Field;

constexpr std::string_view kSerialRanges = "/serialRanges/";

struct RangeBody {
  std::string prefix;
  uint64_t pattern_number = 0;
  std::string pattern;
  uint64_t first_serial = 0;
  uint64_t last_serial = 0;
  std::string record;  // a record's body
  uint64_t parent_last_serial = 0;
};

absl::Status Invalid(std::string_view resource, std::string_view what) {
  return InvalidProof(Concat(Quote(resource), ": ", what));
}

absl::StatusOr<RangeBody> ReadBody(std::string_view bytes) {
  RangeBody body;
  GUSU_RETURN_IF_ERROR(ReadFields(bytes, {}, [&body](const Field& field) {
    switch (field.tag) {
      case 1:
        return ReadTo(field, body.prefix);
      case 2:
        return ReadTo(field, body.pattern_number);
      case 3:
        return ReadTo(field, body.pattern);
      case 4:
        return ReadTo(field, body.first_serial);
      case 5:
        return ReadTo(field, body.last_serial);
      case 6:
        body.record = std::string(field.content);
        return CanonicalReader::TextOf(field).status();
      case 7:
        return ReadTo(field, body.parent_last_serial);
      default:
        return UnknownField(field);
    }
  }));
  return body;
}

// The suffix as the range's pattern writes it. nullopt when it is no code of the range.
struct Member {
  std::string suffix;
  bool serial_is_stated = false;
};
std::optional<Member> FindMember(const RangeBody& body, std::string_view suffix) {
  for (const CheckScheme scheme : {CheckScheme::kMod37_36, CheckScheme::kMod97_10,
                                   CheckScheme::kMod11_10, CheckScheme::kGs1}) {
    const absl::StatusOr<RangePattern> pattern = RangePattern::Parse(body.pattern, scheme, "");
    if (!pattern.ok()) continue;
    const std::optional<std::string> written = pattern->Written(suffix);
    if (!written) continue;
    if (pattern->is_permuted()) return Member{*written, true};
    const std::optional<uint64_t> serial = pattern->Match(suffix);
    if (serial && *serial >= body.first_serial && *serial <= body.last_serial) {
      return Member{*written, false};
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsSerialRangeName(std::string_view resource) {
  return resource.find(kSerialRanges) != std::string_view::npos;
}

absl::StatusOr<RangeCodeContent> ReadRangeParts(const std::string& resource,
                                                const std::vector<ContentPart>& parts,
                                                const std::string& asked) {
  if (asked.empty()) return Invalid(resource, "is a serial range: say of which code the answer is");
  GUSU_ASSIGN_OR_RETURN(const Identifier code, Identifier::ParseName(asked));
  std::vector<ContentPart> record_parts;
  RangeBody body;
  for (const ContentPart& part : parts) {
    // The patterns of the prefix, which an allocation's leaf binds too, say nothing of the code.
    if (part.label == kBodyLabel) {
      GUSU_ASSIGN_OR_RETURN(body, ReadBody(part.content));
      record_parts.push_back({part.label, body.record, "", "", false});
    } else if (TierOfLabel(part.label) != Tier::kUnspecified) {
      record_parts.push_back(part);
    }
  }
  const std::string name =
      Concat("prefixes/", body.prefix, kSerialRanges, body.pattern_number, "-", body.last_serial);
  if (name != resource) return Invalid(resource, Concat("has the content of ", Quote(name)));
  const std::optional<Member> member =
      ToKey(body.prefix) == code.prefix_key() ? FindMember(body, code.suffix()) : std::nullopt;
  if (!member) {
    return Invalid(resource, Concat("has serials ", body.first_serial, " to ", body.last_serial,
                                    " of ", Quote(body.pattern), ", and not ", Quote(asked)));
  }
  GUSU_ASSIGN_OR_RETURN(const Identifier written,
                        Identifier::Parse(Concat(body.prefix, "/", member->suffix)));
  Result<Record> record = ReadRecordParts(written.name(), record_parts);
  if (!record) return Invalid(resource, record.status().message);
  return RangeCodeContent{*std::move(record), member->serial_is_stated};
}

}  // namespace gusu
