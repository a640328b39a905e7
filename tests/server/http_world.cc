#include "tests/server/http_world.h"

#include "absl/strings/escaping.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/registry_start.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

std::unique_ptr<storage::Ledger> OpenLedger() {
  storage::Ledger::Options options;
  options.accept_clock = true;
  auto ledger =
      storage::Ledger::Open(std::make_unique<storage::MemoryEngine>(), std::move(options));
  REQUIRE(ledger.ok());
  return *std::move(ledger);
}

std::unique_ptr<Checkpoints> StartLog(storage::Ledger* ledger, const std::string& public_url,
                                      const std::string& vkey_path) {
  RegistrySettings settings;
  settings.origin = HttpWorld::kOrigin;
  if (!public_url.empty()) settings.public_url = public_url;
  auto started = StartRegistry(
      *ledger, settings, LogFiles{{"", vkey_path}, ""}, LogWays(),
      [] { return Sha256(HttpWorld::kBureauAdmin); }, absl::Now());
  INFO(started.status());
  REQUIRE(started.ok());
  Checkpoints::Options options;
  options.origin = started->origin;
  options.signers = started->signers;
  // So that what is published does not depend on how fast a test runs: nothing after the start.
  options.publish_interval = absl::Hours(1000);
  auto checkpoints = Checkpoints::Start(ledger, *std::move(started->anchor), std::move(options));
  INFO(checkpoints.status());
  REQUIRE(checkpoints.ok());
  return *std::move(checkpoints);
}

}  // namespace

HttpWorld::HttpWorld(const Options& options)
    : ledger_(OpenLedger()),
      checkpoints_(StartLog(ledger_.get(), options.public_url, directory_.File("log.vkey"))),
      proofs_(std::make_unique<Proofs>(ledger_.get(), checkpoints_.get())),
      registry_(std::make_unique<Registry>(ledger_.get(), proofs_.get())),
      registrar_(std::make_unique<Registrar>(ledger_.get(), proofs_.get(), absl::Now, &vault_)),
      resolver_(std::make_unique<Resolver>(ledger_.get(), proofs_.get())),
      bureau_reads_(std::make_unique<BureauReads>(ledger_.get(), resolver_.get())),
      grants_(std::make_unique<Grants>(ledger_.get(), proofs_.get())),
      ranges_(std::make_unique<SerialRanges>(ledger_.get(), proofs_.get())),
      statistics_(std::make_unique<Statistics>(ledger_.get())),
      usage_(std::make_unique<UsageWriter>(ledger_.get())),
      templates_(std::make_unique<Templates>(ledger_.get(), proofs_.get())),
      transfers_(std::make_unique<Transfers>(ledger_.get(), proofs_.get())),
      audit_(std::make_unique<Audit>(ledger_.get(), checkpoints_.get(), proofs_.get())),
      rate_limiter_(options.limits) {
  resolver_->CountIn(usage_->recorder());
  Enroll("sz-pumps", "88.118.8");
  Enroll("sz-valves", "88.118.9");
  MakeToken("bureau", kBureauAuditor, "BUREAU_AUDITOR");
  MakeToken("registrants/sz-pumps", kPumpsWriter, "REGISTRANT_WRITER");
  MakeToken("registrants/sz-pumps", kPumpsReader, "READER");
  MakeIdentity("sz-pumps", kPumpsSecret);
  MakeIdentity("sz-valves", kValvesSecret);
  MakeRecords();
  Write(&Registrar::ApplyRegistrant, "",
        RegistrarWorld::ApplicationOf("sz-new").ShortDebugString());
  rules_.registry = registry_.get();
  rules_.registrar = registrar_.get();
  rules_.resolver = resolver_.get();
  rules_.bureau_reads = bureau_reads_.get();
  rules_.grants = grants_.get();
  rules_.ranges = ranges_.get();
  rules_.templates = templates_.get();
  rules_.transfers = transfers_.get();
  rules_.statistics = statistics_.get();
  rules_.audit = audit_.get();
  rules_.checkpoints = checkpoints_.get();
  rules_.identities = &identities_;
  rules_.vault = &vault_;
  rules_.ledger = ledger_.get();
  rules_.rate_limiter = &rate_limiter_;
  rules_.metrics = &metrics_;
  router_ = std::make_unique<HttpRouter>(rules_);
}

void HttpWorld::Serve(const DoorRules& rules) {
  router_->Drain();
  rules_ = rules;
  router_ = std::make_unique<HttpRouter>(rules_);
}

// As a server stops: the ledger before those whom it hands work.
HttpWorld::~HttpWorld() {
  router_->Drain();
  usage_->Stop();
  ledger_->Stop();
  checkpoints_->Stop();
}

HttpHeader HttpWorld::Bearer(std::string_view token) {
  return {"Authorization", Concat("Bearer ", token)};
}

