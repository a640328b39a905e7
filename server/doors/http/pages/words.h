// What the API's enumerations are called on pages.
#pragma once

#include <string_view>

#include "server/doors/http/language.h"

namespace gusu::server {

// By number of gusu.v1; of one that is not known: "?".
Words RecordStateWords(int state);
Words RecordLevelWords(int level);
Words RetirementReasonWords(int reason);
Words HoldSideWords(int side);
Words RegistrantStateWords(int state);
Words TierWords(int tier);
Words SiteProtocolWords(int protocol);
// By name (proto/change.h); of one that is not known: the name.
Words OperationWords(std::string_view operation);

}  // namespace gusu::server
