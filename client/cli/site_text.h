// Servers of other registries as text: `grpc://registry.example:7440`, `handle-tcp://[::1]:2641`.
#pragma once

#include <string>
#include <string_view>

#include "client/cli/failure.h"
#include "gusu/prefix.h"

namespace gusu::cli {

OrFailure<Site> ParseSite(std::string_view text);
std::string ToSiteText(const Site& site);

}  // namespace gusu::cli
