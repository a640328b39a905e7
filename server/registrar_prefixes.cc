// The registrar's part on prefixes.
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/page.h"
#include "server/registrar.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;

constexpr std::string_view kPrefixes = "prefixes/";
constexpr uint32_t kSuffixCharactersMax = 253;
// Prefixes of one registrant below a prefix that is granted later.
constexpr size_t kDescendantsMax = 1000;

absl::Status ReadSuffixPolicy(const v1::SuffixPolicy& policy, PrefixRow* row) {
  if (policy.characters_max() > kSuffixCharactersMax) {
    return FieldInvalid("suffix_policy.characters_max", std::to_string(policy.characters_max()),
                        Concat("at most ", kSuffixCharactersMax));
  }
  row->set_suffix_characters_max(policy.characters_max());
  if (policy.check_scheme() < 0 || policy.check_scheme() > v1::SuffixPolicy::GS1) {
    return FieldInvalid("suffix_policy.check_scheme", std::to_string(policy.check_scheme()),
                        "it must be NONE, MOD37_36, MOD97_10, MOD11_10 or GS1");
  }
  row->set_check_scheme(policy.check_scheme() == v1::SuffixPolicy::CHECK_SCHEME_UNSPECIFIED
                            ? v1::SuffixPolicy::NONE
                            : policy.check_scheme());
  return absl::OkStatus();
}

absl::StatusOr<PrefixRow> ReadGrant(const v1::GrantPrefixRequest& request) {
  if (request.prefix().empty()) return FieldMissing("prefix");
  PrefixRow row;
  GUSU_ASSIGN_OR_RETURN(*row.mutable_prefix(), ParsePrefix(request.prefix()));
  GUSU_ASSIGN_OR_RETURN(*row.mutable_holder(), ParseRegistrantName(request.holder(), "holder"));
  row.set_quota(request.quota());
  GUSU_RETURN_IF_ERROR(ReadSuffixPolicy(request.suffix_policy(), &row));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  row.set_state(v1::Prefix::ACTIVE);
  const Hash digest = Sha256({"gusu.grant.v1\n", CanonicalBody(row)});
  row.set_create_digest(std::string(AsBytes(digest)));
  return row;
}

// The node prefix that `key` is below; kFailedPrecondition / PREFIX_OUTSIDE_NODE.
absl::StatusOr<std::string> NodePrefixAbove(const storage::Directory& directory,
                                            const std::string& prefix, const std::string& key) {
  std::string all;
  if (const auto* settings = directory.settings()) {
    for (const std::string& node_prefix : settings->row->node_prefixes()) {
      const std::string node_key = ToKey(node_prefix);
      if (key != node_key && IsAtOrBelow(key, node_key)) return node_key;
      if (!all.empty()) all += ", ";
      all += node_prefix;
    }
  }
  return Error(absl::StatusCode::kFailedPrecondition, "PREFIX_OUTSIDE_NODE",
               Concat("prefix ", prefix, " is not below a prefix of this node (", all, ")"),
               {{"prefix", prefix}, {"node_prefixes", all}});
}

absl::Status PrefixTaken(const std::string& prefix, const PrefixRow& in_the_way) {
  const std::string holder = RegistrantName(in_the_way.holder());
  return Error(absl::StatusCode::kAlreadyExists, "PREFIX_TAKEN",
               Concat("prefix ", prefix, " cannot be granted: ", in_the_way.prefix(),
                      " is granted to ", holder),
               {{"prefix", prefix}, {"taken", in_the_way.prefix()}, {"holder", holder}});
}

// Prefixes above `key` and below the node's: granted to the same holder, or to nobody.
absl::Status CheckAbove(const storage::Directory& directory, const PrefixRow& row,
                        const std::string& key, const std::string& node_key, Change* change) {
  std::string above = key;
  while (true) {
    above.resize(above.rfind('.'));
    if (above.size() <= node_key.size()) return absl::OkStatus();
    const std::string above_key = storage::PrefixKey(above);
    const auto* granted = directory.FindPrefix(above);
    if (granted == nullptr) {
      change->preconditions.push_back(Absent(above_key));
      continue;
    }
    if (granted->row->holder() != row.holder()) return PrefixTaken(row.prefix(), *granted->row);
    change->preconditions.push_back(AtRevision(above_key, granted->revision));
  }
}

Precondition EmptyInterval(std::string begin, std::string end) {
  Precondition precondition;
  precondition.kind = Precondition::Kind::kEmptyInterval;
  precondition.key = std::move(begin);
  precondition.end = std::move(end);
  return precondition;
}

// Prefixes below `key`: granted to the same holder, and none between those.
absl::Status CheckBelow(const storage::View& view, const PrefixRow& row, const std::string& key,
                        Change* change) {
  const std::string beginning = storage::PrefixKey(key + ".");
  const std::string end = storage::AfterBeginning(beginning);
  std::string gap = beginning;
  size_t count = 0;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(
      view.Scan(beginning, end, [&](std::string_view below_key, const storage::Row& stored) {
        absl::StatusOr<PrefixRow> below = PayloadOf<PrefixRow>(stored);
        if (!below.ok()) {
          status = std::move(below).status();
        } else if (below->holder() != row.holder() || ++count > kDescendantsMax) {
          status = PrefixTaken(row.prefix(), *below);
        }
        if (!status.ok()) return false;
        change->preconditions.push_back(EmptyInterval(gap, std::string(below_key)));
        change->preconditions.push_back(AtRevision(std::string(below_key), stored.revision));
        gap = std::string(below_key) + '\0';
        return true;
      }));
  GUSU_RETURN_IF_ERROR(status);
  change->preconditions.push_back(EmptyInterval(gap, end));
  return absl::OkStatus();
}

