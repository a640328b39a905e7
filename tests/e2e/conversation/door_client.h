// A registry as a program meets it through one door. What it asks and writes, and what comes back,
// in words that all doors share: so a conversation can be had through each, and compared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/server_process.h"

namespace gusu::e2e {

// A value of a record, as far as every door can say it.
struct Item {
  uint32_t index = 0;
  std::string type;
  std::string data;
  bool is_public = true;
  uint32_t ttl_seconds = 86'400;
};

struct Question {
  std::string identifier;
  std::vector<uint32_t> indexes = {};
  std::vector<std::string> types = {};
};

// An answer or a refusal. Refusals are told as finely as the door that tells least of them:
// NO_PREFIX, NO_CODE, NO_VALUE, CODE_EXISTS, VALUE_EXISTS, MALFORMED, BAD_VALUE, NOT_PROVEN (who it
// is), NOT_ALLOWED (to whom or in this state); a door's own words for everything else.
struct Said {
  std::string outcome = "OK";
  std::vector<Item> values;              // of Resolve, in their order
  std::vector<std::string> identifiers;  // of List, in any order
};

class DoorClient {
 public:
  virtual ~DoorClient() = default;

  // What the speaker may read.
  virtual Said Resolve(const Question& question) = 0;

  // The rest only through doors that write.
  virtual Said Create(const std::string& identifier, const std::vector<Item>& items) = 0;
  virtual Said Add(const std::string& identifier, const std::vector<Item>& items) = 0;
  virtual Said Modify(const std::string& identifier, const std::vector<Item>& items) = 0;
  virtual Said Remove(const std::string& identifier, const std::vector<uint32_t>& indexes) = 0;
  virtual Said Delete(const std::string& identifier) = 0;
  // Codes of a prefix that are not deleted.
  virtual Said List(const std::string& prefix) = 0;
};

// Who speaks, with what proves it at one door or another. Empty: anybody.
struct Speaker {
  std::string token;
  std::string handle;  // {prefix}/ADMIN
  uint32_t handle_index = 0;
  std::string handle_secret;
};

struct Door {
  const char* name;
  bool writes;
  std::unique_ptr<DoorClient> (*connect)(const ServerProcess& server, const Speaker& speaker);
};

std::unique_ptr<DoorClient> ConnectGrpc(const ServerProcess& server, const Speaker& speaker);
std::unique_ptr<DoorClient> ConnectHandleTcp(const ServerProcess& server, const Speaker& speaker);
std::unique_ptr<DoorClient> ConnectHandleUdp(const ServerProcess& server, const Speaker& speaker);
// /v1, over TLS.
std::unique_ptr<DoorClient> ConnectJson(const ServerProcess& server, const Speaker& speaker);
// /api/handles, over plain HTTP, as Handle clients of scripts speak.
std::unique_ptr<DoorClient> ConnectHandleJson(const ServerProcess& server, const Speaker& speaker);

// A door joins the conversation by its line above and its line here.
inline constexpr Door kDoors[] = {
    {"gRPC", true, ConnectGrpc},
    {"Handle TCP", true, ConnectHandleTcp},
    {"Handle UDP", false, ConnectHandleUdp},
    {"HTTP, API as JSON", true, ConnectJson},
    {"HTTP, Handle JSON", true, ConnectHandleJson},
};

}  // namespace gusu::e2e
