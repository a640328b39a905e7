#include "client/cli/label_output.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

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
        pdf_.emplace([this](std::string_view bytes) { return discards_ || Append(bytes); },
                     options_.sheet);
      }
      return FailureOf(pdf_->Add(label));
    }
    const absl::StatusOr<std::string> bytes = Encode(label, options_);
    if (!bytes.ok()) return ToFailure(bytes.status());
    return Append(*bytes) ? MaybeFailure() : WhyNot();
  }

 protected:
  virtual bool Append(std::string_view bytes) = 0;
  // Why Append did not; nothing when it did.
  virtual MaybeFailure WhyNot() const = 0;
  MaybeFailure FinishPdf() { return pdf_ ? FailureOf(pdf_->Finish()) : MaybeFailure(); }
  // Its destructor would finish a document that is not whole.
  void EndPdf() {
    discards_ = true;
    pdf_.reset();
  }

 private:
  // The writer of PDF knows that its bytes were not taken, not why.
  MaybeFailure FailureOf(const absl::Status& status) const {
    if (status.ok()) return std::nullopt;
    const MaybeFailure why = WhyNot();
    return why ? why : ToFailure(status);
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
    return Check(out_.flush().good()) ? MaybeFailure() : failure_;
  }

 private:
  bool Append(std::string_view bytes) override {
    return Check(out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).good());
  }
  MaybeFailure WhyNot() const override { return failure_; }
  bool Check(bool is_good) {
    if (!is_good && !failure_) {
      failure_ =
          FileFailure(std::string("cannot write to standard output: ") + std::strerror(errno));
    }
    return is_good;
  }

  std::ostream& out_;
  MaybeFailure failure_;
};

class FileOutput : public StreamOutput {
 public:
  explicit FileOutput(const LabelOutputOptions& options)
      : StreamOutput(options), file_(options.path) {}
  ~FileOutput() override { EndPdf(); }

  MaybeFailure WhyNot() const override { return file_.failure(); }
  MaybeFailure Finish() override {
    if (MaybeFailure failure = FinishPdf()) return failure;
    return file_.Finish();
  }

 private:
  bool Append(std::string_view bytes) override { return file_.Append(bytes); }

  OutputFile file_;
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
  if (const MaybeFailure failure = file->WhyNot()) return *failure;
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
                          "module", "least_module", "text", "dpi", "sheet", "payload", "octets"}) {
    const std::string value = ErrorMetadataValue(status, key);
    if (!value.empty()) failure.metadata[key] = value;
  }
  return failure;
}

}  // namespace gusu::cli