absl::Status CheckHolder(const storage::Directory& directory, const PrefixRow& row,
                         Change* change) {
  GUSU_ASSIGN_OR_RETURN(const auto* holder, RequireRegistrant(directory, row.holder()));
  GUSU_RETURN_IF_ERROR(CheckIsActive(row.holder(), *holder->row));
  if (holder->row->kind() == v1::Registrant::PARTNER) {
    return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_IS_PARTNER",
                 Concat("registrant ", row.holder(), " is a PARTNER, which holds no prefix"),
                 {{"registrant", RegistrantName(row.holder())}});
  }
  change->preconditions.push_back(
      AtRevision(storage::RegistrantKey(row.holder()), holder->revision));
  return absl::OkStatus();
}

absl::StatusOr<PlannedWrite> PlanGrant(const storage::View& view, const Caller& caller,
                                       const std::string& reason, PrefixRow row) {
  const storage::Directory& directory = view.directory();
  const std::string key = ToKey(row.prefix());
  if (const auto* granted = directory.FindPrefix(key)) {
    const PrefixRow& before = *granted->row;
    if (before.create_digest() != row.create_digest()) return PrefixTaken(row.prefix(), before);
    if (before.create_revision() == 0) {
      return storage::Receipt{granted->leaf_index, granted->revision};
    }
    return storage::Receipt{before.create_leaf_index(), before.create_revision()};
  }
  Change change;
  change.operation = Operation::kGrantPrefix;
  change.resource = Concat(kPrefixes, row.prefix());
  change.prefix_key = key;
  change.registrant = row.holder();
  change.actor = kBureauActor;
  change.credential = caller.credential;
  change.reason = reason;
  change.preconditions.push_back(Absent(storage::PrefixKey(key)));
  GUSU_ASSIGN_OR_RETURN(const std::string node_key, NodePrefixAbove(directory, row.prefix(), key));
  GUSU_RETURN_IF_ERROR(CheckHolder(directory, row, &change));
  GUSU_RETURN_IF_ERROR(CheckAbove(directory, row, key, node_key, &change));
  GUSU_RETURN_IF_ERROR(CheckBelow(view, row, key, &change));
  change.commitments = Seal(row);
  change.rows.push_back({storage::PrefixKey(key), row.SerializeAsString()});
  return SetOf(std::move(change), caller);
}

absl::StatusOr<v1::PrefixResponse> AnswerWith(const absl::StatusOr<storage::Row>& row) {
  if (!row.ok()) return row.status();
  GUSU_ASSIGN_OR_RETURN(const auto prefix, PayloadOf<PrefixRow>(*row));
  v1::PrefixResponse response;
  FillPrefix(prefix, row->revision, response.mutable_prefix());
  FillReceipt({row->leaf_index, row->revision}, response.mutable_receipt());
  return response;
}

Hash DigestOf(const PrefixRow& row, const std::string& reason) {
  return Sha256({"gusu.grant.request.v1\n", row.create_digest(), reason});
}

// The id of the registrant whose prefixes are listed; empty: all.
absl::StatusOr<std::string> ListedHolder(const v1::ListPrefixesRequest& request,
                                         const Caller& caller) {
  if (request.holder().empty()) return caller.registrant;
  GUSU_ASSIGN_OR_RETURN(std::string id, ParseRegistrantName(request.holder(), "holder"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, id));
  return id;
}

}  // namespace

void Registrar::GrantPrefix(const v1::GrantPrefixRequest& request, const Caller& caller,
                            Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::Status allowed = CheckRole(Method::kGrantPrefix, caller);
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<PrefixRow> row = ReadGrant(request);
  if (!row.ok()) return done(std::move(row).status());
  const std::string key = storage::PrefixKey(ToKey(row->prefix()));
  const Hash digest = DigestOf(*row, request.reason());
  SubmitWrite(
      ledger_, key, RequestOf(request.request_id(), "", digest),
      [caller, reason = request.reason(), row = *std::move(row)](const storage::View& view) {
        return PlanGrant(view, caller, reason, row);
      },
      [done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(written));
      });
}

absl::Status Registrar::GetPrefix(const v1::GetPrefixRequest& request, const Caller& caller,
                                  v1::Prefix* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetPrefix, caller));
  const std::string_view name = request.name();
  if (name.empty()) return FieldMissing("name");
  if (name.substr(0, kPrefixes.size()) != kPrefixes) {
    return FieldInvalid("name", name, "it must be prefixes/{prefix}");
  }
  GUSU_ASSIGN_OR_RETURN(const std::string prefix, ParsePrefix(name.substr(kPrefixes.size())));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const auto* granted = view->directory().FindPrefix(ToKey(prefix));
  if (granted == nullptr) {
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", prefix, " is not granted"), {{"prefix", prefix}});
  }
  FillPrefix(*granted->row, granted->revision, response);
  return absl::OkStatus();
}

absl::Status Registrar::ListPrefixes(const v1::ListPrefixesRequest& request, const Caller& caller,
                                     v1::ListPrefixesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListPrefixes, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string holder, ListedHolder(request, caller));
  const PageScope scope("ListPrefixes", {holder});
  Page page(scope, storage::PrefixKey(""), request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(page.Scan(*view, [&](std::string_view, const storage::Row& row) {
    absl::StatusOr<PrefixRow> prefix = PayloadOf<PrefixRow>(row);
    if (!prefix.ok()) return absl::StatusOr<bool>(std::move(prefix).status());
    if (!holder.empty() && prefix->holder() != holder) return absl::StatusOr<bool>(false);
    FillPrefix(*prefix, row.revision, response->add_prefixes());
    return absl::StatusOr<bool>(true);
  }));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
