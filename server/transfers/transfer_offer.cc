// The transfers' part on offering.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/text_field.h"
#include "server/transfers/passing.h"
#include "server/transfers/transfer_change.h"
#include "server/transfers/transfer_index.h"
#include "server/transfers/transfer_row.h"
#include "server/transfers/transfers.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::TransferRow;

constexpr size_t kReferenceCharactersMax = 100;
// Hexadecimal digits: 80 bits of a hash.
constexpr size_t kIdDigits = 20;
// Of one content, one after the other, without request ids.
constexpr int kSameOffersMax = 100;

// An offer as asked.
struct Offer {
  TransferActor actor;
  // What the request says of it; the expiry as asked, 0: none was.
  TransferRow row;
  std::vector<Identifier> items;
  // First and last code, or none.
  std::vector<Identifier> range;
};

Passing PassingOf(const TransferRow& row) {
  return {row.from(), row.to(), row.ownership(), row.custody()};
}

absl::Status ReadItems(const v1::Transfer& asked, Offer* offer) {
  if (asked.items_size() > Transfers::kItemsMax) {
    return Error(
        absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
        Concat("a transfer has at most ", Transfers::kItemsMax, " items, not ", asked.items_size()),
        {{"field", "transfer.items"},
         {"count", std::to_string(asked.items_size())},
         {"count_max", std::to_string(Transfers::kItemsMax)}});
  }
  absl::flat_hash_map<std::string, int> item_of;  // by comparison key
  for (int i = 0; i < asked.items_size(); ++i) {
    GUSU_ASSIGN_OR_RETURN(Identifier identifier,
                          Identifier::ParseName(asked.items(i).identifier()));
    const auto [other, is_new] = item_of.emplace(identifier.key(), i);
    if (!is_new) {
      return FieldInvalid(Concat("transfer.items[", i, "].identifier"), asked.items(i).identifier(),
                          Concat("it is the same code as items[", other->second, "]"));
    }
    offer->items.push_back(std::move(identifier));
  }
  return absl::OkStatus();
}

absl::Status ReadCodesAsked(const v1::Transfer& asked, Offer* offer) {
  if (asked.has_range() && !asked.items().empty()) {
    return FieldInvalid("transfer.range", asked.range().first_identifier(),
                        "a transfer has items or a range, not both");
  }
  if (!asked.has_range()) {
    if (asked.items().empty()) return FieldMissing("transfer.items");
    return ReadItems(asked, offer);
  }
  if (asked.range().first_identifier().empty()) {
    return FieldMissing("transfer.range.first_identifier");
  }
  if (asked.range().last_identifier().empty()) {
    return FieldMissing("transfer.range.last_identifier");
  }
  for (const std::string* code :
       {&asked.range().first_identifier(), &asked.range().last_identifier()}) {
    GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(*code));
    offer->range.push_back(std::move(identifier));
  }
  return absl::OkStatus();
}

// What makes two offers of a registrant the same.
Hash DigestOf(const Offer& offer) {
  const TransferRow& row = offer.row;
  CanonicalWriter writer(1);
  writer.Text(1, row.from())
      .Text(2, row.to())
      .Number(3, row.ownership() ? 1 : 0)
      .Number(4, row.custody() ? 1 : 0);
  for (const Identifier& item : offer.items) writer.Element(5, item.key());
  for (const Identifier& code : offer.range) writer.Element(6, code.key());
  writer.Number(7, row.expire_time_us()).Text(8, row.reference());
  return Sha256({"gusu.transfer.v1\n", std::move(writer).Take()});
}

std::string IdOf(const Hash& digest, std::string_view request_id) {
  const Hash hash = Sha256({"gusu.transfer.id.v1\n", AsBytes(digest), request_id});
  return HexEncode(AsBytes(hash)).substr(0, kIdDigits);
}

// Of the next offer of the same content, when that with `id` is over.
std::string IdAfter(const Offer& offer, std::string_view id) {
  const Hash hash = Sha256({"gusu.transfer.next_id.v1\n", offer.row.create_digest(), id});
  return HexEncode(AsBytes(hash)).substr(0, kIdDigits);
}

absl::StatusOr<Offer> ReadOffer(const v1::OfferTransferRequest& request, const Caller& caller) {
  const v1::Transfer& asked = request.transfer();
  Offer offer;
  GUSU_ASSIGN_OR_RETURN(offer.actor, ReadActor(Method::kOfferTransfer, caller,
                                               request.on_behalf_of(), request.reason(), false));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  TransferRow& row = offer.row;
  row.set_from(offer.actor.acting.registrant);
  GUSU_ASSIGN_OR_RETURN(*row.mutable_to(), ParseRegistrantName(asked.to(), "transfer.to"));
  if (row.to() == row.from()) {
    return FieldInvalid("transfer.to", asked.to(), "nothing passes to whom it is of already");
  }
  if (!asked.ownership() && !asked.custody()) return FieldMissing("transfer.ownership");
  row.set_ownership(asked.ownership());
  row.set_custody(asked.custody());
  GUSU_RETURN_IF_ERROR(ReadCodesAsked(asked, &offer));
  GUSU_ASSIGN_OR_RETURN(const uint64_t expire_time_us,
                        TimeOf(asked.expire_time(), "transfer.expire_time"));
  row.set_expire_time_us(expire_time_us);
  GUSU_RETURN_IF_ERROR(CheckText(asked.reference(), kReferenceCharactersMax, "transfer.reference"));
  row.set_reference(asked.reference());
  const Hash digest = DigestOf(offer);
  row.set_create_digest(std::string(AsBytes(digest)));
  row.set_id(IdOf(digest, request.request_id()));
  return offer;
}

