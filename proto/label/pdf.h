// Labels as PDF: a page each, or a grid of them on sheets. Pages leave as they are full, so that
// memory does not grow with the labels but for the list of pages.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/label/label.h"

namespace gusu {

class LabelPdf {
 public:
  // Takes the document's next bytes; false: it cannot.
  using Sink = std::function<bool(std::string_view bytes)>;
  struct Sheet {
    LabelSize size;
    double margin_mm = 0;  // on each side, at least
    double gap_mm = 0;     // between labels
  };

  LabelPdf(Sink sink, const std::optional<Sheet>& sheet);
  ~LabelPdf();

  // Row by row from the top left. kInvalidArgument / LABEL_TOO_LARGE for one that does not fit the
  // sheet, FIELD_INVALID where labels of one sheet differ in size; kDataLoss / OUTPUT_FAILED.
  absl::Status Add(const Label& label);
  // Once, at the end. kDataLoss / OUTPUT_FAILED when the sink did not take all.
  absl::Status Finish();

 private:
  class State;
  std::unique_ptr<State> state_;
};

// A4, A5, A3 or LETTER, in any case of letters.
absl::StatusOr<LabelSize> ParseSheetSize(std::string_view name);

}  // namespace gusu
