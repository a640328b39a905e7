// gusu label without a registry: what is printed unchecked, where it goes, and wrong arguments.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "client/cli/label_output.h"
#include "proto/identifier.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

// `gusu label` with these arguments; --unchecked and a public URL are added.
Ran Label(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"label", "--unchecked", "--public-url", "https://id.example"});
  return Run(arguments);
}

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> FilesIn(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

using Names = std::vector<std::string>;

TEST_CASE("labels go to standard output, and what is said of them does not") {
  const Ran run = Label({"88.118.8/A", "88.118.8/B", "--format", "zpl"});
  CHECK(run.exit_code == 0);
  CHECK(run.out.substr(0, 20) == "^XA^PW240^LL120^LH0,");
  CHECK(CountOf(run.out, "^XZ\n") == 2);
  CHECK(run.err == "2 labels of 30x15mm, modules of 0.375mm\n");
  const Ran json = Label({"88.118.8/A", "--format", "zpl", "--json"});
  CHECK(CountOf(json.out, "^XZ\n") == 1);
  CHECK(json.err.empty());
}

TEST_CASE("a file has all labels, and its ending says how") {
  const TemporaryDirectory directory;
  const std::string codes = directory.Write("codes.txt",
                                            "\xEF\xBB\xBF"
                                            "88.118.8/A\r\n\n 88.118.8/B \n");
  const std::string zpl = directory.File("labels.zpl");
  const Ran run = Label({"88.118.8/0", "--file", codes, "--out", zpl, "--dpi", "300"});
  CHECK(run.exit_code == 0);
  CHECK(run.out == "3 labels of 30x15mm, modules of 0.339mm, in " + zpl + "\n");
  CHECK(CountOf(Content(zpl), "^XZ\n") == 3);
  const std::string pdf = directory.File("labels.pdf");
  const Ran json = Label({"88.118.8/A", "--out", pdf, "--sheet", "a4", "--json"});
  CHECK(json.out == "{\"labels\":1,\"skipped\":0,\"module_mm\":0.33,\"out\":\"" + pdf + "\"}\n");
  CHECK(Content(pdf).substr(0, 5) == "%PDF-");
  CHECK(FilesIn(directory.path()) == Names{"codes.txt", "labels.pdf", "labels.zpl"});
}

TEST_CASE("a directory has a file for each code, named by it") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("new") + "/";
  CHECK(Label({"88.118.8/A", "88.118.8/B/C", "--format", "svg", "--out", path}).exit_code == 0);
  CHECK(FilesIn(path) == Names{"88.118.8%2FA.svg", "88.118.8%2FB%2FC.svg"});
  CHECK(Label({"88.118.8/A", "--format", "pdf", "--out", directory.File("new")}).exit_code == 0);
  CHECK(FilesIn(path).size() == 3);
  CHECK(CountOf(Content(path + "88.118.8%2FA.svg"), "<title>88.118.8/A</title>") == 1);
}

TEST_CASE("a code too long for a file's name is told apart by its hash") {
  const std::string a = "88.118.8/" + std::string(240, '+') + "a";
  const std::string b = "88.118.8/" + std::string(240, '+') + "b";
  CHECK(LabelFileName(a, LabelFormat::kPng).size() < 255);
  CHECK(LabelFileName(a, LabelFormat::kPng) != LabelFileName(b, LabelFormat::kPng));
  CHECK(LabelFileName(a, LabelFormat::kPng) == LabelFileName(a, LabelFormat::kPng));
}

TEST_CASE("a job that fails leaves nothing, and what was there before stays") {
  const TemporaryDirectory directory;
  const std::string out = directory.Write("labels.zpl", "before");
  const Ran bad = Label({"88.118.8/A", "nothing", "--out", out});
  CHECK(bad.exit_code == 2);
  CHECK(bad.err.substr(0, 26) == "gusu: IDENTIFIER_MALFORMED");
  const Ran small = Label({"88.118.8/A", "88.118.8/" + std::string(200, 'W'), "--out", out});
  CHECK(small.exit_code == 2);
  CHECK(small.err.substr(0, 45) == "gusu: LABEL_TOO_SMALL: a label of 30x15mm is ");
  const Ran pdf = Label({"88.118.8/A", "nothing", "--out", directory.File("labels.pdf")});
  CHECK(pdf.exit_code == 2);
  CHECK(Content(out) == "before");
  CHECK(FilesIn(directory.path()) == Names{"labels.zpl"});
}

