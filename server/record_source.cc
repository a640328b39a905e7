#include "server/record_source.h"

#include <algorithm>
#include <utility>

#include "gusu/v1/resources.pb.h"
#include "proto/text.h"
#include "server/record_index.h"
#include "server/template.h"

namespace gusu::server {
namespace {

using Kind = RecordSource::Kind;

constexpr size_t kRevisionBytes = 8;

RecordSource SourceOf(Kind kind, std::string begin, std::string_view prefix_key) {
  RecordSource source;
  source.kind = kind;
  source.end = storage::AfterBeginning(begin);
  source.begin = std::move(begin);
  source.prefix_key = std::string(prefix_key);
  return source;
}

RecordSource IndexSource(std::string_view scope, const std::string& term,
                         std::string_view prefix_key) {
  return SourceOf(Kind::kIndex, storage::IndexBeginning(scope, term), prefix_key);
}

RecordSource TimesSource(Kind kind, const RecordFilter::Times& times, std::string_view prefix_key) {
  RecordSource source = SourceOf(kind, storage::ChangeTimesBeginning(prefix_key), prefix_key);
  source.begin = storage::ChangeTimesKey(prefix_key, times.begin, "");
  if (times.end != UINT64_MAX) source.end = storage::ChangeTimesKey(prefix_key, times.end, "");
  return source;
}

// The attribute to look up, an exact value first.
const RecordFilter::Attribute* LookedUp(const RecordFilter& filter) {
  const RecordFilter::Attribute* found = nullptr;
  for (const RecordFilter::Attribute& attribute : filter.attributes) {
    if (!IsIndexed(filter.templ.get(), attribute.type)) continue;
    if (found == nullptr || (found->is_beginning && !attribute.is_beginning)) found = &attribute;
  }
  return found;
}

RecordSource AttributeSource(const RecordFilter::Attribute& attribute,
                             std::string_view prefix_key) {
  if (!attribute.is_beginning) {
    return IndexSource(prefix_key, ValueTerm(attribute.type, attribute.text), prefix_key);
  }
  RecordSource source = SourceOf(
      Kind::kIndex,
      storage::IndexTermBeginning(prefix_key, ValueTermBeginning(attribute.type, attribute.text)),
      prefix_key);
  source.beginning = &attribute;
  return source;
}

uint64_t ReadRevision(std::string_view bytes) {
  uint64_t revision = 0;
  for (const char c : bytes.substr(0, kRevisionBytes)) {
    revision = revision << 8 | static_cast<uint8_t>(c);
  }
  return revision;
}

RecordCandidate CandidateOf(const RecordSource& source, std::string_view key,
                            std::string_view value) {
  RecordCandidate candidate;
  candidate.key = std::string(key);
  if (source.kind == Kind::kCreated || source.kind == Kind::kChanged) {
    const size_t beginning = storage::ChangeTimesBeginning(source.prefix_key).size();
    if (source.kind == Kind::kCreated && value != "+") return candidate;
    if (key.size() <= beginning + kRevisionBytes) return candidate;
    candidate.revision = ReadRevision(key.substr(beginning));
    candidate.identifier_key =
        Concat(source.prefix_key, "/", key.substr(beginning + kRevisionBytes));
    return candidate;
  }
  // A suffix's key holds no byte that ends a term.
  const size_t end = key.rfind('\0');
  if (end == key.npos || end + 1 < source.begin.size()) return candidate;
  const std::string_view suffix_key = key.substr(end + 1);
  if (source.kind == Kind::kIndex) {
    candidate.identifier_key = Concat(source.prefix_key, "/", suffix_key);
    if (source.beginning != nullptr) candidate.term = std::string(key.substr(0, end + 1));
    return candidate;
  }
  const std::string_view prefix_key = key.substr(source.begin.size(), end - source.begin.size());
  candidate.identifier_key = Concat(prefix_key, "/", suffix_key);
  return candidate;
}

}  // namespace

RecordSource SourceFor(const RecordFilter& filter, std::string_view prefix_key,
                       const std::string& prefix_holder) {
  RecordSource all =
      SourceOf(Kind::kRecords, storage::RecordKey(Concat(prefix_key, "/")), prefix_key);
  if (filter.as_of.has_value()) return all;
  if (const auto* attribute = LookedUp(filter)) return AttributeSource(*attribute, prefix_key);
  if (!filter.instance_of_key.empty()) {
    return IndexSource(prefix_key, InstanceOfTerm(filter.instance_of_key), prefix_key);
  }
  if (!filter.owner.empty() && filter.owner != prefix_holder) {
    return IndexSource(filter.owner, OwnerTerm(prefix_key), prefix_key);
  }
  if (!filter.custodian.empty() && filter.custodian != prefix_holder) {
    return IndexSource(filter.custodian, CustodianTerm(prefix_key), prefix_key);
  }
  if (filter.create_time.has_value()) {
    return TimesSource(Kind::kCreated, *filter.create_time, prefix_key);
  }
  if (filter.update_time.has_value()) {
    return TimesSource(Kind::kChanged, *filter.update_time, prefix_key);
  }
  if (filter.state != 0 && filter.state != v1::Record::ACTIVE) {
    return IndexSource(prefix_key, StateTerm(filter.state), prefix_key);
  }
  if (filter.level != 0 && filter.level != v1::Record::ITEM) {
    return IndexSource(prefix_key, LevelTerm(filter.level), prefix_key);
  }
  if (filter.templ != nullptr) {
    return IndexSource(prefix_key, TemplateTerm(filter.templ->id), prefix_key);
  }
  return all;
}

RecordSource PartySource(const RecordFilter& filter) {
  const bool by_owner = !filter.owner.empty();
  return SourceOf(Kind::kParty,
                  storage::IndexTermBeginning(by_owner ? filter.owner : filter.custodian,
                                              by_owner ? OwnerTerm("") : CustodianTerm("")),
                  "");
}

absl::Status ScanSource(const storage::View& view, const RecordSource& source,
                        std::string_view after,
                        const std::function<bool(RecordCandidate candidate)>& visit) {
  // The least key after the last one's.
  const std::string begin =
      after.empty() ? source.begin : std::max(source.begin, std::string(after) + '\0');
  if (source.kind == Kind::kRecords) {
    return view.Scan(begin, source.end, [&](std::string_view key, const storage::Row& row) {
      RecordCandidate candidate;
      candidate.key = std::string(key);
      candidate.identifier_key = std::string(key.substr(storage::RecordKey("").size()));
      candidate.row = row;
      return visit(std::move(candidate));
    });
  }
  return view.ScanStored(begin, source.end, [&](std::string_view key, std::string_view value) {
    return visit(CandidateOf(source, key, value));
  });
}

}  // namespace gusu::server
