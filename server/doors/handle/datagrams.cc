#include "server/doors/handle/datagrams.h"

#include <thread>
#include <utility>

#include "proto/handle/envelope.h"
#include "server/work_pool.h"

namespace gusu::server {
namespace {

// Behind the envelope's first 12 bytes.
constexpr size_t kSequenceNumberAt = 12;

// What is sent, and how many bytes that is on the way.
size_t BytesInPackets(std::string_view answer) {
  const size_t message_bytes = answer.size() - handle::kEnvelopeBytes;
  return message_bytes + handle::PacketCount(message_bytes) * handle::kEnvelopeBytes;
}

}  // namespace

void ForEachPacket(std::string_view answer,
                   const std::function<void(std::string_view datagram)>& send) {
  if (answer.size() <= handle::kPacketBytesMax) return send(answer);
  const std::string_view message = answer.substr(handle::kEnvelopeBytes);
  std::string packet;
  const auto count = static_cast<uint32_t>(handle::PacketCount(message.size()));
  for (uint32_t i = 0; i < count; ++i) {
    packet.assign(answer.substr(0, handle::kEnvelopeBytes));
    handle::Writer(packet).PutInt(kSequenceNumberAt, i);
    packet += handle::PacketData(message, i);
    send(packet);
  }
}

HandleDatagrams::HandleDatagrams(std::shared_ptr<const MessageHandler> handler,
                                 std::shared_ptr<AnswerLimiter> limiter, WorkPool* pool,
                                 std::shared_ptr<UdpSender> sender,
                                 std::function<absl::Time()> clock)
    : handler_(std::move(handler)),
      limiter_(std::move(limiter)),
      pool_(pool),
      sender_(std::move(sender)),
      sets_(std::move(clock)) {}

void HandleDatagrams::Receive(const SocketAddress& from, std::string_view datagram) {
  const auto envelope = handle::DecodeEnvelope(datagram);
  if (!envelope.has_value()) return;
  const std::string_view data = datagram.substr(handle::kEnvelopeBytes);
  Request request{from, {from.Text(), handle::Transport::kUdp}, *envelope, datagram.size()};
  if (handle::PacketCount(envelope->message_bytes) == 1) {
    if (envelope->sequence_number == 0) Take(request, data);
    return;
  }
  const auto whole = sets_.Add(request.peer.address, from.port(), *envelope, data);
  if (!whole.has_value()) return;
  request.envelope = whole->envelope;
  request.bytes = handle::kEnvelopeBytes + whole->message.size();
  Take(request, whole->message);
}

void HandleDatagrams::Take(const Request& request, std::string_view message) {
  const auto here = std::this_thread::get_id();
  const bool batched = pool_ == nullptr;
  const Reply reply = [sender = sender_, limiter = limiter_, from = request.from,
                       address = request.peer.address, bytes = request.bytes, here,
                       batched](const WireAnswer& answer) {
    if (answer.bytes.empty() || !limiter->Admit(address, bytes, BytesInPackets(answer.bytes))) {
      return;
    }
    // An answer that is given at once goes out with its batch.
    const bool at_once = batched && std::this_thread::get_id() == here;
    ForEachPacket(answer.bytes, [&](std::string_view datagram) {
      at_once ? sender->Add(from, datagram) : sender->SendNow(from, datagram);
    });
  };
  if (pool_ == nullptr) return handler_->Handle(request.envelope, message, request.peer, reply);
  // With a full queue the message is lost, as on the way.
  (void)pool_->Submit([handler = handler_, request, message = std::string(message), reply] {
    handler->Handle(request.envelope, message, request.peer, reply);
  });
}

}  // namespace gusu::server
