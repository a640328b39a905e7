#include "proto/label/zpl.h"

#include <algorithm>

#include "proto/text.h"

namespace gusu {
namespace {

constexpr uint8_t kLightMin = 128;  // what is lighter is not printed
constexpr char kDigits[] = "0123456789ABCDEF";

// Eight dots a byte, the first one its highest bit; in hexadecimal.
std::string RowDigits(const LabelImage& image, size_t row) {
  std::string digits;
  const uint8_t* light = image.light.data() + row * image.width;
  for (size_t column = 0; column < image.width; column += 4) {
    int digit = 0;
    for (size_t dot = column; dot < column + 4; ++dot) {
      digit = digit * 2 + (dot < image.width && light[dot] < kLightMin ? 1 : 0);
    }
    digits += kDigits[digit];
  }
  if (digits.size() % 2 != 0) digits += '0';
  return digits;
}

// How often the next digit stands: z is 400 times, g to y 20 to 380, G to Y 1 to 19 times.
std::string RepeatCount(size_t count) {
  std::string text(count / 400, 'z');
  count %= 400;
  if (count >= 20) text += static_cast<char>('g' + count / 20 - 1);
  if (count % 20 > 0) text += static_cast<char>('G' + count % 20 - 1);
  return text;
}

// "," and "!" fill the rest of a row with zeros and ones.
std::string Compressed(const std::string& digits) {
  std::string text;
  for (size_t begin = 0; begin < digits.size();) {
    const size_t found = digits.find_first_not_of(digits[begin], begin);
    const size_t end = found == std::string::npos ? digits.size() : found;
    if (end == digits.size() && digits[begin] == '0') return text + ',';
    if (end == digits.size() && digits[begin] == 'F') return text + '!';
    if (end - begin > 2) {
      text += RepeatCount(end - begin) + digits[begin];
    } else {
      text.append(digits, begin, end - begin);
    }
    begin = end;
  }
  return text;
}

}  // namespace

std::string ToZpl(const LabelImage& image) {
  std::string field;
  std::string before;
  for (size_t row = 0; row < image.height; ++row) {
    std::string digits = RowDigits(image, row);
    field += digits == before ? ":" : Compressed(digits);
    before = std::move(digits);
  }
  const size_t row_bytes = (image.width + 7) / 8;
  const size_t bytes = row_bytes * image.height;
  return Concat("^XA^PW", image.width, "^LL", image.height, "^LH0,0^FO0,0^GFA,", bytes, ",", bytes,
                ",", row_bytes, ",", field, "^FS^PQ1^XZ\n");
}

}  // namespace gusu
