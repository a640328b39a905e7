#include "proto/code_form.h"

#include "proto/identifier.h"

namespace gusu {
namespace {

constexpr char kDigit = 0x01;
constexpr char kAlphanumeric = 0x02;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); }

bool Takes(char octet, char c) {
  if (octet == kDigit) return IsDigit(c);
  if (octet == kAlphanumeric) return IsAlphanumeric(c);
  return octet == c;
}

bool OctetsMeet(char a, char b) {
  const bool a_is_class = a == kDigit || a == kAlphanumeric;
  const bool b_is_class = b == kDigit || b == kAlphanumeric;
  if (a_is_class && b_is_class) return true;
  return a_is_class ? Takes(a, b) : Takes(b, a);
}

}  // namespace

CodeForm& CodeForm::Literal(std::string_view text) {
  octets_ += ToKey(text);
  return *this;
}

CodeForm& CodeForm::Digits(size_t count) {
  octets_.append(count, kDigit);
  return *this;
}

CodeForm& CodeForm::Alphanumerics(size_t count) {
  octets_.append(count, kAlphanumeric);
  return *this;
}

bool CodeForm::Fits(std::string_view suffix_key) const {
  if (suffix_key.size() != octets_.size()) return false;
  for (size_t i = 0; i < octets_.size(); ++i) {
    if (!Takes(octets_[i], suffix_key[i])) return false;
  }
  return true;
}

bool CodeForm::Meets(const CodeForm& other) const {
  if (octets_.size() != other.octets_.size()) return false;
  for (size_t i = 0; i < octets_.size(); ++i) {
    if (!OctetsMeet(octets_[i], other.octets_[i])) return false;
  }
  return true;
}

}  // namespace gusu
