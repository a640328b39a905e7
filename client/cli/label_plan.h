// What `gusu label` was asked to make, and where to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/label_output.h"
#include "proto/label/label_request.h"

namespace gusu::cli {

// As on the command line.
struct LabelCommandOptions {
  std::vector<std::string> codes;
  std::string file, range, from, to;
  std::string symbol, format, payload, text, dpi;
  std::string size = "30x15mm";
  std::string module = "0.33mm";
  std::string out = "-";
  std::string sheet;
  std::string margin = "10mm";
  std::string gap = "2mm";
  std::string public_url;
  bool unchecked = false;

  // Codes one by one, not those of a range.
  bool has_list() const { return !codes.empty() || !file.empty(); }
};

struct LabelPlan {
  LabelRequest request;  // with a size
  LabelOutputOptions output;
  std::string public_url;  // empty: the registry's own
  uint64_t labels_max = 0;
};

// Fails for options that are wrong, or do not go together.
OrFailure<LabelPlan> MakeLabelPlan(const LabelCommandOptions& options);

}  // namespace gusu::cli
