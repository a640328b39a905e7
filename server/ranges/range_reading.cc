// SerialRanges' other half: ranges as those see them who have to do with them.
#include <optional>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/ownership.h"
#include "server/page.h"
#include "server/ranges/range_fields.h"
#include "server/ranges/range_lookup.h"
#include "server/ranges/range_message.h"
#include "server/ranges/serial_ranges.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/value_selection.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

// A range as the view has it now.
struct CurrentRange {
  stored::SerialRangeRow row;
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
};

absl::StatusOr<CurrentRange> Decode(const storage::Row& row, std::string_view name) {
  CurrentRange range{{}, row.revision, row.leaf_index};
  if (range.row.ParseFromString(row.payload)) return range;
  return Error(
      absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
      Concat("the stored serial range ", Quote(name), " is damaged"),
      {{"serial_range", std::string(name)}, {"leaf_index", std::to_string(row.leaf_index)}});
}

bool MaySee(const Caller& caller, const stored::RecordRow& record,
            const std::string& prefix_holder) {
  if (caller.is_bureau()) return true;
  const std::string& id = caller.registrant;
  return !id.empty() && (id == prefix_holder || id == OwnerOf(record, prefix_holder) ||
                         id == CustodianOf(record, prefix_holder));
}

absl::Status Fill(const storage::View& view, const CurrentRange& range, const Caller& caller,
                  absl::Time now, v1::SerialRange* message) {
  const std::string prefix_key = ToKey(range.row.prefix());
  const std::string& prefix_holder = PrefixHolder(view.directory(), prefix_key);
  return FillSerialRange(view, {range.row, range.revision, range.leaf_index, prefix_holder},
                         RightToRange(view, caller, range.row, now), message);
}

absl::Status RangeNotFound(const std::string& name) {
  return Error(absl::StatusCode::kNotFound, "RANGE_NOT_FOUND",
               Concat("there is no serial range ", Quote(name)), {{"name", name}});
}

// By its own name, or by that of one of its codes.
absl::StatusOr<std::optional<storage::Row>> FindRow(const storage::View& view,
                                                    const std::string& name,
                                                    std::string* prefix_key) {
  if (const std::optional<SerialRangePath> path = ParseSerialRangeName(name)) {
    *prefix_key = ToKey(path->prefix);
    return view.Get(storage::SerialRangeKey(*prefix_key, path->pattern_number, path->last_serial));
  }
  GUSU_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::ParseName(name));
  *prefix_key = std::string(identifier.prefix_key());
  GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> code,
                        FindRangeCode(view, identifier, view.last_revision()));
  if (!code) return std::optional<storage::Row>();
  return view.Get(code->key);
}

}  // namespace

absl::Status SerialRanges::Get(const v1::GetSerialRangeRequest& request, const Caller& caller,
                               v1::SerialRange* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetSerialRange, caller));
  if (request.name().empty()) return FieldMissing("name");
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  std::string prefix_key;
  GUSU_ASSIGN_OR_RETURN(const std::optional<storage::Row> row,
                        FindRow(*view, request.name(), &prefix_key));
  const std::string& prefix_holder = PrefixHolder(view->directory(), prefix_key);
  std::optional<CurrentRange> range;
  if (row) {
    GUSU_ASSIGN_OR_RETURN(range, Decode(*row, request.name()));
  }
  const stored::RecordRow nobodys;
  if (!MaySee(caller, range ? range->row.record() : nobodys, prefix_holder)) {
    return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
                 Concat("serial range ", Quote(request.name()),
                        " is shown only to its prefix's holder, its owner and the bureau"),
                 {{"name", request.name()}, {"registrant", caller.registrant}});
  }
  if (!range) return RangeNotFound(request.name());
  return Fill(*view, *range, caller, clock_(), response);
}

absl::Status SerialRanges::List(const v1::ListSerialRangesRequest& request, const Caller& caller,
                                v1::ListSerialRangesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListSerialRanges, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string prefix, ParsePrefixName(request.parent(), "parent"));
  const std::string prefix_key = ToKey(prefix);
  if (!v1::Record::State_IsValid(request.state())) {
    return FieldInvalid("state", std::to_string(request.state()), "not a state");
  }
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  if (view->directory().FindPrefix(prefix_key) == nullptr) {
    return Error(absl::StatusCode::kNotFound, "PREFIX_NOT_FOUND",
                 Concat("prefix ", prefix, " is not granted"), {{"prefix", prefix}});
  }
  const std::string& prefix_holder = PrefixHolder(view->directory(), prefix_key);
  const PageScope scope("ListSerialRanges", {prefix_key, std::to_string(request.state())});
  std::string beginning = storage::SerialRangeKey(prefix_key, 0, 0);
  beginning.resize(beginning.size() - sizeof(uint32_t) - sizeof(uint64_t));
  Page page(scope, beginning, request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  const absl::Time now = clock_();
  const absl::Status scanned =
      page.Scan(*view, [&](std::string_view, const storage::Row& row) -> absl::StatusOr<bool> {
        GUSU_ASSIGN_OR_RETURN(const CurrentRange range, Decode(row, request.parent()));
        const stored::RecordRow& record = range.row.record();
        if (request.state() != 0 && record.state() != static_cast<uint32_t>(request.state())) {
          return false;
        }
        if (!MaySee(caller, record, prefix_holder)) return false;
        v1::SerialRange* message = response->add_serial_ranges();
        GUSU_RETURN_IF_ERROR(Fill(*view, range, caller, now, message));
        page.AddBytes(message->ByteSizeLong());
        return true;
      });
  GUSU_RETURN_IF_ERROR(scanned);
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
