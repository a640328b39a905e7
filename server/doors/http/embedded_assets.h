// What embed_assets.cmake makes of the folder assets/.
#pragma once

#include <vector>

#include "server/doors/http/assets.h"

namespace gusu::server {

const std::vector<Asset>& EmbeddedAssets();

}  // namespace gusu::server
