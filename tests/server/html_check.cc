#include "tests/server/html_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace gusu::test {
namespace {

const std::set<std::string> kWithoutEnd = {"meta", "link", "input", "br",
                                           "img",  "hr",   "col",   "wbr"};

class Reading {
 public:
  explicit Reading(std::string_view page) : rest_(page) {}

  HtmlRead Read() {
    if (!TakeText("<!doctype html>")) Fault("does not begin with the doctype");
    while (!rest_.empty()) {
      const size_t tag = std::min(rest_.find('<'), rest_.size());
      read_.text += Unescaped(rest_.substr(0, tag));
      rest_.remove_prefix(tag);
      if (!rest_.empty() && !ReadTag()) break;
    }
    for (const std::string& name : open_) Fault("is not closed: " + name);
    return std::move(read_);
  }

 private:
  void Fault(const std::string& what) { read_.faults.push_back(what); }

  bool TakeText(std::string_view text) {
    if (rest_.substr(0, text.size()) != text) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string Unescaped(std::string_view text) {
    static const std::map<std::string, char, std::less<>> kNames = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"#39", '\''}};
    std::string out;
    while (!text.empty()) {
      if (text[0] == '<' || text[0] == '>') Fault("has a bare angle bracket in a text");
      if (text[0] != '&') {
        out += text[0];
        text.remove_prefix(1);
        continue;
      }
      const size_t end = text.find(';');
      const auto name = kNames.find(text.substr(1, end - 1));
      if (end == std::string_view::npos || name == kNames.end()) {
        Fault("has a bare ampersand: " + std::string(text.substr(0, 20)));
        return out;
      }
      out += name->second;
      text.remove_prefix(end + 1);
    }
    return out;
  }

  std::string TakeName() {
    size_t end = 0;
    while (end < rest_.size() && (isalnum(static_cast<unsigned char>(rest_[end])) != 0 ||
                                  rest_[end] == '-' || rest_[end] == '/')) {
      ++end;
    }
    const std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return name;
  }

  bool ReadTag() {
    rest_.remove_prefix(1);
    HtmlTagRead tag;
    tag.name = TakeName();
    while (TakeText(" ")) {
      const std::string name = TakeName();
      std::string value;
      if (TakeText("=")) {
        const size_t end = rest_.find('"', 1);
        if (!TakeText("\"") || end == std::string_view::npos) {
          Fault("has an attribute without quotes: " + name);
          return false;
        }
        value = Unescaped(rest_.substr(0, end - 1));
        rest_.remove_prefix(end);
      }
      tag.attributes.emplace_back(name, value);
    }
    if (tag.name.empty() || !TakeText(">")) {
      Fault("has a malformed tag: " + std::string(rest_.substr(0, 20)));
      return false;
    }
    Balance(tag.name);
    read_.tags.push_back(std::move(tag));
    read_.text += '\n';
    return true;
  }

  void Balance(const std::string& name) {
    if (name[0] != '/') {
      if (kWithoutEnd.count(name) == 0) open_.push_back(name);
    } else if (open_.empty() || "/" + open_.back() != name) {
      Fault("closes what is not open: " + name);
    } else {
      open_.pop_back();
    }
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  HtmlRead read_;
};

bool MayLeadTo(const std::string& address) {
  if (address.starts_with("https://") || address.starts_with("http://")) return true;
  return address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//"));
}

void CheckSafety(const HtmlTagRead& tag, std::vector<std::string>& faults) {
  const std::string& name = tag.name;
  for (const char* bad : {"style", "iframe", "object", "embed", "base"}) {
    if (name == bad) faults.push_back("has an element " + name);
  }
  if (name == "script" && !tag.Attribute("src").starts_with("/assets/")) {
    faults.push_back("has a script that is not one of the assets");
  }
  for (const auto& [attribute, value] : tag.attributes) {
    if (attribute.starts_with("on") || attribute == "style") {
      faults.push_back("has an attribute " + attribute);
    }
    const bool is_address = attribute == "href" || attribute == "src" || attribute == "action";
    if (is_address && !MayLeadTo(value)) faults.push_back("leads to " + value);
  }
}

void CheckAccess(const std::vector<HtmlTagRead>& tags, std::vector<std::string>& faults) {
  std::set<std::string> ids, labelled;
  std::map<std::string, int> counts;
  int heading = 0;
  bool is_drawing = false;  // where a title is the text of a part
  for (const HtmlTagRead& tag : tags) {
    if (tag.name == "svg" || tag.name == "/svg") is_drawing = tag.name == "svg";
    if (!is_drawing) ++counts[tag.name];
    const std::string id = tag.Attribute("id");
    if (!id.empty() && !ids.insert(id).second) faults.push_back("has two elements of id " + id);
    if (tag.name == "label") labelled.insert(tag.Attribute("for"));
    if (tag.name == "html" && tag.Attribute("lang").empty()) faults.push_back("has no language");
    if (tag.name == "img" && !tag.Has("alt")) faults.push_back("has an image without a text");
    if (tag.name == "th" && !tag.Has("scope")) faults.push_back("has a heading cell without scope");
    if (tag.name.size() == 2 && tag.name[0] == 'h' && isdigit(tag.name[1]) != 0) {
      const int level = tag.name[1] - '0';
      if (level > heading + 1)
        faults.push_back("leaves out a level of headings before " + tag.name);
      heading = level;
    }
  }
  for (const HtmlTagRead& tag : tags) {
    const bool is_control =
        (tag.name == "input" || tag.name == "select" || tag.name == "textarea") &&
        tag.Attribute("type") != "hidden" && tag.Attribute("type") != "submit";
    if (is_control && !tag.Has("aria-label") && labelled.count(tag.Attribute("id")) == 0) {
      faults.push_back("has a control without a label: " + tag.Attribute("name"));
    }
  }
  for (const char* once : {"html", "head", "title", "body", "main", "h1", "nav", "header"}) {
    if (counts[once] != 1) {
      faults.push_back("has " + std::to_string(counts[once]) + " elements " + once);
    }
  }
}

}  // namespace

std::string HtmlTagRead::Attribute(std::string_view wanted) const {
  for (const auto& [each, value] : attributes) {
    if (each == wanted) return value;
  }
  return "";
}

bool HtmlTagRead::Has(std::string_view wanted) const {
  return std::any_of(attributes.begin(), attributes.end(),
                     [wanted](const auto& attribute) { return attribute.first == wanted; });
}

HtmlRead ReadHtml(std::string_view page) {
  HtmlRead read = Reading(page).Read();
  for (const HtmlTagRead& tag : read.tags) CheckSafety(tag, read.faults);
  CheckAccess(read.tags, read.faults);
  return read;
}

}  // namespace gusu::test
