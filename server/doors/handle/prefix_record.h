// 0.NA/{prefix}: what a client reads first of a prefix, to learn who answers for it. The door makes
// these values; no record holds them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/handle/request.h"
#include "server/doors/handle/value_list.h"
#include "storage/view.h"

namespace gusu::server {

class HandleSite;

// The prefix that a handle below 0.NA is about; nullopt for other handles.
std::optional<std::string_view> PrefixOfPrefixHandle(std::string_view handle);
std::string PrefixHandle(std::string_view prefix);

// HS_SITE (3) and HS_NAMESPACE (4); HS_SERV (5) when there is a `service`; of a granted prefix
// HS_ADMIN (100). Of a delegated one the sites of its servers, from index 3 and then 10 on. False:
// the prefix is neither granted nor the node's. Without a `site`: no HS_SITE but theirs.
bool FillPrefixRecord(const storage::View& view, std::string_view prefix, const HandleSite* site,
                      const std::string& service, ValueList* values);

}  // namespace gusu::server
