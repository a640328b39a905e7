// Answers as JSON, for programs and pages that do not link C++.
//
// Field names are those of the API in snake_case; empty fields are left out. Enumerations are their
// API names, times RFC 3339 in UTC, 64-bit numbers numbers. A value's `data` is text when it is
// UTF-8, and `data_base64` otherwise. Hashes, salts and canonical bytes are base64 with padding.
// One line without a line end.
#pragma once

#include <string>
#include <string_view>

#include "gusu/audit.h"
#include "gusu/requests.h"
#include "gusu/serial_range.h"
#include "gusu/transfer.h"

namespace gusu {

GUSU_EXPORT std::string ToJson(const Status& status);
GUSU_EXPORT std::string ToJson(const Value& value);
GUSU_EXPORT std::string ToJson(const Receipt& receipt);
GUSU_EXPORT std::string ToJson(const Record& record);
GUSU_EXPORT std::string ToJson(const RecordRevision& revision);
GUSU_EXPORT std::string ToJson(const RegisterResult& result);
GUSU_EXPORT std::string ToJson(const ResolveAnswer& answer);
GUSU_EXPORT std::string ToJson(const RecordAnswer& answer);
GUSU_EXPORT std::string ToJson(const Referral& referral);
GUSU_EXPORT std::string ToJson(const SerialRange& range);
GUSU_EXPORT std::string ToJson(const SerialRangeAnswer& answer);
GUSU_EXPORT std::string ToJson(const Transfer& transfer);
GUSU_EXPORT std::string ToJson(const TransferAnswer& answer);
// {"identifier", "answer" or "error"}
GUSU_EXPORT std::string ToJson(const ResolveOutcome& outcome);
// {"row_index", "result" or "error"}
GUSU_EXPORT std::string ToJson(const RowOutcome& outcome);

// The registrar, and statistics.
GUSU_EXPORT std::string ToJson(const Registrant& registrant);
GUSU_EXPORT std::string ToJson(const RegistrantAnswer& answer);
GUSU_EXPORT std::string ToJson(const Credential& credential);
GUSU_EXPORT std::string ToJson(const CredentialAnswer& answer);
GUSU_EXPORT std::string ToJson(const Prefix& prefix);
GUSU_EXPORT std::string ToJson(const PrefixAnswer& answer);
GUSU_EXPORT std::string ToJson(const Site& site);
GUSU_EXPORT std::string ToJson(const Template& definition);
GUSU_EXPORT std::string ToJson(const TemplateAnswer& answer);
GUSU_EXPORT std::string ToJson(const Grant& grant);
GUSU_EXPORT std::string ToJson(const GrantAnswer& answer);
GUSU_EXPORT std::string ToJson(const Group& group);
GUSU_EXPORT std::string ToJson(const GroupAnswer& answer);
GUSU_EXPORT std::string ToJson(const DayCounts& day);
GUSU_EXPORT std::string ToJson(const DayUsage& day);
// {"ok", "counts", "days_count", "sequence", "differences"}
GUSU_EXPORT std::string ToJson(const StatisticsVerification& verification);

// The audit log.
GUSU_EXPORT std::string ToJson(const LeafProof& proof);
GUSU_EXPORT std::string ToJson(const AnswerProof& proof);
GUSU_EXPORT std::string ToJson(const LogCheckpoint& checkpoint);
GUSU_EXPORT std::string ToJson(const LogEntry& entry);
GUSU_EXPORT std::string ToJson(const StoredRow& row);
GUSU_EXPORT std::string ToJson(const EntryOpening& opening);
GUSU_EXPORT std::string ToJson(const VerifiedCheckpoint& checkpoint);
GUSU_EXPORT std::string ToJson(const VerifiedLeaf& leaf);
// {"proven": {"record", "content", "ancestors"}, "stated": {"revision", "time", …}}
GUSU_EXPORT std::string ToJson(const VerifiedAnswer& answer);

// What ToJson wrote of a proof. Fails with kInvalidArgument / JSON_MALFORMED, whose metadata "at"
// is the byte at fault or the field. Unknown fields are refused, and so is text above 64 MiB.
GUSU_EXPORT Result<LeafProof> LeafProofFromJson(const std::string& json);
// Takes a whole answer of ToJson(ResolveAnswer) too, for its "proof".
GUSU_EXPORT Result<AnswerProof> AnswerProofFromJson(const std::string& json);

// Text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
GUSU_EXPORT std::string JsonString(std::string_view text);

}  // namespace gusu
