// The audit log's answers as JSON.
#include "client/json_object.h"
#include "gusu/json.h"

namespace gusu {
namespace {

// Microseconds since 1970 UTC as a time that people read.
std::optional<Timestamp> TimeOf(uint64_t time_us) {
  if (time_us == 0) return std::nullopt;
  return Timestamp(std::chrono::microseconds(static_cast<int64_t>(time_us)));
}

std::string PartJson(const ContentPart& part) {
  return JsonObject()
      .Text("label", part.label)
      .Bytes("content", part.content)
      .Bytes("salt", part.salt)
      .Bytes("commitment", part.commitment)
      .Flag("erased", part.erased)
      .Take();
}

std::string CommitmentJson(const EntryOpening::Commitment& commitment) {
  return JsonObject().Text("label", commitment.label).Bytes("hash", commitment.hash).Take();
}

std::string ErasureJson(const EntryOpening::Erasure& erasure) {
  return JsonObject().Index("leaf_index", erasure.leaf_index).Text("label", erasure.label).Take();
}

std::string CosignatureJson(const VerifiedCheckpoint::Cosignature& cosignature) {
  return JsonObject()
      .Text("witness", cosignature.witness)
      .Time("time", TimeOf(cosignature.time_s * 1000000))
      .Take();
}

}  // namespace

std::string ToJson(const LeafProof& proof) {
  return JsonObject()
      .Bytes("leaf", proof.leaf)
      .Text("tlog_proof", proof.tlog_proof)
      .Bytes("opening", proof.opening)
      .Bytes("salt", proof.salt)
      .List("parts", proof.parts, PartJson)
      .Take();
}

std::string ToJson(const AnswerProof& proof) {
  return JsonObject()
      .Raw("record", ToJson(proof.record))
      .List("ancestors", proof.ancestors, [](const LeafProof& leaf) { return ToJson(leaf); })
      .Text("statement", proof.statement)
      .Bytes("identifier_salt", proof.identifier_salt)
      .Take();
}

std::string ToJson(const LogCheckpoint& checkpoint) {
  return JsonObject()
      .Text("checkpoint", checkpoint.checkpoint)
      .Text("cosigned_checkpoint", checkpoint.cosigned_checkpoint)
      .List("vkeys", checkpoint.vkeys)
      .Take();
}

std::string ToJson(const StoredRow& row) {
  JsonObject out;
  out.Text("table", row.table)
      .Text("resource", row.resource)
      .Number("revision", row.revision)
      .Index("leaf_index", row.leaf_index)
      .Flag("current", row.current)
      .List("parts", row.parts, PartJson)
      .Number("sequence", row.sequence)
      .Number("record_count", row.record_count)
      .Number("range_code_count", row.range_code_count);
  if (!row.error.ok()) out.Raw("error", ToJson(row.error));
  return out.Take();
}

std::string ToJson(const EntryOpening& opening) {
  return JsonObject()
      .Text("operation", opening.operation)
      .Text("resource", opening.resource)
      .Text("registrant", opening.registrant)
      .Text("actor", opening.actor)
      .Text("credential", opening.credential)
      .Text("on_behalf_of", opening.on_behalf_of)
      .Text("reason", opening.reason)
      .Number("revision", opening.revision)
      .Number("previous_leaf_count", opening.previous_leaf_count)
      .Number("sequence", opening.sequence)
      .List("commitments", opening.commitments, CommitmentJson)
      .List("erasures", opening.erasures, ErasureJson)
      .Take();
}

std::string ToJson(const LogEntry& entry) {
  JsonObject out;
  out.Index("leaf_index", entry.leaf_index)
      .Bytes("leaf", entry.leaf)
      .Bytes("opening", entry.opening)
      .Bytes("salt", entry.salt);
  // In words too; not instead, since the bytes are what the leaf binds.
  if (Result<EntryOpening> opening = ReadOpening(entry.opening)) {
    out.Raw("opened", ToJson(*opening));
  }
  if (entry.row) out.Raw("row", ToJson(*entry.row));
  return out.Take();
}

std::string ToJson(const VerifiedCheckpoint& checkpoint) {
  return JsonObject()
      .Text("origin", checkpoint.origin)
      .Index("tree_size", checkpoint.tree_size)
      .Bytes("root", checkpoint.root)
      .List("cosignatures", checkpoint.cosignatures, CosignatureJson)
      .Take();
}

std::string ToJson(const VerifiedLeaf& leaf) {
  JsonObject out;
  out.Index("leaf_index", leaf.leaf_index)
      .Time("commit_time", TimeOf(leaf.commit_time_us))
      .Raw("checkpoint", ToJson(leaf.checkpoint));
  if (leaf.opening) out.Raw("opening", ToJson(*leaf.opening));
  return out.List("parts", leaf.parts, PartJson)
      .List("not_shown", leaf.not_shown)
      .List("erased", leaf.erased)
      .Take();
}

std::string ToJson(const VerifiedAnswer& answer) {
  return JsonObject()
      .Raw("proven", JsonObject()
                         .Raw("record", ToJson(answer.record))
                         .Raw("content", ToJson(answer.content))
                         .Text("serial_range", answer.serial_range)
                         .List("ancestors", answer.ancestors,
                               [](const VerifiedLeaf& leaf) { return ToJson(leaf); })
                         .List("ancestor_contents", answer.ancestor_contents,
                               [](const Record& record) { return ToJson(record); })
                         .Take())
      .Raw("stated", JsonObject()
                         .Flag("serial", answer.serial_is_stated)
                         .Number("revision", answer.stated_revision)
                         .Number("read_revision", answer.stated_read_revision)
                         .Number("tree_size", answer.stated_tree_size)
                         .Time("time", TimeOf(answer.stated_time_us))
                         .Take())
      .Take();
}

}  // namespace gusu
