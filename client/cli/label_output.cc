#include "client/cli/label_output.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "client/cli/output_file.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/label/image.h"
#include "proto/label/png.h"
#include "proto/label/svg.h"
#include "proto/label/zpl.h"

namespace gusu::cli {
namespace {

constexpr std::string_view kFormats[] = {"zpl", "svg", "pdf", "png"};
constexpr size_t kFileNameBytesMax = 200;

std::string_view NameOf(LabelFormat format) { return kFormats[static_cast<size_t>(format)]; }

// One label as a whole file.
absl::StatusOr<std::string> Encode(const Label& label, const LabelOutputOptions& options) {
  if (options.format == LabelFormat::kSvg) return ToSvg(label);
  if (options.format == LabelFormat::kPdf) {
    std::string bytes;
    LabelPdf pdf(
        [&bytes](std::string_view more) {
          bytes += more;
          return true;
        },
        std::nullopt);
    absl::Status status = pdf.Add(label);
    if (status.ok()) status = pdf.Finish();
    if (!status.ok()) return status;
    return bytes;
  }
  const absl::StatusOr<LabelImage> image = ToImage(label, options.dpi);
  if (!image.ok()) return image.status();
  return options.format == LabelFormat::kPng ? ToPng(*image, options.dpi) : ToZpl(*image);
}

// All labels one after another: ZPL as it comes, PDF through its writer, one picture.
class StreamOutput : public LabelOutput {
 public:
  explicit StreamOutput(LabelOutputOptions options) : options_(std::move(options)) {}

  MaybeFailure Write(const Label& label) override {
    if (options_.format == LabelFormat::kPdf) {
      if (!pdf_) {
        pdf_.emplace([this](std::string_view bytes) { return Append(bytes); }, options_.sheet);
      }
      const absl::Status added = pdf_->Add(label);
      return added.ok() ? MaybeFailure() : ToFailure(added);
    }
    const absl::StatusOr<std::string> bytes = Encode(label, options_);
    if (!bytes.ok()) return ToFailure(bytes.status());
    return Append(*bytes) ? MaybeFailure() : CannotWrite();
  }

 protected:
  virtual std::ostream& stream() = 0;
  MaybeFailure CannotWrite() const {
    return FileFailure("cannot write " + options_.path + ": " + std::strerror(errno));
  }
  MaybeFailure FinishPdf() {
    if (!pdf_) return std::nullopt;
    const absl::Status finished = pdf_->Finish();
    return finished.ok() ? MaybeFailure() : ToFailure(finished);
  }
  // Its destructor would finish a document that is not whole.
  void EndPdf() {
    discards_ = true;
    pdf_.reset();
  }
  const std::string& path() const { return options_.path; }

 private:
  bool Append(std::string_view bytes) {
    return discards_ ||
           stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size())).good();
  }

  const LabelOutputOptions options_;
  std::optional<LabelPdf> pdf_;
  bool discards_ = false;
};

class StandardOutput : public StreamOutput {
 public:
  StandardOutput(LabelOutputOptions options, std::ostream& out)
      : StreamOutput(std::move(options)), out_(out) {}
  ~StandardOutput() override { EndPdf(); }

  MaybeFailure Finish() override {
    if (MaybeFailure failure = FinishPdf()) return failure;
    return out_.flush().good() ? MaybeFailure() : CannotWrite();
  }

 private:
  std::ostream& stream() override { return out_; }
  std::ostream& out_;
};

// Into a part beside it, which then takes the file's name.
class FileOutput : public StreamOutput {
 public:
  explicit FileOutput(const LabelOutputOptions& options)
      : StreamOutput(options), part_(options.path + ".part"), file_(part_, std::ios::binary) {}
  ~FileOutput() override {
    EndPdf();
    file_.close();
    std::remove(part_.c_str());  // it is gone when all went well
  }

  bool is_open() const { return file_.is_open(); }
  MaybeFailure Failed() const { return CannotWrite(); }
  MaybeFailure Finish() override {
    if (MaybeFailure failure = FinishPdf()) return failure;
    file_.close();
    if (file_.fail() || std::rename(part_.c_str(), path().c_str()) != 0) return CannotWrite();
    return std::nullopt;
  }

 private:
  std::ostream& stream() override { return file_; }
  const std::string part_;
  std::ofstream file_;
};

class DirectoryOutput : public LabelOutput {
 public:
  explicit DirectoryOutput(LabelOutputOptions options) : options_(std::move(options)) {
    if (!options_.path.ends_with('/')) options_.path += '/';
  }

  MaybeFailure Write(const Label& label) override {
    const absl::StatusOr<std::string> bytes = Encode(label, options_);
    if (!bytes.ok()) return ToFailure(bytes.status());
    const std::string name = LabelFileName(label.text.lines.front(), options_.format);
    return WriteOutputFile(options_.path + name, *bytes);
  }
  MaybeFailure Finish() override { return std::nullopt; }

 private:
  LabelOutputOptions options_;
};

}  // namespace

std::optional<LabelFormat> ToLabelFormat(std::string_view text) {
  for (size_t i = 0; i < std::size(kFormats); ++i) {
    if (text == kFormats[i]) return static_cast<LabelFormat>(i);
  }
  return std::nullopt;
}

OrFailure<std::unique_ptr<LabelOutput>> OpenLabelOutput(const LabelOutputOptions& options,
                                                        std::ostream& out) {
  const bool is_picture =
      options.format == LabelFormat::kSvg || options.format == LabelFormat::kPng;
  std::error_code error;
  const bool makes_directory = options.path.ends_with('/');
  if (makes_directory || std::filesystem::is_directory(options.path, error)) {
    if (options.sheet) {
      return UsageFailure("a sheet is one file", "--out labels.pdf instead of a directory");
    }
    std::filesystem::create_directories(options.path, error);
    if (error) return FileFailure("cannot make " + options.path + ": " + error.message());
    return std::unique_ptr<LabelOutput>(std::make_unique<DirectoryOutput>(options));
  }
  if (is_picture && !options.is_single) {
    return UsageFailure(
        "several labels as " + std::string(NameOf(options.format)) + " need a directory",
        "--out DIRECTORY/");
  }
  if (options.path == "-") {
    return std::unique_ptr<LabelOutput>(std::make_unique<StandardOutput>(options, out));
  }
  auto file = std::make_unique<FileOutput>(options);
  if (!file->is_open()) return *file->Failed();
  return std::unique_ptr<LabelOutput>(std::move(file));
}

std::string LabelFileName(const std::string& identifier, LabelFormat format) {
  std::string name = PercentEncode(identifier);
  if (name.size() > kFileNameBytesMax) {
    name.resize(kFileNameBytesMax);
    name += '-' + HexEncode(AsBytes(Sha256(ToKey(identifier))).substr(0, 16));
  }
  return name + "." + std::string(NameOf(format));
}

Failure ToFailure(const absl::Status& status) {
  Failure failure = UsageFailure(std::string(status.message()));
  failure.reason = ErrorReason(status);
  if (status.code() == absl::StatusCode::kFailedPrecondition) {
    failure.exit_code = ExitCode::kRefused;
  }
  for (const char* key : {"identifier", "field", "value", "attribute", "size", "least_size",
                          "module", "least_module", "text"}) {
    const std::string value = ErrorMetadataValue(status, key);
    if (!value.empty()) failure.metadata[key] = value;
  }
  return failure;
}

}  // namespace gusu::cli
