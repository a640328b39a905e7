#include "tests/server/handle_door_scene.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "gusu/v1/registry.pb.h"
#include "proto/handle/admin_value.h"
#include "proto/text.h"

namespace gusu::test {
namespace {

using server::HandleCall;
using server::WireAnswer;

constexpr std::chrono::seconds kAnswerTimeMax(20);
constexpr int kNumberedRecords = 60;
constexpr size_t kLargeBytes = 40'000;

// HS_ADMIN of an identity at index 300, with every right.
std::string AdminValue(std::string_view handle) {
  return handle::EncodeAdminValue({0x0fff, {handle, 300}});
}

void AddValue(v1::RegisterRow& row, uint32_t index, const std::string& type, std::string data,
              v1::Tier tier = v1::PUBLIC) {
  v1::Value* const value = row.add_values();
  value->set_index(index);
  value->set_type(type);
  value->set_data(std::move(data));
  value->set_tier(tier);
}

v1::BatchRegisterRequest Records() {
  v1::BatchRegisterRequest request;
  const auto add = [&request](const std::string& suffix) -> v1::RegisterRow& {
    v1::RegisterRow* const row = request.add_rows();
    row->set_identifier("88.118.8/" + suffix);
    return *row;
  };
  v1::RegisterRow& captured = add("ABC000123");
  AddValue(captured, 1, "URL", "https://registry.example.com/products/88.118.8/ABC000123");
  AddValue(captured, 2, "DESC", "Hydraulic pump model HP-123 serial 123");
  AddValue(captured, 3, "NOTE", std::string(HandleDoorWorld::kOwnersOnly), v1::OWNER);
  AddValue(captured, 100, "HS_ADMIN", AdminValue("88.118.8/ADMIN"));
  AddValue(add("ALIAS"), 1, "HS_ALIAS", "88.118.8/ABC000123");
  v1::RegisterRow& narrow = add("NARROW");
  AddValue(narrow, 1, "URL", "https://example.com/narrow");
  AddValue(narrow, 100, "HS_ADMIN", AdminValue("88.118.7/ADMIN"));
  AddValue(add("LARGE"), 1, "DESC", std::string(kLargeBytes, 'x'));
  for (int i = 0; i < kNumberedRecords; ++i) {
    add(Concat("N", std::string(1, static_cast<char>('0' + i / 10)), i % 10));
  }
  return request;
}

const server::HandleSite& Site() {
  static const server::HandleSite kSite = [] {
    server::HandleSite::Description description;
    description.addresses = {{"127.0.0.1", 2641}};
    description.administration = true;
    return server::HandleSite::Make(description, HandleDoorWorld::Key(), "").value();
  }();
  return kSite;
}

server::RateLimiter::Options Limits(std::function<absl::Time()> clock) {
  server::RateLimiter::Options options;
  options.resolutions = {100, 200};
  options.clock = std::move(clock);
  return options;
}

server::HandleResolve::Sources SourcesOf(const server::Resolver* resolver, HandleDoorWorld& world,
                                         const server::HandleIdentities* identities) {
  server::HandleResolve::Sources sources;
  sources.resolver = resolver;
  sources.ledger = &world.ledger();
  sources.site = &Site();
  sources.identities = identities;
  sources.service = "88.118.8/SERVICE";
  return sources;
}

server::ChallengedAdministration::Rules RulesOf(HandleDoorWorld& world,
                                                const server::Resolver* resolver,
                                                server::RateLimiter* rate_limiter,
                                                const server::MessageHandler* handler) {
  server::ChallengedAdministration::Rules rules;
  rules.registry = &world.registry();
  rules.resolver = resolver;
  rules.ledger = &world.ledger();
  rules.vault = &world.vault();
  rules.rate_limiter = rate_limiter;
  rules.site = &Site();
  rules.handler = handler;
  rules.clock = [&world] { return world.Now(); };
  return rules;
}

}  // namespace

HandleDoorWorld::HandleDoorWorld() {
  const auto who = Who(AdminOf("pumps"));
  REQUIRE(who.ok());
  std::promise<absl::StatusOr<v1::BatchRegisterResponse>> done;
  registry().BatchRegister(Records(), *who,
                           [&done](auto response) { done.set_value(std::move(response)); });
  REQUIRE(Show(done.get_future().get().status()) == "OK");
  leaves_ = Leaves();
  began_ = Now();
}

void DueAnswers::Expect() {
  const std::lock_guard lock(mutex_);
  ++due_;
}

void DueAnswers::Give(WireAnswer answer) {
  const std::lock_guard lock(mutex_);
  ++given_;
  answers_.push_back(std::move(answer));
  changed_.notify_all();
}

bool DueAnswers::Settle() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kAnswerTimeMax, [this] { return given_ >= due_; });
  return given_ == due_;
}