std::string FaultOf(const std::vector<std::string>& arguments) {
  const Ran run = Label(arguments);
  CHECK(run.exit_code == 2);
  CHECK(run.out.empty());
  return run.err.substr(0, run.err.find('\n'));
}

TEST_CASE("wrong arguments are named") {
  CHECK(FaultOf({"--format", "zpl"}) == "gusu: USAGE: which codes?");
  CHECK(FaultOf({"88.118.8/A"}) == "gusu: USAGE: which format?");
  CHECK(FaultOf({"88.118.8/A", "--out", "labels.gif"}) == "gusu: USAGE: which format?");
  CHECK(FaultOf({"88.118.8/A", "--format", "gif"}) == "gusu: USAGE: 'gif' is no format of labels");
  CHECK(FaultOf({"88.118.8/A", "88.118.8/B", "--format", "svg"}) ==
        "gusu: USAGE: several labels as svg need a directory");
  CHECK(FaultOf({"88.118.8/A", "--format", "svg", "--dpi", "300"}) ==
        "gusu: USAGE: --dpi is for zpl and png; svg and pdf have no dots");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--sheet", "A4"}) ==
        "gusu: USAGE: sheets are for --format pdf");
  CHECK(FaultOf({"88.118.8/A", "--format", "pdf", "--sheet", "A9"}) ==
        "gusu: FIELD_INVALID: sheet \"A9\" is not A3, A4, A5 or LETTER");
  CHECK(FaultOf({"88.118.8/A", "--format", "pdf", "--sheet", "A4", "--margin", "1in"}) ==
        "gusu: FIELD_INVALID: margin \"1in\" is not a length, for example 0.33mm");
  CHECK(FaultOf({"88.118.8/A", "--format", "pdf", "--sheet", "A4", "--size", "200x20mm"}) ==
        "gusu: LABEL_TOO_LARGE: a label of 200x20mm does not fit a sheet of 210x297mm with margins "
        "of 10mm");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--size", "30"}) ==
        "gusu: FIELD_INVALID: size \"30\" is not a width and a height, for example 30x15mm");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--module", "0"}) ==
        "gusu: FIELD_INVALID: module 0mm is not between 0.1mm and 5mm");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--dpi", "5000"}) ==
        "gusu: FIELD_INVALID: dpi \"5000\" is not a number between 100 and 1200");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--symbol", "aztec"}) ==
        "gusu: FIELD_INVALID: symbol \"aztec\" is not qr, datamatrix or gs1-datamatrix");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--text", "code,name"}) ==
        "gusu: USAGE: --unchecked does not read records, of which this label needs values");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--symbol", "gs1-datamatrix"}) ==
        "gusu: USAGE: --unchecked does not read records, of which this label needs values");
  CHECK(FaultOf({"88.118.8/A", "--range", "88.118.8/B", "--format", "zpl"}) ==
        "gusu: USAGE: codes of a range, or those that are listed: not both");
  CHECK(FaultOf({"--to", "88.118.8/B", "--format", "zpl"}) ==
        "gusu: USAGE: --to needs --range or --from");
  CHECK(FaultOf({"--file", "/nowhere/codes.txt", "--format", "zpl"}) ==
        "gusu: FILE_UNUSABLE: cannot read /nowhere/codes.txt");
  CHECK(FaultOf({"88.118.8/A", "--out", "/nowhere/labels.zpl"}) ==
        "gusu: FILE_UNUSABLE: cannot write /nowhere/labels.zpl: No such file or directory");
  CHECK(FaultOf({"88.118.8/A", "--format", "zpl", "--public-url", "id.example"}).substr(0, 19) ==
        "gusu: USAGE: --publ");
}

TEST_CASE("an error's fields come with it as JSON") {
  const Ran large =
      Label({"88.118.8/A", "--format", "zpl", "--size", "300x300mm", "--dpi", "1200", "--json"});
  CHECK(CountOf(large.out + large.err, "\"metadata\":{\"dpi\":\"1200\",\"size\":\"300x300mm\"}") ==
        1);
  const Ran sheet =
      Label({"88.118.8/A", "--format", "pdf", "--sheet", "A5", "--size", "200x20mm", "--json"});
  CHECK(CountOf(sheet.out + sheet.err,
                "\"metadata\":{\"sheet\":\"148x210mm\",\"size\":\"200x20mm\"}") == 1);
}

TEST_CASE("an empty file is no job") {
  const TemporaryDirectory directory;
  CHECK(FaultOf({"--file", directory.Write("codes.txt", "\n\n"), "--format", "zpl"}) ==
        "gusu: USAGE: there are no codes");
}

}  // namespace
}  // namespace gusu::cli
