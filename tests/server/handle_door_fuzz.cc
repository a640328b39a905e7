#include "tests/server/handle_door_fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/handle/site.h"
#include "proto/text.h"
#include "tests/server/handle_door_answer.h"
#include "tests/server/handle_door_scene.h"

namespace gusu::test {
namespace {

using handle::ResponseCode;
using server::SocketAddress;
using server::WireAnswer;

enum Kind { kTcpMessage, kUdpMessage, kDatagram, kTcpAnswer, kUdpAnswer, kNothing };
enum Identity { kPumps, kPumpsReader, kValves, kWrongSecret };

constexpr size_t kStepBytes = 4;
constexpr uint16_t kFirstPort = 4'000;
// The proof at the end of an answer to a challenge, and the length of a credential behind it.
constexpr size_t kProofBytes = 20 + 4;
constexpr absl::Duration kWaits[] = {absl::ZeroDuration(), absl::Milliseconds(100),
                                     absl::Seconds(6), absl::Seconds(61)};

struct Step {
  Kind kind = kNothing;
  SocketAddress from;
  std::string address;  // of `from`
  std::string source;   // its AddressGroup
  Identity identity = kPumps;
  bool by_key = false;
  absl::Duration wait;
  std::string_view data;
};

SocketAddress AddressOf(size_t network, size_t host) {
  const std::string number = std::to_string(host + 1);
  std::string text = "127.0.0.1";
  if (network == 0) text = "192.0.2." + number;
  if (network == 2) text = "2001:db8::" + number;
  if (network == 3) text = Concat("2001:db8:", number, "::1");
  return server::FindAddress({text, static_cast<uint16_t>(kFirstPort + host)}).value();
}

// Takes a step off the script's beginning.
Step TakeStep(std::string_view& script) {
  const auto byte = [script](size_t at) { return static_cast<uint8_t>(script[at]); };
  Step step;
  step.kind = static_cast<Kind>(std::min<int>(byte(0) & 7, kNothing));
  step.from = AddressOf(byte(1) & 3, byte(0) >> 3);
  step.address = step.from.Text();
  step.source = server::AddressGroup(step.address);
  step.identity = static_cast<Identity>(byte(1) >> 2 & 3);
  step.wait = kWaits[byte(1) >> 4 & 3];
  step.by_key = (byte(1) >> 6 & 1) != 0 && step.identity == kPumps;
  const size_t bytes = static_cast<size_t>(byte(2)) << 8 | byte(3);
  script.remove_prefix(kStepBytes);
  step.data = script.substr(0, bytes);
  script.remove_prefix(step.data.size());
  return step;
}

// One input's door, and what is known of what it must keep to.
class Play {
 public:
  Play(HandleDoorWorld& world, bool administered)
      : world_(world),
        administered_(administered),
        scene_(world, administered),
        began_(world.Now()) {}

  void Run(const Step& step) {
    world_.Pass(step.wait);
    may_read_ = may_write_ = succeeded_ = false;
    const uint64_t leaves = world_.Leaves();
    std::string request(step.data);
    if (step.kind == kTcpAnswer || step.kind == kUdpAnswer) request = ProofOf(step);
    switch (step.kind) {
      case kTcpMessage:
      case kTcpAnswer:
        SendOverTcp(step, std::move(request));
        break;
      case kUdpMessage:
      case kUdpAnswer:
        SendPackets(step, std::move(request));
        break;
      case kDatagram:
        SendDatagram(step, request);
        break;
      case kNothing:
        break;
    }
    CheckBounds();
    CheckWrites(step, leaves);
  }

 private:
  struct Challenged {
    std::string bytes;
    std::string source;
    absl::Time when;
    bool spent = false;
  };

  // Who the step says to be.
  server::HandleIdentityOf IdentityOf(const Step& step) const {
    server::HandleIdentityOf identity = step.identity == kPumpsReader ? world_.pumps_reader
                                        : step.identity == kValves    ? world_.valves
                                                                      : world_.pumps;
    if (step.identity == kWrongSecret) identity.secret += "!";
    return identity;
  }

