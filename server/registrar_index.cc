#include "server/registrar_index.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/text.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;
using storage::v1::RegistrantRow;

// The scope of what is looked up in the whole registry.
constexpr std::string_view kRegistry;
constexpr std::string_view kState = "registrant-state:";
constexpr std::string_view kKind = "registrant-kind:";
constexpr std::string_view kDistrict = "registrant-district:";
constexpr std::string_view kIndustry = "registrant-industry:";
constexpr std::string_view kAmendment = "registrant-amendment";
constexpr std::string_view kHolder = "prefix";
constexpr std::string_view kPrefixState = "prefix-state:";

template <typename... Parts>
std::string Term(const Parts&... parts) {
  return storage::IndexBeginning(kRegistry, Concat(parts...));
}

// A term for each beginning, so that any beginning is found as it is, in the order of names.
void AddBeginnings(std::string_view index, std::string_view text, std::vector<std::string>* terms) {
  for (size_t length = 1; length <= text.size(); ++length) {
    terms->push_back(Term(index, text.substr(0, length)));
  }
}

std::vector<std::string> TermsOf(const RegistrantRow& row) {
  std::vector<std::string> terms = {Term(kState, row.state()), Term(kKind, row.kind())};
  AddBeginnings(kDistrict, row.district(), &terms);
  AddBeginnings(kIndustry, row.industry_class(), &terms);
  if (row.has_amendment()) terms.push_back(Term(kAmendment));
  return terms;
}

std::vector<std::string> TermsOf(const PrefixRow& row) {
  std::vector<std::string> terms = {PrefixesOfHolder(row.holder())};
  if (auto state = PrefixesInState(row.state())) terms.push_back(*std::move(state));
  return terms;
}

template <typename Row>
void Index(std::string_view name, const Row* before, const Row& after, Change* change) {
  const std::vector<std::string> now = TermsOf(after);
  const std::vector<std::string> then =
      before == nullptr ? std::vector<std::string>() : TermsOf(*before);
  const auto add_missing = [name](const std::vector<std::string>& from,
                                  const std::vector<std::string>& in,
                                  std::vector<IndexEntry>* entries) {
    for (const std::string& term : from) {
      if (std::find(in.begin(), in.end(), term) == in.end()) {
        entries->push_back({term, std::string(name)});
      }
    }
  };
  add_missing(then, now, &change->index_removes);
  add_missing(now, then, &change->index_adds);
}

}  // namespace

void IndexRegistrant(std::string_view id, const RegistrantRow* before, const RegistrantRow& after,
                     Change* change) {
  Index(id, before, after, change);
}

void IndexPrefix(std::string_view prefix_key, const PrefixRow* before, const PrefixRow& after,
                 Change* change) {
  Index(prefix_key, before, after, change);
}

std::optional<std::string> RegistrantIndexFor(const v1::ListRegistrantsRequest& request) {
  // A class below a division, a district below a city, and whatever is not ACTIVE are rare.
  constexpr size_t kDivisionCharacters = 3, kCityDigits = 4;
  const std::string& district = request.district();
  const std::string& industry = request.industry_class();
  const bool by_state = request.state() != v1::Registrant::STATE_UNSPECIFIED;
  if (request.has_amendment()) return Term(kAmendment);
  if (by_state && request.state() != v1::Registrant::ACTIVE)
    return Term(kState, int{request.state()});
  if (industry.size() > kDivisionCharacters) return Term(kIndustry, industry);
  if (district.size() > kCityDigits) return Term(kDistrict, district);
  if (!industry.empty()) return Term(kIndustry, industry);
  if (!district.empty()) return Term(kDistrict, district);
  if (request.kind() != v1::Registrant::KIND_UNSPECIFIED) return Term(kKind, int{request.kind()});
  if (by_state) return Term(kState, int{request.state()});
  return std::nullopt;
}

std::string PrefixesOfHolder(std::string_view holder) {
  return storage::IndexBeginning(holder, kHolder);
}

std::optional<std::string> PrefixesInState(uint32_t state) {
  if (state == v1::Prefix::STATE_UNSPECIFIED || state == v1::Prefix::ACTIVE) return std::nullopt;
  return Term(kPrefixState, state);
}

}  // namespace gusu::server
