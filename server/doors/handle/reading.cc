#include "server/doors/handle/reading.h"

#include <google/protobuf/arena.h>

#include <array>
#include <optional>
#include <vector>

#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/handle/admin_value.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/doors/handle/identities.h"
#include "server/doors/handle/prefix_record.h"
#include "server/doors/handle/referral_sites.h"
#include "server/doors/handle/value_list.h"
#include "server/resolver.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;

// Most answers' messages fit in it, and so need no allocation.
constexpr size_t kArenaBytes = 8 * 1024;
constexpr uint32_t kAdminIndex = 100;
constexpr std::string_view kAliasType = "HS_ALIAS";
constexpr std::string_view kIdentitySuffix = "ADMIN";
constexpr std::string_view kNotHere = "That prefix doesn't live here";

bool IsDeleted(const v1::Record& record) {
  return record.state() == v1::Record::RETIRED &&
         record.retirement().reason() == v1::Retirement::DELETED;
}

const v1::Value* AliasOf(const v1::Record& record) {
  for (const v1::Value& value : record.values()) {
    if (value.type() == kAliasType) return &value;
  }
  return nullptr;
}

// Whether the filter asks for the alias itself. A filter for everything does not.
bool NamesAlias(const handle::ResolveRequest& request, const v1::Value& alias) {
  if (request.indexes.empty() && request.types.empty()) return false;
  return request.AsksFor(alias.index(), alias.type());
}

// Clients look whether the handle of their identity is there, by any value that they may read.
void AddIdentityAdmin(const Identifier& identifier, const IdentityKey& key, ValueList* values) {
  values->AddMade(
      kAdminIndex, key.time_s, "HS_ADMIN",
      handle::EncodeAdminValue({handle::kAllRights, {identifier.written(), key.index}}));
}

absl::Status CheckFilter(const handle::ResolveRequest& request) {
  for (const auto& [field, count] :
       {std::pair{"types", request.types.size()}, std::pair{"indexes", request.indexes.size()}}) {
    if (count <= HandleReading::kFilterElementsMax) continue;
    return handle::Malformed(field,
                             Concat("are ", count, "; at most ", HandleReading::kFilterElementsMax,
                                    " can be asked for at once"));
  }
  return absl::OkStatus();
}

}  // namespace

struct HandleReading::Work {
  const Question& question;
  HandleReadingAnswer& answer;
  const handle::ResolveRequest& request;
  const Caller& caller;
  google::protobuf::Arena* arena;
  ValueList values;
  const v1::ResolveResponse* response = nullptr;  // nullptr: no record stands there
  bool withholds = false;                         // something that is asked for

  absl::StatusOr<const v1::ResolveResponse*> Read(const Resolver& resolver,
                                                  std::string_view identifier,
                                                  bool filtered = false) const {
    auto* asked = google::protobuf::Arena::CreateMessage<v1::ResolveRequest>(arena);
    auto* given = google::protobuf::Arena::CreateMessage<v1::ResolveResponse>(arena);
    asked->set_identifier(std::string(identifier));
    if (filtered) {
      for (const std::string_view type : request.types) {
        asked->mutable_options()->add_types(std::string(type));
      }
      for (const uint32_t index : request.indexes) asked->mutable_options()->add_indexes(index);
    }
    const absl::Status status = resolver.Resolve(*asked, caller, given);
    if (!status.ok()) return status;
    return given;
  }
};

void HandleReading::Ask(const Question& question, HandleReadingAnswer* answer) const {
  const handle::ResolveRequest& request = question.request;
  if (const absl::Status status = CheckFilter(request); !status.ok()) {
    return answer->Refuse(status);
  }
  std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  Work work{question, *answer, request, question.caller, &arena, ValueList(request)};
  if (const auto prefix = PrefixOfPrefixHandle(request.handle)) {
    AnswerPrefixRecord(work, *prefix);
  } else {
    AnswerRecord(work);
  }
}

void HandleReading::AnswerPrefixRecord(Work& work, std::string_view prefix) const {
  const auto view = sources_.ledger->Latest();
  if (!view.ok()) return work.answer.Refuse(view.status());
  if (!FillPrefixRecord(**view, prefix, sources_.site, sources_.service, &work.values)) {
    return work.answer.Refuse(ResponseCode::kHandleNotFound, {});
  }
  Conclude(work);
}

