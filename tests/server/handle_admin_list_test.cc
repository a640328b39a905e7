// Handles of a prefix, listed in messages.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gusu/v1/registry.pb.h"
#include "proto/handle/response.h"
#include "proto/text.h"
#include "tests/server/handle_admin_world.h"
#include "tests/server/handle_world.h"

namespace gusu::server {
namespace {

using World = HandleAdminWorld;
using test::ReadAnswer;

std::string Handle(int number) {
  return Concat("88.118.8/N", number < 10 ? "00" : number < 100 ? "0" : "", number);
}

// 88.118.8/N000 and on.
void Register(World& world, int count) {
  v1::BatchRegisterRequest request;
  for (int i = 0; i < count; ++i) request.add_rows()->set_identifier(Handle(i));
  const auto who = world.Who(World::AdminOf("pumps"));
  REQUIRE(who.ok());
  std::promise<absl::StatusOr<v1::BatchRegisterResponse>> done;
  world.registry().BatchRegister(request, *who,
                                 [&done](auto response) { done.set_value(std::move(response)); });
  REQUIRE(done.get_future().get().ok());
}

std::vector<std::string> HandlesIn(const WireAnswer& answer) {
  const ReadAnswer read(answer.bytes);
  REQUIRE(read.code() == 1);
  CHECK(read.message.header.operation == handle::Operation::kListHandles);
  CHECK(read.envelope.request_id == 0x249c69d1);
  CHECK(read.message.header.Has(handle::kContinuous) == (answer.more != nullptr));
  const auto handles = handle::DecodeListResponse(read.body.body);
  REQUIRE(handles.ok());
  return {handles->begin(), handles->end()};
}

// Every message's handles.
std::vector<std::vector<std::string>> ListAll(World& world, const HandleIdentityOf& identity) {
  std::vector<std::vector<std::string>> messages;
  WireAnswer answer = world.Prove(identity, World::List("0.NA/88.118.8"));
  messages.push_back(HandlesIn(answer));
  while (answer.more != nullptr) {
    answer = world.More(answer);
    messages.push_back(HandlesIn(answer));
  }
  return messages;
}

TEST_CASE("120 handles go in messages of 50, all but the last one saying that more follow") {
  World world;
  Register(world, 120);
  const auto messages = ListAll(world, world.pumps_reader);
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].size() == 50);
  CHECK(messages[1].size() == 50);
  CHECK(messages[2].size() == 20);
  int number = 0;
  for (const auto& message : messages) {
    for (const std::string& handle : message) CHECK(handle == Handle(number++));
  }
}

TEST_CASE("a last message that is full says that it is the last, and none is a message too") {
  World world;
  CHECK(ListAll(world, world.pumps) == std::vector<std::vector<std::string>>{{}});
  Register(world, 100);
  const auto messages = ListAll(world, world.pumps);
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].size() == 50);
}

TEST_CASE("more handles than a page of the registry's are all listed, but not those deleted") {
  World world;
  Register(world, 450);
  for (const int number : {0, 49, 50, 199, 200, 201, 449}) {
    REQUIRE(world.Do(world.pumps, World::Delete(Handle(number))) == "1");
  }
  std::vector<std::string> listed;
  for (const auto& message : ListAll(world, world.pumps)) {
    listed.insert(listed.end(), message.begin(), message.end());
  }
  CHECK(listed.size() == 443);
  CHECK(listed.front() == Handle(1));
  CHECK(listed[47] == Handle(48));
  CHECK(listed[48] == Handle(51));
  CHECK(listed.back() == Handle(448));
}

TEST_CASE("what follows is read when the last message was taken, and not before") {
  World world;
  Register(world, 260);
  WireAnswer answer = world.Prove(world.pumps, World::List("0.na/88.118.8"));
  CHECK(HandlesIn(answer).size() == 50);
  // Behind the first page of the registry's.
  v1::RetireRecordRequest request;
  request.set_name(Handle(255));
  request.mutable_retirement()->set_reason(v1::Retirement::DELETED);
  const auto who = world.Who(World::AdminOf("pumps"));
  REQUIRE(who.ok());
  std::promise<absl::StatusOr<v1::RecordResponse>> done;
  world.registry().RetireRecord(request, *who,
                                [&done](auto response) { done.set_value(std::move(response)); });
  REQUIRE(done.get_future().get().ok());
  size_t count = 50;
  while (answer.more != nullptr) {
    answer = world.More(answer);
    count += HandlesIn(answer).size();
  }
  CHECK(count == 259);
}

}  // namespace
}  // namespace gusu::server
