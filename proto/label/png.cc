#include "proto/label/png.h"

#include <cairo.h>

#include <array>
#include <cmath>
#include <cstring>

namespace gusu {
namespace {

// Signature, and the chunk IHDR: what stands before any other chunk (PNG 1.2, 5.6).
constexpr size_t kHeaderBytes = 8 + 4 + 4 + 13 + 4;

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

std::string BigEndian(uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

// CRC of ISO 3309, as PNG's appendix D has it.
uint32_t CrcOf(const std::string& bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
  }
  return ~crc;
}

// The chunk pHYs: dots a metre, across and down.
std::string PhysicalDots(int dpi) {
  const auto per_metre = static_cast<uint32_t>(std::lround(dpi * 1000 / 25.4));
  const std::string content = "pHYs" + BigEndian(per_metre) + BigEndian(per_metre) + '\x01';
  return BigEndian(9) + content + BigEndian(CrcOf(content));
}

}  // namespace

std::string ToPng(const LabelImage& image, int dpi) {
  cairo_surface_t* surface = cairo_image_surface_create(
      CAIRO_FORMAT_A8, static_cast<int>(image.width), static_cast<int>(image.height));
  unsigned char* data = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<size_t>(cairo_image_surface_get_stride(surface));
  for (size_t row = 0; row < image.height; ++row) {
    std::memcpy(data + row * stride, image.light.data() + row * image.width, image.width);
  }
  cairo_surface_mark_dirty(surface);
  std::string png;
  cairo_surface_write_to_png_stream(surface, Append, &png);
  cairo_surface_destroy(surface);
  if (png.size() > kHeaderBytes) png.insert(kHeaderBytes, PhysicalDots(dpi));
  return png;
}

}  // namespace gusu
