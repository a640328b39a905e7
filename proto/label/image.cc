#include "proto/label/image.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "proto/error.h"
#include "proto/label/draw.h"
#include "proto/text.h"

namespace gusu {
namespace {

size_t ToDots(double mm, int dpi) {
  return std::max<size_t>(1, static_cast<size_t>(std::lround(mm * dpi / kMillimetresPerInch)));
}

}  // namespace

size_t DotsCount(const Label& label, int dpi) {
  return ToDots(label.size.width_mm, dpi) * ToDots(label.size.height_mm, dpi);
}

absl::StatusOr<LabelImage> ToImage(const Label& label, int dpi) {
  const size_t dots_count = DotsCount(label, dpi);
  if (dots_count > LabelImage::kDotsMax) {
    return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_LARGE",
                 Concat("a label of ", ToText(label.size), " at ", dpi, " dpi has ", dots_count,
                        " dots, more than ", LabelImage::kDotsMax),
                 {{"size", ToText(label.size)}, {"dpi", std::to_string(dpi)}});
  }
  LabelImage image;
  image.width = ToDots(label.size.width_mm, dpi);
  image.height = ToDots(label.size.height_mm, dpi);
  cairo_surface_t* surface = cairo_image_surface_create(
      CAIRO_FORMAT_A8, static_cast<int>(image.width), static_cast<int>(image.height));
  cairo_t* context = cairo_create(surface);
  cairo_scale(context, dpi / kMillimetresPerInch, dpi / kMillimetresPerInch);
  DrawLabel(context, label);
  cairo_destroy(context);
  cairo_surface_flush(surface);
  const uint8_t* dark = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<size_t>(cairo_image_surface_get_stride(surface));
  image.light.reserve(dots_count);
  for (size_t row = 0; row < image.height; ++row) {
    for (size_t column = 0; column < image.width; ++column) {
      image.light.push_back(static_cast<uint8_t>(255 - dark[row * stride + column]));
    }
  }
  cairo_surface_destroy(surface);
  return image;
}

}  // namespace gusu
