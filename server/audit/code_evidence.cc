#include "server/audit/code_evidence.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/record_requests.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/latest_statement.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/tlog_proof.h"
#include "server/audit/log_state.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

absl::Status Inconsistent(std::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", what);
}
absl::Status Inconsistent(std::string_view what, const absl::Status& status) {
  return Inconsistent(Concat(what, ": ", StdView(status.message())));
}

// As clients write proofs: names as the API has them, bytes in base64.
absl::StatusOr<std::string> JsonOf(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(status.ToString());
  return json;
}

papers::Evidence::Content ContentOf(const v1::Record& record) {
  papers::Evidence::Content content;
  content.identifier = record.identifier();
  content.state = v1::Record::State_Name(record.state());
  content.level = v1::Record::Level_Name(record.level());
  content.instance_of = record.instance_of().identifier();
  content.template_id = record.template_();
  content.owner = record.owner();
  content.custodian = record.custodian();
  content.suspension_reason = record.suspension_reason();
  if (record.has_retirement()) {
    content.retirement = v1::Retirement::Reason_Name(record.retirement().reason());
    if (!record.retirement().text().empty()) {
      content.retirement += ": " + record.retirement().text();
    }
  }
  for (const v1::Value& value : record.values()) {
    if (!value.inherited_from().empty()) continue;
    content.values.push_back({value.index(), value.type(), v1::Tier_Name(value.tier()),
                              papers::ToValueText(value.data()), value.author()});
  }
  return content;
}

// The batch and the model that values come from, with these values.
std::vector<papers::Evidence::Content> AncestorsOf(const v1::Record& record) {
  std::vector<papers::Evidence::Content> ancestors;
  for (const v1::Value& value : record.values()) {
    if (value.inherited_from().empty()) continue;
    if (ancestors.empty() || ancestors.back().identifier != value.inherited_from()) {
      ancestors.emplace_back().identifier = value.inherited_from();
    }
    ancestors.back().values.push_back({value.index(), value.type(), v1::Tier_Name(value.tier()),
                                       papers::ToValueText(value.data()), value.author()});
  }
  return ancestors;
}

class Gathering {
 public:
  Gathering(const Audit& audit, const Resolver& resolver, const Caller& caller,
            size_t revisions_max)
      : audit_(audit), resolver_(resolver), caller_(caller), revisions_max_(revisions_max) {}

