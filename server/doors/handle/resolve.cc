#include "server/doors/handle/resolve.h"

#include <google/protobuf/arena.h>

#include <array>
#include <optional>
#include <vector>

#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/handle/response.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/doors/handle/administration.h"
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

absl::Status CheckFilter(const handle::ResolveRequest& request) {
  for (const auto& [field, count] :
       {std::pair{"types", request.types.size()}, std::pair{"indexes", request.indexes.size()}}) {
    if (count <= HandleResolve::kFilterElementsMax) continue;
    return handle::Malformed(field,
                             Concat("are ", count, "; at most ", HandleResolve::kFilterElementsMax,
                                    " can be asked for at once"));
  }
  return absl::OkStatus();
}

}  // namespace

struct HandleResolve::Work {
  const HandleCall& call;
  const Caller& caller;
  HandleAdministration* challenger;
  const handle::ResolveRequest& request;
  google::protobuf::Arena* arena;
  ValueList values;
  const v1::ResolveResponse* response = nullptr;  // nullptr: no record stands there
  bool withholds = false;                         // something that is asked for

  absl::StatusOr<const v1::ResolveResponse*> Read(const Resolver& resolver,
                                                  std::string_view identifier,
                                                  bool filtered = false) const {
    auto* question = google::protobuf::Arena::CreateMessage<v1::ResolveRequest>(arena);
    auto* answer = google::protobuf::Arena::CreateMessage<v1::ResolveResponse>(arena);
    question->set_identifier(std::string(identifier));
    if (filtered) {
      for (const std::string_view type : request.types) {
        question->mutable_options()->add_types(std::string(type));
      }
      for (const uint32_t index : request.indexes) question->mutable_options()->add_indexes(index);
    }
    const absl::Status status = resolver.Resolve(*question, caller, answer);
    if (!status.ok()) return status;
    return answer;
  }
};

void HandleResolve::Resolve(const HandleCall& call, const Caller& caller,
                            HandleAdministration* challenger) const {
  const auto request = handle::DecodeResolveRequest(call.message.body);
  if (!request.ok()) return call.Refuse(request.status());
  if (const absl::Status status = CheckFilter(*request); !status.ok()) return call.Refuse(status);
  std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  Work work{call, caller, challenger, *request, &arena, ValueList(*request)};
  if (call.message.header.Has(handle::kPublicOnly)) work.challenger = nullptr;
  if (const auto prefix = PrefixOfPrefixHandle(request->handle)) {
    AnswerPrefixRecord(work, *prefix);
  } else {
    AnswerRecord(work);
  }
}

void HandleResolve::AnswerPrefixRecord(Work& work, std::string_view prefix) const {
  const auto view = sources_.ledger->Latest();
  if (!view.ok()) return work.call.Refuse(view.status());
  if (!FillPrefixRecord(**view, prefix, *sources_.site, sources_.service, &work.values)) {
    return work.call.Refuse(ResponseCode::kHandleNotFound);
  }
  Conclude(work);
}

void HandleResolve::AnswerRecord(Work& work) const {
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
    if (work.caller.role != Role::kAnonymous) return work.call.Refuse(status);
    work.withholds = true;
    status = absl::OkStatus();
  }
  AnswerIdentities(work, std::move(status));
}

// The keys of {prefix}/ADMIN stand beside its record, and without one; then the answer.
void HandleResolve::AnswerIdentities(Work& work, absl::Status status) const {
  const std::string reason = ErrorReason(status);
  std::vector<IdentityKey> keys;
  const auto identifier = Identifier::Parse(work.request.handle);
  if (sources_.identities != nullptr && identifier.ok() &&
      identifier->suffix_key() == kIdentitySuffix) {
    const auto view = sources_.ledger->Latest();
    if (!view.ok()) return work.call.Refuse(view.status());
    keys = sources_.identities->Find(**view, identifier->prefix_key());
  }
  if (!status.ok() && (keys.empty() || reason != "IDENTIFIER_NOT_FOUND")) {
    if (reason == "PREFIX_NOT_FOUND") {
      return work.call.Refuse(ResponseCode::kServerNotResponsible, kNotHere);
    }
    if (reason == "IDENTIFIER_NOT_FOUND") {
      return work.call.Refuse(ResponseCode::kHandleNotFound);
    }
    return work.call.Refuse(status);
  }
  for (IdentityKey& key : keys) {
    if (key.public_key.empty()) {
      work.withholds = work.withholds || work.request.AsksFor(key.index, "HS_SECKEY");
    } else {
      work.values.Replace(key.index, key.time_s, "HS_PUBKEY", std::move(key.public_key));
    }
  }
  if (work.response != nullptr) work.values.AddState(work.response->record());
  Conclude(work);
}

void HandleResolve::FollowAliases(Work& work) const {
  const handle::Header& header = work.call.message.header;
  if (!header.Has(handle::kPublicOnly) || header.Has(handle::kAuthoritative)) return;
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

bool HandleResolve::WithholdsWanted(Work& work) const {
  if (work.withholds) return true;
  if (work.response == nullptr || work.response->values_withheld_count() == 0) return false;
  if (work.request.indexes.empty() && work.request.types.empty()) return true;
  const auto filtered = work.Read(*sources_.resolver, work.request.handle, true);
  return filtered.ok() ? (*filtered)->values_withheld_count() > 0
                       : ErrorReason(filtered.status()) == "TIER_REFUSED";
}

void HandleResolve::Conclude(Work& work) const {
  if (work.challenger != nullptr && WithholdsWanted(work)) {
    return work.challenger->ChallengeReader(work.call);
  }
  if (work.values.empty() && (work.response == nullptr || !work.request.indexes.empty() ||
                              !work.request.types.empty() || work.withholds)) {
    return work.call.Refuse(ResponseCode::kValuesNotFound);
  }
  work.call.Answer(ResponseCode::kSuccess, [&work](handle::Writer& body) {
    handle::WriteResolveResponse(body, work.request.handle, work.values.values());
  });
}

void HandleResolve::AnswerReferral(Work& work) const {
  const v1::Referral& referral = work.response->referral();
  const std::string_view prefix =
      std::string_view(referral.prefix()).substr(std::string_view("prefixes/").size());
  const handle::ResolveRequest all;
  ValueList sites(all);
  uint32_t index = 1;
  for (std::string& site : ReferralSites(referral.sites())) {
    sites.AddMade(index++, 0, "HS_SITE", std::move(site));
  }
  if (sites.empty() || work.call.message.header.Has(handle::kDoNotRefer)) {
    const std::string whom = referral.sites().empty() ? "" : referral.sites(0).address();
    return work.call.Refuse(ResponseCode::kServerNotResponsible,
                            Concat("prefix ", prefix, " is delegated to ", whom));
  }
  const std::string handle = PrefixHandle(prefix);
  work.call.Answer(ResponseCode::kPrefixReferral, [&](handle::Writer& body) {
    handle::WriteReferral(body, handle, sites.values());
  });
}

}  // namespace gusu::server