absl::Status SetExpiry(absl::Time now, TransferRow* row) {
  if (row->expire_time_us() == 0) {
    const absl::Time end = now + Transfers::kOfferTimeDefault;
    row->set_expire_time_us(static_cast<uint64_t>(absl::ToUnixMicros(end)));
    return absl::OkStatus();
  }
  const absl::Time end = absl::FromUnixMicros(static_cast<int64_t>(row->expire_time_us()));
  if (end > now && end <= now + Transfers::kOfferTimeMax) return absl::OkStatus();
  return FieldInvalid("transfer.expire_time", absl::FormatTime(end, absl::UTCTimeZone()),
                      "it must be ahead, and at most 365 days");
}

// The prefixes of an offer's codes.
class OfferScopes {
 public:
  OfferScopes(const storage::View& view, const Acting& acting) : view_(view), acting_(acting) {}

  // The prefix's holder. As FindWriteScope.
  absl::StatusOr<std::string> HolderOf(const Identifier& identifier, TransferRow* row,
                                       std::vector<Precondition>* preconditions) {
    const std::string key(identifier.prefix_key());
    if (const auto found = holders_.find(key); found != holders_.end()) return found->second;
    GUSU_ASSIGN_OR_RETURN(const WriteScope scope,
                          FindWriteScope(view_.directory(), acting_, identifier.prefix(), key));
    AddPrefixPrecondition(scope, key, preconditions);
    const std::string& holder = scope.prefix->row->holder();
    row->add_prefix_keys(key);
    row->add_prefix_holders(holder);
    row->add_prefix_passing_counts(scope.prefix->row->passing_count());
    holders_.emplace(key, holder);
    return holder;
  }

 private:
  const storage::View& view_;
  const Acting& acting_;
  absl::flat_hash_map<std::string, std::string> holders_;
};

absl::Status CheckMayOffer(const Passing& passing, const storage::v1::RecordRow& record,
                           const std::string& prefix_holder) {
  if (IsOfferers(passing, record, prefix_holder)) return CheckCanPass(record);
  return Error(absl::StatusCode::kPermissionDenied, "NOT_RECORD_OWNER",
               Concat("registrant ", passing.from, " is not the owner of ", record.identifier(),
                      passing.ownership ? "" : ", nor its custodian"),
               {{"registrant", RegistrantName(passing.from)}, {"identifier", record.identifier()}});
}

// Checks every code, and puts them into the row as they were registered.
absl::Status AddCodes(const storage::View& view, const Offer& offer, TransferRow* row,
                      std::vector<Precondition>* preconditions) {
  OfferScopes scopes(view, offer.actor.acting);
  const Passing passing = PassingOf(*row);
  if (!offer.range.empty()) {
    GUSU_ASSIGN_OR_RETURN(const std::string holder,
                          scopes.HolderOf(offer.range[0], row, preconditions));
    GUSU_ASSIGN_OR_RETURN(const auto parts, PartsBetween(view, offer.range[0], offer.range[1],
                                                         Transfers::kRangePartsMax));
    for (const RangePart& part : parts) {
      GUSU_RETURN_IF_ERROR(CheckMayOffer(passing, *part.first.record, holder));
    }
    std::vector<Precondition> unused;
    GUSU_ASSIGN_OR_RETURN(const auto records, RecordsWithin(view, passing, parts, holder, &unused));
    for (const PassingCode& code : records) {
      GUSU_RETURN_IF_ERROR(CheckCanPass(*code.record));
    }
    GUSU_ASSIGN_OR_RETURN(const auto last,
                          FindRangeCode(view, offer.range[1], view.last_revision()));
    row->set_range_first_identifier(parts.front().first.record->identifier());
    row->set_range_last_identifier(last->record->identifier());
    return absl::OkStatus();
  }
  for (const Identifier& item : offer.items) {
    GUSU_RETURN_IF_ERROR(scopes.HolderOf(item, row, preconditions).status());
  }
  GUSU_ASSIGN_OR_RETURN(const auto codes, ReadCodes(view, offer.items));
  for (const PassingCode& code : codes) {
    GUSU_ASSIGN_OR_RETURN(const std::string holder,
                          scopes.HolderOf(code.identifier, row, preconditions));
    GUSU_RETURN_IF_ERROR(CheckMayOffer(passing, *code.record, holder));
    storage::v1::TransferItemRow* item = row->add_items();
    item->set_identifier(code.record->identifier());
    item->set_state(v1::TransferItem::OFFERED);
  }
  return absl::OkStatus();
}