  absl::StatusOr<papers::Evidence> Gather(const std::string& identifier) && {
    v1::ResolveRequest request;
    request.set_identifier(identifier);
    request.mutable_options()->set_include_proof(true);
    v1::ResolveResponse answer;
    GUSU_RETURN_IF_ERROR(resolver_.Resolve(request, caller_, &answer));
    if (!answer.has_record()) {
      return Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND",
                   Concat("identifier ", Quote(identifier), " is resolved elsewhere"),
                   {{"identifier", identifier}});
    }
    GUSU_ASSIGN_OR_RETURN(const std::vector<v1::RecordRevision> revisions,
                          RevisionsOf(identifier, answer.record().leaf_index()));
    GUSU_RETURN_IF_ERROR(ChooseCheckpoint(answer));
    GUSU_RETURN_IF_ERROR(ReadAnswer(answer));
    for (const v1::RecordRevision& revision : revisions) GUSU_RETURN_IF_ERROR(Add(revision));
    return std::move(evidence_);
  }

 private:
  // From the registration to that at `last_leaf_index`; later ones are passed over.
  absl::StatusOr<std::vector<v1::RecordRevision>> RevisionsOf(const std::string& identifier,
                                                              uint64_t last_leaf_index) const {
    std::vector<v1::RecordRevision> revisions;
    v1::ListRevisionsRequest request;
    request.set_name(identifier);
    do {
      v1::ListRevisionsResponse page;
      GUSU_RETURN_IF_ERROR(resolver_.ListRevisions(request, caller_, &page));
      for (v1::RecordRevision& revision : *page.mutable_revisions()) {
        if (revision.receipt().leaf_index() > last_leaf_index) continue;
        if (revisions.size() == revisions_max_) return TooMany(identifier);
        revisions.push_back(std::move(revision));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    std::reverse(revisions.begin(), revisions.end());
    if (revisions.empty() || revisions.back().receipt().leaf_index() != last_leaf_index) {
      return Inconsistent(
          Concat("the revisions of ", identifier, " do not end at leaf ", last_leaf_index));
    }
    return revisions;
  }

  absl::Status TooMany(const std::string& identifier) const {
    return Error(absl::StatusCode::kOutOfRange, "REPORT_TOO_LARGE",
                 Concat(identifier, " has more than ", revisions_max_,
                        " revisions; gusu audit evidence packs them"),
                 {{"identifier", identifier}, {"revisions_max", std::to_string(revisions_max_)}});
  }

  absl::Status ChooseCheckpoint(const v1::ResolveResponse& answer) {
    v1::GetCheckpointResponse latest;
    GUSU_RETURN_IF_ERROR(audit_.GetCheckpoint(v1::GetCheckpointRequest(), caller_, &latest));
    evidence_.vkeys.assign(latest.vkeys().begin(), latest.vkeys().end());
    GUSU_ASSIGN_OR_RETURN(keys_, ParseKeys(evidence_.vkeys));
    // Published once a second: the newest change may stand in none yet but its own receipt's.
    GUSU_ASSIGN_OR_RETURN(const TlogProof newest,
                          ParseTlogProof(answer.proof().record().tlog_proof()));
    for (const std::string& text :
         {latest.cosigned_checkpoint(), latest.checkpoint(), newest.checkpoint}) {
      if (text.empty()) continue;
      GUSU_ASSIGN_OR_RETURN(evidence_.log, ReadLogState(text, keys_));
      if (evidence_.log.tree_size > answer.record().leaf_index()) return absl::OkStatus();
    }
    return Inconsistent("no checkpoint covers the answer");
  }

  absl::Status ReadAnswer(const v1::ResolveResponse& answer) {
    evidence_.record = ContentOf(answer.record());
    evidence_.ancestors = AncestorsOf(answer.record());
    const auto statement = OpenLatestStatement(answer.proof().statement(), keys_);
    if (!statement.ok()) return Inconsistent("the answer's statement", statement.status());
    evidence_.stated_time_us = statement->time_us;
    GUSU_ASSIGN_OR_RETURN(evidence_.answer_proof_json, JsonOf(answer.proof()));
    return absl::OkStatus();
  }

  absl::Status Add(const v1::RecordRevision& revision) {
    const uint64_t leaf_index = revision.receipt().leaf_index();
    v1::GetInclusionProofRequest request;
    request.set_leaf_index(leaf_index);
    v1::GetInclusionProofResponse shown, at_size;
    GUSU_RETURN_IF_ERROR(audit_.GetInclusionProof(request, caller_, &shown));
    request.set_tree_size(evidence_.log.tree_size);
    GUSU_RETURN_IF_ERROR(audit_.GetInclusionProof(request, caller_, &at_size));
    v1::LeafProof& proof = *shown.mutable_proof();
    papers::Evidence::Revision paper;
    GUSU_RETURN_IF_ERROR(FillOpening(proof, leaf_index, &paper));
    GUSU_RETURN_IF_ERROR(CheckParts(proof, &paper));
    GUSU_ASSIGN_OR_RETURN(paper.tlog_proof, ReceiptAt(proof.leaf(), leaf_index, at_size));
    proof.set_tlog_proof(paper.tlog_proof);
    GUSU_ASSIGN_OR_RETURN(paper.proof_json, JsonOf(proof));
    paper.content = ContentOf(revision.record());
    evidence_.revisions.push_back(std::move(paper));
    return absl::OkStatus();
  }

  // The receipt in the evidence's checkpoint, verified.
  absl::StatusOr<std::string> ReceiptAt(const std::string& leaf, uint64_t leaf_index,
                                        const v1::GetInclusionProofResponse& at_size) const {
    GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> hashes,
                          HashesFromBytes({at_size.hashes().begin(), at_size.hashes().end()}));
    const TlogProof receipt{leaf, leaf_index, hashes, evidence_.log.checkpoint};
    const auto proven = VerifyTlogProof(receipt, LeafHash(leaf), keys_);
    if (!proven.ok()) {
      return Inconsistent(Concat("leaf ", leaf_index, " is not proven"), proven.status());
    }
    return FormatTlogProof(receipt);
  }

  // What the leaf binds, and that it names the revision before it.
  absl::Status FillOpening(const v1::LeafProof& proof, uint64_t leaf_index,
                           papers::Evidence::Revision* paper) {
    const std::string what = Concat("leaf ", leaf_index);
    if (proof.opening().empty()) {
      return Error(absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
                   "evidence is for the registrant and for the bureau");
    }
    const absl::StatusOr<Change> change = DecodeOpening(proof.opening());
    if (!change.ok()) return Inconsistent(what, change.status());
    if (LeafBytes(change->revision, proof.salt(), proof.opening()) != proof.leaf()) {
      return Inconsistent(what + " is not opened by what is stored of it");
    }
    const uint64_t previous_leaf_count =
        evidence_.revisions.empty() ? 0 : evidence_.revisions.back().leaf_index + 1;
    if (change->previous_leaf_count != previous_leaf_count ||
        (!resource_.empty() && change->resource != resource_)) {
      return Inconsistent(what + " is not the revision after the one before it");
    }
    resource_ = change->resource;
    commitments_ = change->commitments;
    paper->leaf_index = leaf_index;
    paper->leaf = proof.leaf();
    paper->commit_time_us = change->revision;
    paper->operation = std::string(OperationName(change->operation));
    if (!change->registrant.empty()) paper->registrant = RegistrantName(change->registrant);
    paper->actor = change->actor;
    paper->credential = change->credential;
    paper->on_behalf_of = change->on_behalf_of;
    paper->reason = change->reason;
    paper->sequence = change->sequence;
    return absl::OkStatus();
  }

  // That what is shown of the revision is what its opening binds.
  absl::Status CheckParts(const v1::LeafProof& proof, papers::Evidence::Revision* paper) const {
    for (const Commitment& commitment : commitments_) {
      const auto part =
          std::find_if(proof.parts().begin(), proof.parts().end(),
                       [&](const v1::ContentPart& one) { return one.label() == commitment.label; });
      const bool is_there = part != proof.parts().end();
      if (is_there && part->erased()) {
        paper->erased.push_back(commitment.label);
      } else if (!is_there || part->content().empty()) {
        paper->not_shown.push_back(commitment.label);
      } else if (CommitmentHash(part->salt(), part->content()) != commitment.hash) {
        return Inconsistent(Concat("leaf ", paper->leaf_index, ": part ", commitment.label,
                                   " is not what was logged"));
      }
    }
    return absl::OkStatus();
  }

  const Audit& audit_;
  const Resolver& resolver_;
  const Caller& caller_;
  const size_t revisions_max_;
  papers::Evidence evidence_;
  std::vector<VerifierKey> keys_;
  std::vector<Commitment> commitments_;  // of the revision in hand
  std::string resource_;                 // that all revisions are of
};

}  // namespace

absl::StatusOr<papers::Evidence> GatherEvidence(const Audit& audit, const Resolver& resolver,
                                                const std::string& identifier, const Caller& caller,
                                                size_t revisions_max) {
  return Gathering(audit, resolver, caller, revisions_max).Gather(identifier);
}

}  // namespace gusu::server
