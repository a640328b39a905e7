#include "proto/label/image.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "proto/error.h"
#include "proto/label/draw.h"
#include "proto/text.h"

namespace gusu {

absl::StatusOr<LabelImage> ToImage(const Label& label, int dpi) {
  const double dots_per_mm = dpi / kMillimetresPerInch;
  const auto dots_of = [&](double mm) {
    return std::max<size_t>(1, static_cast<size_t>(std::lround(mm * dots_per_mm)));
  };
  LabelImage image;
  image.width = dots_of(label.size.width_mm);
  image.height = dots_of(label.size.height_mm);
  if (image.width * image.height > LabelImage::kDotsMax) {
    return Error(absl::StatusCode::kInvalidArgument, "LABEL_TOO_LARGE",
                 Concat("a label of ", ToText(label.size), " at ", dpi, " dpi has ",
                        image.width * image.height, " dots, more than ", LabelImage::kDotsMax),
                 {{"size", ToText(label.size)}, {"dpi", std::to_string(dpi)}});
  }
  cairo_surface_t* surface = cairo_image_surface_create(
      CAIRO_FORMAT_A8, static_cast<int>(image.width), static_cast<int>(image.height));
  cairo_t* context = cairo_create(surface);
  cairo_scale(context, dots_per_mm, dots_per_mm);
  DrawLabel(context, label);
  cairo_destroy(context);
  cairo_surface_flush(surface);
  const uint8_t* dark = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<size_t>(cairo_image_surface_get_stride(surface));
  image.light.reserve(image.width * image.height);
  for (size_t row = 0; row < image.height; ++row) {
    for (size_t column = 0; column < image.width; ++column) {
      image.light.push_back(static_cast<uint8_t>(255 - dark[row * stride + column]));
    }
  }
  cairo_surface_destroy(surface);
  return image;
}

}  // namespace gusu
