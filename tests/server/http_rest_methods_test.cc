// Every method of the API as JSON: what the rule answers, and what is no request.
#include <google/protobuf/util/json_util.h>

#include <set>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/hash.h"
#include "proto/signed_note.h"
#include "proto/text.h"
#include "server/doors/http/rest/message_json.h"
#include "tests/server/audit_files.h"
#include "tests/server/http_world.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const std::string kNobody;

// The request as other programs write it: in lowerCamelCase, by protobuf's own printer.
std::string BodyOf(const Message& request) {
  std::string json;
  REQUIRE(google::protobuf::util::MessageToJsonString(request, &json).ok());
  return json;
}

// Without what the path says already.
void ClearPathField(std::string_view path, Message* request) {
  for (const char* name : {"name", "parent"}) {
    const FieldDescriptor* const field = request->GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) continue;
    const std::string value = request->GetReflection()->GetString(*request, field);
    if (!value.empty() && path.find(value) != std::string_view::npos) {
      request->GetReflection()->ClearField(request, field);
    }
  }
}

class MethodsWorld {
 public:
  HttpWorld& world() { return world_; }
  const std::set<std::string>& called() const { return called_; }

  // A write, asked over HTTP, of the rule, and over HTTP again, since a write may always be sent
  // again: what the rule answers is what the door answered last. `target` is "POST /v1/prefixes".
  template <typename Rules, typename Request, typename Response>
  Response Write(void (Rules::*rule)(const Request&, const Caller&, Done<Response>),
                 const std::string& method, const std::string& bearer, const std::string& target,
                 const std::string& text) {
    std::string whole = text;
    if constexpr (requires(Request request) { request.request_id(); }) {
      if (text.find("request_id") == std::string::npos) {
        whole += Concat(" request_id: 'request ", ++requests_, "'");
      }
    }
    return Compare<Request>(method, bearer, target, whole,
                            [&] { return world_.Write(rule, bearer, whole); });
  }
  template <typename Rules, typename Request, typename Response>
  Response Read(absl::Status (Rules::*rule)(const Request&, const Caller&, Response*) const,
                const std::string& method, const std::string& bearer, const std::string& target,
                const std::string& text) {
    return Compare<Request>(method, bearer, target, text,
                            [&] { return world_.Read(rule, bearer, text); });
  }

 private:
  template <typename Request, typename AskRule>
  auto Compare(const std::string& method, const std::string& bearer, const std::string& target,
               const std::string& text, const AskRule& ask_rule) {
    INFO(method << " " << target);
    called_.insert(method);
    const std::string http_method = target.substr(0, target.find(' '));
    const std::string path = target.substr(target.find(' ') + 1);
    CheckBadRequest(http_method, path, bearer);
    std::string body;
    if (http_method != "GET") {
      auto request = FromText<Request>(text);
      ClearPathField(path, &request);
      body = BodyOf(request);
    }
    const auto ask = [&] {
      return world_.Ask(
          http_method, path,
          bearer.empty() ? std::vector<HttpHeader>() : std::vector{HttpWorld::Bearer(bearer)},
          body);
    };
    const HttpResponse first = ask();
    INFO(body << "\n" << first.body);
    REQUIRE(first.status == 200);
    CHECK(first.Header("Content-Type") == "application/json");
    const auto answer = ask_rule();
    const auto json = ToJson(answer);
    REQUIRE(json.ok());
    CHECK(ask().body == *json);
    return answer;
  }

  // One bad request of each: a field that the message does not have.
  void CheckBadRequest(const std::string& http_method, const std::string& path,
                       const std::string& bearer) {
    std::vector<HttpHeader> headers;
    if (!bearer.empty()) headers.push_back(HttpWorld::Bearer(bearer));
    const bool is_get = http_method == "GET";
    const HttpResponse response = world_.Ask(
        http_method,
        is_get ? Concat(path, path.find('?') == std::string::npos ? "?" : "&", "noSuchField=1")
               : path,
        headers, is_get ? "" : R"({"noSuchField": 1})");
    INFO(response.body);
    CHECK(response.status == 400);
    CHECK(response.body.find("\"reason\": \"FIELD_INVALID\"") != std::string::npos);
    CHECK(response.body.find("\"field\": \"noSuchField\"") != std::string::npos);
  }

