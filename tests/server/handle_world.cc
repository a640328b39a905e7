#include "tests/server/handle_world.h"

#include <catch2/catch.hpp>
#include <future>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/doors/handle/site_key.h"
#include "storage/keys.h"

namespace gusu::test {
namespace {

// Made once: it takes longer than all else in a case.
const handle::PrivateKey& Key() {
  static const handle::PrivateKey key = handle::PrivateKey::GenerateRsa(2048);
  return key;
}

server::HandleSite MakeSite() {
  server::HandleSite::Description description;
  description.addresses = {{"127.0.0.1", 2641}};
  description.name = "test";
  return server::HandleSite::Make(description, Key(), "").value();
}

server::HandleResolve::Sources SourcesOf(HandleWorld& world,
                                         const server::HandleIdentities& identities) {
  server::HandleResolve::Sources sources;
  sources.resolver = &world.resolver;
  sources.ledger = &world.store.ledger();
  sources.site = &world.site;
  sources.identities = &identities;
  sources.service = "88.118.8/SERVICE";
  return sources;
}

std::string ValueText(const handle::Value& value) {
  std::string text = Concat(value.index, " ", value.type, " ",
                            HexEncode(std::string(1, static_cast<char>(value.permissions))), " ");
  text += value.type == "HS_SITE" || value.type == "HS_ADMIN" ? Concat(value.data.size(), " bytes")
                                                              : Concat("\"", value.data, "\"");
  if (value.ttl_type == handle::TtlType::kAbsolute) text += Concat(" until ", value.ttl);
  for (const handle::Reference& reference : value.references) {
    text += Concat(" ->", reference.index, ":", reference.handle);
  }
  return text + "; ";
}

}  // namespace

HandleWorld::HandleWorld(server::RateLimiter::Options limits)
    : rate_limiter(std::move(limits)),
      site(MakeSite()),
      handler(SourcesOf(*this, identities_), &rate_limiter) {}

std::vector<server::IdentityKey> HandleWorld::Identities::Find(const storage::View&,
                                                               std::string_view prefix_key) const {
  return prefix_key == "88.118.8" ? keys : std::vector<server::IdentityKey>();
}

void HandleWorld::Delegate(const std::string& prefix, const std::vector<v1::Site>& sites) {
  storage::v1::PrefixRow row = *store.view()->directory().FindPrefix(prefix)->row;
  for (const v1::Site& site_of_other : sites) {
    storage::v1::SiteRow* added = row.add_sites();
    added->set_address(site_of_other.address());
    added->set_protocol(site_of_other.protocol());
    added->set_port(site_of_other.port());
  }
  Change change;
  change.operation = Operation::kDelegatePrefix;
  change.resource = "prefixes/" + prefix;
  change.actor = "bureau";
  change.rows.push_back({storage::PrefixKey(prefix), row.SerializeAsString()});
  storage::ChangeSet set;
  set.changes.push_back(std::move(change));
  std::promise<storage::AppendOutcome> told;
  store.ledger().Append(std::move(set), [&told](storage::AppendOutcome outcome) {
    told.set_value(std::move(outcome));
  });
  REQUIRE(told.get_future().get().ok());
}

std::string HandleWorld::Request(handle::Operation operation, uint32_t flags,
                                 const std::function<void(handle::Writer&)>& write_body,
                                 handle::Version version) {
  handle::Envelope envelope;
  envelope.version = version;
  envelope.request_id = 0x11223344;
  std::string bytes;
  handle::MessageWriter message(bytes, envelope);
  handle::Header header;
  header.operation = operation;
  header.flags = flags;
  header.expiration_s = 0x6b0464ff;
  write_body(message.Begin(header));
  REQUIRE(message.Finish());
  return bytes;
}

std::string HandleWorld::ResolveRequest(std::string_view handle,
                                        std::initializer_list<std::string_view> types,
                                        std::initializer_list<uint32_t> indexes, uint32_t flags) {
  return Request(handle::Operation::kResolve, flags, [&](handle::Writer& body) {
    handle::WriteResolveRequest(body, handle, std::vector<uint32_t>(indexes),
                                std::vector<std::string_view>(types));
  });
}

std::string HandleWorld::Ask(const std::string& request, handle::Transport transport) const {
  const auto envelope = handle::DecodeEnvelope(request);
  REQUIRE(envelope.has_value());
  std::string answer;
  int count = 0;
  handler.Handle(*envelope, std::string_view(request).substr(handle::kEnvelopeBytes),
                 {"192.0.2.1", transport}, [&](const server::WireAnswer& given) {
                   answer = given.bytes;
                   ++count;
                 });
  REQUIRE(count == 1);
  return answer;
}

std::string HandleWorld::Text(const std::string& answer) {
  if (answer.empty()) return "nothing";
  const ReadAnswer read(answer);
  if (read.message.header.response_code == handle::ResponseCode::kPrefixReferral) {
    const auto referral = handle::DecodeReferral(read.body.body);
    REQUIRE(referral.ok());
    std::string text = Concat("303 ", referral->handle, ": ");
    for (const handle::Value& value : referral->values) text += ValueText(value);
    return text;
  }
  if (read.message.header.response_code != handle::ResponseCode::kSuccess) {
    const auto message = handle::DecodeErrorResponse(read.body.body);
    REQUIRE(message.ok());
    return message->empty() ? std::to_string(read.code()) : Concat(read.code(), " ", *message);
  }
  const auto response = handle::DecodeResolveResponse(read.body.body);
  REQUIRE(response.ok());
  std::string text = Concat("1 ", response->handle, ": ");
  for (const handle::Value& value : response->values) text += ValueText(value);
  return text;
}

ReadAnswer::ReadAnswer(const std::string& answer) {
  const auto decoded = handle::DecodeEnvelope(answer);
  REQUIRE(decoded.has_value());
  envelope = *decoded;
  const auto behind =
      handle::DecodeMessage(envelope, std::string_view(answer).substr(handle::kEnvelopeBytes));
  REQUIRE(behind.ok());
  message = *behind;
  const auto split = handle::SplitDigest(message);
  REQUIRE(split.ok());
  body = *split;
}

}  // namespace gusu::test
