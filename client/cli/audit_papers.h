// What the bureau's papers, which the contract prints, are asked for and made of here.
#pragma once

#include <string>

#include "client/cli/audit_leaf.h"
#include "client/cli/failure.h"
#include "proto/papers/html_page.h"
#include "proto/papers/log_state.h"

namespace gusu::cli {

// zh, en or both; empty: both.
OrFailure<papers::Language> ToLanguage(const std::string& text);

papers::LogState ToLogState(const KnownCheckpoint& checkpoint);

}  // namespace gusu::cli