  HttpWorld world_;
  int requests_ = 0;
  std::set<std::string> called_;
};

std::string Octal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += Concat("\\", byte >> 6, byte >> 3 & 7, byte & 7);
  }
  return text;
}

constexpr const char* kBureau = HttpWorld::kBureauAdmin;
constexpr const char* kAuditor = HttpWorld::kBureauAuditor;
constexpr const char* kAdmin = HttpWorld::kPumpsAdmin;
constexpr const char* kWriter = HttpWorld::kPumpsWriter;
constexpr const char* kReader = HttpWorld::kPumpsReader;

void CallRegistrants(MethodsWorld& m) {
  const std::string late = RegistrarWorld::ApplicationOf("sz-late").ShortDebugString();
  m.Write(&Registrar::ApplyRegistrant, "ApplyRegistrant", kNobody, "POST /v1/registrants", late);
  m.Write(&Registrar::RejectRegistrant, "RejectRegistrant", kBureau,
          "POST /v1/registrants/sz-late:reject", "name: 'registrants/sz-late' reason: 'r'");
  const std::string name = "name: 'registrants/sz-new' ";
  m.Write(&Registrar::ReturnRegistrant, "ReturnRegistrant", kBureau,
          "POST /v1/registrants/sz-new:return", name + "reason: 'the address is missing'");
  auto corrected = RegistrarWorld::ApplicationOf("sz-new").registrant();
  corrected.set_address("1 Pump Lane, Suzhou");
  m.Write(&Registrar::UpdateRegistrant, "UpdateRegistrant", RegistrarWorld::ClaimOf("sz-new"),
          "PUT /v1/registrants/sz-new",
          Concat(name, "registrant { ", corrected.ShortDebugString(), " } reason: 'r'"));
  m.Write(&Registrar::ApproveRegistrant, "ApproveRegistrant", kBureau,
          "POST /v1/registrants/sz-new:approve", name);
  m.Write(&Registrar::DesignateRegistrant, "DesignateRegistrant", kBureau,
          "POST /v1/registrants/sz-new:designate",
          name + "designation { id: 'new' title: '示范企业' issued_on: '2026-01-01' } reason: 'r'");
  m.Write(&Registrar::RevokeDesignation, "RevokeDesignation", kBureau,
          "POST /v1/registrants/sz-new:revokeDesignation",
          name + "designation_id: 'new' reason: 'r'");
  m.Write(&Registrar::SuspendRegistrant, "SuspendRegistrant", kBureau,
          "POST /v1/registrants/sz-new:suspend", name + "reason: 'r'");
  m.Write(&Registrar::ActivateRegistrant, "ActivateRegistrant", kBureau,
          "POST /v1/registrants/sz-new:activate", name + "reason: 'r'");
  m.Write(&Registrar::CloseRegistrant, "CloseRegistrant", kBureau,
          "POST /v1/registrants/sz-new:close", name + "reason: 'r'");
  m.Read(&Registrar::GetRegistrant, "GetRegistrant", kReader, "GET /v1/registrants/sz-pumps",
         "name: 'registrants/sz-pumps'");
  m.Read(&Registrar::ListRegistrants, "ListRegistrants", kAuditor,
         "GET /v1/registrants?state=ACTIVE&page_size=1&nameContains=pumps",
         "state: ACTIVE page_size: 1 name_contains: 'pumps'");
}

