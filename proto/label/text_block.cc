#include "proto/label/text_block.h"

#include <pango/pangocairo.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>

#include "proto/error.h"
#include "proto/text.h"

#ifdef __SANITIZE_ADDRESS__
// One pattern of fontconfig's own is lost at the end of a program that set text.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig.so\n"; }
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
#endif

namespace gusu {
namespace {

// Fonts are set in hundredths of a millimetre: large enough that rounding does not show.
constexpr double kUnitsPerMm = 100;
constexpr int kRowsOfFurtherLinesMax = 2;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using LayoutPointer = std::unique_ptr<PangoLayout, Unref>;

int ToPango(double mm) { return static_cast<int>(std::lround(mm * kUnitsPerMm * PANGO_SCALE)); }
double FromPango(int units) { return units / (kUnitsPerMm * PANGO_SCALE); }

// The fonts of this machine. Metrics are not rounded to pixels, so that text is as wide on paper as
// it is when it is measured.
class Typesetter {
 public:
  Typesetter() : fonts_(pango_cairo_font_map_new()) {
    context_ = pango_font_map_create_context(fonts_);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context_, options);
    cairo_font_options_destroy(options);
    // Characters that Chinese and Japanese share look as in Chinese.
    pango_context_set_language(context_, pango_language_from_string("zh-cn"));
    // A hyphen at the end of a row would read as one of the code's.
    attributes_ = pango_attr_list_new();
    pango_attr_list_insert(attributes_, pango_attr_insert_hyphens_new(FALSE));
  }

  ~Typesetter() {
    pango_attr_list_unref(attributes_);
    g_object_unref(context_);
    g_object_unref(fonts_);
  }
  Typesetter(const Typesetter&) = delete;
  Typesetter& operator=(const Typesetter&) = delete;

  LayoutPointer Set(const TextBlock& block, size_t index) {
    LayoutPointer layout(pango_layout_new(context_));
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, "sans-serif");
    pango_font_description_set_absolute_size(font, ToPango(block.font_mm));
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    pango_layout_set_auto_dir(layout.get(), FALSE);
    pango_layout_set_width(layout.get(), ToPango(block.width_mm));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), block.centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_attributes(layout.get(), attributes_);
    if (index >= block.whole_lines_count) {
      pango_layout_set_height(layout.get(), -kRowsOfFurtherLinesMax);
      pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    }
    const std::string& line = block.lines[index];
    pango_layout_set_text(layout.get(), line.data(), static_cast<int>(line.size()));
    return layout;
  }

 private:
  PangoFontMap* fonts_;
  PangoContext* context_;
  PangoAttrList* attributes_;
};

// Calls `use` with the one typesetter.
template <typename Use>
auto WithTypesetter(Use use) {
  static std::mutex mutex;
  static Typesetter typesetter;
  const std::lock_guard lock(mutex);
  return use(typesetter);
}

double HeightOf(PangoLayout* layout) {
  int width = 0;
  int height = 0;
  pango_layout_get_size(layout, &width, &height);
  return FromPango(height);
}

// The lines below one another; `draw` finds its line's top left corner at the origin, in units.
void ForEachLine(cairo_t* context, const TextBlock& block,
                 const std::function<void(PangoLayout*)>& draw) {
  WithTypesetter([&](Typesetter& typesetter) {
    double y_mm = block.y_mm;
    for (size_t i = 0; i < block.lines.size(); ++i) {
      const LayoutPointer layout = typesetter.Set(block, i);
      cairo_save(context);
      cairo_translate(context, block.x_mm, y_mm);
      cairo_scale(context, 1 / kUnitsPerMm, 1 / kUnitsPerMm);
      cairo_move_to(context, 0, 0);
      draw(layout.get());
      cairo_restore(context);
      y_mm += HeightOf(layout.get());
    }
    return true;
  });
}

class PathText {
 public:
  void Add(char command, const cairo_path_data_t* points, int count) {
    text_ += command;
    for (int i = 0; i < count; ++i) {
      char numbers[64];
      std::snprintf(numbers, sizeof numbers, i == 0 ? "%.3f %.3f" : " %.3f %.3f", points[i].point.x,
                    points[i].point.y);
      text_ += numbers;
    }
  }
  std::string Take() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string ToPathText(const cairo_path_t& path) {
  PathText text;
  for (int i = 0; i < path.num_data; i += path.data[i].header.length) {
    const cairo_path_data_t* data = &path.data[i];
    switch (data->header.type) {
      case CAIRO_PATH_MOVE_TO:
        text.Add('M', data + 1, 1);
        break;
      case CAIRO_PATH_LINE_TO:
        text.Add('L', data + 1, 1);
        break;
      case CAIRO_PATH_CURVE_TO:
        text.Add('C', data + 1, 3);
        break;
      case CAIRO_PATH_CLOSE_PATH:
        text.Add('Z', data, 0);
        break;
    }
  }
  return std::move(text).Take();
}

absl::Status GlyphMissing(const std::string& line) {
  return Error(absl::StatusCode::kFailedPrecondition, "LABEL_GLYPH_MISSING",
               Concat("no font of this machine shows all characters of \"", Quote(line),
                      "\": install one, for example fonts-wqy-microhei for Chinese"),
               {{"text", Quote(line)}});
}

}  // namespace

absl::StatusOr<TextExtent> ExtentOf(const TextBlock& block) {
  return WithTypesetter([&](Typesetter& typesetter) -> absl::StatusOr<TextExtent> {
    TextExtent extent;
    for (size_t i = 0; i < block.lines.size(); ++i) {
      const LayoutPointer layout = typesetter.Set(block, i);
      if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) {
        return GlyphMissing(block.lines[i]);
      }
      extent.height_mm += HeightOf(layout.get());
      extent.is_cut |= pango_layout_is_ellipsized(layout.get()) != FALSE;
    }
    return extent;
  });
}

void DrawText(cairo_t* context, const TextBlock& block) {
  ForEachLine(context, block,
              [&](PangoLayout* layout) { pango_cairo_show_layout(context, layout); });
}

std::string OutlinesOf(const TextBlock& block) {
  // Without bounds: characters outside a surface are left out of paths too.
  cairo_surface_t* surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nullptr);
  cairo_t* context = cairo_create(surface);
  // A path is kept in 256ths of a device's unit: here of a micrometre.
  cairo_scale(context, 1000, 1000);
  ForEachLine(context, block,
              [&](PangoLayout* layout) { pango_cairo_layout_path(context, layout); });
  cairo_path_t* path = cairo_copy_path(context);
  std::string text = ToPathText(*path);
  cairo_path_destroy(path);
  cairo_destroy(context);
  cairo_surface_destroy(surface);
  return text;
}

}  // namespace gusu
