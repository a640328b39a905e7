// The Handle door without its sockets, on a registry in memory: what comes in over TCP and UDP, and
// all that goes out.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/doors/handle/answer_limiter.h"
#include "server/doors/handle/datagrams.h"
#include "tests/server/handle_admin_world.h"

namespace gusu::test {

// 88.118.8 as the corpus knows it: ABC000123 as captured and with a value kOwnersOnly that its
// owner alone reads, an ALIAS of it, NARROW that valves' identity alone administers by HS_ADMIN, a
// LARGE one, and N00 to N59.
class HandleDoorWorld : public server::HandleAdminWorld {
 public:
  static constexpr std::string_view kOwnersOnly = "for the eyes of the owner alone";
  HandleDoorWorld();
  // Whether nothing was written since.
  bool IsFresh() const { return Leaves() == leaves_; }
  // Only as long as nothing was written.
  void TurnBack() { Pass(began_ - Now()); }

 private:
  uint64_t leaves_ = 0;
  absl::Time began_;
};

// Answers that are due on some thread, and those that were given.
class DueAnswers {
 public:
  void Expect();
  void Give(server::WireAnswer answer);
  // Waits for all that are due, for at most 20 s; false: some did not come, or too many.
  bool Settle();
  std::vector<server::WireAnswer> Take();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t due_ = 0;  // guarded by mutex_, with what follows
  size_t given_ = 0;
  std::vector<server::WireAnswer> answers_;
};

// One door with empty tables, and the world's clock in all of them.
class HandleDoorScene {
 public:
  static constexpr size_t kListMessagesMax = 3;

  // `administered`: with administration on.
  HandleDoorScene(HandleDoorWorld& world, bool administered);

  // All answers; of a list, the first kListMessagesMax messages. Nothing: some answer did not come,
  // or came twice.
  std::vector<server::WireAnswer> OverTcp(const std::string& request, const std::string& address);
  // All datagrams; nullopt likewise.
  using Datagrams = std::vector<std::pair<std::string, std::string>>;  // to whom, and bytes
  std::optional<Datagrams> OverUdp(std::string_view datagram, const server::SocketAddress& from);

  const server::PacketSets& sets() const { return datagrams_->sets(); }
  const server::Challenges& challenges() const { return administration_.challenges(); }
  // How many challenges there can be by what their sources asked for and may keep.
  size_t ChallengesMax() const;
  uint64_t challenged_bytes() const { return watch_.asked_bytes; }

 private:
  // Knows what administration still has to answer, and who asked for it.
  struct Watch final : server::HandleAdministration {
    void Administer(const server::HandleCall& call) override;
    void ChallengeReader(const server::HandleCall& call) override;
    server::HandleCall Watched(const server::HandleCall& call);
    server::HandleAdministration* watched = nullptr;
    const std::shared_ptr<DueAnswers> late = std::make_shared<DueAnswers>();
    std::map<std::pair<std::string, handle::Transport>, size_t> asked;  // by source
    uint64_t asked_bytes = 0;
  };
  struct Sent final : server::UdpSender {
    void Add(const server::SocketAddress& to, std::string_view datagram) override;
    void SendNow(const server::SocketAddress& to, std::string_view datagram) override;
    std::mutex mutex;
    Datagrams datagrams;  // guarded by mutex
  };

  const bool administered_;
  server::Resolver resolver_;
  server::RateLimiter rate_limiter_;
  const server::CredentialIdentities identities_;
  server::MessageHandler handler_;
  server::ChallengedAdministration administration_;
  Watch watch_;
  const std::shared_ptr<Sent> sent_ = std::make_shared<Sent>();
  std::unique_ptr<server::HandleDatagrams> datagrams_;
};

}  // namespace gusu::test