void CallPrefixes(MethodsWorld& m) {
  m.Write(&Registrar::GrantPrefix, "GrantPrefix", kBureau, "POST /v1/prefixes",
          "prefix: '88.118.20' holder: 'registrants/sz-pumps' quota: 18446744073709551615 "
          "suffix_policy { check_scheme: MOD37_36 }");
  const std::string name = "name: 'prefixes/88.118.20' ";
  m.Write(&Registrar::UpdatePrefix, "UpdatePrefix", kBureau, "PATCH /v1/prefixes/88.118.20",
          name + "quota: 0 disclosure: OPEN reason: 'r'");
  m.Write(&Registrar::DelegatePrefix, "DelegatePrefix", kAdmin,
          "POST /v1/prefixes/88.118.20:delegate",
          name + "sites { address: 'elsewhere.example' protocol: GRPC port: 7440 }");
  m.Write(&Registrar::SuspendPrefix, "SuspendPrefix", kBureau,
          "POST /v1/prefixes/88.118.20:suspend", name + "reason: 'r'");
  m.Write(&Registrar::ActivatePrefix, "ActivatePrefix", kBureau,
          "POST /v1/prefixes/88.118.20:activate", name + "reason: 'r'");
  m.Write(&Registrar::TransferPrefix, "TransferPrefix", kBureau,
          "POST /v1/prefixes/88.118.20:transfer",
          name + "holder: 'registrants/sz-valves' reason: 'r'");
  m.Write(&Registrar::RetirePrefix, "RetirePrefix", kBureau, "POST /v1/prefixes/88.118.20:retire",
          name + "reason: 'r'");
  m.Read(&Registrar::GetPrefix, "GetPrefix", kReader, "GET /v1/prefixes/88%2E118.8",
         "name: 'prefixes/88.118.8'");
  m.Read(&Registrar::ListPrefixes, "ListPrefixes", kReader,
         "GET /v1/prefixes?holder=registrants/sz-pumps", "holder: 'registrants/sz-pumps'");
}

void CallCredentials(MethodsWorld& m) {
  const std::string of_pumps = "parent: 'registrants/sz-pumps' ";
  const auto made =
      m.Write(&Registrar::CreateCredential, "CreateCredential", kAdmin,
              "POST /v1/registrants/sz-pumps/credentials",
              Concat(of_pumps, "credential { role: READER title: '门市' } secret_sha256: '",
                     Octal(AsBytes(Sha256("one more"))), "'"));
  m.Write(&Registrar::CreateCredential, "CreateCredential", kBureau, "POST /v1/bureau/credentials",
          Concat("parent: 'bureau' credential { role: BUREAU_AUDITOR } secret_sha256: '",
                 Octal(AsBytes(Sha256("an auditor more"))), "'"));
  m.Read(&Registrar::ListCredentials, "ListCredentials", kAdmin,
         "GET /v1/registrants/sz-pumps/credentials?pageSize=2", of_pumps + "page_size: 2");
  m.Read(&Registrar::ListCredentials, "ListCredentials", kAuditor, "GET /v1/bureau/credentials",
         "parent: 'bureau'");
  m.Write(&Registrar::RevokeCredential, "RevokeCredential", kAdmin,
          Concat("POST /v1/", made.credential().name(), ":revoke"),
          Concat("name: '", made.credential().name(), "' reason: 'r'"));
}

void CallTemplatesAndGrants(MethodsWorld& m) {
  m.Read(&Templates::GetTemplate, "GetTemplate", kNobody, "GET /v1/templates/product?version=1",
         "name: 'templates/product' version: 1");
  m.Read(&Templates::ListTemplates, "ListTemplates", kNobody, "GET /v1/templates?page_size=1",
         "page_size: 1");
  m.Write(&Templates::CreateTemplate, "CreateTemplate", kAdmin, "POST /v1/templates",
          "template_id: '88.118.8/META' template { attributes { name: 'power' type: DECIMAL } }");
  const std::string meta = "name: 'templates/88.118.8%2FMETA' ";
  const std::string path = "/v1/templates/88.118.8%2fMETA";
  m.Write(&Templates::UpdateTemplate, "UpdateTemplate", kAdmin, "PUT " + path,
          meta +
              "template { english_name: 'Pump' attributes { index: 2000 name: 'power' type: "
              "DECIMAL unit: 'kW' } }");
  m.Write(&Templates::PublishTemplate, "PublishTemplate", kAdmin, "POST " + path + ":publish",
          meta);
  m.Write(&Templates::WithdrawTemplate, "WithdrawTemplate", kAdmin, "POST " + path + ":withdraw",
          meta + "reason: 'r'");
  m.Write(&Grants::SetGroup, "SetGroup", kAdmin, "PUT /v1/registrants/sz-pumps/groups/dealers",
          "group { name: 'registrants/sz-pumps/groups/dealers' members: 'registrants/sz-valves' }");
  m.Read(&Grants::ListGroups, "ListGroups", kReader, "GET /v1/registrants/sz-pumps/groups",
         "parent: 'registrants/sz-pumps'");
  const auto grant =
      m.Write(&Grants::CreateGrant, "CreateGrant", kAdmin, "POST /v1/registrants/sz-pumps/grants",
              "parent: 'registrants/sz-pumps' grant { registrant: 'registrants/sz-valves' "
              "prefix: 'prefixes/88.118.8' rights { read_tier: PARTNER } }");
  m.Read(&Grants::ListGrants, "ListGrants", HttpWorld::kValvesAdmin, "GET /v1/grants", "");
  m.Read(&Grants::ListGrants, "ListGrants", kReader, "GET /v1/registrants/sz-pumps/grants",
         "parent: 'registrants/sz-pumps'");
  m.Write(&Grants::RevokeGrant, "RevokeGrant", kAdmin,
          Concat("POST /v1/", grant.grant().name(), ":revoke"),
          Concat("name: '", grant.grant().name(), "' reason: 'r'"));
}

