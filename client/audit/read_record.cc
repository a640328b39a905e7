// A record from the canonical bytes of its body and its tiers of values (proto/README.md,
// "Canonical bytes").
#include <limits>

#include "client/audit/canonical_fields.h"
#include "client/audit/read_parts.h"
#include "client/audit/status_from.h"
#include "client/audit/verify_leaf.h"
#include "gusu/audit.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

using Field = CanonicalReader::Field;

// An inner message without fields would have been left out.
absl::Status NotEmpty(const Field& field) {
  if (field.content.size() > 1) return absl::OkStatus();
  return MalformedBytes(Concat("field ", static_cast<int>(field.tag), " is empty"));
}

absl::Status ReadOrigin(const Field& field, std::optional<Origin>& origin) {
  GUSU_RETURN_IF_ERROR(NotEmpty(field));
  Origin& to = origin.emplace();
  return ReadFields(field.content, {}, [&to](const Field& inner) {
    switch (inner.tag) {
      case 1:
        return ReadTo(inner, to.system);
      case 2:
        return ReadTo(inner, to.original_identifier);
      case 3:
        return ReadTimeTo(inner, to.original_registration_time);
      case 4:
        to.evidence_sha256 = std::string(inner.content);
        return CanonicalReader::TextOf(inner).status();
      default:
        return UnknownField(inner);
    }
  });
}

absl::Status ReadRetirement(const Field& field, std::optional<Retirement>& retirement) {
  GUSU_RETURN_IF_ERROR(NotEmpty(field));
  Retirement& to = retirement.emplace();
  return ReadFields(field.content, {}, [&to](const Field& inner) {
    switch (inner.tag) {
      case 1:
        return ReadTo(inner, RetirementReason::kOther, to.reason);
      case 2:
        return ReadTo(inner, to.text);
      case 3:
        return ReadTo(inner, to.successor);
      default:
        return UnknownField(inner);
    }
  });
}

absl::Status ReadHold(const Field& field, Record& record) {
  GUSU_RETURN_IF_ERROR(NotEmpty(field));
  Hold& to = record.holds.emplace_back();
  return ReadFields(field.content, {}, [&to](const Field& inner) {
    switch (inner.tag) {
      case 1:
        return ReadTo(inner, to.number);
      case 2:
        return ReadTo(inner, HoldSide::kBureau, to.side);
      case 3:
        return ReadTo(inner, to.reason);
      case 4:
        return ReadTo(inner, to.document_number);
      default:
        return UnknownField(inner);
    }
  });
}

absl::Status ReadBodyField(const Field& field, Record& record) {
  const auto instance_of = [&record]() -> InstanceOf& {
    return record.instance_of ? *record.instance_of : record.instance_of.emplace();
  };
  switch (field.tag) {
    case 2:
      return ReadTo(field, Level::kItem, record.level);
    case 3:
      return ReadTo(field, instance_of().identifier);
    case 4:
      return ReadTo(field, instance_of().revision);
    case 5:
      return ReadTo(field, record.template_id);
    case 6:
      return ReadTo(field, record.template_version);
    case 7:
      return ReadNameTo(field, record.issued_by);
    case 8:
      return ReadNameTo(field, record.owner);
    case 9:
      return ReadNameTo(field, record.custodian);
    case 10:
      return ReadTo(field, State::kRetired, record.state);
    case 12:
      return ReadOrigin(field, record.origin);
    case 13:
      return ReadTimeTo(field, record.effective_time);
    case 14:
      return ReadRetirement(field, record.retirement);
    case 15:
      return ReadTo(field, record.suspension_reason);
    case 25:
      return ReadHold(field, record);
    case 27:  // how often its owner was set: for the registry's rules
      return CanonicalReader::NumberOf(field).status();
    default:
      return UnknownField(field);
  }
}

absl::Status ReadReference(const Field& field, Value& value) {
  Reference& to = value.references.emplace_back();
  return ReadFields(field.content, {}, [&to](const Field& inner) {
    switch (inner.tag) {
      case 1:
        return ReadTo(inner, to.identifier);
      case 2:
        return ReadTo(inner, to.index);
      default:
        return UnknownField(inner);
    }
  });
}

