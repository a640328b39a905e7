#include "client/cli/audit_evidence_pack.h"

#include <algorithm>
#include <utility>

#include "client/cli/audit_papers.h"
#include "client/cli/progress.h"
#include "gusu/json.h"
#include "gusu/secret.h"

namespace gusu::cli {
namespace {

// From the registration to `last_leaf_index`; later ones are passed over.
OrFailure<std::vector<uint64_t>> LeavesOfRevisions(const Session& session, Client& client,
                                                   const std::string& identifier,
                                                   uint64_t last_leaf_index) {
  std::vector<uint64_t> leaves;
  ListRevisionsRequest request;
  request.name = identifier;
  for (const Result<RecordRevision>& revision : client.ListRevisions(request)) {
    if (!revision) return session.FailureOf(revision.status());
    if (revision->receipt.leaf_index > last_leaf_index) continue;
    if (leaves.size() == kEvidenceRevisionsMax) {
      return UsageFailure(identifier + " has more than " + std::to_string(kEvidenceRevisionsMax) +
                          " revisions");
    }
    leaves.push_back(revision->receipt.leaf_index);
  }
  std::reverse(leaves.begin(), leaves.end());
  if (leaves.empty() || leaves.back() != last_leaf_index) {
    return LogFailure("the revisions listed are not up to that of the answer, leaf " +
                      std::to_string(last_leaf_index));
  }
  return leaves;
}

// What follows the proof within a tlog-proof.
std::string CheckpointOf(const std::string& tlog_proof) {
  const size_t end = tlog_proof.find("\n\n");
  return end == std::string::npos ? "" : tlog_proof.substr(end + 2);
}

OrFailure<KnownCheckpoint> ChooseCheckpoint(const Session& session, Client& client,
                                            const std::string& path, const LeafProof& newest,
                                            uint64_t newest_leaf_index,
                                            const std::vector<std::string>& vkeys) {
  if (!path.empty()) return FindCheckpoint(session, client, path, vkeys);
  const Result<LogCheckpoint> latest = client.GetCheckpoint();
  if (!latest) return session.FailureOf(latest.status());
  for (const std::string& text : {latest->cosigned_checkpoint, latest->checkpoint}) {
    if (text.empty()) continue;
    OrFailure<KnownCheckpoint> known = ToKnownCheckpoint(text, vkeys);
    if (!known.ok() || known->verified.tree_size > newest_leaf_index) return known;
  }
  // Published once a second: the newest change may stand in none yet but its own receipt's.
  return ToKnownCheckpoint(CheckpointOf(newest.tlog_proof), vkeys);
}

// Each revision names the leaf of the one before, and the first one none.
MaybeFailure CheckLinks(const Evidence& evidence) {
  uint64_t previous_leaf_count = 0;
  for (const ProvenLeaf& revision : evidence.revisions) {
    const VerifiedLeaf& leaf = revision.verified;
    const std::string what = "leaf " + std::to_string(leaf.leaf_index);
    if (!leaf.opening) {
      return Failure{ExitCode::kRefused, "ROLE_REFUSED", what + " came without its opening",
                     "a pack needs a credential of the registrant or of the bureau"};
    }
    if (leaf.opening->resource != evidence.answer.record.opening->resource ||
        leaf.opening->previous_leaf_count != previous_leaf_count) {
      return LogFailure(what + " is not the revision after the one before it");
    }
    previous_leaf_count = leaf.leaf_index + 1;
  }
  return std::nullopt;
}

papers::Evidence::Content ToContent(const Record& record) {
  papers::Evidence::Content content;
  content.identifier = record.identifier;
  content.state = ToText(record.state);
  content.level = ToText(record.level);
  if (record.instance_of) content.instance_of = record.instance_of->identifier;
  content.template_id = record.template_id;
  content.owner = record.owner;
  content.custodian = record.custodian;
  content.suspension_reason = record.suspension_reason;
  if (record.retirement) {
    content.retirement = ToText(record.retirement->reason);
    if (!record.retirement->text.empty()) content.retirement += ": " + record.retirement->text;
  }
  for (const Value& value : record.values) {
    content.values.push_back({value.index, value.type, std::string(ToText(value.tier)),
                              papers::ToValueText(value.data), value.author});
  }
  return content;
}

// Only of a leaf that came with its opening.
papers::Evidence::Revision ToRevision(const ProvenLeaf& proven) {
  const EntryOpening& opening = *proven.verified.opening;
  papers::Evidence::Revision revision;
  revision.leaf_index = proven.verified.leaf_index;
  revision.commit_time_us = proven.verified.commit_time_us;
  revision.operation = opening.operation;
  revision.registrant = opening.registrant;
  revision.actor = opening.actor;
  revision.credential = opening.credential;
  revision.on_behalf_of = opening.on_behalf_of;
  revision.reason = opening.reason;
  revision.sequence = opening.sequence;
  revision.not_shown = proven.verified.not_shown;
  revision.erased = proven.verified.erased;
  revision.leaf = proven.proof.leaf;
  const Result<Record> content = ReadRecordParts(opening.resource, proven.verified.parts);
  if (content) revision.content = ToContent(*content);
  revision.proof_json = ToJson(proven.proof);
  revision.tlog_proof = proven.proof.tlog_proof;
  return revision;
}

}  // namespace

OrFailure<Evidence> GatherEvidence(Session& session, Client& client, const std::string& identifier,
                                   const std::string& checkpoint_path,
                                   const std::vector<std::string>& vkeys) {
  ResolveOptions options;
  options.include_proof = true;
  Result<ResolveAnswer> resolved = client.Resolve(identifier, options);
  if (!resolved) return session.FailureOf(resolved.status());
  if (!resolved->proof) return LogFailure("the answer came without its proof");
  // Listed before the answer is looked at, since this tells who may not.
  const uint64_t newest = resolved->record.leaf_index;
  const auto leaves = LeavesOfRevisions(session, client, identifier, newest);
  if (!leaves.ok()) return leaves.failure();
  Evidence evidence;
  evidence.answer_proof = *std::move(resolved->proof);
  Result<VerifiedAnswer> answer = VerifyAnswer(evidence.answer_proof, vkeys, identifier);
  if (!answer) return LogFailure("the answer does not verify", answer.status());
  evidence.answer = *std::move(answer);
  if (!evidence.answer.record.opening || evidence.answer.record.leaf_index != newest) {
    return LogFailure("the answer's proof is not of its revision");
  }
  OrFailure<KnownCheckpoint> checkpoint = ChooseCheckpoint(
      session, client, checkpoint_path, evidence.answer_proof.record, newest, vkeys);
  if (!checkpoint.ok()) return checkpoint.failure();
  evidence.checkpoint = std::move(*checkpoint);
  if (evidence.checkpoint.verified.tree_size <= newest) {
    return UsageFailure("the checkpoint does not cover leaf " + std::to_string(newest),
                        "take a later one");
  }
  Progress progress(session.err(), session.is_watched(), leaves->size());
  for (const uint64_t leaf_index : *leaves) {
    OrFailure<ProvenLeaf> leaf = FetchProvenLeaf(session, client, leaf_index, evidence.checkpoint);
    if (!leaf.ok()) return leaf.failure();
    evidence.revisions.push_back(std::move(*leaf));
    progress.Show(evidence.revisions.size(), evidence.revisions.size(), 0);
  }
  if (auto failure = CheckLinks(evidence)) return *failure;
  return evidence;
}

papers::Evidence ToPaper(const Evidence& evidence) {
  papers::Evidence paper;
  paper.log = ToLogState(evidence.checkpoint);
  paper.vkeys = evidence.checkpoint.vkeys;
  paper.record = ToContent(evidence.answer.content);
  for (const Record& ancestor : evidence.answer.ancestor_contents) {
    paper.ancestors.push_back(ToContent(ancestor));
  }
  paper.stated_time_us = evidence.answer.stated_time_us;
  paper.answer_proof_json = ToJson(evidence.answer_proof);
  for (const ProvenLeaf& revision : evidence.revisions) {
    paper.revisions.push_back(ToRevision(revision));
  }
  return paper;
}

}  // namespace gusu::cli
