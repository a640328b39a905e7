#include <functional>
#include <random>
#include <stdexcept>

#include "proto/handle/challenge.h"
#include "proto/handle/request.h"
#include "proto/handle/response.h"
#include "tests/e2e/conversation/door_client.h"
#include "tests/e2e/conversation/handle_link.h"
#include "tests/e2e/conversation/outcome.h"

namespace gusu::e2e {
namespace {

using handle::Operation;

constexpr uint8_t kOwnerPermissions = handle::kAdminRead | handle::kAdminWrite;
constexpr size_t kSaltBytes = 16;

template <typename T>
T Expect(absl::StatusOr<T> decoded) {
  if (!decoded.ok()) throw std::runtime_error("Handle door: " + decoded.status().ToString());
  return *std::move(decoded);
}

std::string ReadAddress(const ServerProcess& server) {
  std::string address = ReadWholeFile(server.data() + "/handle.address");
  if (address.empty()) throw std::runtime_error("the server has no Handle door");
  address.pop_back();  // the line's end
  return address;
}

class HandleDoorClient : public DoorClient {
 public:
  enum class Transport { kTcp, kUdp };

  HandleDoorClient(const ServerProcess& server, Speaker speaker, Transport transport)
      : address_(ReadAddress(server)), speaker_(std::move(speaker)), transport_(transport) {}

  Said Resolve(const Question& question) override {
    const std::vector<std::string_view> types(question.types.begin(), question.types.end());
    const bool is_anybody = speaker_.handle.empty();
    const auto answers =
        Ask(Operation::kResolve, is_anybody ? handle::kPublicOnly : 0, [&](handle::Writer& body) {
          handle::WriteResolveRequest(body, question.identifier, question.indexes, types);
        });
    Said said{OutcomeOf(answers.back()), {}, {}};
    if (said.outcome != "OK") return said;
    const auto message = Decode(answers.back());
    const auto response = Expect(handle::DecodeResolveResponse(Body(message)));
    if (response.handle != question.identifier) said.outcome = "answers for another code";
    for (const handle::Value& value : response.values) {
      said.values.push_back({value.index, std::string(value.type), std::string(value.data),
                             (value.permissions & handle::kPublicRead) != 0, value.ttl});
    }
    return said;
  }

  Said Create(const std::string& identifier, const std::vector<Item>& items) override {
    return Write(Operation::kCreateHandle, identifier, items);
  }
  Said Add(const std::string& identifier, const std::vector<Item>& items) override {
    return Write(Operation::kAddValue, identifier, items);
  }
  Said Modify(const std::string& identifier, const std::vector<Item>& items) override {
    return Write(Operation::kModifyValue, identifier, items);
  }
  Said Remove(const std::string& identifier, const std::vector<uint32_t>& indexes) override {
    return SaidOf(Ask(Operation::kRemoveValue, 0, [&](handle::Writer& body) {
      handle::WriteRemoveValueRequest(body, identifier, indexes);
    }));
  }
  Said Delete(const std::string& identifier) override {
    return SaidOf(Ask(Operation::kDeleteHandle, 0,
                      [&](handle::Writer& body) { handle::WriteHandleRequest(body, identifier); }));
  }

  Said List(const std::string& prefix) override {
    const auto answers = Ask(Operation::kListHandles, 0, [&](handle::Writer& body) {
      handle::WriteHandleRequest(body, "0.NA/" + prefix);
    });
    Said said = SaidOf(answers);
    if (said.outcome != "OK") return said;
    for (const HandleMessage& answer : answers) {
      const auto message = Decode(answer);
      for (const std::string_view handle : Expect(handle::DecodeListResponse(Body(message)))) {
        said.identifiers.emplace_back(handle);
      }
    }
    return said;
  }

 private:
  static handle::Message Decode(const HandleMessage& answer) {
    return Expect(handle::DecodeMessage(answer.envelope, answer.bytes));
  }
  static std::string_view Body(const handle::Message& message) {
    return Expect(handle::SplitDigest(message)).body;
  }
  static std::string OutcomeOf(const HandleMessage& answer) {
    return OutcomeOfResponseCode(static_cast<uint32_t>(Decode(answer).header.response_code));
  }
  static Said SaidOf(const std::vector<HandleMessage>& answers) {
    return {OutcomeOf(answers.back()), {}, {}};
  }

  Said Write(Operation operation, const std::string& identifier, const std::vector<Item>& items) {
    std::vector<handle::Value> values;
    for (const Item& item : items) {
      handle::Value value;
      value.index = item.index;
      value.type = item.type;
      value.data = item.data;
      value.ttl = item.ttl_seconds;
      value.permissions = item.is_public ? handle::kDefaultPermissions : kOwnerPermissions;
      values.push_back(value);
    }
    return SaidOf(Ask(operation, 0, [&](handle::Writer& body) {
      handle::WriteValuesRequest(body, identifier, values);
    }));
  }

  // The messages of the answer; a challenge is answered by who can.
  std::vector<HandleMessage> Ask(Operation operation, uint32_t flags,
                                 const std::function<void(handle::Writer&)>& write_body) {
    const std::string request = Encode(operation, flags, 0, write_body);
    if (transport_ == Transport::kUdp) return {AskOverUdp(address_, request)};
    auto answers = AskOverTcp(address_, request);
    if (OutcomeOf(answers.back()) != "NOT_PROVEN" || speaker_.handle.empty()) return answers;
    const auto message = Decode(answers.back());
    const auto digested = Expect(handle::SplitDigest(message));
    const handle::Challenge challenge{Expect(handle::DecodeChallenge(digested.body)),
                                      digested.digest.bytes};
    std::string salt(kSaltBytes, '\0');
    for (char& c : salt) c = static_cast<char>(random_());
    const std::string proof = handle::AnswerWithSecret(challenge, speaker_.handle_secret, salt);
    return AskOverTcp(
        address_,
        Encode(Operation::kChallengeAnswer, 0, answers.back().envelope.session_id,
               [&](handle::Writer& body) {
                 handle::WriteChallengeAnswerRequest(
                     body,
                     {handle::kSecretKeyType, {speaker_.handle, speaker_.handle_index}, proof});
               }));
  }

  std::string Encode(Operation operation, uint32_t flags, uint32_t session_id,
                     const std::function<void(handle::Writer&)>& write_body) {
    handle::Envelope envelope;
    envelope.session_id = session_id;
    envelope.request_id = static_cast<uint32_t>(random_()) & 0x7fff'ffff;
    handle::Header header;
    header.operation = operation;
    header.flags = flags;
    std::string bytes;
    handle::MessageWriter message(bytes, envelope);
    write_body(message.Begin(header));
    message.Finish();
    return bytes;
  }

  const std::string address_;
  const Speaker speaker_;
  const Transport transport_;
  std::random_device random_;
};

}  // namespace

std::unique_ptr<DoorClient> ConnectHandleTcp(const ServerProcess& server, const Speaker& speaker) {
  return std::make_unique<HandleDoorClient>(server, speaker, HandleDoorClient::Transport::kTcp);
}

std::unique_ptr<DoorClient> ConnectHandleUdp(const ServerProcess& server, const Speaker& speaker) {
  return std::make_unique<HandleDoorClient>(server, speaker, HandleDoorClient::Transport::kUdp);
}

}  // namespace gusu::e2e
