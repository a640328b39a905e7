// What an answer proves: that each of its revisions was logged, and what it held. And what it only
// states: that none was newer.
#include "client/audit/read_parts.h"
#include "client/audit/read_range.h"
#include "client/audit/status_from.h"
#include "client/audit/verify_leaf.h"
#include "proto/identifier.h"
#include "proto/latest_statement.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kSaltBytes = 32;

// A leaf whose opening and body are shown, so that it can be said what it is of: a record's, or
// that of the serial range of a code without one.
struct ProvenRecord {
  VerifiedLeaf leaf;
  Record content;
  bool is_range = false;
  bool serial_is_stated = false;
};

absl::Status Invalid(const std::string& resource, std::string_view what) {
  return InvalidProof(Concat(Quote(resource), ": ", what));
}

// What the leaf says of the record, or of the code `asked` of its range.
absl::Status ReadContent(const std::string& asked, ProvenRecord* record) {
  const VerifiedLeaf& leaf = record->leaf;
  const std::string& resource = leaf.opening->resource;
  if (IsSerialRangeName(resource)) {
    GUSU_ASSIGN_OR_RETURN(RangeCodeContent code, ReadRangeParts(resource, leaf.parts, asked));
    record->content = std::move(code.record);
    record->is_range = true;
    record->serial_is_stated = code.serial_is_stated;
  } else {
    Result<Record> read = ReadRecordParts(resource, leaf.parts);
    if (!read) return Invalid(resource, read.status().message);
    record->content = *std::move(read);
  }
  record->content.revision = leaf.opening->revision;
  record->content.update_time = Timestamp(std::chrono::microseconds(leaf.commit_time_us));
  record->content.leaf_index = leaf.leaf_index;
  return absl::OkStatus();
}

absl::StatusOr<ProvenRecord> CheckRecord(const LeafProof& proof,
                                         const std::vector<VerifierKey>& keys,
                                         const std::string& asked) {
  GUSU_ASSIGN_OR_RETURN(VerifiedLeaf leaf, CheckLeaf(proof, keys));
  if (!leaf.opening) {
    return InvalidProof(Concat("leaf ", leaf.leaf_index, " is logged, and its opening not shown"));
  }
  const std::string& resource = leaf.opening->resource;
  if (leaf.parts.empty() || leaf.parts[0].label != kBodyLabel) {
    return Invalid(resource, "what it is (BODY) is not shown");
  }
  ProvenRecord record;
  record.leaf = std::move(leaf);
  GUSU_RETURN_IF_ERROR(ReadContent(asked, &record));
  return record;
}

// That `ancestor` is the one that `record` inherits from, in the state that was read.
absl::Status CheckLink(const Record& record, const ProvenRecord& ancestor, uint64_t read_revision) {
  const Record& to = ancestor.content;
  if (!record.instance_of) return Invalid(record.name, Concat("is no instance of ", to.identifier));
  const auto named = Identifier::ParseName(record.instance_of->identifier);
  const auto given = Identifier::ParseName(to.name);
  if (!named.ok() || !given.ok() || !(*named == *given)) {
    return Invalid(record.name, Concat("is an instance of ", Quote(record.instance_of->identifier),
                                       ", and not of ", to.identifier));
  }
  const uint64_t fixed = record.instance_of->revision;
  if (fixed != 0 && to.revision != fixed) {
    return Invalid(record.name, Concat("is an instance of ", to.identifier, " as of revision ",
                                       fixed, ", and not ", to.revision));
  }
  if (to.revision > read_revision) {
    return Invalid(to.name, "is newer than the state that the answer is of");
  }
  return absl::OkStatus();
}

// That leaf and statement are of one log, and the statement of a state that has the leaf.
absl::Status CheckState(const VerifiedLeaf& leaf, const LatestStatement& statement) {
  if (leaf.checkpoint.origin != statement.origin) {
    return Invalid(leaf.opening->resource, Concat("is in the log ", leaf.checkpoint.origin,
                                                  ", and the statement of ", statement.origin));
  }
  if (leaf.leaf_index >= statement.tree_size) {
    return Invalid(leaf.opening->resource, "is not in the log that the statement is of");
  }
  return absl::OkStatus();
}

absl::Status CheckStatement(const AnswerProof& proof, const ProvenRecord& record,
                            const LatestStatement& statement) {
  const VerifiedLeaf& leaf = record.leaf;
  GUSU_RETURN_IF_ERROR(CheckState(leaf, statement));
  // Of the record's name also where the leaf is a range's.
  const std::string& resource = record.content.name;
  if (proof.identifier_salt.size() != kSaltBytes ||
      IdentifierHash(proof.identifier_salt, resource) != statement.identifier_hash) {
    return Invalid(resource, "is not what the statement is of");
  }
  if (statement.revision != leaf.opening->revision) {
    return Invalid(resource,
                   Concat("revision ", leaf.opening->revision,
                          " is shown, and the latest is stated to be ", statement.revision));
  }
  return absl::OkStatus();
}

absl::Status CheckIdentifier(const std::string& asked, const Record& record) {
  if (asked.empty()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(asked));
  GUSU_ASSIGN_OR_RETURN(const Identifier found, Identifier::ParseName(record.name));
  if (identifier == found) return absl::OkStatus();
  return Invalid(record.identifier, Concat("is not ", Quote(asked)));
}

absl::StatusOr<VerifiedAnswer> CheckAnswer(const AnswerProof& proof,
                                           const std::vector<std::string>& vkeys,
                                           const std::string& identifier) {
  GUSU_ASSIGN_OR_RETURN(const std::vector<VerifierKey> keys, ParseKeys(vkeys));
  GUSU_ASSIGN_OR_RETURN(ProvenRecord record, CheckRecord(proof.record, keys, identifier));
  GUSU_RETURN_IF_ERROR(CheckIdentifier(identifier, record.content));
  GUSU_ASSIGN_OR_RETURN(const LatestStatement statement,
                        OpenLatestStatement(proof.statement, keys));
  GUSU_RETURN_IF_ERROR(CheckStatement(proof, record, statement));

  VerifiedAnswer answer;
  if (record.is_range) answer.serial_range = record.leaf.opening->resource;
  answer.serial_is_stated = record.serial_is_stated;
  answer.record = std::move(record.leaf);
  answer.content = std::move(record.content);
  for (const LeafProof& one : proof.ancestors) {
    const Record& heir =
        answer.ancestor_contents.empty() ? answer.content : answer.ancestor_contents.back();
    GUSU_ASSIGN_OR_RETURN(ProvenRecord ancestor, CheckRecord(one, keys, ""));
    GUSU_RETURN_IF_ERROR(CheckState(ancestor.leaf, statement));
    GUSU_RETURN_IF_ERROR(CheckLink(heir, ancestor, statement.read_revision));
    answer.ancestors.push_back(std::move(ancestor.leaf));
    answer.ancestor_contents.push_back(std::move(ancestor.content));
  }
  answer.stated_revision = statement.revision;
  answer.stated_read_revision = statement.read_revision;
  answer.stated_tree_size = statement.tree_size;
  answer.stated_time_us = statement.time_us;
  return answer;
}

}  // namespace

Result<VerifiedAnswer> VerifyAnswer(const AnswerProof& proof, const std::vector<std::string>& vkeys,
                                    const std::string& identifier) {
  return ResultFrom(CheckAnswer(proof, vkeys, identifier));
}

}  // namespace gusu