  // The answer to the last challenge with the step's changes, and what it gives a right to.
  std::string ProofOf(const Step& step) {
    if (!challenged_.has_value()) return "";
    const std::string whole =
        step.by_key ? HandleDoorWorld::AnswerWithKeyTo(challenged_->bytes, world_.pumps.handle, 303,
                                                       HandleDoorWorld::Key())
                    : HandleDoorWorld::AnswerTo(challenged_->bytes, IdentityOf(step));
    std::string altered = whole;
    for (size_t i = 0; i + 2 < step.data.size(); i += 3) {
      const size_t at =
          static_cast<uint8_t>(step.data[i]) << 8 | static_cast<uint8_t>(step.data[i + 1]);
      char& byte = altered[at % altered.size()];
      byte = static_cast<char>(byte ^ step.data[i + 2]);
    }
    const bool is_whole = altered.ends_with(whole.substr(whole.size() - kProofBytes));
    const bool is_fresh = !challenged_->spent && challenged_->source == step.source &&
                          world_.Now() - challenged_->when <= absl::Minutes(1);
    may_read_ = is_whole && is_fresh && step.identity != kValves && step.identity != kWrongSecret;
    may_write_ = is_whole && is_fresh && (step.identity == kPumps || step.identity == kValves);
    if (altered == whole && challenged_->source == step.source) challenged_->spent = true;
    return altered;
  }

  void SendOverTcp(const Step& step, std::string request) {
    if (!SetTrueLength(request)) return;
    const std::vector<WireAnswer> answers = scene_.OverTcp(request, step.address);
    Require(!answers.empty(), "a message over TCP is answered, once");
    const SentRequest sent = Sent(request);
    for (const WireAnswer& answer : answers) {
      if (IsAnswer(request)) {
        Require(answer.bytes.empty(), "an answer is not answered");
        continue;
      }
      Require(!answer.bytes.empty(), "a request over TCP is answered");
      const AnswerParts parts = CheckAnswer(answer.bytes, sent);
      Require(parts.continues == (answer.more != nullptr), "a list says whether more follows");
      Learn(step, answer.bytes, parts.code);
    }
  }

  void SendPackets(const Step& step, std::string request) {
    if (!SetTrueLength(request)) return;
    std::vector<std::string> packets;
    server::ForEachPacket(request, [&](std::string_view packet) { packets.emplace_back(packet); });
    for (const std::string& packet : packets) SendDatagram(step, packet);
  }

  void SendDatagram(const Step& step, std::string_view datagram) {
    if (datagram.size() > server::UdpServer::kDatagramBytesMax) return;
    received_bytes_ += datagram.size();
    receivers_.insert(step.address);
    const auto sent = scene_.OverUdp(datagram, step.from);
    Require(sent.has_value(), "what is asked over UDP is done, once");
    if (sent->empty()) return;
    const auto envelope = handle::DecodeEnvelope(datagram);
    Require(envelope.has_value(), "what has no envelope is not answered");
    std::vector<std::string> packets;
    for (const auto& [to, bytes] : *sent) {
      Require(to == step.address, "an answer goes to who asked");
      packets.push_back(bytes);
    }
    const std::string answer = JoinPackets(packets);
    SentRequest request;
    request.envelope = *envelope;
    size_t request_bytes = datagram.size();
    if (handle::PacketCount(envelope->message_bytes) > 1) {
      request_bytes = handle::kEnvelopeBytes + envelope->message_bytes;
    } else {
      Require(!IsAnswer(datagram), "an answer is not answered");
      request = Sent(datagram);
    }
    CountSent(step, request_bytes, packets);
    Learn(step, answer, CheckAnswer(answer, request).code);
  }

  void CountSent(const Step& step, size_t request_bytes, const std::vector<std::string>& packets) {
    if (server::IsLoopbackAddress(step.address)) return;
    const server::AnswerLimiter::Options limits;
    double beyond = -static_cast<double>(limits.free_factor * request_bytes);
    for (const std::string& packet : packets) beyond += static_cast<double>(packet.size());
    double& spent = sent_beyond_[step.source];
    spent += std::clamp(beyond, 0.0, limits.bytes_burst);
    const double seconds = absl::ToDoubleSeconds(world_.Now() - began_);
    Require(spent <= limits.bytes_burst + seconds * limits.bytes_per_second + 1,
            "no more is sent than the limiter allows");
  }

