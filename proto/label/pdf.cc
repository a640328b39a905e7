#include "proto/label/pdf.h"

#include <cairo-pdf.h>

#include <cmath>
#include <string>

#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/label/draw.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr double kPointsPerMm = 72 / kMillimetresPerInch;
constexpr double kRoundingMm = 1e-6;

absl::Status TooLarge(const LabelSize& size, const LabelPdf::Sheet& sheet) {
  return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_LARGE",
               Concat("a label of ", ToText(size), " does not fit a sheet of ", ToText(sheet.size),
                      " with margins of ", ToMillimetreText(sheet.margin_mm)),
               {{"size", ToText(size)}, {"sheet", ToText(sheet.size)}});
}

// How many labels of that side stand next to one another.
size_t CountAlong(double sheet_mm, double label_mm, const LabelPdf::Sheet& sheet) {
  const double room_mm = sheet_mm - 2 * sheet.margin_mm + sheet.gap_mm;
  return room_mm <= 0 ? 0
                      : static_cast<size_t>((room_mm + kRoundingMm) / (label_mm + sheet.gap_mm));
}

}  // namespace

class LabelPdf::State {
 public:
  State(Sink sink, const std::optional<Sheet>& sheet)
      : sink_(std::move(sink)),
        sheet_(sheet),
        surface_(cairo_pdf_surface_create_for_stream(&State::Write, this, 1, 1)),
        context_(cairo_create(surface_)) {}
  ~State() {
    cairo_destroy(context_);
    cairo_surface_finish(surface_);  // may write
    cairo_surface_destroy(surface_);
  }

  absl::Status AddPage(const Label& label) {
    BeginPage(label.size);
    DrawLabel(context_, label);
    return EndPage();
  }

  absl::Status AddToSheet(const Label& label) {
    const Sheet& sheet = *sheet_;
    const LabelSize& size = label.size;
    const size_t columns = CountAlong(sheet.size.width_mm, size.width_mm, sheet);
    const size_t rows = CountAlong(sheet.size.height_mm, size.height_mm, sheet);
    if (columns == 0 || rows == 0) return TooLarge(size, sheet);
    if (on_page_count_ == 0) {
      BeginPage(sheet.size);
      label_size_ = size;
    } else if (ToText(size) != ToText(label_size_)) {
      return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                   Concat("labels of one sheet have one size: ", ToText(size), " came after ",
                          ToText(label_size_)),
                   {{"field", "size"}, {"value", ToText(size)}});
    }
    cairo_save(context_);
    cairo_translate(context_,
                    Offset(sheet.size.width_mm, size.width_mm, columns, on_page_count_ % columns),
                    Offset(sheet.size.height_mm, size.height_mm, rows, on_page_count_ / columns));
    DrawLabel(context_, label);
    cairo_restore(context_);
    if (++on_page_count_ < columns * rows) return absl::OkStatus();
    return EndPage();
  }

  absl::Status Add(const Label& label) {
    return sheet_.has_value() ? AddToSheet(label) : AddPage(label);
  }

  absl::Status Finish() {
    if (on_page_count_ > 0) GUSU_RETURN_IF_ERROR(EndPage());
    cairo_surface_finish(surface_);
    return StatusNow();
  }

 private:
  static cairo_status_t Write(void* closure, const unsigned char* data, unsigned int length) {
    auto* state = static_cast<State*>(closure);
    const bool taken = state->sink_({reinterpret_cast<const char*>(data), length});
    return taken ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
  }

  void BeginPage(const LabelSize& size) {
    cairo_pdf_surface_set_size(surface_, size.width_mm * kPointsPerMm,
                               size.height_mm * kPointsPerMm);
    cairo_save(context_);
    cairo_scale(context_, kPointsPerMm, kPointsPerMm);
  }

  absl::Status EndPage() {
    cairo_restore(context_);
    cairo_show_page(context_);
    on_page_count_ = 0;
    return StatusNow();
  }

  // Of the label at `index` of `count`; together they stand in the middle of the sheet.
  double Offset(double sheet_mm, double label_mm, size_t count, size_t index) const {
    const double step_mm = label_mm + sheet_->gap_mm;
    const double all_mm = static_cast<double>(count) * step_mm - sheet_->gap_mm;
    return (sheet_mm - all_mm) / 2 + static_cast<double>(index) * step_mm;
  }

  absl::Status StatusNow() const {
    const cairo_status_t status = cairo_surface_status(surface_) != CAIRO_STATUS_SUCCESS
                                      ? cairo_surface_status(surface_)
                                      : cairo_status(context_);
    if (status == CAIRO_STATUS_SUCCESS) return absl::OkStatus();
    return Error(absl::StatusCode::kDataLoss, "OUTPUT_FAILED",
                 Concat("the PDF could not be written: ", cairo_status_to_string(status)));
  }

  const Sink sink_;
  const std::optional<Sheet> sheet_;
  cairo_surface_t* const surface_;
  cairo_t* const context_;
  size_t on_page_count_ = 0;
  LabelSize label_size_;
};

LabelPdf::LabelPdf(Sink sink, const std::optional<Sheet>& sheet)
    : state_(std::make_unique<State>(std::move(sink), sheet)) {}
LabelPdf::~LabelPdf() = default;
absl::Status LabelPdf::Add(const Label& label) { return state_->Add(label); }
absl::Status LabelPdf::Finish() { return state_->Finish(); }

absl::StatusOr<LabelSize> ParseSheetSize(std::string_view name) {
  const std::string key = ToKey(name);
  if (key == "A3") return LabelSize{297, 420};
  if (key == "A4") return LabelSize{210, 297};
  if (key == "A5") return LabelSize{148, 210};
  if (key == "LETTER") return LabelSize{215.9, 279.4};
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("sheet \"", Quote(name), "\" is not A3, A4, A5 or LETTER"),
               {{"field", "sheet"}, {"value", Quote(name)}});
}

}  // namespace gusu
