#include "tests/server/handle_admin_world.h"

#include <memory>
#include <utility>

#include "proto/handle/response.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "tests/server/handle_world.h"

namespace gusu::server {
namespace {

using handle::Operation;
using handle::ResponseCode;
using test::ReadAnswer;

constexpr uint32_t kRequestId = 0x249c69d1;

HandleSite MakeSite() {
  HandleSite::Description description;
  description.addresses = {{"127.0.0.1", 2641}};
  description.administration = true;
  return HandleSite::Make(description, HandleAdminWorld::Key(), "").value();
}

HandleResolve::Sources SourcesOf(const Resolver* resolver, const storage::Ledger* ledger,
                                 const HandleSite* site, const HandleIdentities* identities) {
  HandleResolve::Sources sources;
  sources.resolver = resolver;
  sources.ledger = ledger;
  sources.site = site;
  sources.identities = identities;
  return sources;
}

std::string AnswerWith(const std::string& challenge, const handle::Reference& user,
                       std::string_view type, uint32_t session_id,
                       const std::function<std::string(const handle::Challenge&)>& prove) {
  const ReadAnswer read(challenge);
  REQUIRE(read.message.header.response_code == ResponseCode::kAuthenticationNeeded);
  const auto nonce = handle::DecodeChallenge(read.body.body);
  REQUIRE(nonce.ok());
  const std::string signed_response = prove({*nonce, read.body.digest.bytes});
  return HandleAdminWorld::Request(
      Operation::kChallengeAnswer,
      [&](handle::Writer& body) {
        handle::WriteChallengeAnswerRequest(body, {type, user, signed_response});
      },
      0, session_id == 0 ? read.envelope.session_id : session_id);
}

std::string ResolvedText(std::string_view body) {
  const auto response = handle::DecodeResolveResponse(body);
  REQUIRE(response.ok());
  std::string text = Concat("1 ", response->handle, ":");
  for (const handle::Value& value : response->values) {
    const std::string permissions(1, static_cast<char>(value.permissions));
    text += Concat(" ", value.index, " ", value.type, " ", Quote(value.data), " ",
                   HexEncode(permissions), ";");
  }
  return text;
}

}  // namespace

const handle::PrivateKey& HandleAdminWorld::Key() {
  static const handle::PrivateKey key = handle::PrivateKey::GenerateRsa(2048);
  return key;
}

HandleAdminWorld::HandleAdminWorld()
    : registry_(&ledger(), nullptr),
      resolver_(&ledger(), nullptr, [this] { return Now(); }),
      site_(MakeSite()),
      handler_(SourcesOf(&resolver_, &ledger(), &site_, &identities_), &rate_limiter_) {
  MakeAdmin("pumps");
  MakeAdmin("valves");
  REQUIRE(Show(Grant("88.118.8", "pumps").status()) == "OK");
  REQUIRE(Show(Grant("88.118.7", "valves").status()) == "OK");
  MakeIdentity("pumps", pumps, v1::Credential::REGISTRANT_WRITER);
  MakeIdentity("pumps", pumps_other, v1::Credential::REGISTRANT_WRITER);
  MakeIdentity("pumps", pumps_reader, v1::Credential::READER);
  MakeIdentity("pumps", {"88.118.8/ADMIN", 303, ""}, v1::Credential::REGISTRANT_WRITER);
  MakeIdentity("valves", valves, v1::Credential::REGISTRANT_WRITER);
  ChallengedAdministration::Rules rules;
  rules.registry = &registry_;
  rules.resolver = &resolver_;
  rules.ledger = &ledger();
  rules.vault = &vault();
  rules.rate_limiter = &rate_limiter_;
  rules.site = &site_;
  rules.handler = &handler_;
  rules.clock = [this] { return Now(); };
  administration_ = std::make_unique<ChallengedAdministration>(std::move(rules));
  handler_.Administer(administration_.get());
}

// What answers is told to before it goes.
HandleAdminWorld::~HandleAdminWorld() { ledger().Stop(); }

void HandleAdminWorld::MakeIdentity(const std::string& registrant, const HandleIdentityOf& identity,
                                    v1::Credential::Role role) {
  v1::CreateCredentialRequest request;
  request.set_parent(Concat("registrants/", registrant));
  request.mutable_credential()->set_role(role);
  if (identity.secret.empty()) {
    request.mutable_credential()->set_kind(v1::Credential::HS_PUBKEY);
    request.set_public_key(Key().public_key().Encode());
  } else {
    request.mutable_credential()->set_kind(v1::Credential::HS_SECKEY);
    request.set_secret(identity.secret);
  }
  const auto made = Write(&Registrar::CreateCredential, AdminOf(registrant), request);
  REQUIRE(Show(made.status()) == "OK");
  REQUIRE(made->credential().handle_identity() == Concat(identity.index, ":", identity.handle));
}

std::string HandleAdminWorld::Request(Operation operation,
                                      const std::function<void(handle::Writer&)>& write_body,
                                      uint32_t flags, uint32_t session_id) {
  handle::Envelope envelope;
  envelope.request_id = kRequestId;
  envelope.session_id = session_id;
  std::string bytes;
  handle::MessageWriter message(bytes, envelope);
  handle::Header header;
  header.operation = operation;
  header.flags = flags;
  write_body(message.Begin(header));
  REQUIRE(message.Finish());
  return bytes;
}

std::string HandleAdminWorld::WithValues(Operation operation, const std::string& handle,
                                         const std::vector<TestValue>& values, uint32_t flags) {
  std::vector<handle::Value> written;
  for (const TestValue& value : values) {
    handle::Value& added = written.emplace_back();
    added.index = value.index;
    added.type = value.type;
    added.data = value.data;
    added.permissions = value.permissions;
  }
  return Request(
      operation, [&](handle::Writer& body) { handle::WriteValuesRequest(body, handle, written); },
      flags);
}

std::string HandleAdminWorld::Remove(const std::string& handle,
                                     const std::vector<uint32_t>& indexes) {
  return Request(Operation::kRemoveValue, [&](handle::Writer& body) {
    handle::WriteRemoveValueRequest(body, handle, indexes);
  });
}

std::string HandleAdminWorld::Delete(const std::string& handle) {
  return Request(Operation::kDeleteHandle,
                 [&](handle::Writer& body) { handle::WriteHandleRequest(body, handle); });
}

std::string HandleAdminWorld::List(const std::string& prefix_handle) {
  return Request(Operation::kListHandles,
                 [&](handle::Writer& body) { handle::WriteHandleRequest(body, prefix_handle); });
}

std::string HandleAdminWorld::Resolve(const std::string& handle, uint32_t flags) {
  return Request(
      Operation::kResolve, [&](handle::Writer& body) { handle::WriteResolveRequest(body, handle); },
      flags);
}

std::shared_ptr<HandleAdminWorld::Inbox> HandleAdminWorld::Send(const std::string& request,
                                                                const std::string& address,
                                                                handle::Transport transport) {
  const auto envelope = handle::DecodeEnvelope(request);
  REQUIRE(envelope.has_value());
  inbox_ = std::make_shared<Inbox>();
  handler_.Handle(*envelope, std::string_view(request).substr(handle::kEnvelopeBytes),
                  {address, transport},
                  [inbox = inbox_](WireAnswer answer) { inbox->Put(std::move(answer)); });
  return inbox_;
}

WireAnswer HandleAdminWorld::More(const WireAnswer& answer) {
  REQUIRE(answer.more != nullptr);
  answer.more();
  return inbox_->Take();
}

void HandleAdminWorld::Inbox::Put(WireAnswer answer) {
  const std::lock_guard lock(mutex);
  answers.push_back(std::move(answer));
  arrived.notify_one();
}

WireAnswer HandleAdminWorld::Inbox::Take() {
  std::unique_lock lock(mutex);
  arrived.wait(lock, [this] { return !answers.empty(); });
  WireAnswer answer = std::move(answers.front());
  answers.pop_front();
  return answer;
}

std::string HandleAdminWorld::AnswerTo(const std::string& challenge,
                                       const HandleIdentityOf& identity, uint32_t session_id) {
  return AnswerWith(challenge, {identity.handle, identity.index}, handle::kSecretKeyType,
                    session_id, [&](const handle::Challenge& asked) {
                      return handle::AnswerWithSecret(asked, identity.secret, RandomBytes(16));
                    });
}

std::string HandleAdminWorld::AnswerWithKeyTo(const std::string& challenge,
                                              const std::string& handle, uint32_t index,
                                              const handle::PrivateKey& key) {
  return AnswerWith(
      challenge, {handle, index}, handle::kPublicKeyType, 0,
      [&](const handle::Challenge& asked) { return handle::AnswerWithKey(asked, key); });
}

WireAnswer HandleAdminWorld::Prove(const HandleIdentityOf& identity, const std::string& request) {
  WireAnswer challenge = Ask(request);
  if (CodeOf(challenge.bytes) != static_cast<uint32_t>(ResponseCode::kAuthenticationNeeded)) {
    return challenge;
  }
  return Ask(AnswerTo(challenge.bytes, identity));
}

uint32_t HandleAdminWorld::CodeOf(const std::string& answer) { return ReadAnswer(answer).code(); }

std::string HandleAdminWorld::Text(const std::string& answer) {
  if (answer.empty()) return "nothing";
  const ReadAnswer read(answer);
  CHECK(read.envelope.request_id == kRequestId);
  const std::string_view body = read.body.body;
  if (read.message.header.response_code != ResponseCode::kSuccess) {
    if (read.message.header.response_code == ResponseCode::kAuthenticationNeeded) return "402";
    const auto text = handle::DecodeErrorResponse(body);
    REQUIRE(text.ok());
    return text->empty() ? std::to_string(read.code()) : Concat(read.code(), " ", *text);
  }
  switch (read.message.header.operation) {
    case Operation::kResolve:
      return ResolvedText(body);
    case Operation::kCreateHandle: {
      const auto created = handle::DecodeCreateResponse(body);
      REQUIRE(created.ok());
      return Concat("1 ", *created);
    }
    case Operation::kVerifyChallenge:
      return Concat("1 ", *handle::DecodeVerifyChallengeResponse(body) ? "valid" : "wrong");
    default:
      return body.empty() ? "1" : Concat("1 with ", body.size(), " bytes");
  }
}

}  // namespace gusu::server