void CallRecords(MethodsWorld& m) {
  m.Read(&Resolver::GetRecord, "GetRecord", kReader,
         "GET /v1/prefixes/88.118.8/records/LOT%2fA+1:2", "name: '88.118.8/LOT/A+1:2'");
  m.Read(&Resolver::ListRecords, "ListRecords", kReader,
         "GET /v1/prefixes/88.118.8/records?attributes%5B0%5D.name=NAME&attributes[0].begins_with="
         "%E7%A6%BB&attributes[1].name=URL&attributes[1].beginsWith=https://&createTime.from="
         "2026-01-01T08:00:00%2B08:00",
         "parent: 'prefixes/88.118.8' attributes { name: 'NAME' begins_with: '离' } attributes { "
         "name: 'URL' begins_with: 'https://' } create_time { from { seconds: 1767225600 } }");
  const std::string name = "name: 'prefixes/88.118.8/records/JSON%2F1' ";
  const std::string path = "/v1/prefixes/88.118.8/records/JSON%2F1";
  m.world().Ask("POST", "/v1/records:register", {HttpWorld::Bearer(kWriter)},
                R"({"row": {"identifier": "88.118.8/JSON/1"}})");
  m.Write(
      &Registry::UpdateRecord, "UpdateRecord", kWriter, "PUT " + path,
      name + "values { index: 7 type: 'SIZE' data: '\\001\\377' ttl_seconds: 60 tier: PARTNER }");
  const auto modified =
      m.Write(&Registry::ModifyValues, "ModifyValues", kWriter, "POST " + path + ":modifyValues",
              name + "add { index: 8 type: 'NOTE' data: 'n' } remove_indexes: 7 reason: 'r'");
  m.Write(&Registry::EraseValues, "EraseValues", kWriter, "POST " + path + ":eraseValues",
          Concat(name, "tier: PUBLIC reason: 'r' revisions: ", modified.record().revision()));
  m.Write(&Registry::SuspendRecord, "SuspendRecord", kWriter, "POST " + path + ":suspend",
          name + "reason: 'r'");
  m.Write(&Registry::ActivateRecord, "ActivateRecord", kWriter, "POST " + path + ":activate",
          name + "reason: 'r'");
  m.Write(&Registry::HoldRecord, "HoldRecord", kWriter, "POST " + path + ":hold",
          name + "reason: 'r'");
  m.Write(&Registry::UnholdRecord, "UnholdRecord", kWriter, "POST " + path + ":unhold",
          name + "number: 1 reason: 'r'");
  m.Write(&Registry::RetireRecord, "RetireRecord", kWriter, "POST " + path + ":retire",
          name + "retirement { reason: OTHER text: 'melted' }");
  m.Write(&Registry::ReinstateRecord, "ReinstateRecord", kWriter, "POST " + path + ":reinstate",
          name + "reason: 'r'");
  m.Read(&Resolver::ListRevisions, "ListRevisions", kReader, "GET " + path + "/revisions", name);
}

