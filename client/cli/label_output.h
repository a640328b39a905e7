// Where labels go: one file with all of them, standard output, or a directory with a file each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "client/cli/failure.h"
#include "proto/label/pdf.h"

namespace gusu::cli {

enum class LabelFormat { kZpl, kSvg, kPdf, kPng };

// `zpl`, or the ending of a file's name; nothing for others.
std::optional<LabelFormat> ToLabelFormat(std::string_view text);

struct LabelOutputOptions {
  LabelFormat format = LabelFormat::kZpl;
  int dpi = 0;       // of zpl and png
  std::string path;  // "-": standard output; with "/" at its end, or of a directory: one
  std::optional<LabelPdf::Sheet> sheet;
  bool is_single = false;  // one label comes
};

class LabelOutput {
 public:
  virtual ~LabelOutput() = default;
  virtual MaybeFailure Write(const Label& label) = 0;
  // Once, at the end. A file appears only then; without it nothing is left of one. Files of a
  // directory appear one by one, each whole.
  virtual MaybeFailure Finish() = 0;
};

// `out` is standard output and outlives what is returned. Several pictures need a directory; a
// directory that does not exist is made where the path ends in "/".
OrFailure<std::unique_ptr<LabelOutput>> OpenLabelOutput(const LabelOutputOptions& options,
                                                        std::ostream& out);

// The name of a label's file: the code, percent-encoded. Of codes too long for a file's name the
// beginning, and a hash.
std::string LabelFileName(const std::string& identifier, LabelFormat format);

// Of an error of the contract's code.
Failure ToFailure(const absl::Status& status);

}  // namespace gusu::cli
