#include "proto/papers/log_state.h"

#include "proto/base64.h"
#include "proto/text.h"

namespace gusu::papers {

std::string ToText(const LogState& state) {
  return Concat(state.origin, ", size ", state.tree_size, ", root ", Base64Encode(state.root));
}

}  // namespace gusu::papers
