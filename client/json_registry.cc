// Serial ranges, transfers and referrals as JSON.
#include "client/json_object.h"

namespace gusu {
namespace {

std::string ItemJson(const TransferItem& item) {
  return JsonObject().Text("identifier", item.identifier).Text("state", ToText(item.state)).Take();
}

}  // namespace

std::string ToJson(const Referral& referral) {
  return JsonObject()
      .Text("prefix", referral.prefix)
      .List("sites", referral.sites, [](const Site& site) { return ToJson(site); })
      .Take();
}

std::string ToJson(const SerialRange& range) {
  JsonObject out;
  out.Text("name", range.name)
      .Text("pattern", range.pattern)
      .Index("first_serial", range.first_serial)
      .Index("last_serial", range.last_serial)
      .Text("first_identifier", range.first_identifier)
      .Text("last_identifier", range.last_identifier)
      .Text("state", ToText(range.state))
      .Text("level", ToText(range.level));
  if (range.instance_of) {
    out.Part("instance_of", JsonObject()
                                .Text("identifier", range.instance_of->identifier)
                                .Number("revision", range.instance_of->revision)
                                .Take());
  }
  return out.Text("template", range.template_id)
      .Number("template_version", range.template_version)
      .List("values", range.values, [](const Value& value) { return ToJson(value); })
      .Text("issued_by", range.issued_by)
      .Text("owner", range.owner)
      .Text("custodian", range.custodian)
      .Text("parent", range.parent)
      .Time("create_time", range.create_time)
      .Time("update_time", range.update_time)
      .Number("revision", range.revision)
      .Number("leaf_index", range.leaf_index)
      .Text("etag", range.etag)
      .Take();
}

std::string ToJson(const SerialRangeAnswer& answer) {
  return JsonObject()
      .Raw("serial_range", ToJson(answer.serial_range))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

std::string ToJson(const Transfer& transfer) {
  JsonObject out;
  out.Text("name", transfer.name)
      .Text("from", transfer.from)
      .Text("to", transfer.to)
      .Flag("ownership", transfer.ownership)
      .Flag("custody", transfer.custody)
      .List("items", transfer.items, ItemJson);
  if (transfer.range) {
    out.Part("range", JsonObject()
                          .Text("first_identifier", transfer.range->first_identifier)
                          .Text("last_identifier", transfer.range->last_identifier)
                          .Take());
  }
  return out.Time("expire_time", transfer.expire_time)
      .Text("reference", transfer.reference)
      .Text("state", ToText(transfer.state))
      .Time("create_time", transfer.create_time)
      .Time("update_time", transfer.update_time)
      .Text("state_reason", transfer.state_reason)
      .Text("etag", transfer.etag)
      .Take();
}

std::string ToJson(const TransferAnswer& answer) {
  return JsonObject()
      .Raw("transfer", ToJson(answer.transfer))
      .Raw("receipt", ToJson(answer.receipt))
      .Take();
}

}  // namespace gusu
