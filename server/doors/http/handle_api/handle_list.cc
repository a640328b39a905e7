#include "server/doors/http/handle_api/handle_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gusu/v1/record_requests.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/handle/prefix_record.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/handle_administration/request.h"
#include "server/record_list_token.h"
#include "server/resolver.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;
using Json = nlohmann::ordered_json;

constexpr std::string_view kMethods = "GET, HEAD, POST";
constexpr std::string_view kWhoAsks = "handles are listed for those who administer their prefix";
constexpr std::string_view kCounting =
    "the handles before this page are still being counted: ask again";

bool IsDeleted(const v1::Record& record) {
  return record.state() == v1::Record::RETIRED &&
         record.retirement().reason() == v1::Retirement::DELETED;
}

}  // namespace

// Reads on in the list of a prefix. Keeps itself while parts of it are sent.
class ApiHandleList::Reading : public std::enable_shared_from_this<Reading> {
 public:
  Reading(const HttpCore& core, const std::string& prefix, Caller caller, const ApiReply& reply)
      : core_(core), caller_(std::move(caller)), reply_(reply) {
    request_.set_parent(Concat("prefixes/", prefix));
  }

  void GoOnAfter(const storage::View& view, const std::string& prefix,
                 const std::string& identifier_key) {
    if (!identifier_key.empty()) {
      request_.set_page_token(RecordListToken(view, prefix, identifier_key));
    }
  }

  // Handles of at most so many more records.
  absl::StatusOr<Json> Read(uint32_t record_count) {
    Json handles = Json::array();
    for (uint32_t left = record_count; left > 0 && !at_end_;) {
      request_.set_page_size(std::min(left, ApiHandleList::kPartRecords));
      v1::ListRecordsResponse page;
      GUSU_RETURN_IF_ERROR(core_.rules().resolver->ListRecords(request_, caller_, &page));
      for (const v1::Record& record : page.records()) {
        last_ = ToKey(record.identifier());
        if (!IsDeleted(record)) handles.push_back(last_);
      }
      left -= static_cast<uint32_t>(page.records_size());
      read_count_ += static_cast<uint64_t>(page.records_size());
      request_.set_page_token(page.next_page_token());
      at_end_ = page.next_page_token().empty();
    }
    return handles;
  }

  const std::string& last() const { return last_; }
  uint64_t read_count() const { return read_count_; }

  // The whole list: `opening`, without its last brace, and then the handles.
  void SendAll(const std::string& opening) {
    const auto first = Read(ApiHandleList::kPartRecords);
    if (!first.ok()) return reply_.Refuse(first.status());
    HttpResponse response;
    response.SetHeader("Content-Type", "application/json; charset=utf-8");
    response.body = Concat(opening, ",\"handles\":[", Elements(*first));
    Send(std::move(response));
  }

 private:
  // Of an array, without its brackets, after those that were sent before.
  std::string Elements(const Json& handles) {
    if (handles.empty()) return "";
    const std::string text = handles.dump();
    const bool is_first = !std::exchange(has_sent_, true);
    return Concat(is_first ? "" : ",", std::string_view(text).substr(1, text.size() - 2));
  }

  void Send(HttpResponse response) {
    if (at_end_) {
      response.body += "]}";
    } else {
      response.more = [self = shared_from_this()] { self->SendMore(); };
    }
    reply_.call().reply(std::move(response));
  }

  void SendMore() {
    const auto task = [self = shared_from_this()] {
      const auto handles = self->Read(ApiHandleList::kPartRecords);
      HttpResponse part;
      // The list breaks off where it cannot be read, and is no JSON any more.
      if (!handles.ok()) {
        part.close = true;
        return self->reply_.call().reply(std::move(part));
      }
      part.body = self->Elements(*handles);
      self->Send(std::move(part));
    };
    if (core_.Run(task).ok()) return;
    HttpResponse part;
    part.close = true;
    reply_.call().reply(std::move(part));
  }

  const HttpCore core_;
  const Caller caller_;
  const ApiReply reply_;
  v1::ListRecordsRequest request_;
  std::string last_;  // key of the record read last
  uint64_t read_count_ = 0;
  bool at_end_ = false;
  bool has_sent_ = false;
};