// Seconds: how long, or when the value's field 5 says so, until when.
absl::Status SetLifetime(uint64_t ttl, bool is_time, Value& value) {
  constexpr uint64_t kSecondsMax = 253'402'300'799;  // the end of the year 9999
  if (ttl > (is_time ? kSecondsMax : std::numeric_limits<uint32_t>::max())) {
    return MalformedBytes("a value's lifetime is out of bounds");
  }
  if (is_time) {
    value.cache_until = Timestamp(std::chrono::seconds(static_cast<int64_t>(ttl)));
  } else {
    value.ttl_seconds = static_cast<uint32_t>(ttl);
  }
  return absl::OkStatus();
}

absl::Status ReadValue(const Field& field, Tier tier, Value& value) {
  uint64_t ttl = 0;
  uint64_t ttl_is_time = 0;
  uint64_t is_digest = 0;
  GUSU_RETURN_IF_ERROR(ReadFields(field.content, {9}, [&](const Field& inner) {
    switch (inner.tag) {
      case 1:
        return ReadTo(inner, value.index);
      case 2:
        return ReadTo(inner, value.type);
      case 3:
        value.data = std::string(inner.content);
        return CanonicalReader::TextOf(inner).status();
      case 4:
        return ReadTo(inner, ttl);
      case 5:
        return ReadTo(inner, ttl_is_time);
      case 6:
        return ReadTo(inner, Tier::kOwner, value.tier);
      case 7:
        return ReadTo(inner, value.author);
      case 8:
        return ReadTo(inner, value.language);
      case 9:
        return ReadReference(inner, value);
      case 11:
        return ReadTo(inner, is_digest);
      default:
        return UnknownField(inner);
    }
  }));
  if (ttl_is_time > 1) return MalformedBytes("a value's field 5 is neither 0 nor 1");
  if (is_digest > 1) return MalformedBytes("a value's field 11 is neither 0 nor 1");
  value.is_digest = is_digest == 1;
  if (value.tier != tier) {
    return MalformedBytes(
        Concat("a value of tier ", ToText(value.tier), " among those of tier ", ToText(tier)));
  }
  return SetLifetime(ttl, ttl_is_time == 1, value);
}

absl::Status ReadTier(std::string_view bytes, Tier tier, Record& record) {
  const size_t values_before = record.values.size();
  GUSU_RETURN_IF_ERROR(ReadFields(bytes, {1}, [&](const Field& field) {
    if (field.tag != 1) return UnknownField(field);
    return ReadValue(field, tier, record.values.emplace_back());
  }));
  // A tier without values would have been left out.
  if (record.values.size() == values_before) return MalformedBytes("a tier has no values");
  return absl::OkStatus();
}

absl::StatusOr<Record> ReadRecord(const std::string& resource,
                                  const std::vector<ContentPart>& parts) {
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(resource));
  if (identifier.name() != resource) {
    return InvalidProof(Concat(Quote(resource), " is not the name of a record"));
  }
  GUSU_ASSIGN_OR_RETURN(const std::vector<std::string_view> contents,
                        ContentsOf(parts, {kBodyLabel, ToText(Tier::kPublic),
                                           ToText(Tier::kPartner), ToText(Tier::kOwner)}));
  Record record;
  record.name = identifier.name();
  record.identifier = identifier.written();
  if (!contents[0].empty()) {
    GUSU_RETURN_IF_ERROR(ReadFields(
        contents[0], {25}, [&record](const Field& field) { return ReadBodyField(field, record); }));
    if (record.instance_of && record.instance_of->identifier.empty()) {
      return MalformedBytes("a revision of nothing");
    }
  }
  for (const Tier tier : {Tier::kPublic, Tier::kPartner, Tier::kOwner}) {
    const std::string_view content = contents[static_cast<size_t>(tier)];
    if (!content.empty()) GUSU_RETURN_IF_ERROR(ReadTier(content, tier, record));
  }
  for (const ContentPart& part : parts) {
    const Tier tier = TierOfLabel(part.label);
    if (part.erased && tier != Tier::kUnspecified) record.erased_tiers.push_back(tier);
  }
  return record;
}

}  // namespace

Result<Record> ReadRecordParts(const std::string& resource, const std::vector<ContentPart>& parts) {
  return ResultFrom(ReadRecord(resource, parts));
}

}  // namespace gusu
