// Random changes of random records, and random lists compared with what looking at every record
// gives.
#include <algorithm>
#include <map>
#include <set>

#include "gusu/v1/record_requests.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/record_effects.h"
#include "server/resource_fields.h"
#include "server/template.h"
#include "storage/keys.h"
#include "tests/random.h"
#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

using stored = storage::v1::RecordRow;

// A record as some revision left it.
struct Shown {
  uint64_t revision = 0;
  stored row;
};
using Records = std::map<std::string, Shown>;  // by comparison key

// What the registry was after a revision.
struct Moment {
  uint64_t revision = 0;
  Records records;
  std::map<std::string, std::string> holders;  // by prefix
};

const std::vector<std::string> kPrefixes = {"88.118.8", "88.118.9"};
const std::vector<std::string> kParties = {"sz-pumps", "sz-valves"};
const std::vector<std::string> kTypes = {"gtin", "serial", "name", "NOTE"};

class RandomWorld : public RecordsWorld {
 public:
  gusu::test::Random random{"lists"};

  RandomWorld() {
    for (const std::string& prefix : kPrefixes) {
      for (const char* model : {"M1", "M2"}) {
        Do(prefix, [&](const Caller& holder) {
          return RegisterAs(holder, Concat("row { level: MODEL identifier: \"", prefix, "/", model,
                                           "\" ", Values(false), "}"));
        });
      }
    }
  }

  // One change, which may be refused.
  void Change() {
    const std::string prefix = Any(kPrefixes);
    const std::string identifier = Concat(prefix, "/R", random.Below(25));
    const std::string name = Concat("name: \"", identifier, "\" ");
    switch (random.Below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return Do(prefix,
                  [&](const Caller& holder) { return RegisterAs(holder, Row(identifier)); });
      case 5:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::UpdateRecord, name + Values(random.Below(2) == 0));
        });
      case 6:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(
              holder, &Registry::ModifyValues,
              Concat(name, "modify { type: \"", Any(kTypes), "\" data: \"", Data(), "\" }"));
        });
      case 7:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::SuspendRecord, name + "reason: \"r\"");
        });
      case 8:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::ActivateRecord, name + "reason: \"r\"");
        });
      case 9:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::RetireRecord, name + "retirement { reason: DELETED }");
        });
      case 10:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::ReinstateRecord, name + "reason: \"r\"");
        });
      case 11:
        return Do(prefix, [&](const Caller& holder) {
          return ChangeAs(holder, &Registry::HoldRecord, name + "reason: \"r\"");
        });
      case 12:
        if (Stored(identifier).empty()) return;
        return PassRecord(identifier, random.Below(2) == 0 ? Any(kParties) : "",
                          random.Below(2) == 0 ? Any(kParties) : "");
      default:
        return PassPrefix(prefix, Any(kParties));
    }
  }

  Moment Look() const {
    const auto view = View();
    Moment moment;
    moment.revision = view->last_revision();
    const std::string beginning = storage::RecordKey("");
    REQUIRE(view->Scan(beginning, storage::AfterBeginning(beginning),
                       [&](std::string_view key, const storage::Row& row) {
                         Shown& shown = moment.records[std::string(key.substr(beginning.size()))];
                         shown.revision = row.revision;
                         REQUIRE(shown.row.ParseFromString(row.payload));
                         return true;
                       })
                .ok());
    for (const std::string& prefix : kPrefixes) {
      moment.holders[prefix] = view->directory().FindPrefix(prefix)->row->holder();
    }
    return moment;
  }

  std::string Any(const std::vector<std::string>& choices) {
    return choices[random.Below(choices.size())];
  }
  // Of few letters, so that many are equal or begin alike; some longer than a term says.
  std::string Data() {
    std::string data(1 + random.Below(3), 'a');
    for (char& c : data) c = static_cast<char>('a' + random.Below(2));
    return random.Below(6) == 0 ? std::string(128, 'a') + data : data;
  }

 private:
  template <typename Call>
  void Do(const std::string& prefix, Call call) {
    call(Writer(View()->directory().FindPrefix(prefix)->row->holder()));
  }

  std::string Values(bool of_template) {
    std::string values;
    for (const std::string& type : kTypes) {
      const size_t count = of_template || type == "name" ? 1 : random.Below(3);
      for (size_t i = 0; i < count; ++i) {
        values +=
            Concat("values { type: \"", type, "\" data: \"", Data(),
                   "\" tier: ", v1::Tier_Name(static_cast<v1::Tier>(1 + random.Below(3))), " } ");
      }
    }
    return values;
  }

  std::string Row(const std::string& identifier) {
    const bool of_template = random.Below(2) == 0;
    std::string row = Concat("row { identifier: \"", identifier, "\" ", Values(of_template));
    if (of_template) row += "template: \"product\" ";
    if (random.Below(4) == 0) row += "state: RESERVED ";
    if (random.Below(3) == 0) row += "level: BATCH ";
    if (random.Below(2) == 0) {
      row += Concat("instance_of { identifier: \"", identifier.substr(0, identifier.find('/')),
                    "/M", 1 + random.Below(2), "\" } ");
    }
    return row + "}";
  }
};

