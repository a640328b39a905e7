#include "server/page_secret.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/page_token.h"

namespace gusu::server {
namespace {

// Concealed = mark ‖ position ⊕ keystream of the mark; mark = the beginning of a keyed hash of the
// position, so that no keystream serves two positions and a changed text is found out.
constexpr size_t kMarkBytes = 16;

}  // namespace

PageSecret::PageSecret(const storage::Directory& directory) {
  const auto* settings = directory.settings();
  const std::string salt = settings == nullptr ? std::string() : settings->row->body_salt();
  key_ = std::string(AsBytes(Sha256({"gusu.page_secret.v1\n", salt})));
}

std::string PageSecret::Mark(std::string_view position) const {
  const Hash inner = Sha256({"gusu.page_mark.v1\n", key_, position});
  return std::string(AsBytes(Sha256({key_, AsBytes(inner)})).substr(0, kMarkBytes));
}

std::string PageSecret::Mask(std::string_view mark, std::string_view bytes) const {
  std::string masked(bytes);
  for (size_t at = 0; at < masked.size(); at += sizeof(Hash)) {
    const Hash block = Sha256({"gusu.page_mask.v1\n", key_, mark, Concat(at)});
    const size_t count = std::min(sizeof(Hash), masked.size() - at);
    for (size_t i = 0; i < count; ++i) {
      masked[at + i] = static_cast<char>(masked[at + i] ^ static_cast<char>(block[i]));
    }
  }
  return masked;
}

std::string PageSecret::Conceal(std::string_view position) const {
  const std::string mark = Mark(position);
  return mark + Mask(mark, position);
}

absl::StatusOr<std::string> PageSecret::Reveal(std::string_view concealed) const {
  if (concealed.empty()) return std::string();
  if (concealed.size() <= kMarkBytes) return PageTokenInvalid();
  const std::string_view mark = concealed.substr(0, kMarkBytes);
  std::string position = Mask(mark, concealed.substr(kMarkBytes));
  if (Mark(position) != mark) return PageTokenInvalid();
  return position;
}

}  // namespace gusu::server
