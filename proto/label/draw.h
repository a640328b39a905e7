// A label on a cairo context.
#pragma once

#include <cairo.h>

#include "proto/label/label.h"

namespace gusu {

// Symbol and text with the context's source; its user space is millimetres. The background stays.
void DrawLabel(cairo_t* context, const Label& label);

}  // namespace gusu
