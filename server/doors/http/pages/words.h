// What the API's enumerations are called on pages.
#pragma once

#include <string>
#include <string_view>

#include "server/doors/http/language.h"

namespace gusu::v1 {
class ResolveResponse;
}

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

// How many values an answer withholds, of which tiers: `2 (partner, owner)`.
std::string WithheldText(const v1::ResolveResponse& answer, Language language);

}  // namespace gusu::server
