#include "server/doors/http/pages/linkset.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gusu/v1/resources.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/doors/http/html.h"
#include "server/doors/http/pages/reader.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

// Octets beyond ASCII as %XX. Empty where they stand in the host, which would need a name of
// another form.
std::string InAscii(std::string_view address) {
  std::string ascii;
  const size_t host = address.find("//") + 2;
  const size_t host_end = std::min(address.find_first_of("/?#", host), address.size());
  for (size_t i = 0; i < address.size(); ++i) {
    const auto octet = static_cast<unsigned char>(address[i]);
    if (octet < 0x80) {
      ascii += address[i];
      continue;
    }
    if (i < host_end) return "";
    constexpr char kDigits[] = "0123456789ABCDEF";
    ascii += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return ascii;
}

// Of an address that others wrote; empty: it is none that a link may have.
std::string Address(std::string_view text) {
  return HtmlUrl::OfWeb(text) ? InAscii(text) : std::string();
}

std::string CodeAddress(std::string_view identifier, std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  return Concat(public_url, CodePath(identifier).text());
}

void Add(const char* relation, Json link, Json* context) {
  if (link["href"].get<std::string>().empty()) return;
  Json& links = (*context)[relation];
  // The same address may stand in several values.
  for (const Json& other : links) {
    if (other["href"] == link["href"]) return;
  }
  links.push_back(std::move(link));
}

void AddDocument(const std::string& text, Json* context) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return;
  const auto member = [&document](const char* name) {
    const auto found = document.find(name);
    return found != document.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
  };
  Json link = {{"href", Address(member("url"))}};
  if (const std::string type = member("media_type"); !type.empty()) link["type"] = type;
  if (const std::string title = member("title"); !title.empty()) link["title"] = title;
  if (const std::string hash = member("sha256"); !hash.empty()) link["sha256"] = {hash};
  Add("describedby", std::move(link), context);
}

}  // namespace

std::string LinksetOf(const v1::Record& record, const ValueAttributes& attributes,
                      std::string_view public_url) {
  Json context = {{"anchor", CodeAddress(record.identifier(), public_url)}};
  const std::string main_address = RedirectTargetOf(record);
  Add("describedby", {{"href", main_address}}, &context);
  for (const v1::Value& value : record.values()) {
    if (value.is_digest()) continue;
    const Attribute* attribute = attributes.Find(value);
    const AttributeType type = attribute == nullptr ? AttributeType::kString : attribute->type;
    if (type == AttributeType::kDocument) {
      AddDocument(value.data(), &context);
    } else if (type == AttributeType::kUrl || value.type() == "URL") {
      const std::string address = Address(value.data());
      if (address != main_address) Add("related", {{"href", address}}, &context);
    }
  }
  const std::string& above = record.instance_of().identifier();
  if (!above.empty()) Add("up", {{"href", CodeAddress(above, public_url)}}, &context);
  const std::string& successor = record.retirement().successor();
  if (!successor.empty()) {
    Add("successor-version", {{"href", CodeAddress(successor, public_url)}}, &context);
  }
  const Json linkset = {{"linkset", Json::array({std::move(context)})}};
  return linkset.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string RedirectTargetOf(const v1::Record& record) {
  const v1::Value* best = nullptr;
  for (const v1::Value& value : record.values()) {
    if (value.type() != "URL" || value.is_digest() || Address(value.data()).empty()) continue;
    const bool is_nearer = best != nullptr && best->inherited_from() == value.inherited_from();
    if (best == nullptr || (is_nearer && value.index() < best->index())) best = &value;
  }
  return best == nullptr ? "" : Address(best->data());
}

}  // namespace gusu::server