std::vector<WireAnswer> DueAnswers::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

HandleDoorScene::HandleDoorScene(HandleDoorWorld& world, bool administered)
    : administered_(administered),
      resolver_(&world.ledger(), nullptr, [&world] { return world.Now(); }),
      rate_limiter_(Limits([&world] { return world.Now(); })),
      handler_(SourcesOf(&resolver_, world, &identities_), &rate_limiter_),
      administration_(RulesOf(world, &resolver_, &rate_limiter_, &handler_)) {
  watch_.watched = &administration_;
  if (administered) handler_.Administer(&watch_);
  server::AnswerLimiter::Options limits;
  limits.clock = [&world] { return world.Now(); };
  datagrams_ = std::make_unique<server::HandleDatagrams>(
      std::shared_ptr<const server::MessageHandler>(std::shared_ptr<void>(), &handler_),
      std::make_shared<server::AnswerLimiter>(limits), nullptr, sent_,
      [&world] { return world.Now(); });
}

std::vector<WireAnswer> HandleDoorScene::OverTcp(const std::string& request,
                                                 const std::string& address) {
  const auto envelope = handle::DecodeEnvelope(request);
  const auto due = std::make_shared<DueAnswers>();
  due->Expect();
  handler_.Handle(*envelope, std::string_view(request).substr(handle::kEnvelopeBytes),
                  {address, handle::Transport::kTcp},
                  [due](WireAnswer answer) { due->Give(std::move(answer)); });
  std::vector<WireAnswer> answers;
  do {
    if (!due->Settle() || !watch_.late->Settle()) return {};
    for (WireAnswer& answer : due->Take()) answers.push_back(std::move(answer));
    if (answers.back().more == nullptr || answers.size() == kListMessagesMax) return answers;
    due->Expect();
    if (administered_) watch_.late->Expect();
    answers.back().more();
  } while (true);
}

std::optional<HandleDoorScene::Datagrams> HandleDoorScene::OverUdp(
    std::string_view datagram, const server::SocketAddress& from) {
  datagrams_->Receive(from, datagram);
  if (!watch_.late->Settle()) return std::nullopt;
  const std::lock_guard lock(sent_->mutex);
  return std::exchange(sent_->datagrams, {});
}

size_t HandleDoorScene::ChallengesMax() const {
  size_t count = 0;
  for (const auto& [who, asked] : watch_.asked) {
    const bool is_bounded = !server::IsLoopbackAddress(who.first);
    const size_t kept = server::Challenges::Options().requests_of_source_max;
    count += is_bounded ? std::min(asked, kept) : asked;
  }
  return count;
}

HandleCall HandleDoorScene::Watch::Watched(const HandleCall& call) {
  ++asked[{server::AddressGroup(call.peer.address), call.peer.transport}];
  asked_bytes += call.message.header_and_body.size();
  late->Expect();
  return {call.envelope, call.message, call.peer, call.form,
          [due = late, reply = call.reply](WireAnswer answer) {
            reply(std::move(answer));
            due->Give({});
          }};
}

void HandleDoorScene::Watch::Administer(const HandleCall& call) {
  watched->Administer(Watched(call));
}

void HandleDoorScene::Watch::ChallengeReader(const HandleCall& call) {
  watched->ChallengeReader(Watched(call));
}

void HandleDoorScene::Sent::Add(const server::SocketAddress& to, std::string_view datagram) {
  SendNow(to, datagram);
}

void HandleDoorScene::Sent::SendNow(const server::SocketAddress& to, std::string_view datagram) {
  const std::lock_guard lock(mutex);
  datagrams.emplace_back(to.Text(), datagram);
}

}  // namespace gusu::test
