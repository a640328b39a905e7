// Answers as JSON, for programs and pages that do not link C++.
//
// Field names are those of the API in snake_case; empty fields are left out. Enumerations are their
// API names, times RFC 3339 in UTC, 64-bit numbers numbers. A value's `data` is text when it is
// UTF-8, and `data_base64` otherwise. One line without a line end.
#pragma once

#include <string>
#include <string_view>

#include "gusu/requests.h"

namespace gusu {

GUSU_EXPORT std::string ToJson(const Status& status);
GUSU_EXPORT std::string ToJson(const Registrant& registrant);
GUSU_EXPORT std::string ToJson(const Prefix& prefix);
GUSU_EXPORT std::string ToJson(const Credential& credential);
GUSU_EXPORT std::string ToJson(const Template& definition);
GUSU_EXPORT std::string ToJson(const Receipt& receipt);
GUSU_EXPORT std::string ToJson(const Record& record);
GUSU_EXPORT std::string ToJson(const RecordRevision& revision);
GUSU_EXPORT std::string ToJson(const RegisterResult& result);
GUSU_EXPORT std::string ToJson(const ResolveAnswer& answer);
GUSU_EXPORT std::string ToJson(const RegistrantAnswer& answer);
GUSU_EXPORT std::string ToJson(const PrefixAnswer& answer);
GUSU_EXPORT std::string ToJson(const CredentialAnswer& answer);
GUSU_EXPORT std::string ToJson(const RecordAnswer& answer);
// {"identifier", "answer" or "error"}
GUSU_EXPORT std::string ToJson(const ResolveOutcome& outcome);
// {"row_index", "result" or "error"}
GUSU_EXPORT std::string ToJson(const RowOutcome& outcome);

// Text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
GUSU_EXPORT std::string JsonString(std::string_view text);

}  // namespace gusu