// Whether an offer, made before, is what the same offer without a request id asks for: while it is
// open, and once it was accepted until its codes can be offered again.
absl::StatusOr<bool> IsStillMeant(const storage::View& view, const Offer& offer, uint32_t state) {
  if (state == v1::Transfer::OFFERED) return true;
  if (state != v1::Transfer::ACCEPTED) return false;
  TransferRow again = offer.row;
  std::vector<Precondition> unused;
  const absl::Status can_pass = AddCodes(view, offer, &again, &unused);
  if (absl::IsDataLoss(can_pass) || absl::IsUnavailable(can_pass)) return can_pass;
  return !can_pass.ok();
}

// The id of the offer without a request id. kFailedPrecondition / TRANSFER_NOT_OPEN when
// kSameOffersMax of its content are over.
absl::StatusOr<std::string> ChooseId(const storage::View& view, const Offer& offer,
                                     absl::Time now) {
  std::string id = offer.row.id();
  for (int count = 1;; ++count) {
    GUSU_ASSIGN_OR_RETURN(const auto existing, view.Get(storage::TransferKey(id)));
    if (!existing.has_value()) return id;
    GUSU_ASSIGN_OR_RETURN(const TransferRow row, DecodeTransfer(id, *existing));
    const uint32_t state = StateAt(view.directory(), row, now);
    GUSU_ASSIGN_OR_RETURN(const bool is_meant, IsStillMeant(view, offer, state));
    if (is_meant) return id;
    if (count == kSameOffersMax) {
      const std::string& shown = v1::Transfer::State_Name(static_cast<v1::Transfer::State>(state));
      return Error(absl::StatusCode::kFailedPrecondition, "TRANSFER_NOT_OPEN",
                   Concat(TransferName(id), ", the last of ", count, " offers of this content, is ",
                          shown, ": offer it with a request id or another reference"),
                   {{"transfer", TransferName(id)}, {"state", shown}});
    }
    id = IdAfter(offer, id);
  }
}

absl::StatusOr<PlannedWrite> PlanOffer(const storage::View& view, const Offer& offer,
                                       absl::Time now) {
  const std::string key = storage::TransferKey(offer.row.id());
  GUSU_ASSIGN_OR_RETURN(const auto existing, view.Get(key));
  if (existing.has_value()) {
    GUSU_ASSIGN_OR_RETURN(const TransferRow before, DecodeTransfer(offer.row.id(), *existing));
    if (before.create_revision() == 0) {
      return storage::Receipt{existing->leaf_index, existing->revision};
    }
    return storage::Receipt{before.create_leaf_index(), before.create_revision()};
  }
  const storage::Directory& directory = view.directory();
  const Acting& acting = offer.actor.acting;
  storage::ChangeSet set;
  TransferRow row = offer.row;
  row.set_state(v1::Transfer::OFFERED);
  GUSU_RETURN_IF_ERROR(SetExpiry(now, &row));
  GUSU_ASSIGN_OR_RETURN(const auto* from, RequireRegistrant(directory, row.from()));
  GUSU_RETURN_IF_ERROR(CheckIsActive(row.from(), *from->row));
  GUSU_ASSIGN_OR_RETURN(const auto* to, RequireRegistrant(directory, row.to()));
  GUSU_RETURN_IF_ERROR(CheckIsActive(row.to(), *to->row));
  AddActingPreconditions(directory, acting, offer.actor.caller, &set.preconditions);
  set.preconditions.push_back(AtRevision(storage::RegistrantKey(row.to()), to->revision));
  // That the codes stay as they are is looked at again when the offer is taken.
  GUSU_RETURN_IF_ERROR(AddCodes(view, offer, &row, &set.preconditions));

  Change change = ChangeOfTransfer(offer.actor, Operation::kOfferTransfer, row.to(), row);
  change.preconditions.push_back(Absent(key));
  AddToIndex(row, now, &change);
  set.changes.push_back(std::move(change));
  return set;
}

}  // namespace

void Transfers::OfferTransfer(const v1::OfferTransferRequest& request, const Caller& caller,
                              Done<v1::TransferResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<Offer> offer = ReadOffer(request, caller);
  if (!offer.ok()) return done(std::move(offer).status());
  const absl::Time now = clock_();
  if (request.request_id().empty()) {
    absl::StatusOr<std::string> chosen = [&]() -> absl::StatusOr<std::string> {
      GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
      return ChooseId(*view, *offer, now);
    }();
    if (!chosen.ok()) return done(std::move(chosen).status());
    offer->row.set_id(*std::move(chosen));
  }
  const std::string id = offer->row.id();
  const auto scope = RequestOf(request.request_id(), offer->row.from(), DigestOf(*offer));
  SubmitWrite(
      ledger_, storage::TransferKey(id), scope,
      [now, offer = *std::move(offer)](const storage::View& view) {
        return PlanOffer(view, offer, now);
      },
      [ledger = ledger_, id, now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(*ledger, id, now, written));
      });
}

}  // namespace gusu::server
