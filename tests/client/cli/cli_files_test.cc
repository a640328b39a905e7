// Files that commands read and write, when something is amiss with them.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "client/cli/csv_reader.h"
#include "client/cli/label_output.h"
#include "client/cli/line_reader.h"
#include "client/cli/output_file.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

namespace fs = std::filesystem;

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A disk that gives these bytes, and then a fault, as the standard library tells of one.
class FaultyDisk : public std::streambuf {
 public:
  explicit FaultyDisk(std::string bytes) : bytes_(std::move(bytes)) {
    setg(bytes_.data(), bytes_.data(), bytes_.data() + bytes_.size());
  }

 protected:
  int_type underflow() override { throw std::ios_base::failure("the disk is broken"); }

 private:
  std::string bytes_;
};

TEST_CASE("lines end where the disk fails, and the one that it cut is none") {
  FaultyDisk disk("88.118.8/A\n88.118.8/B");
  std::istream in(&disk);
  LineReader lines(in, 100);
  Line line;
  REQUIRE(lines.Next(&line));
  CHECK(line.text == "88.118.8/A");
  CHECK_FALSE(in.bad());
  CHECK_FALSE(lines.Next(&line));
  CHECK(in.bad());
  CHECK_FALSE(lines.Next(&line));
}

TEST_CASE("records of CSV end where the disk fails, and the one that it cut is none") {
  for (const char* cut : {"88.118.8/B,Pu", "\"88.118.8/B", "88.118.8/B,Pump\r", ""}) {
    CAPTURE(cut);
    FaultyDisk disk(std::string("identifier,name\n88.118.8/A,Pump\n") + cut);
    std::istream in(&disk);
    CsvReader reader(in);
    CsvRecord record;
    REQUIRE(reader.Next(&record));
    REQUIRE(reader.Next(&record));
    CHECK(record.fields == std::vector<std::string>{"88.118.8/A", "Pump"});
    CHECK_FALSE(reader.Next(&record));
    CHECK(in.bad());
  }
}

TEST_CASE("a directory in the place of a list of codes is told of") {
  const TemporaryDirectory directory;
  const std::string& path = directory.path();
  const Ran label = Run({"label", "--unchecked", "--public-url", "https://id.example", "--file",
                         path, "--format", "zpl"});
  CHECK(label.exit_code == 2);
  CHECK(label.out.empty());
  CHECK(label.err == "gusu: FILE_UNUSABLE: cannot read " + path + " to its end\n");
}

TEST_CASE("a file appears when all of it is there") {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("out", "before");
  {
    OutputFile file(path);
    CHECK(file.Append("more"));
    CHECK(Content(path) == "before");
  }
  CHECK(Content(path) == "before");
  CHECK_FALSE(fs::exists(path + ".part"));
  OutputFile file(path);
  CHECK(file.Append("all "));
  CHECK(file.Append("of it"));
  CHECK_FALSE(file.Finish().has_value());
  CHECK(Content(path) == "all of it");
  CHECK_FALSE(fs::exists(path + ".part"));
}

TEST_CASE("a pipe or a device is no file, and stays what it is") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("printer");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const MaybeFailure failure = WriteOutputFile(path, "label");
  REQUIRE(failure.has_value());
  CHECK(failure->message == "cannot write " + path + ": it is no regular file");
  CHECK(fs::is_fifo(path));
  CHECK_FALSE(fs::exists(path + ".part"));
}

TEST_CASE("a link stays one, and the file that it leads to is written") {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("file", "before");
  const std::string link = directory.File("link");
  fs::create_symlink(path, link);
  CHECK_FALSE(WriteOutputFile(link, "after").has_value());
  CHECK(fs::is_symlink(link));
  CHECK(Content(path) == "after");
}

TEST_CASE("labels that standard output does not take fail with the system's word for it") {
  for (const LabelFormat format : {LabelFormat::kZpl, LabelFormat::kPdf}) {
    CAPTURE(static_cast<int>(format));
    std::ofstream full("/dev/full", std::ios::binary);
    REQUIRE(full.is_open());
    LabelOutputOptions options;
    options.format = format;
    options.dpi = 203;
    options.path = "-";
    const auto output = OpenLabelOutput(options, full);
    REQUIRE(output.ok());
    LabelOptions asked;
    asked.size = LabelSize{30, 15};
    const auto label = LayOutLabel({"88.118.8/A", false, {"88.118.8/A"}}, asked, 0);
    REQUIRE(label.ok());
    MaybeFailure failure;
    for (int i = 0; i < 100 && !failure; ++i) failure = (*output)->Write(*label);
    if (!failure) failure = (*output)->Finish();
    REQUIRE(failure.has_value());
    CHECK(failure->reason == "FILE_UNUSABLE");
    CHECK(failure->message == "cannot write to standard output: No space left on device");
  }
}

}  // namespace
}  // namespace gusu::cli