void CallRanges(MethodsWorld& m) {
  const auto range =
      m.Write(&SerialRanges::Allocate, "AllocateSerialRange", kWriter,
              "POST /v1/prefixes/88.118.8/serialRanges",
              "parent: 'prefixes/88.118.8' pattern: 'BOLT-{serial:4}' count: 100 state: RESERVED");
  m.Write(&SerialRanges::Activate, "ActivateSerialRange", kWriter, "POST /v1/serialRanges:activate",
          "first_identifier: '88.118.8/BOLT-0001' last_identifier: '88.118.8/BOLT-0010'");
  m.Write(&SerialRanges::Release, "ReleaseSerialRange", kWriter, "POST /v1/serialRanges:release",
          "first_identifier: '88.118.8/BOLT-0091' last_identifier: '88.118.8/BOLT-0100' "
          "reason: 'r'");
  m.Read(&SerialRanges::Get, "GetSerialRange", kReader,
         "GET /v1/serialRanges:get?name=88.118.8/BOLT-0005", "name: '88.118.8/BOLT-0005'");
  m.Read(&SerialRanges::Get, "GetSerialRange", kReader,
         Concat("GET /v1/", range.serial_range().name()),
         Concat("name: '", range.serial_range().name(), "'"));
  m.Read(&SerialRanges::List, "ListSerialRanges", kReader,
         "GET /v1/prefixes/88.118.8/serialRanges?state=ACTIVE",
         "parent: 'prefixes/88.118.8' state: ACTIVE");
}

void CallTransfers(MethodsWorld& m) {
  const auto offer = [&](const std::string& request_id) {
    return m
        .Write(&Transfers::OfferTransfer, "OfferTransfer", kWriter, "POST /v1/transfers",
               Concat("request_id: '", request_id,
                      "' transfer { to: 'registrants/sz-valves' custody: true items { "
                      "identifier: '88.118.8/HP-1' } }"))
        .transfer()
        .name();
  };
  const std::string withdrawn = offer("t1");
  m.Write(&Transfers::WithdrawTransfer, "WithdrawTransfer", kWriter,
          Concat("POST /v1/", withdrawn, ":withdraw"),
          Concat("name: '", withdrawn, "' reason: 'r'"));
  const std::string declined = offer("t2");
  m.Write(&Transfers::DeclineTransfer, "DeclineTransfer", HttpWorld::kValvesAdmin,
          Concat("POST /v1/", declined, ":decline"), Concat("name: '", declined, "' reason: 'r'"));
  const std::string accepted = offer("t3");
  m.Write(&Transfers::AcceptTransfer, "AcceptTransfer", HttpWorld::kValvesAdmin,
          Concat("POST /v1/", accepted, ":accept"), Concat("name: '", accepted, "' reason: 'r'"));
  m.Read(&Transfers::GetTransfer, "GetTransfer", kReader, Concat("GET /v1/", accepted),
         Concat("name: '", accepted, "'"));
  m.Read(&Transfers::ListTransfers, "ListTransfers", kReader,
         "GET /v1/transfers?direction=OUTGOING", "direction: OUTGOING");
  m.Read(&Transfers::ListTransfers, "ListTransfers", kAuditor,
         "GET /v1/registrants/sz-pumps/transfers", "parent: 'registrants/sz-pumps'");
}

void CallResolver(MethodsWorld& m) {
  m.Read(&Resolver::Resolve, "Resolve", kNobody,
         "GET /v1/records:resolve?identifier=88.118.8/hp-1&options.types=URL&options.types=NAME",
         "identifier: '88.118.8/hp-1' options { types: 'URL' types: 'NAME' }");
  m.Read(&Resolver::Resolve, "Resolve", kReader, "POST /v1/records:resolve",
         "identifier: '88.118.8/HP-1' options { indexes: [3, 4] }");
  m.Read(&Resolver::BatchResolve, "BatchResolve", kNobody, "POST /v1/records:batchResolve",
         "identifiers: '88.118.8/HP-1' identifiers: '88.118.8/NEVER' identifiers: 'x'");
}

