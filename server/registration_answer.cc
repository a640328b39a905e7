#include <optional>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/registration.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr size_t kDifferencesTold = 10;

absl::Status Corrupt(std::string_view identifier) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("record ", identifier, " cannot be read"),
               {{"identifier", std::string(identifier)}});
}

const stored::ValueRow* FindValue(const stored::RecordRow& record, uint32_t index) {
  for (const stored::ValueRow& value : record.values()) {
    if (value.index() == index) return &value;
  }
  return nullptr;
}

// Names of the fields in which two records differ.
std::vector<std::string> Differences(const stored::RecordRow& a, const stored::RecordRow& b) {
  std::vector<std::string> fields;
  const auto note = [&fields](bool differs, std::string_view name) {
    if (differs) fields.emplace_back(name);
  };
  note(a.level() != b.level(), "level");
  note(ToKey(a.instance_of()) != ToKey(b.instance_of()) ||
           a.instance_of_revision() != b.instance_of_revision(),
       "instance_of");
  note(a.template_id() != b.template_id() || a.template_version() != b.template_version(),
       "template");
  note(a.state() != b.state(), "state");
  note(a.origin().SerializeAsString() != b.origin().SerializeAsString(), "origin");
  note(a.effective_time_us() != b.effective_time_us(), "effective_time");
  for (const stored::ValueRow& value : a.values()) {
    const stored::ValueRow* other = FindValue(b, value.index());
    note(other == nullptr || !SameContent(value, *other), value.type());
  }
  for (const stored::ValueRow& value : b.values()) {
    note(FindValue(a, value.index()) == nullptr, value.type());
  }
  if (fields.empty()) fields.emplace_back("order of values");
  return fields;
}

absl::Status Taken(const stored::RecordRow& asked, const stored::RecordRow& record,
                   const Acting& acting) {
  ErrorMetadata metadata = {{"identifier", record.identifier()}};
  std::string message = Concat("identifier ", record.identifier(), " is taken");
  if (record.issued_by() == acting.registrant) {
    const std::vector<std::string> fields = Differences(asked, record);
    std::string told;
    for (size_t i = 0; i < fields.size() && i < kDifferencesTold; ++i) {
      told += Concat(i == 0 ? "" : ", ", fields[i]);
    }
    message += Concat(", by a record that differs in ", told,
                      fields.size() > kDifferencesTold ? ", …" : "");
    metadata.push_back({"fields", told});
    metadata.push_back({"fields_count", std::to_string(fields.size())});
  }
  return Error(absl::StatusCode::kAlreadyExists, "IDENTIFIER_TAKEN", message, std::move(metadata));
}

v1::RegisterResult Answer(std::string_view identifier, v1::RegisterResult::Outcome outcome,
                          const storage::Receipt& receipt, uint64_t current_revision) {
  v1::RegisterResult result;
  result.set_identifier(std::string(identifier));
  result.set_name(RecordName(identifier));
  result.set_outcome(outcome);
  FillReceipt(receipt, result.mutable_receipt());
  result.set_etag(EtagOf(current_revision));
  return result;
}

v1::RegisterResult AnswerForFirst(const stored::RecordRow& record, const storage::Row& current) {
  const bool is_first = record.create_revision() == 0;
  const storage::Receipt first{is_first ? current.leaf_index : record.create_leaf_index(),
                               is_first ? current.revision : record.create_revision()};
  return Answer(record.identifier(), v1::RegisterResult::UNCHANGED, first, current.revision);
}

// The record's first revision, whose row says what it was registered as.
absl::StatusOr<stored::RecordRow> FirstRevision(const storage::View& view,
                                                const stored::RecordRow& record) {
  if (record.create_revision() == 0) return record;
  GUSU_ASSIGN_OR_RETURN(auto first, view.GetAsOf(storage::RecordKey(ToKey(record.identifier())),
                                                 record.create_revision()));
  stored::RecordRow row;
  if (!first.has_value() || !row.ParseFromString(first->payload)) {
    return Corrupt(record.identifier());
  }
  return row;
}

}  // namespace

v1::RegisterResult AnswerForCreated(std::string_view identifier, const storage::Receipt& receipt) {
  return Answer(identifier, v1::RegisterResult::CREATED, receipt, receipt.revision);
}

absl::StatusOr<v1::RegisterResult> AnswerForTaken(const storage::View& view,
                                                  const Registration& registration,
                                                  const Acting& acting,
                                                  const storage::Row& existing) {
  stored::RecordRow asked, record;
  if (!record.ParseFromString(existing.payload) ||
      !asked.ParseFromString(registration.change.rows.front().payload)) {
    return Corrupt(registration.identifier);
  }
  // Which version of the template counts is a matter of the time, not of what was asked.
  asked.set_template_version(record.template_version());
  if (record.issued_by() != acting.registrant) return Taken(asked, record, acting);
  GUSU_ASSIGN_OR_RETURN(const stored::RecordRow first, FirstRevision(view, record));
  const bool same_request = first.create_digest() == asked.create_digest();
  if (!same_request && !asked.create_request_id().empty() &&
      asked.create_request_id() == first.create_request_id()) {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 Concat("request id ", Quote(asked.create_request_id()), " registered ",
                        record.identifier(), " with other content"),
                 {{"request_id", asked.create_request_id()}, {"identifier", record.identifier()}});
  }
  const bool same = same_request || ContentDigest(record) == ContentDigest(asked);
  if (record.state() == v1::Record::RETIRED) {
    return Error(absl::StatusCode::kFailedPrecondition, "RECORD_RETIRED",
                 Concat("identifier ", record.identifier(),
                        " is retired; it is never assigned again, and its holder may reinstate it"),
                 {{"identifier", record.identifier()}});
  }
  if (!same) return Taken(asked, record, acting);
  return AnswerForFirst(record, existing);
}

absl::StatusOr<v1::RegisterResult> AnswerForRegistered(const storage::View& view,
                                                       std::string_view identifier) {
  GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> row,
                        view.Get(storage::RecordKey(ToKey(identifier))));
  stored::RecordRow record;
  if (!row.has_value() || !record.ParseFromString(row->payload)) return Corrupt(identifier);
  return AnswerForFirst(record, *row);
}

absl::StatusOr<std::vector<v1::RegisterResult>> AnswersOfFirst(const storage::View& view,
                                                               const storage::Receipt& first,
                                                               size_t change_count) {
  std::vector<v1::RegisterResult> answers;
  answers.reserve(change_count);
  for (size_t i = 0; i < change_count; ++i) {
    const storage::Receipt receipt{first.leaf_index + i, first.revision + i};
    GUSU_ASSIGN_OR_RETURN(Change change, view.ReadChange(receipt.leaf_index));
    GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(change.resource));
    GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> row,
                          view.Get(storage::RecordKey(identifier.key())));
    stored::RecordRow record;
    if (!row.has_value() || !record.ParseFromString(row->payload)) {
      return Corrupt(identifier.written());
    }
    answers.push_back(
        Answer(record.identifier(), v1::RegisterResult::UNCHANGED, receipt, row->revision));
  }
  return answers;
}

}  // namespace gusu::server
