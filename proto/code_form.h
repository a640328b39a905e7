// The form of codes: what can stand at each octet of their comparison keys. Two patterns can make
// the same code only if a form of the one meets a form of the other.
#pragma once

#include <string>
#include <string_view>

namespace gusu {

class CodeForm {
 public:
  CodeForm& Literal(std::string_view text);
  CodeForm& Digits(size_t count);
  // 0-9 and A-Z.
  CodeForm& Alphanumerics(size_t count);

  // Whether a code of this form has `suffix_key` for its comparison key, as far as the form tells.
  bool Fits(std::string_view suffix_key) const;
  // Whether some text has both forms.
  bool Meets(const CodeForm& other) const;

 private:
  // Literal octets as they are; classes as octets below 0x20, which no code has.
  std::string octets_;
};

}  // namespace gusu
