#include "proto/opening.h"

#include <algorithm>

#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
constexpr std::string_view kLeafDomain = "gusu.leaf.v1\n";
constexpr std::string_view kCommitmentDomain = "gusu.commitment.v1\n";

enum Tag : uint8_t {
  kOperation = 1,
  kResource = 2,
  kRegistrant = 3,
  kActor = 4,
  kCredential = 5,
  kOnBehalfOf = 6,
  kRevision = 7,
  kPreviousLeafCount = 8,
  kSequence = 9,
  kReason = 10,
  kCommitment = 11,
  kErasure = 12,
};

absl::Status Malformed(std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "CANONICAL_BYTES_MALFORMED",
               Concat("opening: ", what));
}

void AppendBigEndian(uint64_t number, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
}

absl::StatusOr<Commitment> ReadCommitment(std::string_view content) {
  const size_t end = content.find('\0');
  Commitment commitment;
  if (end == std::string_view::npos || end == 0 ||
      content.size() != end + 1 + commitment.hash.size()) {
    return Malformed("a commitment is not label, zero byte and 32 bytes");
  }
  commitment.label = std::string(content.substr(0, end));
  std::copy(content.begin() + end + 1, content.end(), commitment.hash.begin());
  return commitment;
}

absl::StatusOr<Erasure> ReadErasure(std::string_view content) {
  constexpr size_t kIndexBytes = 8;
  if (content.size() <= kIndexBytes) {
    return Malformed("an erasure is not 8 bytes of leaf index and a label");
  }
  Erasure erasure;
  for (const char byte : content.substr(0, kIndexBytes)) {
    erasure.leaf_index = erasure.leaf_index << 8 | static_cast<uint8_t>(byte);
  }
  erasure.label = std::string(content.substr(kIndexBytes));
  return erasure;
}

absl::Status SetText(const CanonicalReader::Field& field, std::string& text) {
  GUSU_ASSIGN_OR_RETURN(const std::string_view content, CanonicalReader::TextOf(field));
  text = std::string(content);
  return absl::OkStatus();
}

absl::Status SetNumber(const CanonicalReader::Field& field, uint64_t& number) {
  GUSU_ASSIGN_OR_RETURN(number, CanonicalReader::NumberOf(field));
  return absl::OkStatus();
}

absl::Status SetOperation(std::string_view name, Operation& operation) {
  const std::optional<Operation> known = OperationFromName(name);
  if (!known) return Malformed(Concat("unknown operation ", Quote(name)));
  operation = *known;
  return absl::OkStatus();
}

absl::Status SetField(const CanonicalReader::Field& field, Change& change) {
  switch (field.tag) {
    case kOperation:
      return SetOperation(field.content, change.operation);
    case kResource:
      return SetText(field, change.resource);
    case kRegistrant:
      return SetText(field, change.registrant);
    case kActor:
      return SetText(field, change.actor);
    case kCredential:
      return SetText(field, change.credential);
    case kOnBehalfOf:
      return SetText(field, change.on_behalf_of);
    case kRevision:
      return SetNumber(field, change.revision);
    case kPreviousLeafCount:
      return SetNumber(field, change.previous_leaf_count);
    case kSequence:
      return SetNumber(field, change.sequence);
    case kReason:
      return SetText(field, change.reason);
    case kCommitment: {
      GUSU_ASSIGN_OR_RETURN(Commitment commitment, ReadCommitment(field.content));
      change.commitments.push_back(std::move(commitment));
      return absl::OkStatus();
    }
    case kErasure: {
      GUSU_ASSIGN_OR_RETURN(Erasure erasure, ReadErasure(field.content));
      change.erasures.push_back(std::move(erasure));
      return absl::OkStatus();
    }
    default:
      return Malformed(Concat("unknown field ", static_cast<int>(field.tag)));
  }
}

}  // namespace

std::string EncodeOpening(const Change& change) {
  CanonicalWriter writer(kVersion);
  writer.Text(kOperation, OperationName(change.operation))
      .Text(kResource, change.resource)
      .Text(kRegistrant, change.registrant)
      .Text(kActor, change.actor)
      .Text(kCredential, change.credential)
      .Text(kOnBehalfOf, change.on_behalf_of)
      .Number(kRevision, change.revision)
      .Number(kPreviousLeafCount, change.previous_leaf_count)
      .Number(kSequence, change.sequence)
      .Text(kReason, change.reason);
  for (const Commitment& commitment : change.commitments) {
    writer.Element(kCommitment, Concat(commitment.label, '\0', AsBytes(commitment.hash)));
  }
  for (const Erasure& erasure : change.erasures) {
    std::string content;
    AppendBigEndian(erasure.leaf_index, content);
    writer.Element(kErasure, content + erasure.label);
  }
  return std::move(writer).Take();
}

absl::StatusOr<Change> DecodeOpening(std::string_view bytes) {
  if (bytes.size() > kOpeningBytesMax) {
    return Malformed(Concat(bytes.size(), " bytes, more than ", kOpeningBytesMax));
  }
  GUSU_ASSIGN_OR_RETURN(CanonicalReader reader, CanonicalReader::Open(bytes, kVersion));
  Change change;
  uint8_t last_tag = 0;
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const auto field, reader.Next());
    if (!field) break;
    const bool repeats = field->tag == kCommitment || field->tag == kErasure;
    if (field->tag == last_tag && !repeats) {
      return Malformed(Concat("field ", static_cast<int>(field->tag), " stands twice"));
    }
    last_tag = field->tag;
    GUSU_RETURN_IF_ERROR(SetField(*field, change));
  }
  // What was read says everything that the bytes say, or else they are not ours.
  if (EncodeOpening(change) != bytes) return Malformed("not in canonical form");
  return change;
}

std::string LeafBytes(uint64_t commit_time_us, std::string_view salt, std::string_view opening) {
  std::string leaf;
  leaf.reserve(1 + sizeof(commit_time_us) + std::tuple_size_v<Hash>);
  leaf += static_cast<char>(kVersion);
  AppendBigEndian(commit_time_us, leaf);
  return leaf += AsBytes(Sha256({kLeafDomain, salt, opening}));
}

std::optional<uint64_t> LeafCommitTime(std::string_view leaf) {
  constexpr size_t kTimeBytes = 8;
  constexpr size_t kLeafBytes = 1 + kTimeBytes + std::tuple_size_v<Hash>;
  if (leaf.size() != kLeafBytes || static_cast<uint8_t>(leaf[0]) != kVersion) return std::nullopt;
  uint64_t time_us = 0;
  for (const char byte : leaf.substr(1, kTimeBytes)) {
    time_us = time_us << 8 | static_cast<uint8_t>(byte);
  }
  return time_us;
}

Hash CommitmentHash(std::string_view salt, std::string_view canonical_bytes) {
  return Sha256({kCommitmentDomain, salt, canonical_bytes});
}

}  // namespace gusu
