// Labels: where symbol and text stand, in every format.
#include "proto/label/label.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>
#include <thread>

#include "proto/error.h"
#include "proto/label/image.h"
#include "proto/label/pdf.h"
#include "proto/label/png.h"
#include "proto/label/svg.h"
#include "proto/label/zpl.h"
#include "tests/proto/label_builders.h"
#include "tests/proto/label_reading.h"
#include "tests/random.h"

namespace gusu {
namespace {

using test::Content;
using test::ImageOf;
using test::kGs1;
using test::kUrl;
using test::Made;
using test::Sized;

std::string FaultOf(const LabelContent& content, const LabelOptions& options, int dpi) {
  const absl::StatusOr<Label> label = LayOutLabel(content, options, dpi);
  if (label.ok()) return "fine";
  return ErrorReason(label.status()) + ": " + std::string(label.status().message());
}

// Whether nothing but background stands in a box of dots.
bool IsBlank(const LabelImage& image, double x_mm, double y_mm, double width_mm, double height_mm,
             int dpi) {
  const auto dot = [dpi](double mm) {
    return static_cast<size_t>(std::max(0L, std::lround(mm * dpi / kMillimetresPerInch)));
  };
  for (size_t row = dot(y_mm); row < std::min(image.height, dot(y_mm + height_mm)); ++row) {
    for (size_t column = dot(x_mm); column < std::min(image.width, dot(x_mm + width_mm));
         ++column) {
      if (image.light[row * image.width + column] != 255) return false;
    }
  }
  return true;
}

// The symbol with its quiet zone: [x, y, side].
struct Square {
  double x_mm, y_mm, side_mm;
};
Square SymbolOf(const Label& label) {
  const double quiet_mm = static_cast<double>(label.symbol.quiet_modules) * label.module_mm;
  return {label.symbol_x_mm - quiet_mm, label.symbol_y_mm - quiet_mm,
          static_cast<double>(label.symbol.SideWithQuietZone()) * label.module_mm};
}

TEST_CASE("a symbol has its quiet zone, whatever stands on the label") {
  const struct {
    LabelSymbol symbol;
    const char* payload;
    size_t quiet_modules_min;  // of its standard
  } kinds[] = {{LabelSymbol::kQr, kUrl, 4},
               {LabelSymbol::kDataMatrix, kUrl, 1},
               {LabelSymbol::kGs1DataMatrix, kGs1, 1}};
  for (const auto& kind : kinds) {
    for (const LabelSize size : {LabelSize{30, 15}, LabelSize{20, 30}, LabelSize{60, 40}}) {
      CAPTURE(kind.payload, ToText(size));
      constexpr int kDpi = 300;
      const Label label =
          Made(Content(kind.payload), Sized(size.width_mm, size.height_mm, kind.symbol), kDpi);
      CHECK(label.symbol.quiet_modules >= kind.quiet_modules_min);
      const Square all = SymbolOf(label);
      CHECK(all.x_mm >= -1e-6);
      CHECK(all.y_mm >= -1e-6);
      CHECK(all.x_mm + all.side_mm <= size.width_mm + 1e-6);
      CHECK(all.y_mm + all.side_mm <= size.height_mm + 1e-6);
      const LabelImage image = ImageOf(label, kDpi);
      const double quiet_mm = label.symbol_x_mm - all.x_mm;
      CHECK(IsBlank(image, all.x_mm, all.y_mm, all.side_mm, quiet_mm, kDpi));
      CHECK(IsBlank(image, all.x_mm, all.y_mm, quiet_mm, all.side_mm, kDpi));
      CHECK(
          IsBlank(image, all.x_mm, all.y_mm + all.side_mm - quiet_mm, all.side_mm, quiet_mm, kDpi));
      CHECK(
          IsBlank(image, all.x_mm + all.side_mm - quiet_mm, all.y_mm, quiet_mm, all.side_mm, kDpi));
      // And the text is there.
      const TextBlock& text = label.text;
      CHECK_FALSE(IsBlank(image, text.x_mm, text.y_mm, text.width_mm, text.font_mm, kDpi));
    }
  }
}

TEST_CASE("modules are whole dots, the nearest to what was asked for") {
  const struct {
    double module_mm;
    int dpi;
    int dots;
  } kinds[] = {{0.33, 203, 3}, {0.33, 300, 4}, {0.33, 600, 8}, {0.13, 203, 1}, {0.25, 203, 2}};
  for (const auto& kind : kinds) {
    CAPTURE(kind.module_mm, kind.dpi);
    LabelOptions options = Sized(60, 40);
    options.module_mm = kind.module_mm;
    const Label label = Made(Content(), options, kind.dpi);
    CHECK(label.module_mm == Approx(kind.dots * kMillimetresPerInch / kind.dpi));
    const LabelImage image = ImageOf(label, kind.dpi);
    const auto first = [&](double mm) {
      return static_cast<size_t>(std::lround(mm * kind.dpi / kMillimetresPerInch));
    };
    for (size_t row = 0; row < label.symbol.side; ++row) {
      for (size_t column = 0; column < label.symbol.side; ++column) {
        const uint8_t light = label.symbol.IsDark(row, column) ? 0 : 255;
        for (int dot = 0; dot < kind.dots * kind.dots; ++dot) {
          const size_t y = first(label.symbol_y_mm) + row * static_cast<size_t>(kind.dots) +
                           static_cast<size_t>(dot / kind.dots);
          const size_t x = first(label.symbol_x_mm) + column * static_cast<size_t>(kind.dots) +
                           static_cast<size_t>(dot % kind.dots);
          if (image.light[y * image.width + x] != light) {
            FAIL("module " << row << "," << column << " has a dot of another colour");
          }
        }
      }
    }
  }
  CHECK(Made(Content(), Sized(60, 40), 0).module_mm == 0.33);
}

TEST_CASE("too small a label names the least size, which is enough") {
  test::Random random("least label");
  CHECK(
      FaultOf(Content(), Sized(10, 10), 0)
          .find(
              "LABEL_TOO_SMALL: a label of 10x10mm is too small for \"88.118.8/HP-123-0042\": the "
              "least is ") == 0);
  for (int i = 0; i < 30; ++i) {
    const auto symbol = static_cast<LabelSymbol>(random.Below(2));
    LabelContent content;
    content.payload = "https://id.example/88.118.8/" + std::string(1 + random.Below(60), 'A');
    content.lines.push_back(content.payload.substr(19));
    for (size_t line = random.Below(3); line > 0; --line) {
      content.lines.emplace_back(1 + random.Below(40), 'n');
    }
    LabelOptions options = Sized(5, 5, symbol);
    options.module_mm = 0.2 + static_cast<double>(random.Below(40)) / 100;
    const int dpi = random.Below(2) == 0 ? 0 : 203;
    const absl::StatusOr<Label> label = LayOutLabel(content, options, dpi);
    REQUIRE_FALSE(label.ok());
    CHECK(ErrorReason(label.status()) == "LABEL_TOO_SMALL");
    const std::string least = ErrorMetadataValue(label.status(), "least_size");
    CAPTURE(random.seed(), content.payload, options.module_mm, dpi, least);
    double width_mm = 0;
    double height_mm = 0;
    REQUIRE(std::sscanf(least.c_str(), "%lfx%lfmm", &width_mm, &height_mm) == 2);
    options.size = LabelSize{width_mm, height_mm};
    CHECK(LayOutLabel(content, options, dpi).ok());
    // One that leaves out a millimetre on both sides is refused again.
    options.size = LabelSize{width_mm - 1, height_mm - 1};
    CHECK_FALSE(LayOutLabel(content, options, dpi).ok());
  }
}

TEST_CASE("without a size no label is larger than any may be") {
  LabelOptions options;
  options.module_mm = 5;
  CHECK(FaultOf(Content(), options, 0) == "fine");
  CHECK(FaultOf(Content("https://id.example/" + std::string(200, 'a')), options, 0).substr(0, 15) ==
        "LABEL_TOO_LARGE");
}

TEST_CASE("without a size the label is as large as it needs to be") {
  LabelOptions options;
  const Label label = Made(Content(), options, 300);
  CHECK(label.text.font_mm >= 2.0);
  const Square all = SymbolOf(label);
  CHECK(label.size.width_mm >= all.side_mm);
  CHECK(label.size.width_mm * label.size.height_mm < 3 * all.side_mm * all.side_mm);
}

TEST_CASE("options out of their bounds are named") {
  LabelOptions options = Sized(30, 15);
  options.module_mm = 0.05;
  CHECK(FaultOf(Content(), options, 0) ==
        "FIELD_INVALID: module 0.05mm is not between 0.1mm and 5mm");
  options.module_mm = 0.1;
  CHECK(FaultOf(Content(), options, 203) ==
        "LABEL_TOO_SMALL: modules of 0.1mm are smaller than a dot at 203 dpi: the least is "
        "0.126mm");
  options.module_mm = std::nan("");
  CHECK(FaultOf(Content(), options, 0).substr(0, 13) == "FIELD_INVALID");
  CHECK(FaultOf(Content(), Sized(301, 15), 0) ==
        "FIELD_INVALID: size 301mm is not between 1mm and 300mm");
  CHECK(FaultOf(Content(), Sized(30, 0), 0) ==
        "FIELD_INVALID: size 0mm is not between 1mm and 300mm");
  CHECK(FaultOf(Content(), Sized(30, 15), 99) ==
        "FIELD_INVALID: dpi 99 is not between 100 and 1200");
  const Label large = Made(Content(), Sized(300, 300), 600);
  const auto image = ToImage(large, 600);
  CHECK(ErrorReason(image.status()) == "LABEL_TOO_LARGE");
}

TEST_CASE("what fits no symbol is refused") {
  CHECK(FaultOf(Content("https://id.example/" + std::string(5000, 'A')), LabelOptions(), 0)
            .substr(0, 23) == "LABEL_PAYLOAD_TOO_LONG:");
  // Another fault is not called so.
  CHECK(FaultOf(Content("\xFF"), LabelOptions(), 0).find("TOO_LONG") == std::string::npos);
  LabelOptions gs1;
  gs1.symbol = LabelSymbol::kGs1DataMatrix;
  CHECK(FaultOf(Content("[01]0950600013435"), gs1, 0).substr(0, 17) == "GS1_DATA_INVALID:");
}

TEST_CASE("text that no font shows is not left out in silence") {
  LabelContent content = Content();
  content.lines[1] = "\U000F1234";  // of private use
  CHECK(FaultOf(content, Sized(60, 40), 0) ==
        "LABEL_GLYPH_MISSING: no font of this machine shows all characters of \"\U000F1234\": "
        "install one, for example fonts-wqy-microhei for Chinese");
  content.lines[1] = "标识注册 登記 レジスタ";
  CHECK(FaultOf(content, Sized(60, 40), 0) == "fine");
}

TEST_CASE("the code is never shortened, other lines are") {
  LabelContent content = Content();
  content.lines = {"88.118.8/" + std::string(100, 'W'), "short"};
  CHECK(FaultOf(content, Sized(30, 15), 0).substr(0, 16) == "LABEL_TOO_SMALL:");
  content.lines = {"88.118.8/W", std::string(200, 'W')};
  CHECK(FaultOf(content, Sized(30, 15), 0) == "fine");
}

TEST_CASE("text is cut only where no characters that can be read show all of it") {
  LabelContent content = Content();
  content.lines = {"88.118.8/LOT/A+1:2", "Centrifugal pump, five stages"};
  for (const LabelSize size : {LabelSize{30, 15}, LabelSize{25, 25}, LabelSize{20, 30}}) {
    CAPTURE(ToText(size));
    CHECK_FALSE(Made(content, Sized(size.width_mm, size.height_mm), 0).is_text_cut);
  }
  // Where nothing is cut characters are as large as before.
  CHECK(Made({kUrl, false, {"1/2"}}, Sized(30, 15), 0).text.font_mm == 3.2);
  content.lines[1] = std::string(200, 'W');
  CHECK(Made(content, Sized(30, 15), 0).is_text_cut);
}

TEST_CASE("without a size a label is as wide as names need") {
  LabelContent content = Content();
  for (const char* name :
       {"五级离心泵组（防爆型，带变频控制柜）", "Centrifugal pump, five stages"}) {
    content.lines[1] = name;
    CAPTURE(name);
    const Label label = Made(content, LabelOptions(), 0);
    CHECK_FALSE(label.is_text_cut);
    CHECK(label.size.width_mm <= 60);
  }
  // What is longer than names are makes no banner of it.
  content.lines[1] = std::string(3000, 'W');
  const Label label = Made(content, LabelOptions(), 0);
  CHECK(label.is_text_cut);
  CHECK(label.size.width_mm <= 60);
}

TEST_CASE("a GS1 key stands whole below the code") {
  LabelContent content = Content(kGs1);
  content.lines = {"88.118.8/HP-1", "(01)09506000134352(21)" + std::string(20, 'W'), "name"};
  content.whole_lines_count = 2;
  const Label label = Made(content, Sized(20, 30, LabelSymbol::kGs1DataMatrix), 0);
  CHECK_FALSE(label.is_text_cut);
  content.lines[1] += std::string(100, 'W');
  CHECK(FaultOf(content, Sized(20, 30, LabelSymbol::kGs1DataMatrix), 0).substr(0, 16) ==
        "LABEL_TOO_SMALL:");
}

// ---- Formats ----------------------------------------------------------------------------------

// The dark modules that an SVG's path of runs draws.
std::vector<bool> ModulesOf(const std::string& path, size_t side) {
  std::vector<bool> dark(side * side);
  std::istringstream in(path);
  char c = 0;
  while (in >> c) {
    size_t x = 0;
    size_t y = 0;
    size_t length = 0;
    size_t back = 0;
    char h = 0;
    char v = 0;
    char one = 0;
    char h2 = 0;
    char minus = 0;
    char z = 0;
    in >> x >> y >> h >> length >> v >> one >> h2 >> minus >> back >> z;
    const std::string shape = {c, h, v, one, h2, minus, z};
    if (!in || shape != "Mhv1h-z" || length != back) FAIL("no run: " << shape);
    for (size_t i = 0; i < length; ++i) dark.at(y * side + x + i) = true;
  }
  return dark;
}

std::string Between(const std::string& text, const std::string& before, const std::string& after) {
  const size_t begin = text.find(before);
  if (begin == std::string::npos) return "";
  return text.substr(begin + before.size(),
                     text.find(after, begin + before.size()) - begin - before.size());
}

TEST_CASE("an SVG draws the symbol's modules and each character's outlines, and is well-formed") {
  LabelContent content = Content("88.118.8/A<&>B");
  // Each of these characters is one closed line.
  content.lines = {"1.1/1111111111111111111111111111"};
  const Label label = Made(content, Sized(40, 20), 0);
  const std::string svg = ToSvg(label);
  CHECK(Between(svg, "<title>", "</title>") == content.lines.front());
  CHECK(Between(svg, "width=\"", "\"") == "40.0000mm");
  CHECK(Between(svg, "viewBox=\"", "\"") == "0 0 40.0000 20.0000");
  CHECK(ModulesOf(Between(svg, "d=\"", "\""), label.symbol.side) == label.symbol.dark);
  const std::string outlines = svg.substr(svg.rfind("<path d="));
  CHECK(std::count(outlines.begin(), outlines.end(), 'Z') ==
        static_cast<long>(content.lines.front().size()));
  std::string points = Between(outlines, "d=\"", "\"");
  std::replace_if(
      points.begin(), points.end(), [](char c) { return c >= 'A' && c <= 'Z'; }, ' ');
  std::istringstream in(points);
  double left_mm = 40;
  double right_mm = 0;
  for (double x_mm = 0, y_mm = 0; in >> x_mm >> y_mm;) {
    left_mm = std::min(left_mm, x_mm);
    right_mm = std::max(right_mm, x_mm);
    CHECK((y_mm > 0 && y_mm < 20));
  }
  CHECK(left_mm >= label.text.x_mm);
  CHECK(right_mm <= 40);
  // A row that ends within a word gets no hyphen, which would read as the code's.
  content.lines = {"1.1/" + std::string(60, 'L')};
  const std::string wrapped = ToSvg(Made(content, Sized(40, 20), 0));
  const std::string letters = wrapped.substr(wrapped.rfind("<path d="));
  CHECK(std::count(letters.begin(), letters.end(), 'Z') == 64);
  content.lines = {"88.118.8/<script>&\"'"};
  const std::string escaped = ToSvg(Made(content, Sized(40, 20), 0));
  CHECK(Between(escaped, "<title>", "</title>") == "88.118.8/&lt;script&gt;&amp;&quot;&#39;");
  CHECK(escaped.find("<script") == std::string::npos);
}

TEST_CASE("ZPL prints the dots of the label, and nothing else") {
  for (const int dpi : {203, 300}) {
    const Label label = Made(Content(), Sized(30, 15), dpi);
    const LabelImage image = ImageOf(label, dpi);
    const std::string zpl = ToZpl(image);
    CHECK(std::count(zpl.begin(), zpl.end(), '^') == 9);
    const std::vector<LabelImage> decoded = test::DecodeZpl(zpl + zpl);
    REQUIRE(decoded.size() == 2);
    CHECK(decoded[0].light == decoded[1].light);
    CHECK(decoded[0].width == image.width);
    CHECK(decoded[0].height == image.height);
    size_t differing = 0;
    for (size_t i = 0; i < image.light.size(); ++i) {
      differing += (image.light[i] < 128 ? 0 : 255) != decoded[0].light[i];
    }
    CHECK(differing == 0);
  }
}

TEST_CASE("ZPL's compression of rows gives any dots back") {
  test::Random random("ZPL rows");
  for (int i = 0; i < 200; ++i) {
    LabelImage image;
    image.width = 1 + random.Below(900);
    image.height = 1 + random.Below(6);
    uint8_t light = 255;
    const size_t run = 1 + random.Below(200);
    for (size_t dot = 0; dot < image.width * image.height; ++dot) {
      if (random.Below(run) == 0) light = static_cast<uint8_t>(255 - light);
      image.light.push_back(light);
    }
    CAPTURE(random.seed(), image.width, image.height);
    const std::vector<LabelImage> decoded = test::DecodeZpl(ToZpl(image));
    REQUIRE(decoded.size() == 1);
    REQUIRE(decoded.front().light == image.light);
  }
}

TEST_CASE("a PNG says how many dots there are to the metre") {
  const std::string png = ToPng(ImageOf(Made(Content(), Sized(30, 15), 300), 300), 300);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  const size_t at = png.find("pHYs");
  REQUIRE(at == 37);
  CHECK(png.substr(at + 4, 9) == std::string("\0\0\x2E\x23\0\0\x2E\x23\x01", 9));
}

TEST_CASE("a sheet takes labels of one size that fit on it") {
  const LabelPdf::Sheet a4 = {*ParseSheetSize("a4"), 10, 2};
  LabelPdf pdf([](std::string_view) { return true; }, a4);
  CHECK(ErrorReason(pdf.Add(Made(Content(), Sized(191, 20), 0))) == "LABEL_TOO_LARGE");
  CHECK(pdf.Add(Made(Content(), Sized(190, 20), 0)).ok());
  CHECK(ErrorReason(pdf.Add(Made(Content(), Sized(30, 15), 0))) == "FIELD_INVALID");
  CHECK(ErrorReason(ParseSheetSize("A9").status()) == "FIELD_INVALID");
}

TEST_CASE("a PDF that cannot be written is told of") {
  LabelPdf pdf([](std::string_view) { return false; }, std::nullopt);
  absl::Status status = absl::OkStatus();
  for (int i = 0; i < 100 && status.ok(); ++i) {
    status = pdf.Add(Made(Content(), Sized(30, 15), 0));
  }
  if (status.ok()) status = pdf.Finish();
  CHECK(ErrorReason(status) == "OUTPUT_FAILED");
}

TEST_CASE("labels are made on many threads") {
  const std::string alone = ToSvg(Made(Content(), Sized(30, 15), 0));
  std::vector<std::string> svgs(8);
  std::vector<std::thread> threads;
  for (std::string& svg : svgs) {
    threads.emplace_back([&svg] {
      for (int i = 0; i < 20; ++i) {
        const absl::StatusOr<Label> label = LayOutLabel(Content(), Sized(30, 15), 0);
        svg = label.ok() ? ToSvg(*label) : std::string(label.status().message());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& svg : svgs) CHECK(svg == alone);
}

}  // namespace
}  // namespace gusu
