// Labels of a pump, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "proto/label/image.h"
#include "proto/label/label.h"

namespace gusu::test {

inline constexpr char kUrl[] = "https://id.example/88.118.8/HP-123-0042";
inline constexpr char kGs1[] = "[01]09506000134352[21]SN-0042";

inline LabelContent Content(std::string payload = kUrl) {
  const bool is_gs1 = payload.front() == '[';
  return {std::move(payload), is_gs1, {"88.118.8/HP-123-0042", "离心泵 HP-123"}};
}

inline LabelOptions Sized(double width_mm, double height_mm,
                          LabelSymbol symbol = LabelSymbol::kQr) {
  LabelOptions options;
  options.symbol = symbol;
  options.size = LabelSize{width_mm, height_mm};
  return options;
}

inline Label Made(const LabelContent& content, const LabelOptions& options, int dpi) {
  const absl::StatusOr<Label> label = LayOutLabel(content, options, dpi);
  INFO(label.status());
  REQUIRE(label.ok());
  return *label;
}

inline LabelImage ImageOf(const Label& label, int dpi) {
  const absl::StatusOr<LabelImage> image = ToImage(label, dpi);
  INFO(image.status());
  REQUIRE(image.ok());
  return *image;
}

}  // namespace gusu::test