void HandleReading::AnswerRecord(Work& work) const {
  const auto read = work.Read(*sources_.resolver, work.request.handle);
  absl::Status status = read.status();
  if (read.ok()) {
    if ((*read)->has_referral()) {
      work.response = *read;
      return AnswerReferral(work);
    }
    if (IsDeleted((*read)->record())) {
      status = Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND", "it was deleted");
    } else {
      work.response = *read;
      FollowAliases(work);
      work.values.Add(work.response->record());
    }
  } else if (ErrorReason(status) == "TIER_REFUSED") {
    // What it holds is for others than the caller: none of it is shown, whoever asks for what.
    if (work.caller.role != Role::kAnonymous) return work.answer.Refuse(status);
    work.withholds = true;
    status = absl::OkStatus();
  }
  AnswerIdentities(work, std::move(status));
}

// The keys of {prefix}/ADMIN stand beside its record, and without one; then the answer.
void HandleReading::AnswerIdentities(Work& work, absl::Status status) const {
  const std::string reason = ErrorReason(status);
  std::vector<IdentityKey> keys;
  const auto identifier = Identifier::Parse(work.request.handle);
  if (sources_.identities != nullptr && identifier.ok() &&
      identifier->suffix_key() == kIdentitySuffix) {
    const auto view = sources_.ledger->Latest();
    if (!view.ok()) return work.answer.Refuse(view.status());
    keys = sources_.identities->Find(**view, identifier->prefix_key());
  }
  if (!status.ok() && (keys.empty() || reason != "IDENTIFIER_NOT_FOUND")) {
    if (reason == "PREFIX_NOT_FOUND") {
      return work.answer.Refuse(ResponseCode::kServerNotResponsible, kNotHere);
    }
    if (reason == "IDENTIFIER_NOT_FOUND") {
      return work.answer.Refuse(ResponseCode::kHandleNotFound, {});
    }
    return work.answer.Refuse(status);
  }
  for (IdentityKey& key : keys) {
    if (key.public_key.empty()) {
      work.withholds = work.withholds || work.request.AsksFor(key.index, "HS_SECKEY");
    } else {
      work.values.Replace(key.index, key.time_s, "HS_PUBKEY", std::move(key.public_key));
    }
  }
  if (work.response != nullptr) {
    work.values.AddState(work.response->record());
  } else if (work.question.shows_identities && !keys.empty() && work.values.empty()) {
    AddIdentityAdmin(*identifier, keys.front(), &work.values);
  }
  Conclude(work);
}

void HandleReading::FollowAliases(Work& work) const {
  if (!work.question.follows_aliases) return;
  const v1::ResolveResponse* at = work.response;
  for (int step = 0; step <= kAliasesMax; ++step) {
    const v1::Value* alias = AliasOf(at->record());
    if (alias == nullptr) {
      work.response = at;
      return;
    }
    if (NamesAlias(work.request, *alias)) return;
    const auto next = work.Read(*sources_.resolver, alias->data());
    if (!next.ok() || (*next)->has_referral() || IsDeleted((*next)->record())) return;
    at = *next;
  }
}

bool HandleReading::WithholdsWanted(Work& work) const {
  if (work.withholds) return true;
  if (work.response == nullptr || work.response->values_withheld_count() == 0) return false;
  if (work.request.indexes.empty() && work.request.types.empty()) return true;
  const auto filtered = work.Read(*sources_.resolver, work.request.handle, true);
  return filtered.ok() ? (*filtered)->values_withheld_count() > 0
                       : ErrorReason(filtered.status()) == "TIER_REFUSED";
}

void HandleReading::Conclude(Work& work) const {
  if (work.question.asks_who && WithholdsWanted(work)) return work.answer.AskWho();
  if (work.values.empty() && (work.response == nullptr || !work.request.indexes.empty() ||
                              !work.request.types.empty() || work.withholds)) {
    return work.answer.Refuse(ResponseCode::kValuesNotFound, {});
  }
  work.answer.Values(work.values.values());
}

void HandleReading::AnswerReferral(Work& work) const {
  const v1::Referral& referral = work.response->referral();
  const std::string_view prefix =
      std::string_view(referral.prefix()).substr(std::string_view("prefixes/").size());
  const handle::ResolveRequest all;
  ValueList sites(all);
  uint32_t index = 1;
  for (std::string& site : ReferralSites(referral.sites())) {
    sites.AddMade(index++, 0, "HS_SITE", std::move(site));
  }
  if (sites.empty() || !work.question.refers) {
    const std::string whom = referral.sites().empty() ? "" : referral.sites(0).address();
    return work.answer.Refuse(ResponseCode::kServerNotResponsible,
                              Concat("prefix ", prefix, " is delegated to ", whom));
  }
  work.answer.Referral(PrefixHandle(prefix), sites.values());
}

}  // namespace gusu::server
