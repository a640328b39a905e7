#include "server/doors/http/assets.h"

#include <cstdlib>

#include "server/doors/http/embedded_assets.h"

namespace gusu::server {

const Asset* FindAsset(std::string_view name) {
  for (const Asset& asset : EmbeddedAssets()) {
    if (asset.name == name) return &asset;
  }
  return nullptr;
}

HtmlUrl AssetUrl(std::string_view name) {
  const Asset* asset = FindAsset(name);
  if (asset == nullptr) std::abort();
  return HtmlUrl::OfSegments({"assets", name}).With("v", asset->hash);
}

}  // namespace gusu::server
