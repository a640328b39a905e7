// Resolves any number of identifiers, over one stream or in batches.
#pragma once

#include <functional>
#include <optional>

#include "client/connection/stub.h"
#include "gusu/stream.h"

namespace gusu {

// What the server cut off because its answer was full is to be asked for again.
bool IsRest(const v1::ResolveOutcome& outcome);
// An error of the outcome, as FromProto; for IsRest never called.
ResolveOutcome FromProto(const v1::ResolveOutcome& outcome);
// For an identifier that cannot travel.
ResolveOutcome NotUtf8(const std::string& identifier);

Status StreamResolveMany(Stub& stub, const std::function<std::optional<std::string>()>& next,
                         const ResolveManyOptions& options,
                         const std::function<void(ResolveOutcome)>& on_outcome,
                         const RetryOptions& retry, std::chrono::milliseconds silence_max);

}  // namespace gusu
