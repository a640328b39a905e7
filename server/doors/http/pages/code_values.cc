#include "server/doors/http/pages/code_values.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "gusu/v1/resources.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/pages/facts.h"
#include "server/doors/http/pages/words.h"

namespace gusu::server {
namespace {

constexpr size_t kHexBytesMax = 64;

std::string Hex(std::string_view bytes) {
  return std::string(absl::BytesToHexString(AbslView(bytes)));
}

// Whether the text can be a lang attribute: letters, digits and "-".
bool IsLanguageTag(std::string_view text) {
  return !text.empty() && text.size() <= 35 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void WriteBytes(const Reader& reader, std::string_view data, HtmlWriter& html) {
  std::string text = "0x" + Hex(data.substr(0, kHexBytesMax));
  if (data.size() > kHexBytesMax) text += "…";
  html.Element("code", text);
  html.Text(Concat(" (", data.size(), reader.In({" 字节)", " bytes)"})));
}

void WriteText(const Reader& reader, const v1::Value& value, HtmlWriter& html) {
  const std::string_view shown = CutUtf8(value.data(), kShownBytesMax);
  if (IsLanguageTag(value.language())) {
    html.Element("bdi", shown, {{"lang", value.language()}});
  } else {
    html.Foreign(shown);
  }
  if (shown.size() == value.data().size()) return;
  html.Text(Concat("… (", value.data().size(), reader.In({" 字节)", " bytes)"})));
}

void WriteIdentifier(const Reader& reader, const std::string& text, HtmlWriter& html) {
  if (!Identifier::Parse(text).ok()) {
    html.Foreign(text);
    return;
  }
  html.OpenLink(reader.CodeUrl(text)).Foreign(text).Close();
}

// {"url", "media_type", "sha256", "title", "expires_on"}. False: the text is no such object.
bool WriteDocument(const Reader& reader, const std::string& text, HtmlWriter& html) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return false;
  const auto member = [&document](const char* name) {
    const auto found = document.find(name);
    return found != document.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
  };
  if (const std::string title = member("title"); !title.empty()) html.Foreign(title).Open("br");
  html.ForeignLink(member("url"));
  if (const std::string type = member("media_type"); !type.empty()) {
    html.Text(" (").Foreign(type).Text(")");
  }
  html.Open("br").Element("small", "SHA-256 ").Element("code", member("sha256"));
  if (const std::string day = member("expires_on"); !day.empty()) {
    html.Open("br").Text(reader.In({"有效期至 ", "Valid until "})).Foreign(day);
  }
  return true;
}

void WriteData(const Reader& reader, const v1::Value& value, const Attribute* attribute,
               HtmlWriter& html) {
  if (value.is_digest()) {
    html.Text(reader.In({"仅登记摘要：SHA-256 ", "Only a digest is registered: SHA-256 "}));
    html.Element("code", Hex(value.data()));
    return;
  }
  if (!IsUtf8(value.data())) {
    WriteBytes(reader, value.data(), html);
    return;
  }
  const AttributeType type = attribute == nullptr ? AttributeType::kString : attribute->type;
  const bool is_short = value.data().size() <= kShownBytesMax;
  if (is_short && (type == AttributeType::kUrl || value.type() == "URL")) {
    html.ForeignLink(value.data());
  } else if (is_short && (type == AttributeType::kIdentifier || value.type() == "HS_ALIAS")) {
    WriteIdentifier(reader, value.data(), html);
  } else if (type == AttributeType::kDocument && WriteDocument(reader, value.data(), html)) {
    return;
  } else if (type == AttributeType::kBoolean && value.data() == "true") {
    html.Text(reader.In({"是", "Yes"}));
  } else if (type == AttributeType::kBoolean && value.data() == "false") {
    html.Text(reader.In({"否", "No"}));
  } else {
    WriteText(reader, value, html);
  }
  if (attribute != nullptr && !attribute->unit.empty()) {
    html.Text(" ").Element("span", attribute->unit, {{"class", "unit"}});
  }
}

// The attribute's name in the page's language, or the value's type.
std::string NameOf(const Reader& reader, const v1::Value& value, const Attribute* attribute) {
  if (attribute == nullptr) return ToUtf8(value.type());
  const std::string& name =
      reader.language == Language::kChinese ? attribute->chinese_name : attribute->english_name;
  return name.empty() ? attribute->name : name;
}

}  // namespace

void WriteValues(const Reader& reader, const v1::Record& record, const ValueAttributes& attributes,
                 HtmlWriter& html) {
  // Own values come first, those of each ancestor stand together.
  for (int i = 0; i < record.values_size();) {
    const std::string& from = record.values(i).inherited_from();
    if (!from.empty()) {
      html.Open("h3").Text(reader.In({"继承自 ", "Inherited from "}));
      WriteIdentifier(reader, from, html);
      html.Close();
    }
    Facts facts(html);
    for (; i < record.values_size() && record.values(i).inherited_from() == from; ++i) {
      const v1::Value& value = record.values(i);
      const Attribute* attribute = attributes.Find(value);
      facts.Write(NameOf(reader, value, attribute), [&](HtmlWriter& out) {
        WriteData(reader, value, attribute, out);
        if (value.tier() == v1::PUBLIC) return;
        out.Text(" ").Element("small", Concat("(", reader.In(TierWords(value.tier())), ")"));
      });
    }
  }
}

}  // namespace gusu::server
