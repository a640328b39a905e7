#include "tests/proto/label_reading.h"

#include <charconv>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace gusu::test {
namespace {

// Reads ZPL from its beginning.
class ZplReader {
 public:
  explicit ZplReader(std::string_view zpl) : zpl_(zpl) {}

  bool AtEnd() const { return at_ == zpl_.size(); }
  void Expect(std::string_view text) {
    if (zpl_.substr(at_, text.size()) != text) Fail("expected " + std::string(text));
    at_ += text.size();
  }
  size_t Number() {
    size_t number = 0;
    const auto parsed = std::from_chars(zpl_.data() + at_, zpl_.data() + zpl_.size(), number);
    if (parsed.ec != std::errc()) Fail("expected a number");
    at_ = static_cast<size_t>(parsed.ptr - zpl_.data());
    return number;
  }

  // One row of a graphic field, as digits of four dots; `before` is the row above.
  std::string Row(size_t digits, const std::string& before) {
    std::string row;
    if (Peek() == ':') {
      ++at_;
      return before;
    }
    while (row.size() < digits) {
      if (Peek() == ',' || Peek() == '!') {
        row.resize(digits, zpl_[at_++] == ',' ? '0' : 'F');
        break;
      }
      size_t count = 0;
      for (; (Peek() >= 'G' && Peek() <= 'Y') || (Peek() >= 'g' && Peek() <= 'z'); ++at_) {
        count += Peek() <= 'Y' ? static_cast<size_t>(Peek() - 'G') + 1
                               : (static_cast<size_t>(Peek() - 'g') + 1) * 20;
      }
      const char digit = Peek();
      if (!((digit >= '0' && digit <= '9') || (digit >= 'A' && digit <= 'F'))) {
        Fail("expected a digit");
      }
      ++at_;
      row.append(count == 0 ? 1 : count, digit);
    }
    if (row.size() != digits) Fail("a row is too long");
    return row;
  }

 private:
  char Peek() const { return at_ < zpl_.size() ? zpl_[at_] : '\0'; }
  [[noreturn]] void Fail(const std::string& what) const {
    throw std::runtime_error("ZPL at " + std::to_string(at_) + ": " + what);
  }

  std::string_view zpl_;
  size_t at_ = 0;
};

void AddDots(const std::string& row, size_t width, std::vector<uint8_t>* light) {
  for (size_t dot = 0; dot < width; ++dot) {
    const char digit = row[dot / 4];
    const int bits = digit <= '9' ? digit - '0' : digit - 'A' + 10;
    light->push_back((bits >> (3 - dot % 4) & 1) != 0 ? 0 : 255);
  }
}

}  // namespace

std::string OutputOf(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  pclose(pipe);
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

std::vector<LabelImage> DecodeZpl(const std::string& zpl) {
  std::vector<LabelImage> images;
  ZplReader reader(zpl);
  while (!reader.AtEnd()) {
    LabelImage image;
    reader.Expect("^XA^PW");
    image.width = reader.Number();
    reader.Expect("^LL");
    image.height = reader.Number();
    reader.Expect("^LH0,0^FO0,0^GFA,");
    const size_t bytes = reader.Number();
    reader.Expect(",");
    if (reader.Number() != bytes) throw std::runtime_error("ZPL: the field has two sizes");
    reader.Expect(",");
    const size_t row_bytes = reader.Number();
    reader.Expect(",");
    if (row_bytes != (image.width + 7) / 8 || bytes != row_bytes * image.height) {
      throw std::runtime_error("ZPL: the field is not as large as the label");
    }
    std::string row(row_bytes * 2, '0');
    for (size_t i = 0; i < image.height; ++i) {
      row = reader.Row(row_bytes * 2, row);
      AddDots(row, image.width, &image.light);
    }
    reader.Expect("^FS^PQ1^XZ\n");
    images.push_back(std::move(image));
  }
  return images;
}

std::string ToPgm(const LabelImage& image) {
  return "P5\n" + std::to_string(image.width) + " " + std::to_string(image.height) + "\n255\n" +
         std::string(image.light.begin(), image.light.end());
}

std::string ReadQr(const std::string& path) {
  return OutputOf("zbarimg -q --nodbus --raw -Sdisable -Sqrcode.enable '" + path + "'");
}

std::string ReadDataMatrix(const std::string& path, bool is_gs1) {
  return OutputOf(std::string("dmtxread -n -N1 -m20000 ") + (is_gs1 ? "-G126 '" : "'") + path +
                  "'");
}

}  // namespace gusu::test
