// A registry on the memory engine that is administered over the Handle protocol, message by
// message, with answers in words.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proto/handle/challenge.h"
#include "proto/handle/request.h"
#include "server/doors/handle/challenged_administration.h"
#include "server/doors/handle/identities.h"
#include "server/doors/handle/message_handler.h"
#include "server/doors/handle/site.h"
#include "server/rate_limit.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {

struct HandleIdentityOf {
  std::string handle;
  uint32_t index = 0;
  std::string secret;
};

// A value as a test writes it.
struct TestValue {
  uint32_t index = 0;
  std::string type;
  std::string data;
  uint8_t permissions = handle::kDefaultPermissions;
};

// 88.118.8 of pumps, with the identities 300 and 301 of writers and 302 of a reader; 88.118.7 of
// valves, with 300. All by secrets, and pumps' 303 by Key().
class HandleAdminWorld : public RegistrarWorld {
 public:
  HandleAdminWorld();
  ~HandleAdminWorld();

  const HandleIdentityOf pumps{"88.118.8/ADMIN", 300, "the secret of the pumps"};
  const HandleIdentityOf pumps_other{"88.118.8/ADMIN", 301, "another secret of the pumps"};
  const HandleIdentityOf pumps_reader{"88.118.8/ADMIN", 302, "the pumps' reader's secret"};
  const HandleIdentityOf valves{"88.118.7/ADMIN", 300, "the secret of the valves"};
  static const handle::PrivateKey& Key();

  // Requests: envelope and message.
  static std::string Request(handle::Operation operation,
                             const std::function<void(handle::Writer&)>& write_body,
                             uint32_t flags = 0, uint32_t session_id = 0);
  static std::string WithValues(handle::Operation operation, const std::string& handle,
                                const std::vector<TestValue>& values, uint32_t flags = 0);
  static std::string Create(const std::string& handle, const std::vector<TestValue>& values,
                            uint32_t flags = 0) {
    return WithValues(handle::Operation::kCreateHandle, handle, values, flags);
  }
  static std::string Add(const std::string& handle, const std::vector<TestValue>& values) {
    return WithValues(handle::Operation::kAddValue, handle, values);
  }
  static std::string Modify(const std::string& handle, const std::vector<TestValue>& values) {
    return WithValues(handle::Operation::kModifyValue, handle, values);
  }
  static std::string Remove(const std::string& handle, const std::vector<uint32_t>& indexes);
  static std::string Delete(const std::string& handle);
  static std::string List(const std::string& prefix_handle);
  static std::string Resolve(const std::string& handle, uint32_t flags = 0);

  // Answers may come on another thread.
  struct Inbox {
    void Put(WireAnswer answer);
    WireAnswer Take();
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<WireAnswer> answers;  // guarded by mutex
  };
  // Whose answers are put there; the first of them, and what makes the next one.
  std::shared_ptr<Inbox> Send(const std::string& request, const std::string& address = "192.0.2.9",
                              handle::Transport transport = handle::Transport::kTcp);
  WireAnswer Ask(const std::string& request, const std::string& address = "192.0.2.9",
                 handle::Transport transport = handle::Transport::kTcp) {
    return Send(request, address, transport)->Take();
  }
  // The next answer to what was asked last, of which `answer` says that more follows.
  WireAnswer More(const WireAnswer& answer);
  // An answer to the challenge that `challenge` is; to another session's where one is given.
  static std::string AnswerTo(const std::string& challenge, const HandleIdentityOf& identity,
                              uint32_t session_id = 0);
  static std::string AnswerWithKeyTo(const std::string& challenge, const std::string& handle,
                                     uint32_t index, const handle::PrivateKey& key);
  // The request is challenged and the challenge answered.
  WireAnswer Prove(const HandleIdentityOf& identity, const std::string& request);
  // The same in words: `1`, `1 88.118.8/NEW` for what was created, `1 88.118.8/A: 1 URL u 0e; …`
  // for what is resolved, or code and text, as `101 handle 88.118.8/A exists`.
  std::string Do(const HandleIdentityOf& identity, const std::string& request) {
    return Text(Prove(identity, request).bytes);
  }
  std::string AskInWords(const std::string& request) { return Text(Ask(request).bytes); }
  static std::string Text(const std::string& answer);
  // The code alone.
  static uint32_t CodeOf(const std::string& answer);

  // What everybody may resolve of the handle, or the code that says why not.
  std::string Public(const std::string& handle) { return AskInWords(Resolve(handle, kPublic)); }
  uint64_t Leaves() const { return View()->leaf_count(); }

  ChallengedAdministration& administration() { return *administration_; }
  Registry& registry() { return registry_; }

 private:
  static constexpr uint32_t kPublic = 0x01000000;
  void MakeIdentity(const std::string& registrant, const HandleIdentityOf& identity,
                    v1::Credential::Role role);

  Registry registry_;
  Resolver resolver_;
  RateLimiter rate_limiter_;
  const CredentialIdentities identities_;
  const HandleSite site_;
  MessageHandler handler_;
  std::unique_ptr<ChallengedAdministration> administration_;
  std::shared_ptr<Inbox> inbox_;  // of what was asked last
};

}  // namespace gusu::server
