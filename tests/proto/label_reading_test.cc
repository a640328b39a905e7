// Symbols of labels, read back by programs of others.
#include "tests/proto/label_reading.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "proto/label/pdf.h"
#include "proto/label/png.h"
#include "proto/label/zpl.h"
#include "tests/proto/label_builders.h"
#include "tests/temporary_directory.h"

namespace gusu {
namespace {

using test::Content;
using test::ImageOf;
using test::kGs1;
using test::kUrl;
using test::Made;
using test::Sized;

std::string PdfOf(const std::vector<Label>& labels, const std::optional<LabelPdf::Sheet>& sheet) {
  std::string bytes;
  LabelPdf pdf(
      [&bytes](std::string_view more) {
        bytes += more;
        return true;
      },
      sheet);
  for (const Label& label : labels) {
    const absl::Status added = pdf.Add(label);
    INFO(added);
    REQUIRE(added.ok());
  }
  REQUIRE(pdf.Finish().ok());
  return bytes;
}

// A picture of a document's first page, whose path this is.
std::string PageOf(const TemporaryDirectory& directory, const std::string& pdf) {
  const std::string file = directory.Write("label.pdf", pdf);
  test::OutputOf("pdftoppm -r 300 -png -singlefile '" + file + "' '" + directory.File("page") +
                 "'");
  return directory.File("page.png");
}

TEST_CASE("a QR code is read back from PNG, ZPL and PDF") {
  const TemporaryDirectory directory;
  for (const int dpi : {203, 300, 600}) {
    const LabelImage image = ImageOf(Made(Content(), Sized(30, 15), dpi), dpi);
    CHECK(test::ReadQr(directory.Write("label.png", ToPng(image, dpi))) == kUrl);
    const LabelImage printed = test::DecodeZpl(ToZpl(image)).front();
    CHECK(test::ReadQr(directory.Write("label.pgm", test::ToPgm(printed))) == kUrl);
  }
  const std::string pdf = PdfOf({Made(Content(), Sized(30, 15), 0)}, std::nullopt);
  CHECK(test::ReadQr(PageOf(directory, pdf)) == kUrl);
  // Its text is text.
  CHECK(test::OutputOf("pdftotext '" + directory.File("label.pdf") + "' - | tr -d '\\n\\f '") ==
        "88.118.8/HP-123-0042离心泵HP-123");
}

TEST_CASE("a Data Matrix is read back, with GS1's keys too") {
  const TemporaryDirectory directory;
  const LabelOptions plain = Sized(30, 15, LabelSymbol::kDataMatrix);
  const LabelOptions gs1 = Sized(30, 15, LabelSymbol::kGs1DataMatrix);
  CHECK(test::ReadDataMatrix(PageOf(directory, PdfOf({Made(Content(), plain, 0)}, {}))) == kUrl);
  for (const int dpi : {203, 300, 600}) {
    CAPTURE(dpi);
    const LabelImage image = ImageOf(Made(Content(), plain, dpi), dpi);
    CHECK(test::ReadDataMatrix(directory.Write("label.png", ToPng(image, dpi))) == kUrl);
    const LabelImage printed = test::DecodeZpl(ToZpl(image)).front();
    CHECK(test::ReadDataMatrix(directory.Write("label.pgm", test::ToPgm(printed))) == kUrl);
    const std::string png = ToPng(ImageOf(Made(Content(kGs1), gs1, dpi), dpi), dpi);
    CHECK(test::ReadDataMatrix(directory.Write("gs1.png", png), true) ==
          "~010950600013435221SN-0042");
  }
}

TEST_CASE("symbols of small and of large modules are read back") {
  const TemporaryDirectory directory;
  for (const LabelSymbol symbol : {LabelSymbol::kQr, LabelSymbol::kDataMatrix}) {
    for (const double module_mm : {0.25, 0.5, 1.0}) {
      CAPTURE(static_cast<int>(symbol), module_mm);
      LabelOptions options;
      options.symbol = symbol;
      options.module_mm = module_mm;
      const std::string path =
          directory.Write("label.png", ToPng(ImageOf(Made(Content(), options, 300), 300), 300));
      const bool is_qr = symbol == LabelSymbol::kQr;
      CHECK((is_qr ? test::ReadQr(path) : test::ReadDataMatrix(path)) == kUrl);
    }
  }
}

TEST_CASE("a QR code holds GS1's keys too") {
  const TemporaryDirectory directory;
  const LabelImage image = ImageOf(Made(Content(kGs1), Sized(30, 15), 300), 300);
  CHECK(test::ReadQr(directory.Write("gs1.png", ToPng(image, 300))) == "010950600013435221SN-0042");
}

TEST_CASE("what is not ASCII is read back as UTF-8") {
  const TemporaryDirectory directory;
  const LabelContent content = Content("88.118.8/离心泵-0042");
  const LabelImage image = ImageOf(Made(content, Sized(30, 15), 300), 300);
  CHECK(test::ReadQr(directory.Write("label.png", ToPng(image, 300))) == "88.118.8/离心泵-0042");
}

// A page as pdftoppm writes it.
LabelImage ReadPgm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  LabelImage image;
  int white = 0;
  file >> kind >> image.width >> image.height >> white;
  REQUIRE(kind == "P5");
  REQUIRE(white == 255);
  file.get();
  image.light.resize(image.width * image.height);
  file.read(reinterpret_cast<char*>(image.light.data()),
            static_cast<std::streamsize>(image.light.size()));
  REQUIRE(file.good());
  return image;
}

LabelImage Cut(const LabelImage& page, double x_mm, double y_mm, const LabelSize& size, int dpi) {
  const auto dots = [dpi](double mm) {
    return static_cast<size_t>(std::lround(mm * dpi / kMillimetresPerInch));
  };
  LabelImage image;
  image.width = dots(size.width_mm);
  image.height = dots(size.height_mm);
  for (size_t row = 0; row < image.height; ++row) {
    const auto begin =
        page.light.begin() + static_cast<long>((dots(y_mm) + row) * page.width + dots(x_mm));
    image.light.insert(image.light.end(), begin, begin + static_cast<long>(image.width));
  }
  return image;
}

TEST_CASE("every label of a sheet is read back, and sheets follow one another") {
  const TemporaryDirectory directory;
  std::vector<Label> labels;
  std::string all;
  for (int i = 100; i < 200; ++i) {
    const std::string url = "https://id.example/88.118.8/HP-" + std::to_string(i);
    labels.push_back(Made({url, false, {"88.118.8/HP-" + std::to_string(i)}}, Sized(30, 15), 0));
    all += url + "\n";
  }
  const LabelPdf::Sheet a4 = {*ParseSheetSize("A4"), 10, 2};
  const std::string pdf = directory.Write("sheet.pdf", PdfOf(labels, a4));
  // 6 beside one another, 16 below.
  CHECK(test::OutputOf("pdfinfo '" + pdf + "' | grep -E '^Page' | tr -s ' '") ==
        "Pages: 2\nPage size: 595.276 x 841.89 pts (A4)\nPage rot: 0");
  constexpr int kDpi = 300;
  test::OutputOf("pdftoppm -gray -r 300 '" + pdf + "' '" + directory.File("page") + "'");
  std::string files;
  for (size_t i = 0; i < labels.size(); ++i) {
    const LabelImage page = ReadPgm(directory.File(i < 96 ? "page-1.pgm" : "page-2.pgm"));
    const size_t place = i % 96;
    const double x_mm = 10 + 32 * static_cast<double>(place % 6);
    const double y_mm = 13.5 + 17 * static_cast<double>(place / 6);
    const std::string name = std::to_string(1000 + i) + ".pgm";
    directory.Write(name, test::ToPgm(Cut(page, x_mm, y_mm, {30, 15}, kDpi)));
    files += " '" + directory.File(name) + "'";
  }
  CHECK(test::OutputOf("zbarimg -q --nodbus --raw" + files) + "\n" == all);
}

}  // namespace
}  // namespace gusu
