#include "gusu/json.h"

#include <cstdio>

#include "client/json_object.h"
#include "proto/hash.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

std::string ReferenceJson(const Reference& reference) {
  return JsonObject()
      .Text("identifier", reference.identifier)
      .Number("index", reference.index)
      .Take();
}

std::string HoldJson(const Hold& hold) {
  return JsonObject()
      .Number("number", hold.number)
      .Text("side", ToText(hold.side))
      .Text("reason", hold.reason)
      .Text("document_number", hold.document_number)
      .Time("time", hold.time)
      .Take();
}

std::string TierJson(Tier tier) { return JsonString(ToText(tier)); }

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character) {
      out += "\xef\xbf\xbd";  // U+FFFD
      text.remove_prefix(1);
    } else if (*character == '"' || *character == '\\') {
      out += '\\';
      out += static_cast<char>(*character);
    } else if (*character < 0x20 || *character == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(*character));
      out += *character == '\n'   ? "\\n"
             : *character == '\t' ? "\\t"
             : *character == '\r' ? "\\r"
                                  : escape;
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out + "\"";
}

std::string ToJson(const Status& status) {
  JsonObject metadata;
  for (const auto& [key, value] : status.metadata) {
    // A key is one of ours; it is escaped all the same.
    const std::string name = JsonString(key);
    metadata.Raw(name.substr(1, name.size() - 2).c_str(), JsonString(value));
  }
  return JsonObject()
      .Text("code", ToText(status.code))
      .Text("reason", status.reason)
      .Text("message", status.message)
      .Part("metadata", metadata.Take())
      .Take();
}

std::string ToJson(const Value& value) {
  JsonObject out;
  out.Number("index", value.index).Text("type", value.type);
  if (IsUtf8(value.data)) {
    out.Raw("data", JsonString(value.data));
  } else {
    out.Bytes("data_base64", value.data);
  }
  if (value.ttl_seconds) out.Raw("ttl_seconds", std::to_string(*value.ttl_seconds));
  return out.Time("cache_until", value.cache_until)
      .Text("tier", ToText(value.tier))
      .Text("author", value.author)
      .Text("language", value.language)
      .List("references", value.references, ReferenceJson)
      .Time("modified_time", value.modified_time)
      .Text("inherited_from", value.inherited_from)
      .Flag("is_digest", value.is_digest)
      .Take();
}

std::string ToJson(const Receipt& receipt) {
  JsonObject out;
  out.Index("leaf_index", receipt.leaf_index)
      .Number("revision", receipt.revision)
      .Time("commit_time", receipt.commit_time);
  if (receipt.proof) out.Raw("proof", ToJson(*receipt.proof));
  if (!receipt.proof_error.ok()) out.Raw("proof_error", ToJson(receipt.proof_error));
  return out.Take();
}

std::string ToJson(const Record& record) {
  JsonObject out;
  out.Text("name", record.name)
      .Text("identifier", record.identifier)
      .Text("level", ToText(record.level));
  if (record.instance_of) {
    out.Part("instance_of", JsonObject()
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
      .List("values", record.values, [](const Value& value) { return ToJson(value); });
  if (record.origin) {
    const Origin& origin = *record.origin;
    out.Part("origin", JsonObject()
                           .Text("system", origin.system)
                           .Text("original_identifier", origin.original_identifier)
                           .Time("original_registration_time", origin.original_registration_time)
                           .Text("evidence_sha256", HexEncode(origin.evidence_sha256))
                           .Take());
  }
  out.Time("effective_time", record.effective_time);
  if (record.retirement) {
    out.Part("retirement", JsonObject()
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
      .List("erased_tiers", record.erased_tiers, TierJson)
      .List("holds", record.holds, HoldJson)
      .Number("values_withheld_count", record.values_withheld_count)
      .List("withheld_tiers", record.withheld_tiers, TierJson)
      .Text("serial_range", record.serial_range)
      .Take();
}

std::string ToJson(const RecordRevision& revision) {
  return JsonObject()
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
  return JsonObject()
      .Text("identifier", result.identifier)
      .Text("name", result.name)
      .Text("outcome", ToText(result.outcome))
      .Raw("receipt", ToJson(result.receipt))
      .Text("etag", result.etag)
      .Take();
}

std::string ToJson(const ResolveAnswer& answer) {
  JsonObject out;
  if (answer.referral) return out.Raw("referral", ToJson(*answer.referral)).Take();
  out.Raw("record", ToJson(answer.record))
      .Number("read_revision", answer.read_revision)
      .Text("holder_state", ToText(answer.holder_state))
      .Number("values_withheld_count", answer.values_withheld_count)
      .List("withheld_tiers", answer.withheld_tiers, TierJson);
  if (answer.proof) out.Raw("proof", ToJson(*answer.proof));
  return out.Take();
}

std::string ToJson(const RecordAnswer& answer) {
  return JsonObject()
      .Raw("record", ToJson(answer.record))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const ResolveOutcome& outcome) {
  JsonObject out;
  out.Text("identifier", outcome.identifier);
  if (outcome.answer) return out.Raw("answer", ToJson(*outcome.answer)).Take();
  return out.Raw("error", ToJson(outcome.answer.status())).Take();
}

std::string ToJson(const RowOutcome& outcome) {
  JsonObject out;
  out.Index("row_index", outcome.row_index);
  if (outcome.result) return out.Raw("result", ToJson(*outcome.result)).Take();
  return out.Raw("error", ToJson(outcome.result.status())).Take();
}

}  // namespace gusu
