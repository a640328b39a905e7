// One conversation, every door: the same questions, writes and mistakes get the same answers and
// refusals, whichever door they come through.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/e2e/api.h"
#include "tests/e2e/conversation/world.h"
#include "tests/random.h"

namespace gusu::e2e {
namespace {

const Item kUrl{1, "URL", "https://example.com/a"};
const Item kOtherUrl{1, "URL", "https://example.com/b"};
const Item kText{2, "DESC", "泵"};
const Item kPrice{3, "PRICE", "4711", false};
const Item kShortLived{4, "LOCATION", "gate 3", true, 60};
const Item kNothingThere{77, "URL", "https://example.com/c"};

// What one door's clients say and hear, a line each.
class Conversation {
 public:
  Conversation(const Door& door, const World& world, std::string prefix)
      : owner(door.connect(world.server(), world.owner)),
        other(door.connect(world.server(), world.other)),
        liar(door.connect(world.server(), world.liar)),
        anybody(door.connect(world.server(), world.anybody)),
        prefix_(std::move(prefix)) {}

  const std::unique_ptr<DoorClient> owner;
  const std::unique_ptr<DoorClient> other;
  const std::unique_ptr<DoorClient> liar;
  const std::unique_ptr<DoorClient> anybody;

  std::string Code(const std::string& suffix) const { return prefix_ + "/" + suffix; }
  const std::string& prefix() const { return prefix_; }
  void Heard(const std::string& what, const Said& said) {
    lines_.push_back(what + " -> " + ToText(said, prefix_));
  }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  const std::string prefix_;
  std::vector<std::string> lines_;
};

// The lines of a conversation about each door's own prefix, by the door's name.
std::map<std::string, std::vector<std::string>> HadThroughEveryDoor(void (*have)(Conversation&)) {
  const World world;
  std::map<std::string, std::vector<std::string>> lines;
  for (size_t i = 0; i < std::size(kDoors); ++i) {
    if (!kDoors[i].writes) continue;
    Conversation conversation(kDoors[i], world, world.PrefixOf(i));
    have(conversation);
    lines[kDoors[i].name] = conversation.lines();
  }
  return lines;
}

void CheckSame(const std::vector<std::string>& lines, const std::vector<std::string>& expected) {
  for (size_t i = 0; i < std::min(lines.size(), expected.size()); ++i) {
    CAPTURE(i);
    CHECK(lines[i] == expected[i]);
  }
  CHECK(lines.size() == expected.size());
}

void CheckAll(void (*have)(Conversation&), const std::vector<std::string>& expected) {
  for (const auto& [door, lines] : HadThroughEveryDoor(have)) {
    CAPTURE(door);
    CheckSame(lines, expected);
  }
}

void LiveAndDie(Conversation& talk) {
  const std::string code = talk.Code("Life-1");
  talk.Heard("resolve", talk.anybody->Resolve({code}));
  talk.Heard("delete", talk.owner->Delete(code));
  talk.Heard("create", talk.owner->Create(code, {kUrl, kText, kPrice, kShortLived}));
  talk.Heard("create the same", talk.owner->Create(code, {kUrl, kText, kPrice, kShortLived}));
  talk.Heard("create another", talk.owner->Create(talk.Code("LIFE-1"), {kOtherUrl}));
  talk.Heard("resolve", talk.anybody->Resolve({talk.Code("LIFE-1")}));
  talk.Heard("resolve as owner", talk.owner->Resolve({talk.Code("life-1")}));
  talk.Heard("resolve index 2", talk.anybody->Resolve({code, {2}}));
  talk.Heard("resolve index 2 or URL", talk.anybody->Resolve({code, {2}, {"URL"}}));
  talk.Heard("resolve EMAIL", talk.anybody->Resolve({code, {}, {"EMAIL"}}));
  talk.Heard("resolve PRICE", talk.anybody->Resolve({code, {}, {"PRICE"}}));
  talk.Heard("resolve PRICE as owner", talk.owner->Resolve({code, {}, {"PRICE"}}));
  talk.Heard("modify URL", talk.owner->Modify(code, {kOtherUrl}));
  talk.Heard("modify 77", talk.owner->Modify(code, {kNothingThere}));
  talk.Heard("add 77", talk.owner->Add(code, {kNothingThere}));
  talk.Heard("add 77", talk.owner->Add(code, {kNothingThere}));
  talk.Heard("remove 2", talk.owner->Remove(code, {2}));
  talk.Heard("remove 2", talk.owner->Remove(code, {2}));
  talk.Heard("resolve", talk.anybody->Resolve({code}));
  talk.Heard("delete", talk.owner->Delete(code));
  talk.Heard("resolve", talk.anybody->Resolve({code}));
  talk.Heard("delete", talk.owner->Delete(code));
  talk.Heard("modify", talk.owner->Modify(code, {kUrl}));
  talk.Heard("create", talk.owner->Create(code, {kText}));
  talk.Heard("resolve", talk.anybody->Resolve({code}));
}

TEST_CASE("a code lives, dies and lives again, the same through every door") {
  const std::string values = " 1:URL=https://example.com/a 2:DESC=泵 4:LOCATION=gate 3 ttl 60";
  CheckAll(LiveAndDie,
           {"resolve -> NO_CODE",
            "delete -> NO_CODE",
            "create -> OK",
            "create the same -> CODE_EXISTS",
            "create another -> CODE_EXISTS",
            "resolve -> OK" + values,
            "resolve as owner -> OK 1:URL=https://example.com/a 2:DESC=泵 3:PRICE=4711 (owner) "
            "4:LOCATION=gate 3 ttl 60",
            "resolve index 2 -> OK 2:DESC=泵",
            "resolve index 2 or URL -> OK 1:URL=https://example.com/a 2:DESC=泵",
            "resolve EMAIL -> NO_VALUE",
            "resolve PRICE -> NO_VALUE",
            "resolve PRICE as owner -> OK 3:PRICE=4711 (owner)",
            "modify URL -> OK",
            "modify 77 -> NO_VALUE",
            "add 77 -> OK",
            "add 77 -> VALUE_EXISTS",
            "remove 2 -> OK",
            "remove 2 -> NO_VALUE",
            "resolve -> OK 1:URL=https://example.com/b 4:LOCATION=gate 3 ttl 60 "
            "77:URL=https://example.com/c",
            "delete -> OK",
            "resolve -> NO_CODE",
            "delete -> NO_CODE",
            "modify -> NO_CODE",
            "create -> OK",
            "resolve -> OK 2:DESC=泵"});
}

void MakeMistakes(Conversation& talk) {
  const std::string code = talk.Code("Mine");
  talk.Heard("create", talk.owner->Create(code, {kUrl}));
  talk.Heard("liar creates", talk.liar->Create(talk.Code("Lie"), {kUrl}));
  talk.Heard("liar modifies", talk.liar->Modify(code, {kOtherUrl}));
  talk.Heard("liar deletes", talk.liar->Delete(code));
  talk.Heard("liar lists", talk.liar->List(talk.prefix()));
  talk.Heard("anybody creates", talk.anybody->Create(talk.Code("Any"), {kUrl}));
  talk.Heard("anybody deletes", talk.anybody->Delete(code));
  talk.Heard("another creates", talk.other->Create(talk.Code("Other"), {kUrl}));
  talk.Heard("another modifies", talk.other->Modify(code, {kOtherUrl}));
  talk.Heard("another deletes", talk.other->Delete(code));
  talk.Heard("resolve", talk.anybody->Resolve({code}));
  talk.Heard("a foreign prefix", talk.anybody->Resolve({"99.999/X"}));
  talk.Heard("create there", talk.owner->Create("99.999/X", {kUrl}));
  talk.Heard("list there", talk.owner->List("99.999"));
  talk.Heard("no code at all", talk.anybody->Resolve({"nothing"}));
  talk.Heard("create it", talk.owner->Create("nothing", {kUrl}));
  talk.Heard("a space before it", talk.owner->Create(talk.Code(" x"), {kUrl}));
  talk.Heard("a control in it", talk.owner->Create(talk.Code("a\x01"), {kUrl}));
  talk.Heard("too long", talk.anybody->Resolve({talk.Code(std::string(300, 'x'))}));
  talk.Heard("an index twice", talk.owner->Create(talk.Code("Twice"), {kUrl, kOtherUrl}));
  talk.Heard("a value without a type", talk.owner->Create(talk.Code("Typeless"), {{5, "", "x"}}));
  talk.Heard("a type too long",
             talk.owner->Create(talk.Code("Typed"), {{5, std::string(300, 'T'), "x"}}));
  talk.Heard("too many values", talk.owner->Create(talk.Code("Many"), [] {
    std::vector<Item> many;
    for (uint32_t index = 1; index <= 257; ++index) many.push_back({index, "T", "x"});
    return many;
  }()));
  talk.Heard("a value too large",
             talk.owner->Create(talk.Code("Large"), {{5, "T", std::string(70'000, 'x')}}));
  talk.Heard("a secret",
             talk.owner->Create(talk.Code("Key"), {{300, "HS_SECKEY", "a secret key"}}));
  talk.Heard("what is left of it", talk.owner->List(talk.prefix()));
}

TEST_CASE("mistakes are refused for the same reason through every door, and leave nothing") {
  CheckAll(MakeMistakes, {"create -> OK",
                          "liar creates -> NOT_PROVEN",
                          "liar modifies -> NOT_PROVEN",
                          "liar deletes -> NOT_PROVEN",
                          "liar lists -> NOT_PROVEN",
                          "anybody creates -> NOT_PROVEN",
                          "anybody deletes -> NOT_PROVEN",
                          "another creates -> NOT_ALLOWED",
                          "another modifies -> NOT_ALLOWED",
                          "another deletes -> NOT_ALLOWED",
                          "resolve -> OK 1:URL=https://example.com/a",
                          "a foreign prefix -> NO_PREFIX",
                          "create there -> NO_PREFIX",
                          "list there -> NO_PREFIX",
                          "no code at all -> MALFORMED",
                          "create it -> MALFORMED",
                          "a space before it -> MALFORMED",
                          "a control in it -> MALFORMED",
                          "too long -> MALFORMED",
                          "an index twice -> VALUE_EXISTS",
                          "a value without a type -> BAD_VALUE",
                          "a type too long -> BAD_VALUE",
                          "too many values -> BAD_VALUE",
                          "a value too large -> BAD_VALUE",
                          "a secret -> BAD_VALUE",
                          "what is left of it -> OK P/MINE"});
}

void ListMany(Conversation& talk) {
  for (int i = 0; i < 60; ++i) {
    const Said said = talk.owner->Create(talk.Code("N-" + std::to_string(i)), {kUrl});
    if (said.outcome != "OK") talk.Heard("create " + std::to_string(i), said);
  }
  for (const char* suffix : {"N-7", "N-59"}) {
    talk.Heard("delete", talk.owner->Delete(talk.Code(suffix)));
  }
  talk.Heard("create", talk.owner->Create(talk.Code("N-59"), {kText}));
  const Said listed = talk.owner->List(talk.prefix());
  const auto is_listed = [&](const std::string& suffix) {
    Said said;
    for (const std::string& identifier : listed.identifiers) {
      if (identifier == talk.Code(suffix)) said.identifiers.push_back(identifier);
    }
    return said;
  };
  talk.Heard("listed", {listed.outcome, {}, {}});
  talk.Heard("how many", {std::to_string(listed.identifiers.size()), {}, {}});
  for (const char* suffix : {"N-0", "N-7", "N-58", "N-59"}) {
    talk.Heard(suffix, is_listed(suffix));
  }
}

TEST_CASE("a prefix lists the same codes through every door, deleted ones left out") {
  CheckAll(ListMany,
           {"delete -> OK", "delete -> OK", "create -> OK", "listed -> OK", "how many -> 59",
            "N-0 -> OK P/N-0", "N-7 -> OK", "N-58 -> OK P/N-58", "N-59 -> OK P/N-59"});
}

TEST_CASE("what is held stays as it is through every door, until it is released") {
  const World world;
  const Api registry(world.server(), world.owner.token);
  for (size_t i = 0; i < std::size(kDoors); ++i) {
    if (!kDoors[i].writes) continue;
    CAPTURE(kDoors[i].name);
    const auto owner = kDoors[i].connect(world.server(), world.owner);
    const std::string code = world.PrefixOf(i) + "/Held";
    REQUIRE(owner->Create(code, {kUrl}).outcome == "OK");
    v1::HoldRecordRequest hold;
    hold.set_name(code);
    hold.set_reason("claim under way");
    REQUIRE(
        registry.Call(registry.registry(), &v1::RegistryService::Stub::HoldRecord, hold).fault ==
        "");
    CHECK(owner->Modify(code, {kOtherUrl}).outcome == "NOT_ALLOWED");
    CHECK(owner->Add(code, {kText}).outcome == "NOT_ALLOWED");
    CHECK(owner->Remove(code, {1}).outcome == "NOT_ALLOWED");
    CHECK(owner->Delete(code).outcome == "NOT_ALLOWED");
    CHECK(owner->Create(code, {kText}).outcome == "CODE_EXISTS");
    CHECK(ToText(owner->Resolve({code}), world.PrefixOf(i)) == "OK 1:URL=https://example.com/a");
    v1::UnholdRecordRequest unhold;
    unhold.set_name(code);
    unhold.set_number(1);
    unhold.set_reason("claim settled");
    REQUIRE(registry.Call(registry.registry(), &v1::RegistryService::Stub::UnholdRecord, unhold)
                .fault == "");
    CHECK(owner->Modify(code, {kOtherUrl}).outcome == "OK");
  }
}

TEST_CASE("what was written through one door is read the same through every door") {
  const World world;
  std::vector<std::unique_ptr<DoorClient>> readers;
  for (const Door& door : kDoors) readers.push_back(door.connect(world.server(), world.anybody));
  size_t answered_count = 0;
  for (size_t i = 0; i < std::size(kDoors); ++i) {
    if (!kDoors[i].writes) continue;
    const std::string prefix = world.PrefixOf(i);
    const auto writer = kDoors[i].connect(world.server(), world.owner);
    Item large{9, "DESC", std::string(20'000, 'x')};  // a datagram has 492 bytes of it
    REQUIRE(writer->Create(prefix + "/Large", {kUrl, large, kPrice}).outcome == "OK");
    REQUIRE(writer->Create(prefix + "/Small", {kText}).outcome == "OK");
    REQUIRE(writer->Create(prefix + "/Secret", {kPrice}).outcome == "OK");
    REQUIRE(writer->Create(prefix + "/Empty", {}).outcome == "OK");
    REQUIRE(writer->Create(prefix + "/Gone", {kUrl}).outcome == "OK");
    REQUIRE(writer->Delete(prefix + "/Gone").outcome == "OK");
    for (const char* suffix :
         {"Large", "large", "Small", "Secret", "Empty", "Gone", "Nothing", "", " "}) {
      for (const Question& filter :
           {Question{}, Question{"", {1}}, Question{"", {9, 77}}, Question{"", {}, {"DESC"}},
            Question{"", {}, {"PRICE", "U."}}, Question{"", {77}, {"DESC"}}}) {
        Question question = filter;
        question.identifier = prefix + "/" + suffix;
        const std::string expected = ToText(readers[0]->Resolve(question), prefix);
        if (expected.starts_with("OK")) ++answered_count;
        for (size_t reader = 1; reader < readers.size(); ++reader) {
          CAPTURE(kDoors[i].name, kDoors[reader].name, question.identifier, question.types);
          CHECK(ToText(readers[reader]->Resolve(question), prefix) == expected);
        }
      }
    }
  }
  CHECK(answered_count >= 20);
}

// One step of a random conversation, the same for whoever has the same numbers.
void RandomStep(test::Random& random, Conversation& talk) {
  const std::string code = talk.Code("R-" + std::to_string(random.Below(4)));
  const auto item = [&] {
    const char* types[] = {"URL", "DESC", "PRICE"};
    const auto index = static_cast<uint32_t>(1 + random.Below(4));
    return Item{index, types[random.Below(3)], std::to_string(random.Below(100)),
                random.Below(4) != 0};
  };
  switch (random.Below(7)) {
    case 0:
      return talk.Heard("create", talk.owner->Create(code, {item()}));
    case 1:
      return talk.Heard("add", talk.owner->Add(code, {item()}));
    case 2:
      return talk.Heard("modify", talk.owner->Modify(code, {item()}));
    case 3: {
      const auto index = static_cast<uint32_t>(1 + random.Below(4));
      return talk.Heard("remove", talk.owner->Remove(code, {index}));
    }
    case 4:
      return talk.Heard("delete", talk.owner->Delete(code));
    case 5:
      return talk.Heard("resolve", talk.anybody->Resolve({code}));
    default:
      return talk.Heard("resolve as owner", talk.owner->Resolve({code}));
  }
}

TEST_CASE("random conversations go the same way through every door") {
  constexpr int kSteps = 120;
  test::Random seed("conversation");
  const World world;
  std::vector<std::string> first;
  for (size_t i = 0; i < std::size(kDoors); ++i) {
    if (!kDoors[i].writes) continue;
    test::Random random = seed;
    Conversation talk(kDoors[i], world, world.PrefixOf(i));
    for (int step = 0; step < kSteps; ++step) RandomStep(random, talk);
    if (first.empty()) first = talk.lines();
    CAPTURE(kDoors[i].name, seed.seed());
    CheckSame(talk.lines(), first);
  }
}

}  // namespace
}  // namespace gusu::e2e