void CallAudit(MethodsWorld& m) {
  const auto checkpoint =
      m.Read(&Audit::GetCheckpoint, "GetCheckpoint", kNobody, "GET /v1/log/checkpoint", "");
  m.Read(&Audit::ListEntries, "ListEntries", kAuditor,
         "GET /v1/log/entries?start_leaf_index=1&page_size=3&view=CONTENT",
         "start_leaf_index: 1 page_size: 3 view: CONTENT");
  m.Read(&Audit::GetInclusionProof, "GetInclusionProof", kNobody,
         "GET /v1/log/inclusionProof?leafIndex=2&treeSize=5", "leaf_index: 2 tree_size: 5");
  m.Read(&Audit::GetConsistencyProof, "GetConsistencyProof", kNobody,
         "GET /v1/log/consistencyProof?old_size=1&new_size=5", "old_size: 1 new_size: 5");
  m.Read(&Audit::GetTile, "GetTile", kNobody, "GET /v1/log/tile?path=tile/entries/000.p/1",
         "path: 'tile/entries/000.p/1'");
  const SignerKey witness = test::Key(0x20, "witness.example/w1", SignatureType::kCosignature);
  SignedNote note = *ParseSignedNote(checkpoint.checkpoint());
  note.signatures.push_back(witness.Sign(note.text, 1'800'000'000));
  v1::AddCosignaturesRequest cosignatures;
  cosignatures.set_checkpoint(*FormatSignedNote(note));
  cosignatures.add_witness_vkeys(witness.verifier().Text());
  cosignatures.set_reason("handed in");
  m.Read(&Audit::AddCosignatures, "AddCosignatures", kBureau,
         "POST /v1/log/checkpoint:addCosignatures", cosignatures.ShortDebugString());
  m.Read(&Audit::ListRows, "ListRows", kAuditor, "GET /v1/store/rows?table=prefixes",
         "table: 'prefixes'");
  m.Read(&Audit::ListFiles, "ListFiles", kAuditor, "GET /v1/store/files", "");
}

void CallStatistics(MethodsWorld& m) {
  m.Read(&Statistics::GetStatistics, "GetStatistics", kReader,
         "GET /v1/statistics?parent=prefixes/88.118.8", "parent: 'prefixes/88.118.8'");
  m.Read(&Statistics::RecountStatistics, "RecountStatistics", kReader,
         "GET /v1/statistics:recount?parent=prefixes/88.118.8", "parent: 'prefixes/88.118.8'");
  m.world().usage().Stop();  // writes what is counted
  m.Read(&Statistics::ListUsage, "ListUsage", kReader, "GET /v1/usage?parent=registrants/sz-pumps",
         "parent: 'registrants/sz-pumps'");
}

// Registrations that were made before are answered as UNCHANGED, so these are asked of the rule
// first.
void CallRegistration(MethodsWorld& m) {
  m.world().Write(&Registry::Register, kWriter, "row { identifier: '88.118.8/ONE' }");
  m.Write(&Registry::Register, "Register", kWriter, "POST /v1/records:register",
          "row { identifier: '88.118.8/ONE' }");
  const std::string rows =
      "request_id: 'b1' rows { mint { prefix: '88.118.8' pattern: 'M-{random:12}' } level: BATCH } "
      "rows { identifier: '88.118.8/TWO' template: 'product' values { type: 'name' data: '泵' } }";
  m.world().Write(&Registry::BatchRegister, kWriter, rows);
  m.Write(&Registry::BatchRegister, "BatchRegister", kWriter, "POST /v1/records:batchRegister",
          rows);
}

TEST_CASE("every method answers over JSON what its rule answers, and refuses what is no field") {
  MethodsWorld m;
  CallRegistrants(m);
  CallPrefixes(m);
  CallCredentials(m);
  CallTemplatesAndGrants(m);
  CallRegistration(m);
  CallRecords(m);
  CallRanges(m);
  CallTransfers(m);
  CallResolver(m);
  CallAudit(m);
  CallStatistics(m);

  std::set<std::string> left;
  for (int i = 0; i < kMethodCount; ++i) left.insert(std::string(MethodName(Method(i))));
  for (const std::string& method : m.called()) left.erase(method);
  // The streams have cases of their own, and the memory engine has no file to verify.
  CHECK(left ==
        std::set<std::string>{"StreamRegister", "StreamResolve", "WatchEntries", "VerifyFile"});
}

}  // namespace
}  // namespace gusu::server