const std::string& Or(const std::string& id, const std::string& holder) {
  return id.empty() ? holder : id;
}

// What the caller may read of a record: by who owns, holds and keeps it now.
bool MayRead(const Caller& caller, const storage::v1::ValueRow& value, const stored& now,
             const std::string& holder) {
  if (value.tier() == v1::PUBLIC) return true;
  if (caller.registrant.empty()) return false;
  if (value.author() == "registrants/" + caller.registrant) return true;
  if (caller.registrant == Or(now.owner(), holder)) return true;
  return value.tier() == v1::PARTNER &&
         (caller.registrant == holder || caller.registrant == Or(now.custodian(), holder));
}

bool Within(const v1::TimeInterval& interval, uint64_t revision) {
  const auto us = [](const google::protobuf::Timestamp& time) {
    return static_cast<uint64_t>(time.seconds() * 1'000'000 + time.nanos() / 1000);
  };
  return (!interval.has_from() || us(interval.from()) <= revision) &&
         (!interval.has_before() || revision < us(interval.before()));
}

bool IsWanted(const v1::ListRecordsRequest& request, const Caller& caller, const Shown& shown,
              const stored& now, const std::string& holder, const std::string& holder_now) {
  const stored& row = shown.row;
  const auto differs = [](auto asked, auto is) {
    return asked != decltype(asked){} && asked != is;
  };
  if (differs(static_cast<uint32_t>(request.state()), row.state())) return false;
  if (differs(static_cast<uint32_t>(request.level()), row.level())) return false;
  if (differs(request.template_(), row.template_id())) return false;
  if (differs(ToKey(request.instance_of()), ToKey(row.instance_of()))) return false;
  const std::string of = "registrants/";
  if (differs(request.owner(), of + Or(row.owner(), holder))) return false;
  if (differs(request.custodian(), of + Or(row.custodian(), holder))) return false;
  const uint64_t created = row.create_revision() != 0 ? row.create_revision() : shown.revision;
  if (!Within(request.create_time(), created)) return false;
  if (!Within(request.update_time(), shown.revision)) return false;
  for (const v1::AttributeFilter& filter : request.attributes()) {
    const bool has = std::any_of(
        row.values().begin(), row.values().end(), [&](const storage::v1::ValueRow& value) {
          if (value.type() != filter.name() || !MayRead(caller, value, now, holder_now))
            return false;
          return filter.has_begins_with() ? value.data().starts_with(filter.begins_with())
                                          : value.data() == filter.equals();
        });
    if (!has) return false;
  }
  return true;
}

std::string Sorted(const std::string& identifiers) {
  std::multiset<std::string> words;
  size_t begin = 0;
  while (begin < identifiers.size()) {
    const size_t end = std::min(identifiers.find(' ', begin), identifiers.size());
    words.insert(identifiers.substr(begin, end - begin));
    begin = end + 1;
  }
  std::string sorted;
  for (const std::string& word : words) sorted += word + " ";
  return sorted;
}

// A list of some filters, of a moment that was.
v1::ListRecordsRequest AnyList(RandomWorld& world, const std::vector<Moment>& moments,
                               const Moment** of) {
  gusu::test::Random& random = world.random;
  v1::ListRecordsRequest request;
  const bool is_all = random.Below(5) == 0;
  request.set_parent(is_all ? "prefixes/-" : "prefixes/" + world.Any(kPrefixes));
  request.set_page_size(static_cast<uint32_t>(1 + random.Below(12)));
  const auto sometimes = [&random] { return random.Below(5) == 0; };
  if (sometimes()) request.set_state(static_cast<v1::Record::State>(1 + random.Below(4)));
  if (sometimes()) request.set_level(static_cast<v1::Record::Level>(1 + random.Below(3)));
  if (sometimes()) request.set_template_("product");
  if (sometimes()) request.set_instance_of(world.Any(kPrefixes) + "/m1");
  if (sometimes() || is_all) request.set_owner("registrants/" + world.Any(kParties));
  if (sometimes()) request.set_custodian("registrants/" + world.Any(kParties));
  for (size_t i = random.Below(3); i > 0; --i) {
    v1::AttributeFilter* filter = request.add_attributes();
    filter->set_name(world.Any(kTypes));
    const std::string data = world.Data();
    if (random.Below(2) == 0) {
      filter->set_equals(data);
    } else {
      filter->set_begins_with(data.substr(0, 1 + random.Below(data.size())));
    }
  }
  const auto any_time = [&](google::protobuf::Timestamp* time, uint64_t later) {
    FillTime(moments[random.Below(moments.size())].revision + later, time);
  };
  for (v1::TimeInterval* interval : {sometimes() ? request.mutable_create_time() : nullptr,
                                     sometimes() ? request.mutable_update_time() : nullptr}) {
    if (interval == nullptr) continue;
    if (random.Below(2) == 0) {
      any_time(interval->mutable_from(), 0);
    } else {
      any_time(interval->mutable_before(), 1);
    }
  }
  *of = &moments.back();
  if (!is_all && sometimes()) {
    *of = &moments[random.Below(moments.size())];
    FillTime((*of)->revision, request.mutable_as_of_time());
  }
  return request;
}

