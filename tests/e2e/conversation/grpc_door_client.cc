#include "tests/e2e/api.h"
#include "tests/e2e/conversation/door_client.h"
#include "tests/e2e/conversation/outcome.h"

namespace gusu::e2e {
namespace {

using Values = google::protobuf::RepeatedPtrField<v1::Value>;

constexpr uint32_t kPageSize = 25;  // so that a listing has several pages

Said Refused(const std::string& fault) { return {OutcomeOfFault(fault), {}, {}}; }

template <typename Response>
Said OutcomeOf(const Answer<Response>& answer) {
  return answer.ok() ? Said() : Refused(answer.fault);
}

void AddItems(const std::vector<Item>& items, Values* values) {
  for (const Item& item : items) {
    v1::Value* value = values->Add();
    value->set_index(item.index);
    value->set_type(item.type);
    value->set_data(item.data);
    value->set_ttl_seconds(item.ttl_seconds);
    value->set_tier(item.is_public ? v1::PUBLIC : v1::OWNER);
  }
}

bool IsDeleted(const v1::Record& record) {
  return record.state() == v1::Record::RETIRED &&
         record.retirement().reason() == v1::Retirement::DELETED;
}

class GrpcDoorClient : public DoorClient {
 public:
  GrpcDoorClient(const ServerProcess& server, const std::string& token) : api_(server, token) {}

  Said Resolve(const Question& question) override {
    v1::ResolveRequest request;
    request.set_identifier(question.identifier);
    for (const uint32_t index : question.indexes) request.mutable_options()->add_indexes(index);
    for (const std::string& type : question.types) request.mutable_options()->add_types(type);
    const auto answer = api_.Call(api_.resolver(), &v1::ResolverService::Stub::Resolve, request);
    if (!answer.ok()) return Refused(answer.fault);
    if (IsDeleted(answer.value.record())) return {"NO_CODE", {}, {}};
    Said said;
    for (const v1::Value& value : answer.value.record().values()) {
      said.values.push_back({value.index(), value.type(), value.data(), value.tier() == v1::PUBLIC,
                             value.ttl_seconds()});
    }
    const bool is_filtered = !question.indexes.empty() || !question.types.empty();
    if (said.values.empty() && is_filtered) said.outcome = "NO_VALUE";
    return said;
  }

  Said Create(const std::string& identifier, const std::vector<Item>& items) override {
    v1::RegisterRow row;
    row.set_identifier(identifier);
    AddItems(items, row.mutable_values());
    const auto answer = api_.Register(row);
    const auto outcome = answer.value.result().outcome();
    if (answer.ok() && outcome == v1::RegisterResult::CREATED) return {};
    if (DeletedRecord(identifier)) return Reinstate(identifier, items);
    return answer.ok() ? Said{"CODE_EXISTS", {}, {}} : Refused(answer.fault);
  }

  Said Add(const std::string& identifier, const std::vector<Item>& items) override {
    return Change(identifier, [&](v1::ModifyValuesRequest* request) {
      AddItems(items, request->mutable_add());
    });
  }

  Said Modify(const std::string& identifier, const std::vector<Item>& items) override {
    return Change(identifier, [&](v1::ModifyValuesRequest* request) {
      AddItems(items, request->mutable_modify());
    });
  }

  Said Remove(const std::string& identifier, const std::vector<uint32_t>& indexes) override {
    return Change(identifier, [&](v1::ModifyValuesRequest* request) {
      for (const uint32_t index : indexes) request->add_remove_indexes(index);
    });
  }

  Said Delete(const std::string& identifier) override {
    if (DeletedRecord(identifier)) return {"NO_CODE", {}, {}};
    v1::RetireRecordRequest request;
    request.set_name(identifier);
    request.mutable_retirement()->set_reason(v1::Retirement::DELETED);
    return OutcomeOf(api_.Call(api_.registry(), &v1::RegistryService::Stub::RetireRecord, request));
  }

  Said List(const std::string& prefix) override {
    Said said;
    v1::ListRecordsRequest request;
    request.set_parent("prefixes/" + prefix);
    request.set_page_size(kPageSize);
    do {
      const auto page =
          api_.Call(api_.registry(), &v1::RegistryService::Stub::ListRecords, request);
      if (!page.ok()) return Refused(page.fault);
      for (const v1::Record& record : page.value.records()) {
        if (!IsDeleted(record)) said.identifiers.push_back(record.identifier());
      }
      request.set_page_token(page.value.next_page_token());
    } while (!request.page_token().empty());
    return said;
  }

 private:
  bool DeletedRecord(const std::string& identifier) {
    const auto answer = api_.GetRecord(identifier);
    return answer.ok() && IsDeleted(answer.value);
  }

  // The code lives on, with these values in place of those that it had.
  Said Reinstate(const std::string& identifier, const std::vector<Item>& items) {
    v1::ReinstateRecordRequest request;
    request.set_name(identifier);
    request.set_reason("created again");
    AddItems(items, request.mutable_content()->mutable_values());
    return OutcomeOf(
        api_.Call(api_.registry(), &v1::RegistryService::Stub::ReinstateRecord, request));
  }

  template <typename Fill>
  Said Change(const std::string& identifier, Fill fill) {
    if (DeletedRecord(identifier)) return {"NO_CODE", {}, {}};
    v1::ModifyValuesRequest request;
    request.set_name(identifier);
    fill(&request);
    return OutcomeOf(api_.Call(api_.registry(), &v1::RegistryService::Stub::ModifyValues, request));
  }

  Api api_;
};

}  // namespace

std::unique_ptr<DoorClient> ConnectGrpc(const ServerProcess& server, const Speaker& speaker) {
  return std::make_unique<GrpcDoorClient>(server, speaker.token);
}

}  // namespace gusu::e2e
