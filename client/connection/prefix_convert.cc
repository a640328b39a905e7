// Prefixes, as messages and back.
#include "client/connection/convert_parts.h"

namespace gusu {

v1::GrantPrefixRequest ToProto(const GrantPrefixRequest& request) {
  v1::GrantPrefixRequest out;
  out.set_prefix(request.prefix);
  out.set_holder(request.holder);
  out.set_quota(request.quota);
  const SuffixPolicy& policy = request.suffix_policy;
  if (policy.characters_max != 0 || policy.check_scheme != SuffixCheckScheme::kUnspecified ||
      !policy.pattern.empty() || policy.allows_unicode) {
    v1::SuffixPolicy* to = out.mutable_suffix_policy();
    to->set_characters_max(policy.characters_max);
    to->set_check_scheme(Same<v1::SuffixPolicy::CheckScheme>(policy.check_scheme));
    to->set_pattern(policy.pattern);
    to->set_allows_unicode(policy.allows_unicode);
  }
  out.set_disclosure(Same<v1::Prefix::Disclosure>(request.disclosure));
  out.set_reason(request.reason);
  FillWrite(request, &out);
  return out;
}

v1::UpdatePrefixRequest ToProto(const UpdatePrefixRequest& request) {
  v1::UpdatePrefixRequest out;
  out.set_name(request.name);
  if (request.quota) out.set_quota(*request.quota);
  out.set_disclosure(Same<v1::Prefix::Disclosure>(request.disclosure));
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::DelegatePrefixRequest ToProto(const DelegatePrefixRequest& request) {
  v1::DelegatePrefixRequest out;
  out.set_name(request.name);
  for (const Site& site : request.sites) {
    v1::Site* to = out.add_sites();
    to->set_address(site.address);
    to->set_protocol(Same<v1::Site::Protocol>(site.protocol));
    to->set_port(site.port);
    to->set_public_key(site.public_key);
  }
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::TransferPrefixRequest ToProto(const TransferPrefixRequest& request) {
  auto out = BureauDecisionToProto<v1::TransferPrefixRequest>(request);
  out.set_holder(request.holder);
  return out;
}

v1::SuspendPrefixRequest ToProto(const SuspendPrefixRequest& request) {
  return BureauDecisionToProto<v1::SuspendPrefixRequest>(request);
}

v1::ActivatePrefixRequest ToProto(const ActivatePrefixRequest& request) {
  return BureauDecisionToProto<v1::ActivatePrefixRequest>(request);
}

v1::RetirePrefixRequest ToProto(const RetirePrefixRequest& request) {
  return BureauDecisionToProto<v1::RetirePrefixRequest>(request);
}

v1::ListPrefixesRequest ToProto(const ListPrefixesRequest& request) {
  v1::ListPrefixesRequest out;
  out.set_holder(request.holder);
  out.set_above(request.above);
  out.set_state(Same<v1::Prefix::State>(request.state));
  out.set_page_size(request.page_size);
  return out;
}

Prefix FromProto(const v1::Prefix& prefix) {
  Prefix out;
  out.name = prefix.name();
  out.prefix = prefix.prefix();
  out.holder = prefix.holder();
  out.quota = prefix.quota();
  const v1::SuffixPolicy& policy = prefix.suffix_policy();
  out.suffix_policy = {policy.characters_max(), Same<SuffixCheckScheme>(policy.check_scheme()),
                       policy.pattern(), policy.allows_unicode()};
  out.disclosure = Same<Disclosure>(prefix.disclosure());
  for (const v1::Site& site : prefix.sites()) out.sites.push_back(FromProto(site));
  out.state = Same<PrefixState>(prefix.state());
  out.state_reason = prefix.state_reason();
  out.quota_granted = prefix.quota_granted();
  out.create_time = TimeFrom(prefix.has_create_time(), prefix.create_time());
  out.update_time = TimeFrom(prefix.has_update_time(), prefix.update_time());
  out.etag = prefix.etag();
  return out;
}

PrefixAnswer FromProto(const v1::PrefixResponse& response) {
  return {FromProto(response.prefix()), FromProto(response.receipt())};
}

}  // namespace gusu
