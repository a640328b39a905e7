// Which records a list wants: the filters of a ListRecordsRequest, checked and compared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/value_selection.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}
namespace gusu::v1 {
class ListRecordsRequest;
}

namespace gusu::server {

struct Template;

class RecordFilter {
 public:
  static constexpr int kAttributesMax = 8;

  // What a value of a type must be, or begin with.
  struct Attribute {
    std::string type;
    std::string text;
    bool is_beginning = false;
    bool Matches(std::string_view data) const;
  };
  // Microseconds since 1970 UTC: [begin, end).
  struct Times {
    uint64_t begin = 0;
    uint64_t end = UINT64_MAX;
    bool Has(uint64_t time_us) const { return begin <= time_us && time_us < end; }
  };

  // kInvalidArgument / FIELD_INVALID, FIELD_MISSING, IDENTIFIER_MALFORMED, AS_OF_IN_FUTURE;
  // kNotFound / TEMPLATE_NOT_FOUND.
  static absl::StatusOr<RecordFilter> Parse(const v1::ListRecordsRequest& request,
                                            const storage::View& view, absl::Time now);

  // Whether the list has this revision of a record. `prefix_holder` is that of the time that the
  // list is of. What `right` does not cover never matches.
  bool Wants(const storage::v1::RecordRow& row, uint64_t revision, const std::string& prefix_holder,
             const ReadRight& right) const;

  // The filters, for whoever looks records up. Empty, 0 or nullopt: not given.
  uint32_t state = 0;
  uint32_t level = 0;
  std::vector<Attribute> attributes;
  std::string owner;      // id
  std::string custodian;  // id
  std::optional<Times> create_time;
  std::optional<Times> update_time;
  std::optional<uint64_t> as_of;  // a revision
  std::string instance_of_key;    // comparison key
  std::shared_ptr<const Template> templ;

 private:
  bool HasAttributes(const storage::v1::RecordRow& row, const ReadRight& right) const;
};

}  // namespace gusu::server
