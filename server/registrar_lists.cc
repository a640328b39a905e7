// The registrar's lists of registrants and prefixes.
//
// A page goes along the index of the rarest filter, or along the table, and compares what it finds
// with the rows in memory: no page looks at more than kPageRowsMax, and the last one costs what the
// first one does.
#include <algorithm>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/page.h"
#include "server/registrar.h"
#include "server/registrar_index.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using storage::v1::PrefixRow;
using storage::v1::RegistrantRow;

constexpr size_t kNamePartCharactersMax = 100;
constexpr size_t kDistrictDigits = 6, kIndustryCharacters = 5;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool BeginsWith(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

// A request whose texts are in the form in which they are compared.
absl::StatusOr<v1::ListRegistrantsRequest> ReadFilters(v1::ListRegistrantsRequest request) {
  if (!v1::Registrant::State_IsValid(request.state())) {
    return FieldInvalid("state", std::to_string(request.state()), "it must be a state");
  }
  if (!v1::Registrant::Kind_IsValid(request.kind())) {
    return FieldInvalid("kind", std::to_string(request.kind()), "it must be a kind");
  }
  if (request.district().size() > kDistrictDigits || !IsDigits(request.district())) {
    return FieldInvalid("district", Quote(request.district()), "it must be one to six digits");
  }
  std::string industry = ToKey(request.industry_class());
  if (!industry.empty() &&
      (industry[0] < 'A' || industry[0] > 'Z' || industry.size() > kIndustryCharacters ||
       !IsDigits(std::string_view(industry).substr(1)))) {
    return FieldInvalid("industry_class", Quote(request.industry_class()),
                        "it must be a letter, then up to four digits");
  }
  request.set_industry_class(std::move(industry));
  GUSU_RETURN_IF_ERROR(CheckText(request.name_contains(), kNamePartCharactersMax, "name_contains"));
  request.set_name_contains(ToKey(request.name_contains()));
  return request;
}

bool Fits(const RegistrantRow& row, const v1::ListRegistrantsRequest& filters) {
  if (filters.state() != 0 && row.state() != static_cast<uint32_t>(filters.state())) return false;
  if (filters.kind() != 0 && row.kind() != static_cast<uint32_t>(filters.kind())) return false;
  if (filters.has_amendment() && !row.has_amendment()) return false;
  if (!BeginsWith(row.district(), filters.district())) return false;
  if (!BeginsWith(row.industry_class(), filters.industry_class())) return false;
  const std::string& part = filters.name_contains();
  return part.empty() || ToKey(row.legal_name()).find(part) != std::string::npos ||
         ToKey(row.english_name()).find(part) != std::string::npos;
}

// What a caller may list of the prefixes.
struct PrefixFilter {
  std::string holder;     // id; empty: of whatever holder
  std::string above_key;  // empty: wherever they are
  uint32_t state = 0;
};

absl::StatusOr<PrefixFilter> ReadFilter(const v1::ListPrefixesRequest& request,
                                        const Caller& caller) {
  PrefixFilter filter;
  if (!v1::Prefix::State_IsValid(request.state())) {
    return FieldInvalid("state", std::to_string(request.state()), "it must be a state");
  }
  filter.state = request.state();
  if (!request.holder().empty()) {
    GUSU_ASSIGN_OR_RETURN(filter.holder, ParseRegistrantName(request.holder(), "holder"));
  }
  if (!request.above().empty()) {
    GUSU_ASSIGN_OR_RETURN(const std::string above, ParsePrefixName(request.above(), "above"));
    filter.above_key = ToKey(above);
    return filter;
  }
  if (filter.holder.empty()) filter.holder = caller.registrant;
  if (!filter.holder.empty()) GUSU_RETURN_IF_ERROR(CheckMaySee(caller, filter.holder));
  return filter;
}

// The holder of a prefix sees what was derived from it.
absl::Status CheckMayListBelow(const storage::Directory& directory, const Caller& caller,
                               const std::string& above_key) {
  if (caller.is_bureau()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const auto* above, RequirePrefix(directory, above_key));
  if (above->row->holder() == caller.registrant) return absl::OkStatus();
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
      Concat("registrant ", caller.registrant, " does not hold prefix ", above->row->prefix()),
      {{"registrant", RegistrantName(caller.registrant)}, {"prefix", above->row->prefix()}});
}

bool Fits(const PrefixRow& row, const PrefixFilter& filter) {
  return (filter.holder.empty() || row.holder() == filter.holder) &&
         (filter.state == 0 || row.state() == filter.state);
}

// Where the list goes along, and what stands before each name to make it a prefix's key.
struct PrefixWay {
  std::string beginning;
  std::string before_name;
};

PrefixWay WayFor(const PrefixFilter& filter) {
  if (!filter.above_key.empty()) {
    const std::string before = filter.above_key + ".";
    return {storage::PrefixKey(before), before};
  }
  if (!filter.holder.empty()) return {PrefixesOfHolder(filter.holder), ""};
  if (auto in_state = PrefixesInState(filter.state)) return {*std::move(in_state), ""};
  return {storage::PrefixKey(""), ""};
}

}  // namespace

absl::Status Registrar::ListRegistrants(const v1::ListRegistrantsRequest& request,
                                        const Caller& caller,
                                        v1::ListRegistrantsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRegistrants, caller));
  GUSU_ASSIGN_OR_RETURN(const v1::ListRegistrantsRequest filters, ReadFilters(request));
  const PageScope scope("ListRegistrants",
                        {std::to_string(filters.state()), std::to_string(filters.kind()),
                         filters.district(), filters.industry_class(), filters.name_contains(),
                         filters.has_amendment() ? "amendment" : ""});
  Page page(scope, RegistrantIndexFor(filters).value_or(storage::RegistrantKey("")),
            request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const storage::Directory& directory = view->directory();
  GUSU_RETURN_IF_ERROR(page.ScanNames(*view, [&](std::string_view id) -> absl::StatusOr<bool> {
    const auto* registrant = directory.FindRegistrant(id);
    if (registrant == nullptr || !Fits(*registrant->row, filters)) return false;
    v1::Registrant* message = response->add_registrants();
    FillRegistrant(id, *registrant->row, registrant->revision, ShownTo::kItself, message);
    page.AddBytes(message->ByteSizeLong());
    return true;
  }));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

absl::Status Registrar::ListPrefixes(const v1::ListPrefixesRequest& request, const Caller& caller,
                                     v1::ListPrefixesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListPrefixes, caller));
  GUSU_ASSIGN_OR_RETURN(const PrefixFilter filter, ReadFilter(request, caller));
  const PageScope scope("ListPrefixes",
                        {filter.holder, filter.above_key, std::to_string(filter.state)});
  const PrefixWay way = WayFor(filter);
  Page page(scope, way.beginning, request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  const storage::Directory& directory = view->directory();
  if (!filter.above_key.empty()) {
    GUSU_RETURN_IF_ERROR(CheckMayListBelow(directory, caller, filter.above_key));
  }
  GUSU_RETURN_IF_ERROR(page.ScanNames(*view, [&](std::string_view name) -> absl::StatusOr<bool> {
    const auto* prefix = directory.FindPrefix(Concat(way.before_name, name));
    if (prefix == nullptr || !Fits(*prefix->row, filter)) return false;
    v1::Prefix* message = response->add_prefixes();
    FillPrefix(*prefix->row, prefix->revision, message);
    page.AddBytes(message->ByteSizeLong());
    return true;
  }));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
