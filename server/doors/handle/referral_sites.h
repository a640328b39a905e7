// Servers of other registries, as HS_SITE values: a site each, since the servers of one site divide
// its handles among them.
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
template <typename Element>
class RepeatedPtrField;
}
namespace gusu::v1 {
class Site;
}

namespace gusu::server {

// Of those that a Handle client can use: with a numeric address, over HANDLE_TCP, HANDLE_UDP or
// HTTPS. Servers of one address and key are one site. In the order of the first mention.
std::vector<std::string> ReferralSites(const google::protobuf::RepeatedPtrField<v1::Site>& servers);

}  // namespace gusu::server
