// Registrants, prefixes, credentials, templates, grants and statistics as JSON.
#include <cstdio>

#include "client/json_object.h"
#include "gusu/json.h"
#include "proto/hash.h"

namespace gusu {
namespace {

// Shortest text that reads back as the same degrees, which count in units of 10^-7.
std::string DegreesJson(double degrees) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", degrees);
  return text;
}

std::string CodeJson(const OrganizationCode& code) {
  return JsonObject()
      .Text("scheme", ToText(code.scheme))
      .Text("value", code.value)
      .Text("authority", code.authority)
      .Take();
}

void AddLegalData(const LegalData& data, JsonObject* out) {
  out->Text("legal_name", data.legal_name)
      .Text("english_name", data.english_name)
      .Part("organization_code", CodeJson(data.organization_code))
      .Text("address", data.address)
      .Text("district", data.district)
      .Text("industry_class", data.industry_class)
      .Number("industry_edition", data.industry_edition);
  if (data.location) {
    out->Raw("location", JsonObject()
                             .Raw("latitude", DegreesJson(data.location->latitude))
                             .Raw("longitude", DegreesJson(data.location->longitude))
                             .Text("datum", ToText(data.location->datum))
                             .Take());
  }
  out->List("documents_sha256", data.documents_sha256,
            [](const std::string& hash) { return JsonString(HexEncode(hash)); });
}

std::string DesignationJson(const Designation& designation) {
  return JsonObject()
      .Text("id", designation.id)
      .Text("title", designation.title)
      .Text("english_title", designation.english_title)
      .Text("programme", designation.programme)
      .Text("certificate_number", designation.certificate_number)
      .Text("issued_on", designation.issued_on)
      .Text("valid_until", designation.valid_until)
      .Flag("revoked", designation.revoked)
      .Text("revocation_reason", designation.revocation_reason)
      .Take();
}

std::string AmendmentJson(const Amendment& amendment) {
  JsonObject proposed;
  AddLegalData(amendment.proposed, &proposed);
  return JsonObject()
      .Part("proposed", proposed.Take())
      .Text("reason", amendment.reason)
      .Text("state", ToText(amendment.state))
      .Text("state_reason", amendment.state_reason)
      .Time("submit_time", amendment.submit_time)
      .Take();
}

std::string AttributeJson(const Attribute& attribute) {
  return JsonObject()
      .Number("index", attribute.index)
      .Text("name", attribute.name)
      .Text("type", ToText(attribute.type))
      .Flag("required", attribute.required)
      .Flag("indexed", attribute.indexed)
      .Flag("unique", attribute.unique)
      .Flag("disabled", attribute.disabled)
      .Text("default_tier", ToText(attribute.default_tier))
      .Text("unit", attribute.unit)
      .List("choices", attribute.choices)
      .Text("english_name", attribute.english_name)
      .Text("chinese_name", attribute.chinese_name)
      .Take();
}

void AddScope(const GrantScope& scope, JsonObject* out) {
  if (!scope.template_name.empty()) {
    out->Raw(
        "template_scope",
        JsonObject().Text("prefix", scope.prefix).Text("template", scope.template_name).Take());
  } else {
    out->Text("prefix", scope.prefix);
  }
  out->Text("identifier_beginning", scope.identifier_beginning)
      .List("identifiers", scope.identifiers)
      .Text("own_in_prefix", scope.own_in_prefix);
}

std::string CountsJson(const Counts& counts) {
  JsonObject retired;
  for (const auto& [reason, count] : counts.retired) {
    retired.Number(std::string(ToText(reason)).c_str(), count);
  }
  return JsonObject()
      .Number("created", counts.created)
      .Number("reserved", counts.reserved)
      .Number("changed", counts.changed)
      .Number("activated", counts.activated)
      .Part("retired", retired.Take())
      .Number("reinstated", counts.reinstated)
      .Number("range_codes_allocated", counts.range_codes_allocated)
      .Number("range_codes_activated", counts.range_codes_activated)
      .Number("range_codes_released", counts.range_codes_released)
      .Take();
}

std::string SourceJson(const SourceCount& source) {
  return JsonObject().Text("address", source.address).Number("count", source.count).Take();
}

std::string DifferenceJson(const CountDifference& difference) {
  return JsonObject()
      .Text("date", difference.date)
      .Text("counter", difference.counter)
      .Index("stored", difference.stored)
      .Index("recounted", difference.recounted)
      .Take();
}

// {name: …, "receipt": …}
template <typename Noun>
std::string AnswerJson(const char* name, const Noun& noun, const Receipt& receipt) {
  return JsonObject().Raw(name, ToJson(noun)).Raw("receipt", ToJson(receipt)).Take();
}

}  // namespace

std::string ToJson(const Registrant& registrant) {
  const Contact& contact = registrant.contact;
  JsonObject out;
  out.Text("name", registrant.name).Text("kind", ToText(registrant.kind));
  AddLegalData(registrant, &out);
  out.Part("contact", JsonObject()
                          .Text("person", contact.person)
                          .Text("email", contact.email)
                          .Text("phone", contact.phone)
                          .Take())
      .Text("state", ToText(registrant.state))
      .Text("state_reason", registrant.state_reason)
      .List("designations", registrant.designations, DesignationJson)
      .Text("successor", registrant.successor);
  if (registrant.amendment) out.Raw("amendment", AmendmentJson(*registrant.amendment));
  return out.Time("create_time", registrant.create_time)
      .Time("update_time", registrant.update_time)
      .Text("etag", registrant.etag)
      .List("warnings", registrant.warnings)
      .Take();
}

