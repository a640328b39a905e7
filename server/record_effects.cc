#include "server/record_effects.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/record_index.h"
#include "server/template.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

// Index beginnings of one kind or of a whole record, in order and each once.
using Beginnings = std::vector<std::string>;

void SortOnce(Beginnings& beginnings) {
  std::sort(beginnings.begin(), beginnings.end());
  beginnings.erase(std::unique(beginnings.begin(), beginnings.end()), beginnings.end());
}

// The attribute that is unique and whose value this is; nullptr for all else.
const Attribute* UniqueAttribute(const Template* templ, const stored::ValueRow& value) {
  if (templ == nullptr || value.is_digest()) return nullptr;
  const Attribute* attribute = templ->FindByIndex(value.index());
  return attribute != nullptr && attribute->unique ? attribute : nullptr;
}

std::string UniqueBeginning(const stored::RecordRow& record, const Attribute& attribute,
                            const stored::ValueRow& value, std::string_view prefix_key) {
  return storage::IndexBeginning(prefix_key,
                                 UniqueTerm(record.template_id(), attribute, value.data()));
}

Beginnings UniqueBeginnings(const stored::RecordRow& record, const Template* templ,
                            std::string_view prefix_key) {
  Beginnings found;
  if (record.state() == v1::Record::RETIRED) return found;
  for (const stored::ValueRow& value : record.values()) {
    const Attribute* attribute = UniqueAttribute(templ, value);
    if (attribute == nullptr) continue;
    found.push_back(UniqueBeginning(record, *attribute, value, prefix_key));
  }
  return found;
}

// All that a record is to be found under.
Beginnings BeginningsOf(const stored::RecordRow& record, const Template* templ,
                        std::string_view prefix_key) {
  Beginnings found = UniqueBeginnings(record, templ, prefix_key);
  const auto add = [&found](std::string_view scope, const std::string& term) {
    found.push_back(storage::IndexBeginning(scope, term));
  };
  for (const stored::ValueRow& value : record.values()) {
    if (value.is_digest() || !IsIndexed(templ, value.type())) continue;
    add(prefix_key, ValueTerm(value.type(), value.data()));
  }
  if (record.state() != v1::Record::ACTIVE) add(prefix_key, StateTerm(record.state()));
  if (record.level() != v1::Record::ITEM) add(prefix_key, LevelTerm(record.level()));
  if (!record.instance_of().empty()) add(prefix_key, InstanceOfTerm(record.instance_of()));
  if (!record.template_id().empty()) add(prefix_key, TemplateTerm(record.template_id()));
  if (!record.owner().empty()) add(record.owner(), OwnerTerm(prefix_key));
  if (!record.custodian().empty()) add(record.custodian(), CustodianTerm(prefix_key));
  SortOnce(found);
  return found;
}

std::vector<IndexEntry> EntriesOf(Beginnings beginnings, std::string_view suffix_key) {
  std::vector<IndexEntry> entries;
  entries.reserve(beginnings.size());
  for (std::string& beginning : beginnings) {
    entries.push_back({std::move(beginning), std::string(suffix_key)});
  }
  return entries;
}

// What is in `a` and not in `b`.
Beginnings Without(const Beginnings& a, const Beginnings& b) {
  Beginnings rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

void AddCounts(const stored::RecordRow* before, const stored::RecordRow& after, Change* change) {
  const auto count = [change](uint32_t counter) { change->counts.push_back({counter, 1}); };
  count(before == nullptr ? kCreated : kChanged);
  const bool was_retired = before != nullptr && before->state() == v1::Record::RETIRED;
  const bool is_retired = after.state() == v1::Record::RETIRED;
  if (before == nullptr && after.state() == v1::Record::RESERVED) count(kReserved);
  if (before != nullptr && before->state() == v1::Record::RESERVED &&
      after.state() == v1::Record::ACTIVE) {
    count(kActivated);
  }
  if (is_retired && !was_retired) count(kRetiredBase + after.retirement().reason());
  if (was_retired && !is_retired) count(kReinstated);
}

absl::Status NotUnique(const stored::RecordRow& record, const Attribute& attribute,
                       const stored::ValueRow& value, const std::string& where) {
  const std::string data = value.data().substr(0, kTermValueBytesMax);
  return Error(absl::StatusCode::kAlreadyExists, "VALUE_NOT_UNIQUE",
               Concat("attribute ", attribute.name, " of template ", record.template_id(),
                      " is unique below a prefix, and ", where, " has ", Quote(data)),
               {{"attribute", attribute.name},
                {"template", record.template_id()},
                {"value", data},
                {"taken_by", where}});
}

// Key of the suffix of another record in the interval that begins like this.
absl::StatusOr<std::optional<std::string>> FirstOther(const storage::View& view,
                                                      const std::string& beginning,
                                                      std::string_view suffix_key) {
  std::optional<std::string> other;
  GUSU_RETURN_IF_ERROR(view.ScanStored(beginning, storage::AfterBeginning(beginning),
                                       [&](std::string_view key, std::string_view) {
                                         const std::string_view name = key.substr(beginning.size());
                                         if (name == suffix_key) return true;
                                         other = std::string(name);
                                         return false;
                                       }));
  return other;
}

}  // namespace

void AddRecordEffects(const stored::RecordRow* before, const stored::RecordRow& after,
                      const Template* templ, std::string_view prefix_key,
                      std::string_view suffix_key, Change* change) {
  Beginnings now = BeginningsOf(after, templ, prefix_key);
  if (before == nullptr) {
    change->index_adds = EntriesOf(std::move(now), suffix_key);
  } else {
    const Beginnings then = BeginningsOf(*before, templ, prefix_key);
    change->index_removes = EntriesOf(Without(then, now), suffix_key);
    change->index_adds = EntriesOf(Without(now, then), suffix_key);
  }
  AddCounts(before, after, change);
}

absl::Status AddUniqueValues(const storage::View& view, const stored::RecordRow* before,
                             const stored::RecordRow& after, const Template* templ,
                             std::string_view prefix_key, std::string_view suffix_key,
                             Change* change, const std::set<std::string>* planned) {
  if (templ == nullptr || after.state() == v1::Record::RETIRED) return absl::OkStatus();
  Beginnings had;
  if (before != nullptr) had = UniqueBeginnings(*before, templ, prefix_key);
  for (const stored::ValueRow& value : after.values()) {
    const Attribute* attribute = UniqueAttribute(templ, value);
    if (attribute == nullptr) continue;
    Precondition free;
    free.kind = Precondition::Kind::kEmptyInterval;
    free.key = UniqueBeginning(after, *attribute, value, prefix_key);
    if (std::find(had.begin(), had.end(), free.key) != had.end()) continue;
    GUSU_ASSIGN_OR_RETURN(const auto other, FirstOther(view, free.key, suffix_key));
    if (other.has_value()) {
      return NotUnique(after, *attribute, value, Concat(prefix_key, "/", *other));
    }
    if (planned != nullptr && planned->count(free.key) > 0) {
      return NotUnique(after, *attribute, value, "another row of the request");
    }
    free.end = storage::AfterBeginning(free.key);
    change->preconditions.push_back(std::move(free));
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