// Of all records, those that the list wants, in the order of keys.
std::string Expected(const v1::ListRecordsRequest& request, const Caller& caller, const Moment& of,
                     const Moment& now) {
  std::string expected;
  for (const auto& [key, shown] : of.records) {
    const std::string prefix = key.substr(0, key.find('/'));
    if (request.parent() != "prefixes/-" && request.parent() != "prefixes/" + prefix) continue;
    if (!IsWanted(request, caller, shown, now.records.at(key).row, of.holders.at(prefix),
                  now.holders.at(prefix))) {
      continue;
    }
    expected += Concat(expected.empty() ? "" : " ", shown.row.identifier());
  }
  return expected;
}

// Every entry of the indexes of records, but those of times.
std::set<std::string> Entries(const storage::View& view) {
  std::set<std::string> entries;
  const std::string beginning(1, storage::kIndexTable);
  REQUIRE(view.ScanStored(beginning, storage::AfterBeginning(beginning),
                          [&entries](std::string_view key, std::string_view) {
                            if (key.find(std::string_view("\0time\0", 6)) == key.npos &&
                                key.find(std::string_view("\0prefix", 7)) == key.npos) {
                              entries.insert(std::string(key));
                            }
                            return true;
                          })
              .ok());
  return entries;
}

TEST_CASE("a list by any filters has exactly those records that comparing every record gives") {
  RandomWorld world;
  CAPTURE(world.random.seed());
  std::vector<Moment> moments = {world.Look()};
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 8; ++i) {
      world.Change();
      if (world.View()->last_revision() != moments.back().revision) {
        moments.push_back(world.Look());
      }
    }
    for (int i = 0; i < 25; ++i) {
      const Moment* of = nullptr;
      const v1::ListRecordsRequest request = AnyList(world, moments, &of);
      const Caller caller = world.random.Below(3) == 0
                                ? RegistryWorld::WithRole(Role::kBureauAuditor)
                                : world.Writer(world.Any(kParties));
      const std::string listed = world.ListAs(caller, request.DebugString());
      CAPTURE(request.DebugString(), caller.registrant);
      if (listed.starts_with("PERMISSION_DENIED NOT_PREFIX_HOLDER")) {
        const std::string name = "registrants/" + caller.registrant;
        REQUIRE(!caller.registrant.empty());
        REQUIRE(request.owner() != name);
        REQUIRE(request.custodian() != name);
        REQUIRE((request.parent() == "prefixes/-" ||
                 moments.back().holders.at(request.parent().substr(9)) != caller.registrant));
        continue;
      }
      const std::string expected = Expected(request, caller, *of, moments.back());
      REQUIRE(Sorted(listed) == Sorted(expected));
      if (request.has_as_of_time()) REQUIRE(listed == expected);
    }
  }
}

TEST_CASE("the indexes have exactly the entries of the records as they are") {
  RandomWorld world;
  CAPTURE(world.random.seed());
  for (int i = 0; i < 400; ++i) world.Change();
  const auto view = world.View();
  std::set<std::string> expected;
  for (const auto& [key, shown] : world.Look().records) {
    ::gusu::Change fresh;
    AddRecordEffects(nullptr, shown.row,
                     FindTemplate(view->directory(), shown.row.template_id()).get(),
                     key.substr(0, key.find('/')), key.substr(key.find('/') + 1), &fresh);
    for (const IndexEntry& entry : fresh.index_adds) {
      expected.insert(entry.beginning + entry.name);
    }
  }
  REQUIRE(expected.size() > 50);
  CHECK(Entries(*view) == expected);
}

}  // namespace
}  // namespace gusu::server