std::string ToJson(const Credential& credential) {
  return JsonObject()
      .Text("name", credential.name)
      .Text("kind", ToText(credential.kind))
      .Text("handle_prefix", credential.handle_prefix)
      .Text("handle_identity", credential.handle_identity)
      .Text("role", ToText(credential.role))
      .Text("title", credential.title)
      .Time("expire_time", credential.expire_time)
      .Text("state", ToText(credential.state))
      .Time("create_time", credential.create_time)
      .Time("revoke_time", credential.revoke_time)
      .Take();
}

std::string ToJson(const Site& site) {
  return JsonObject()
      .Text("address", site.address)
      .Text("protocol", ToText(site.protocol))
      .Number("port", site.port)
      .Bytes("public_key", site.public_key)
      .Take();
}

std::string ToJson(const Prefix& prefix) {
  const SuffixPolicy& policy = prefix.suffix_policy;
  return JsonObject()
      .Text("name", prefix.name)
      .Text("prefix", prefix.prefix)
      .Text("holder", prefix.holder)
      .Number("quota", prefix.quota)
      .Number("quota_granted", prefix.quota_granted)
      .Part("suffix_policy", JsonObject()
                                 .Number("characters_max", policy.characters_max)
                                 .Text("check_scheme", ToText(policy.check_scheme))
                                 .Text("pattern", policy.pattern)
                                 .Flag("allows_unicode", policy.allows_unicode)
                                 .Take())
      .Text("disclosure", ToText(prefix.disclosure))
      .List("sites", prefix.sites, [](const Site& site) { return ToJson(site); })
      .Text("state", ToText(prefix.state))
      .Text("state_reason", prefix.state_reason)
      .Time("create_time", prefix.create_time)
      .Time("update_time", prefix.update_time)
      .Text("etag", prefix.etag)
      .Take();
}

std::string ToJson(const Template& definition) {
  return JsonObject()
      .Text("name", definition.name)
      .Number("version", definition.version)
      .Text("state", ToText(definition.state))
      .Text("owner", definition.owner)
      .Text("english_name", definition.english_name)
      .Text("chinese_name", definition.chinese_name)
      .List("attributes", definition.attributes, AttributeJson)
      .List("draft_attributes", definition.draft_attributes, AttributeJson)
      .Time("create_time", definition.create_time)
      .Time("update_time", definition.update_time)
      .Text("etag", definition.etag)
      .Take();
}

std::string ToJson(const Grant& grant) {
  JsonObject out;
  out.Text("name", grant.name)
      .Text("registrant", grant.grantee.registrant)
      .Text("group", grant.grantee.group);
  if (grant.grantee.organization_code) {
    out.Raw("organization_code", CodeJson(*grant.grantee.organization_code));
  }
  AddScope(grant.scope, &out);
  return out
      .Part("rights", JsonObject()
                          .Text("read_tier", ToText(grant.rights.read_tier))
                          .List("write_attributes", grant.rights.write_attributes)
                          .Flag("append_events", grant.rights.append_events)
                          .Take())
      .Time("expire_time", grant.expire_time)
      .Text("title", grant.title)
      .Text("state", ToText(grant.state))
      .Time("create_time", grant.create_time)
      .Time("revoke_time", grant.revoke_time)
      .Take();
}

std::string ToJson(const Group& group) {
  return JsonObject()
      .Text("name", group.name)
      .Text("title", group.title)
      .List("members", group.members)
      .Text("etag", group.etag)
      .Take();
}

std::string ToJson(const DayCounts& day) {
  return JsonObject()
      .Text("prefix", day.prefix)
      .Text("date", day.date)
      .Text("registrant", day.registrant)
      .Text("district", day.district)
      .Text("industry_class", day.industry_class)
      .Part("counts", CountsJson(day.counts))
      .Take();
}

std::string ToJson(const DayUsage& day) {
  return JsonObject()
      .Text("prefix", day.prefix)
      .Text("date", day.date)
      .Text("door", day.door)
      .Number("asked", day.asked)
      .Number("answered", day.answered)
      .Number("never_issued", day.never_issued)
      .Number("latency_us_min", day.latency_us_min)
      .Time("latency_min_time", day.latency_min_time)
      .Number("latency_us_mean", day.latency_us_mean)
      .Number("latency_us_max", day.latency_us_max)
      .Time("latency_max_time", day.latency_max_time)
      .List("sources", day.sources, SourceJson)
      .Take();
}

std::string ToJson(const StatisticsVerification& verification) {
  return JsonObject()
      .Raw("ok", verification.differences.empty() ? "true" : "false")
      .Raw("counts", CountsJson(verification.counts))
      .Index("days_count", verification.days_count)
      .Index("sequence", verification.sequence)
      .List("differences", verification.differences, DifferenceJson)
      .Take();
}

std::string ToJson(const RegistrantAnswer& answer) {
  return AnswerJson("registrant", answer.registrant, answer.receipt);
}

std::string ToJson(const PrefixAnswer& answer) {
  return AnswerJson("prefix", answer.prefix, answer.receipt);
}

std::string ToJson(const CredentialAnswer& answer) {
  return AnswerJson("credential", answer.credential, answer.receipt);
}

std::string ToJson(const TemplateAnswer& answer) {
  return AnswerJson("template", answer.definition, answer.receipt);
}

std::string ToJson(const GrantAnswer& answer) {
  return AnswerJson("grant", answer.grant, answer.receipt);
}

std::string ToJson(const GroupAnswer& answer) {
  return AnswerJson("group", answer.group, answer.receipt);
}

}  // namespace gusu
