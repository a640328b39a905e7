#include "server/audit/cosignatures.h"

#include <algorithm>
#include <utility>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

absl::Status Corrupt(const std::string& path, std::string_view fault) {
  return Error(absl::StatusCode::kDataLoss, "COSIGNED_CORRUPT",
               Concat("the cosignatures in ", path, " are not usable: ", fault,
                      ". Move the file away; witnesses will sign again"),
               {{"path", path}});
}

absl::Status CheckWitnesses(const std::vector<VerifierKey>& witnesses) {
  const auto invalid = [](std::string_view value, std::string_view what) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 Concat("witness_vkeys: ", what),
                 {{"field", "witness_vkeys"}, {"value", std::string(value)}});
  };
  if (witnesses.size() > Cosignatures::kWitnessesMax) {
    return invalid(std::to_string(witnesses.size()),
                   Concat(witnesses.size(), " witnesses, more than ", Cosignatures::kWitnessesMax));
  }
  for (const VerifierKey& key : witnesses) {
    if (key.type() != SignatureType::kCosignature) {
      return invalid(key.Text(), Concat(Quote(key.name()), " is no key of a witness (type 04)"));
    }
  }
  return absl::OkStatus();
}

bool SameKey(const NoteSignature& a, const NoteSignature& b) {
  return a.key_id == b.key_id && a.key_name == b.key_name;
}

// The verified cosignatures of a note, each once.
std::vector<NoteSignature> CosignaturesOf(const SignedNote& note,
                                          const std::vector<VerifierKey>& witnesses) {
  std::vector<NoteSignature> cosignatures;
  for (const VerifierKey& key : witnesses) {
    for (const NoteSignature& signature : note.signatures) {
      if (!key.Names(signature)) continue;
      std::erase_if(cosignatures,
                    [&](const NoteSignature& other) { return SameKey(other, signature); });
      cosignatures.push_back(signature);
    }
  }
  return cosignatures;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Cosignatures>> Cosignatures::Load(const storage::Ledger* ledger,
                                                                 const CheckpointSigner* signer,
                                                                 std::string path) {
  std::unique_ptr<Cosignatures> cosigned(new Cosignatures(ledger, signer, std::move(path)));
  if (cosigned->path_.empty()) return cosigned;
  const absl::StatusOr<std::string> content = ReadPrivateFile(cosigned->path_);
  if (absl::IsNotFound(content.status())) return cosigned;
  if (!content.ok()) return content.status();
  GUSU_RETURN_IF_ERROR(cosigned->Read(*content));
  return cosigned;
}

absl::Status Cosignatures::Read(std::string_view content) {
  const bool is_line = !content.empty() && content.back() == '\n';
  const auto text = is_line ? ParseAnchorLine(content.substr(0, content.size() - 1)) : std::nullopt;
  if (!text) return Corrupt(path_, "the checksum is not that of the note");
  const absl::StatusOr<SignedNote> note = ParseSignedNote(*text);
  if (!note.ok()) return Corrupt(path_, StdView(note.status().message()));
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointBody(note->text);
  if (!checkpoint.ok()) return Corrupt(path_, StdView(checkpoint.status().message()));
  if (checkpoint->origin != signer_->origin()) return absl::OkStatus();
  if (const absl::Status fits = CheckTree(*checkpoint); !fits.ok()) {
    return ErrorReason(fits) == "TREE_SIZE_UNKNOWN" ? Corrupt(path_, StdView(fits.message()))
                                                    : fits;
  }
  head_ = checkpoint->head;
  for (const NoteSignature& signature : note->signatures) {
    // The log's own signatures are made anew: its keys may have changed.
    if (signature.key_name != signer_->origin()) cosignatures_.push_back(signature);
  }
  note_ = signer_->NoteOf(head_, cosignatures_);
  return absl::OkStatus();
}

absl::Status Cosignatures::CheckTree(const Checkpoint& checkpoint) const {
  const auto unknown = [&checkpoint](std::string_view what) {
    return Error(absl::StatusCode::kFailedPrecondition, "TREE_SIZE_UNKNOWN",
                 Concat("the checkpoint of ", checkpoint.head.size, " leaves ", what),
                 {{"size", std::to_string(checkpoint.head.size)}});
  };
  if (checkpoint.origin != signer_->origin() || !checkpoint.extension_lines.empty()) {
    return unknown("is not one that this log signs");
  }
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  if (checkpoint.head.size > view->leaf_count()) return unknown("is of more than the log has");
  GUSU_ASSIGN_OR_RETURN(const Hash root, ReadRoot(checkpoint.head.size, [&view](const auto& nodes) {
                          return view->ReadNodes(nodes);
                        }));
  if (root != checkpoint.head.root) return unknown("is of another tree than this log's");
  return absl::OkStatus();
}

std::string Cosignatures::note() const {
  const std::lock_guard lock(mutex_);
  return note_;
}

absl::StatusOr<std::string> Cosignatures::Add(std::string_view checkpoint,
                                              const std::vector<VerifierKey>& witnesses) {
  GUSU_RETURN_IF_ERROR(CheckWitnesses(witnesses));
  std::vector<VerifierKey> keys = signer_->verifiers();
  keys.insert(keys.end(), witnesses.begin(), witnesses.end());
  GUSU_ASSIGN_OR_RETURN(const OpenedCheckpoint opened, OpenCheckpoint(checkpoint, keys));
  GUSU_ASSIGN_OR_RETURN(const SignedNote note, ParseSignedNote(checkpoint));
  std::vector<NoteSignature> cosignatures = CosignaturesOf(note, witnesses);
  if (cosignatures.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "SIGNATURE_MISSING",
                 "none of these witnesses has signed the checkpoint",
                 {{"keys_known", std::to_string(witnesses.size())},
                  {"signatures", std::to_string(note.signatures.size())}});
  }
  GUSU_RETURN_IF_ERROR(CheckTree(opened.checkpoint));

  const std::lock_guard lock(mutex_);
  const TreeHead& head = opened.checkpoint.head;
  if (!note_.empty() && head.size < head_.size) {
    return Error(absl::StatusCode::kFailedPrecondition, "TREE_SIZE_UNKNOWN",
                 Concat("the checkpoint of ", head.size, " leaves is older than the one of ",
                        head_.size, " that is cosigned"),
                 {{"size", std::to_string(head.size)}});
  }
  if (!note_.empty() && head.size == head_.size) {
    for (const NoteSignature& known : cosignatures_) {
      const bool is_renewed =
          std::any_of(cosignatures.begin(), cosignatures.end(),
                      [&known](const NoteSignature& one) { return SameKey(one, known); });
      if (!is_renewed) cosignatures.push_back(known);
    }
  }
  if (cosignatures.size() > kWitnessesMax) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 Concat("witness_vkeys: with those that have signed they are ", cosignatures.size(),
                        ", more than ", kWitnessesMax),
                 {{"field", "witness_vkeys"}, {"value", std::to_string(cosignatures.size())}});
  }
  std::string served = signer_->NoteOf(head, cosignatures);
  if (!path_.empty()) {
    if (const absl::Status written = WritePrivateFile(path_, FormatAnchorLine(served));
        !written.ok()) {
      return Error(absl::StatusCode::kUnavailable, "COSIGNED_NOT_WRITABLE",
                   Concat("the cosignatures cannot be stored: ", StdView(written.message())),
                   {{"path", path_}});
    }
  }
  head_ = head;
  cosignatures_ = std::move(cosignatures);
  note_ = std::move(served);
  return note_;
}

}  // namespace gusu::server