ApiHandleList::ApiHandleList(const HttpCore* core, ApiAuthentication* authentication)
    : core_(*core), authentication_(*authentication), offsets_(std::make_shared<RecordOffsets>()) {}

void ApiHandleList::Answer(ApiReply reply) const {
  const std::string& method = reply.call().request->method;
  if (method != "GET" && method != "POST") return reply.RefuseMethod(kMethods);
  const auto parameters = ApiParameters::Read(reply.call());
  if (!parameters.ok()) return reply.Refuse(parameters.status());
  absl::Status status = reply.Format(*parameters);
  if (status.ok()) {
    reply.About("prefix", std::string(parameters->Text("prefix").value_or("")));
    status = List(*parameters, reply);
  }
  if (!status.ok()) reply.Refuse(status);
}

absl::Status ApiHandleList::List(const ApiParameters& parameters, const ApiReply& reply) const {
  const auto named = parameters.Text("prefix");
  if (!named.has_value()) return ApiMalformed("prefix", "is not given: whose handles?");
  GUSU_ASSIGN_OR_RETURN(const std::string prefix,
                        ParsePrefix(PrefixOfPrefixHandle(*named).value_or(*named)));
  GUSU_ASSIGN_OR_RETURN(const uint32_t page, parameters.Number("page", 0));
  GUSU_ASSIGN_OR_RETURN(const uint32_t page_size, parameters.Number("pageSize", kPageSizeMax));
  if (page_size > kPageSizeMax) {
    return ApiMalformed("pageSize", Concat("is ", page_size, "; at most ", kPageSizeMax));
  }
  GUSU_ASSIGN_OR_RETURN(const Administrator administrator,
                        authentication_.Authenticate(*reply.call().request));
  GUSU_RETURN_IF_ERROR(core_.Admit(Method::kResolve, administrator.caller, 1));
  GUSU_ASSIGN_OR_RETURN(const auto view, core_.rules().ledger->Latest());
  GUSU_RETURN_IF_ERROR(CheckPrefixIsHere(*view, prefix));
  if (administrator.caller.role == Role::kAnonymous) {
    reply.Refuse(ResponseCode::kAuthenticationNeeded, kWhoAsks);
    return absl::OkStatus();
  }
  const Wanted wanted{prefix, ToKey(prefix), page, page_size};
  const auto reading = std::make_shared<Reading>(core_, prefix, administrator.caller, reply);
  GUSU_ASSIGN_OR_RETURN(const uint64_t count, view->RecordCount(wanted.prefix_key));
  Json json = {{"totalCount", std::to_string(count)}};
  const bool is_whole = !parameters.Text("pageSize").has_value() &&
                        !parameters.Text("page").has_value() &&
                        !parameters.Text("callback").has_value();
  if (is_whole) {
    Json opening = {{"responseCode", 1}, {"prefix", *named}};
    opening.update(json);
    std::string text = opening.dump();
    text.pop_back();
    reading->SendAll(text);
    return absl::OkStatus();
  }
  json["page"] = page;
  json["pageSize"] = page_size;
  if (page_size == 0) {
    // Whoever may not read a page is told no number either.
    GUSU_RETURN_IF_ERROR(reading->Read(1).status());
    reply.Answer(json);
    return absl::OkStatus();
  }
  return SendPage(*view, wanted, count, *reading, std::move(json), reply);
}

absl::Status ApiHandleList::SendPage(const storage::View& view, const Wanted& wanted,
                                     uint64_t count, Reading& reading, Json json,
                                     const ApiReply& reply) const {
  const uint64_t offset = uint64_t{wanted.page} * wanted.page_size;
  GUSU_ASSIGN_OR_RETURN(const RecordOffsets::Place place,
                        offsets_->Find(view, wanted.prefix_key, std::min(offset, count)));
  if (!place.reached) {
    reply.Refuse(ResponseCode::kServerTooBusy, kCounting);
    return absl::OkStatus();
  }
  reading.GoOnAfter(view, wanted.prefix, place.identifier_key);
  // Also where nothing is left: who may not list is refused.
  GUSU_ASSIGN_OR_RETURN(json["handles"], reading.Read(wanted.page_size));
  if (reading.read_count() > 0) {
    offsets_->Mark(wanted.prefix_key, offset + reading.read_count(), reading.last());
  }
  reply.Answer(json);
  return absl::OkStatus();
}

}  // namespace gusu::server
