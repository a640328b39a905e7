// The protocol over UDP: datagrams to messages and back. One receiver for each thread of the
// socket's server.
//
// Not answered, since the source may be another's: what has no envelope, packets that make no
// message, and answers that the limiter does not let out.
#pragma once

#include <functional>
#include <memory>

#include "server/doors/handle/answer_limiter.h"
#include "server/doors/handle/message_handler.h"
#include "server/doors/handle/packet_sets.h"
#include "server/net/udp_server.h"

namespace gusu::server {

class WorkPool;

class HandleDatagrams final : public UdpReceiver {
 public:
  // `pool`: where messages are handled when the engine may block; nullptr: on the receiver's own
  // thread; not owned.
  HandleDatagrams(std::shared_ptr<const MessageHandler> handler,
                  std::shared_ptr<AnswerLimiter> limiter, WorkPool* pool,
                  std::shared_ptr<UdpSender> sender, std::function<absl::Time()> clock = absl::Now);

  void Receive(const SocketAddress& from, std::string_view datagram) override;

  const PacketSets& sets() const { return sets_; }

 private:
  struct Request {
    SocketAddress from;
    HandlePeer peer;
    handle::Envelope envelope;
    size_t bytes = 0;  // of all its packets
  };
  void Take(const Request& request, std::string_view message);

  const std::shared_ptr<const MessageHandler> handler_;
  const std::shared_ptr<AnswerLimiter> limiter_;
  WorkPool* const pool_;
  const std::shared_ptr<UdpSender> sender_;
  PacketSets sets_;
};

// The datagrams of an answer: each with the envelope and its part of the message.
void ForEachPacket(std::string_view answer,
                   const std::function<void(std::string_view datagram)>& send);

}  // namespace gusu::server
