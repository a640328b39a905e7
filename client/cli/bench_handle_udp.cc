// Datagrams go out and come in as many as 16 a call of the system.
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include "client/cli/bench_handle.h"
#include "client/cli/bench_handle_message.h"
#include "proto/handle/packet_set.h"

namespace gusu::cli {
namespace {

using Clock = Budget::Clock;

constexpr size_t kBatch = 16;
constexpr double kPollSeconds = 0.02;  // how long the loop sleeps while nothing comes
// How long each copy of a request is waited for.
constexpr std::array kCopyTimes = {std::chrono::milliseconds(500), std::chrono::milliseconds(1000),
                                   std::chrono::milliseconds(1500)};

class UdpLoop {
 public:
  UdpLoop(const HandleLoad& load, Socket socket, size_t first_code, Budget* budget)
      : load_(load), socket_(std::move(socket)), next_code_(first_code), budget_(budget) {
    slots_.resize(load.outstanding);
  }

  Measured Run() {
    for (bool more = true; connected_;) {
      more = more && FillFreeSlots();
      if (!more && busy_count_ == 0) break;
      SendQueue();
      Receive();
      if (Clock::now() >= next_look_) RepeatLost();
    }
    return std::move(measured_);
  }

 private:
  // A request on its way. Its id holds the slot in its low bits.
  struct Slot {
    uint32_t request_id = 0;  // 0: free
    const std::string* code = nullptr;
    Clock::time_point begin;
    Clock::time_point repeat_at;
    size_t copies_count = 0;
    std::string request;
    std::optional<handle::PacketSet> packets;  // of an answer of several
  };

  // False when the run is over.
  bool FillFreeSlots() {
    for (size_t at = 0; at < slots_.size() && busy_count_ < slots_.size(); ++at) {
      Slot& slot = slots_[at];
      if (slot.request_id != 0) continue;
      if (!budget_->Take(1)) return false;
      slot.code = &load_.codes[next_code_++ % load_.codes.size()];
      slot.request_id = ++round_ << kSlotBits | static_cast<uint32_t>(at);
      round_ &= kRoundMax;
      EncodeResolve(*slot.code, slot.request_id, &slot.request);
      slot.begin = Clock::now();
      slot.copies_count = 0;
      slot.packets.reset();
      Enqueue(slot);
      ++busy_count_;
    }
    return true;
  }

  void Enqueue(Slot& slot) {
    slot.repeat_at = Clock::now() + kCopyTimes[slot.copies_count++];
    queue_.push_back(&slot);
  }

  void SendQueue() {
    for (size_t at = 0; at < queue_.size();) {
      std::array<mmsghdr, kBatch> headers{};
      std::array<iovec, kBatch> vectors{};
      const size_t count = std::min(kBatch, queue_.size() - at);
      for (size_t i = 0; i < count; ++i) {
        vectors[i] = {queue_[at + i]->request.data(), queue_[at + i]->request.size()};
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
      }
      const int sent =
          sendmmsg(socket_.descriptor(), headers.data(), static_cast<unsigned>(count), 0);
      if (sent < 0 && errno != EINTR) return Break(errno);
      at += static_cast<size_t>(std::max(sent, 0));
    }
    queue_.clear();
  }

  // What has come, once something has; nothing after a while.
  void Receive() {
    if (!connected_) return;
    std::array<mmsghdr, kBatch> headers{};
    std::array<iovec, kBatch> vectors{};
    for (size_t i = 0; i < kBatch; ++i) {
      vectors[i] = {buffers_[i].data(), buffers_[i].size()};
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int count =
        recvmmsg(socket_.descriptor(), headers.data(), kBatch, MSG_WAITFORONE, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return Break(errno);
    for (int i = 0; i < count; ++i) Take({buffers_[i].data(), headers[i].msg_len});
  }

  void Take(std::string_view packet) {
    const std::optional<handle::Envelope> envelope = handle::DecodeEnvelope(packet);
    if (!envelope) return;
    const size_t at = envelope->request_id & (kOutstandingMax - 1);
    if (at >= slots_.size() || slots_[at].request_id != envelope->request_id) return;  // late
    Slot& slot = slots_[at];
    const std::string_view data = packet.substr(handle::kEnvelopeBytes);
    if (handle::PacketCount(envelope->message_bytes) == 1) return Finish(slot, *envelope, data);
    if (!slot.packets) slot.packets.emplace(*envelope);
    if (!slot.packets->Add(*envelope, data).ok() || !slot.packets->complete()) return;
    Finish(slot, *envelope, slot.packets->Join());
  }

  void Finish(Slot& slot, const handle::Envelope& envelope, std::string_view message) {
    AddOutcome(CheckResolved(*slot.code, envelope, message), MicrosecondsSince(slot.begin), budget_,
               &measured_);
    Free(slot);
  }

  void RepeatLost() {
    const auto now = Clock::now();
    for (Slot& slot : slots_) {
      if (slot.request_id == 0 || now < slot.repeat_at) continue;
      if (slot.copies_count < kCopyTimes.size()) {
        ++measured_.lost_count;
        Enqueue(slot);
        continue;
      }
      const std::string why = "no answer to " + std::to_string(slot.copies_count) + " datagrams";
      AddError(UnreachableStatus(load_.server, why), budget_, &measured_);
      Free(slot);
    }
    next_look_ = now + std::chrono::milliseconds(20);
  }

  void Free(Slot& slot) {
    slot.request_id = 0;
    --busy_count_;
  }

  void Break(int error) {
    AddError(UnreachableStatus(load_.server, std::strerror(error)), budget_, &measured_);
    connected_ = false;
  }

  static constexpr uint32_t kSlotBits = 6;
  static constexpr uint32_t kRoundMax = 0x01ff'fffe;
  static_assert(kOutstandingMax == 1u << kSlotBits);

  const HandleLoad& load_;
  const Socket socket_;
  size_t next_code_;
  Budget* const budget_;
  std::vector<Slot> slots_;
  std::vector<Slot*> queue_;  // to be sent; each slot once at most
  std::array<std::array<char, handle::kPacketBytesMax>, kBatch> buffers_;
  size_t busy_count_ = 0;
  uint32_t round_ = 0;
  Clock::time_point next_look_ = Clock::now();
  bool connected_ = true;
  Measured measured_;
};

}  // namespace

Measured RunHandleUdpLoop(const HandleLoad& load, size_t worker, Budget* budget) {
  OrFailure<Socket> socket = ConnectTo(load.server, Transport::kUdp, kPollSeconds);
  if (!socket.ok()) {
    Measured measured;
    AddError(UnreachableStatus(load.server, socket.failure().message), budget, &measured);
    return measured;
  }
  return UdpLoop(load, std::move(*socket), worker * kWorkerStep, budget).Run();
}

}  // namespace gusu::cli
