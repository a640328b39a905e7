// A server with the records that the captured traffic asks for, and its Handle door's address.
#pragma once

#include "proto/handle/response.h"
#include "tests/e2e/api.h"
#include "tests/e2e/handle_client.h"

namespace gusu::e2e {

struct HandleScene {
  HandleScene();
  ServerProcess server{{"--handle-admin", "on"}};
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api writer{server, pumps.writer_token};

  HandleSocket Connect(HandleSocket::Kind kind) const {
    return HandleSocket(server.handle_address(), kind);
  }
};

// One for the cases of a file.
HandleScene& TheHandleScene();

// A request to resolve, envelope and message.
std::string ResolveBytes(std::string_view handle, uint32_t flags = 0x19000000);
// The response code of an answer; 0 when it is none.
uint32_t CodeOf(const std::string& answer);

// Exchanges as tests/e2e/golden/handle_captured.txt has them.
struct Captured {
  std::string title;
  HandleSocket::Kind kind = HandleSocket::Kind::kUdp;
  std::string request;
  std::string answer;
};
std::vector<Captured> ReadCaptured();

}  // namespace gusu::e2e