  SentRequest Sent(std::string_view request) const {
    SentRequest sent;
    sent.envelope = *handle::DecodeEnvelope(request);
    sent.message = request.substr(handle::kEnvelopeBytes);
    return sent;
  }

  // From an answer, for what comes.
  void Learn(const Step& step, const std::string& answer, ResponseCode code) {
    if (code == ResponseCode::kAuthenticationNeeded) {
      Require(administered_, "nobody is challenged with administration off");
      challenged_ = {answer, step.source, world_.Now()};
    }
    if (code == ResponseCode::kAuthenticationFailed) {
      constexpr int kMax = server::ChallengedAdministration::kGuessesMax;
      const double minutes = absl::ToDoubleMinutes(world_.Now() - began_);
      Require(++guesses_[step.source] <= kMax * (1 + minutes) + 1,
              "no more secrets are guessed than the limiter allows");
    }
    succeeded_ = succeeded_ || code == ResponseCode::kSuccess;
    Require(may_read_ || answer.find(HandleDoorWorld::kOwnersOnly) == std::string::npos,
            "what is the owner's alone is not shown");
    for (const auto* identity :
         {&world_.pumps, &world_.pumps_other, &world_.pumps_reader, &world_.valves}) {
      Require(answer.find(identity->secret) == std::string::npos, "no secret is shown");
    }
  }

  void CheckBounds() const {
    using server::PacketSets;
    Require(scene_.sets().size() <=
                std::min(PacketSets::kSetsMax, PacketSets::kSetsOfSourceMax * receivers_.size()),
            "messages that are not whole stay within their bounds");
    Require(scene_.sets().bytes() <= std::min(PacketSets::kBytesMax, received_bytes_),
            "packets that wait stay within their bounds");
    const server::Challenges::Options options;
    Require(
        scene_.challenges().size() <=
            std::min(options.tcp.requests_max + options.udp.requests_max, scene_.ChallengesMax()),
        "requests that wait for proof stay within their bounds");
    Require(scene_.challenges().bytes() <=
                std::min<uint64_t>(options.tcp.bytes_max + options.udp.bytes_max,
                                   scene_.challenged_bytes()),
            "the bytes of what waits for proof stay within their bounds");
    Require((scene_.challenges().size() == 0) == (scene_.challenges().bytes() == 0),
            "bytes are those of the requests that wait");
  }

  void CheckWrites(const Step& step, uint64_t leaves_before) const {
    const uint64_t leaves = world_.Leaves();
    if (leaves == leaves_before) return;
    Require(may_write_, "only a proof of a writer writes");
    Require(leaves == leaves_before + 1, "a proof writes one change");
    const bool is_pumps = step.identity == kPumps;
    const Change change = world_.ChangeAt(leaves_before);
    Require(change.resource.starts_with(is_pumps ? "prefixes/88.118.8/records/"
                                                 : "prefixes/88.118.7/records/"),
            "a change is below its writer's prefix");
    Require(change.actor == (is_pumps ? "registrants/pumps" : "registrants/valves"),
            "a change is its writer's");
    Require(succeeded_ || step.kind == kUdpAnswer, "what was written is answered so");
  }

  HandleDoorWorld& world_;
  const bool administered_;
  HandleDoorScene scene_;
  const absl::Time began_;
  std::optional<Challenged> challenged_;  // the last one
  // Of the step in work.
  bool may_read_ = false;
  bool may_write_ = false;
  bool succeeded_ = false;
  // By source.
  std::map<std::string, double> sent_beyond_;
  std::map<std::string, int> guesses_;
  std::set<std::string> receivers_;  // addresses that sent a datagram
  size_t received_bytes_ = 0;
};

}  // namespace

void FuzzHandleDoor(std::string_view input) noexcept {
  if (input.empty() || (input[0] != 'a' && input[0] != 'r')) return;
  // Made with it, so that at the end it goes before what OpenSSL has of its own.
  static auto world = std::make_unique<HandleDoorWorld>();
  if (!world->IsFresh()) {
    world.reset();
    world = std::make_unique<HandleDoorWorld>();
  }
  world->TurnBack();
  Play play(*world, input[0] == 'a');
  std::string_view script = input.substr(1);
  while (script.size() >= kStepBytes) play.Run(TakeStep(script));
}

}  // namespace gusu::test
