// What a model says, its batches and items say.
#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

// Model M, its batch B, and of that the item I; J is of M as it was registered.
class LevelsWorld : public RecordsWorld {
 public:
  LevelsWorld() {
    Register(R"(identifier: "88.118.8/M" level: MODEL template: "product"
                values { type: "name" data: "Pump" } values { type: "model" data: "HP" })");
    fixed_revision = View()->last_revision();
    Register(R"(identifier: "88.118.8/B" level: BATCH template: "product"
                instance_of { identifier: "88.118.8/M" } values { type: "batch" data: "B-1" })");
    Register(R"(identifier: "88.118.8/I" template: "product"
                instance_of { identifier: "88.118.8/B" } values { type: "serial" data: "1" })");
    Register(R"(identifier: "88.118.8/J" template: "product" instance_of {
                identifier: "88.118.8/M" revision: )" +
             std::to_string(fixed_revision) + R"(} values { type: "serial" data: "2" })");
  }
  void CorrectModel(const std::string& name) {
    Change(&Registry::ModifyValues,
           "name: \"88.118.8/M\" modify { type: \"name\" data: \"" + name + "\" }");
  }

  uint64_t fixed_revision = 0;
};

const std::string kModel =
    "name=Pump from 88.118.8/M model=HP from 88.118.8/M manufacturer=Suzhou Pumps from 88.118.8/M";

TEST_CASE("an item answers with its own values, then its batch's, then its model's") {
  LevelsWorld world;
  CHECK(world.Resolve("88.118.8/I") == "serial=1 batch=B-1 from 88.118.8/B " + kModel);
  CHECK(world.Resolve("88.118.8/B") == "batch=B-1 " + kModel);
  CHECK(world.Resolve("88.118.8/J") == "serial=2 " + kModel);
}

TEST_CASE("a correction of a model is seen by its items at once, unless they are fixed") {
  LevelsWorld world;
  const uint64_t before = world.View()->last_revision();
  world.CorrectModel("Better pump");
  const std::string corrected =
      "name=Better pump from 88.118.8/M model=HP from 88.118.8/M "
      "manufacturer=Suzhou Pumps from 88.118.8/M";
  CHECK(world.Resolve("88.118.8/I") == "serial=1 batch=B-1 from 88.118.8/B " + corrected);
  CHECK(world.Resolve("88.118.8/J") == "serial=2 " + kModel);
  // As of before the correction, nobody had heard of it.
  CHECK(world.Resolve("88.118.8/I", "as_of_time { seconds: " + std::to_string(before / 1'000'000) +
                                        " nanos: " + std::to_string(before % 1'000'000 * 1000) +
                                        " }") == "serial=1 batch=B-1 from 88.118.8/B " + kModel);
  // A fixed link is moved to what the model is now.
  CHECK(world
            .Change(&Registry::UpdateRecord,
                    R"(name: "88.118.8/J" values { type: "serial" data: "2" }
                        instance_of { identifier: "88.118.8/M" revision: )" +
                        std::to_string(world.View()->last_revision()) + "}")
            .starts_with("88.118.8/J ITEM ACTIVE of 88.118.8/M"));
  CHECK(world.Resolve("88.118.8/J") == "serial=2 " + corrected);
}

TEST_CASE("a model, a batch and an item stand above one another, and nothing else does") {
  LevelsWorld world;
  const auto instance = [&world](const std::string& level, const std::string& of,
                                 const std::string& revision = "0") {
    return world.Register("identifier: \"88.118.8/X\" level: " + level +
                          " instance_of { identifier: \"" + of + "\" revision: " + revision + "}");
  };
  const auto refused = [](const std::string& of) {
    return "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=" + of;
  };
  CHECK(instance("MODEL", "88.118.8/M") == refused("88.118.8/M"));
  CHECK(instance("BATCH", "88.118.8/B") == refused("88.118.8/B"));
  CHECK(instance("ITEM", "88.118.8/I") == refused("88.118.8/I"));
  CHECK(instance("ITEM", "88.118.8/none") == refused("88.118.8/none"));
  CHECK(instance("ITEM", "88.118.8/M", "1") == refused("88.118.8/M"));
  CHECK(instance("ITEM", "88.118.8/X") == refused("88.118.8/X"));
  world.Change(&Registry::RetireRecord, R"(name: "88.118.8/M" retirement { reason: SCRAPPED })");
  CHECK(instance("ITEM", "88.118.8/M") == refused("88.118.8/M"));
  // What was of it before still is.
  CHECK(world.Resolve("88.118.8/B") == "batch=B-1 " + kModel);
}

TEST_CASE("the instances of a model or a batch are listed") {
  LevelsWorld world;
  CHECK(world.List(R"(instance_of: "88.118.8/m")") == "88.118.8/B 88.118.8/J");
  CHECK(world.List(R"(instance_of: "prefixes/88.118.8/records/B")") == "88.118.8/I");
  CHECK(world.List(R"(instance_of: "88.118.8/I")").empty());
  CHECK(world.List("level: MODEL") == "88.118.8/M");
  CHECK(world.List("level: BATCH") == "88.118.8/B");
  CHECK(world.List("level: ITEM") == "88.118.8/I 88.118.8/J");
}

}  // namespace
}  // namespace gusu::server