HttpRequest HttpWorld::Request(std::string_view method, std::string_view target,
                               std::vector<HttpHeader> headers, std::string body) {
  HttpRequest request;
  request.method = method;
  request.target = target;
  request.headers = std::move(headers);
  request.headers.push_back({"Host", "id.example"});
  request.body = std::move(body);
  request.peer = "127.0.0.1";
  return request;
}

void HttpWorld::Inbox::Put(HttpResponse response) {
  const std::lock_guard lock(mutex);
  responses.push_back(std::move(response));
  arrived.notify_one();
}

HttpResponse HttpWorld::Inbox::Take() {
  std::unique_lock lock(mutex);
  arrived.wait(lock, [this] { return !responses.empty(); });
  HttpResponse response = std::move(responses.front());
  responses.pop_front();
  return response;
}

std::shared_ptr<HttpWorld::Inbox> HttpWorld::Send(HttpRequest request) {
  auto inbox = std::make_shared<Inbox>();
  router_->Handle(std::move(request),
                  [inbox](HttpResponse response) { inbox->Put(std::move(response)); });
  return inbox;
}

HttpResponse HttpWorld::Ask(HttpRequest request) {
  const bool is_head = request.method == "HEAD";
  const auto inbox = Send(std::move(request));
  HttpResponse whole = inbox->Take();
  std::function<void()> more = std::exchange(whole.more, nullptr);
  if (is_head) more = nullptr;  // as the server
  for (int parts = 1; more != nullptr && parts < kPartsMax; ++parts) {
    more();
    HttpResponse part = inbox->Take();
    whole.body += part.body;
    more = std::move(part.more);
  }
  return whole;
}

Caller HttpWorld::Who(const std::string& bearer) const {
  Proof proof;
  proof.bearer = bearer;
  proof.peer = "127.0.0.1";
  proof.door = Door::kHttp;
  return Whole(Authenticate(*View(), proof, absl::Now()));
}

void HttpWorld::Enroll(const std::string& id, const std::string& prefix) {
  Write(&Registrar::ApplyRegistrant, "", RegistrarWorld::ApplicationOf(id).ShortDebugString());
  Write(&Registrar::ApproveRegistrant, kBureauAdmin, Concat("name: 'registrants/", id, "'"));
  Write(&Registrar::GrantPrefix, kBureauAdmin,
        Concat("prefix: '", prefix, "' holder: 'registrants/", id, "'"));
  const Hash secret = Sha256(RegistrarWorld::AdminOf(id));
  Write(&Registrar::CreateCredential, RegistrarWorld::ClaimOf(id),
        Concat("parent: 'registrants/", id,
               "' credential { role: REGISTRANT_ADMIN } secret_sha256: '",
               absl::CEscape(AbslView(AsBytes(secret))), "'"));
}

void HttpWorld::MakeToken(const std::string& parent, const std::string& token,
                          const std::string& role) {
  const Hash secret = Sha256(token);
  Write(&Registrar::CreateCredential, parent == "bureau" ? kBureauAdmin : kPumpsAdmin,
        Concat("parent: '", parent, "' credential { role: ", role, " } secret_sha256: '",
               absl::CEscape(AbslView(AsBytes(secret))), "'"));
}

void HttpWorld::MakeIdentity(const std::string& id, const std::string& secret) {
  const auto made = Write(
      &Registrar::CreateCredential, RegistrarWorld::AdminOf(id),
      Concat("parent: 'registrants/", id,
             "' credential { role: REGISTRANT_WRITER kind: HS_SECKEY } secret: '", secret, "'"));
  REQUIRE(made.credential().handle_identity().starts_with("300:88.118."));
}

void HttpWorld::MakeRecords() {
  Write(&Registry::BatchRegister, kPumpsWriter, R"(
      rows {
        identifier: "88.118.8/HP-1"
        values { index: 1 type: "URL" data: "https://pumps.example/HP-1" }
        values { index: 2 type: "NAME" data: "离心泵 HP-1" }
        values { index: 3 type: "PRICE" data: "1000" tier: PARTNER }
        values { index: 4 type: "COST" data: "700" tier: OWNER }
      }
      rows {
        identifier: "88.118.8/LOT/A+1:2"
        values { index: 1 type: "NAME" data: "批次 <01> & \"x\"" }
      }
      rows { identifier: "88.118.8/OLD" values { index: 1 type: "NAME" data: "old pump" } }
      rows { identifier: "88.118.8/ASLEEP" values { index: 1 type: "NAME" data: "asleep" } })");
  Write(&Registry::RetireRecord, kPumpsWriter, R"(
      name: "prefixes/88.118.8/records/OLD"
      retirement { reason: SUPERSEDED text: "made no more" successor: "88.118.8/HP-1" })");
  Write(&Registry::SuspendRecord, kPumpsWriter,
        R"(name: "prefixes/88.118.8/records/ASLEEP" reason: "being looked at")");
}

}  // namespace gusu::server
