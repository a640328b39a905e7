// What every call of the connection is made of: a request, repeated where an error says that trying
// again may help and the request is the same request again. Families of calls derive from it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "client/connection/convert.h"
#include "client/connection/retry.h"
#include "client/connection/stub.h"
#include "client/connection/text_check.h"
#include "google/rpc/status.pb.h"
#include "gusu/connection.h"

namespace gusu {

class RetryingCalls : public Connection, public std::enable_shared_from_this<RetryingCalls> {
 public:
  // Without a stub, every call ends with the stub's status.
  RetryingCalls(Result<std::shared_ptr<Stub>> stub, ClientOptions options)
      : options_fault_(stub.status()),
        stub_(stub ? *std::move(stub) : nullptr),
        options_(std::move(options)),
        policy_(options_.retry) {}

 protected:
  enum class Effect { kRead, kWrite };

  std::chrono::milliseconds DeadlineOf(const CallOptions& call) const {
    return call.deadline.count() > 0 ? call.deadline : options_.deadline;
  }

  // What a write ends with that was sent and never got an answer.
  static Status OutcomeUnknown(const Status& last, const std::string& request_id);

  // One request, as often as it takes.
  template <typename Response, typename Request>
  Result<Response> Try(const Request& request, const CallOptions& call, Effect effect,
                       const std::string& request_id) {
    if (!stub_) return options_fault_;
    TryLimit limit(TryLimit::Clock::now() + DeadlineOf(call), options_.retry.attempts_max);
    std::optional<Backoff> backoff;
    bool may_have_happened = false;
    for (;;) {
      Response response;
      Tried tried = stub_->Call(limit.deadline(), request, &response);
      if (tried.status.ok()) return response;
      may_have_happened |= tried.may_have_happened;
      if (policy_.ShouldRetry(tried.status)) {
        if (!backoff) backoff.emplace(options_.retry);
        const auto pause = backoff->Next();
        if (limit.MayTryAgain(pause)) {
          std::this_thread::sleep_for(pause);
          continue;
        }
      } else if (!tried.may_have_happened) {
        return std::move(tried.status);  // a refusal, which is true of earlier tries too
      }
      if (effect == Effect::kWrite && may_have_happened) {
        return OutcomeUnknown(tried.status, request_id);
      }
      return std::move(tried.status);
    }
  }

  template <typename Response, typename Request>
  Result<Response> Write(const Request& request, const CallOptions& call) {
    if (Status fault = CheckText(request); !fault.ok()) return fault;
    return Try<Response>(ToProto(request), call, Effect::kWrite, request.request_id);
  }

  template <typename Response, typename Request>
  Result<Response> Read(const Request& request, const CallOptions& call) {
    return Try<Response>(request, call, Effect::kRead, "");
  }

  template <typename Request, typename Response>
  Result<Response> ReadByName(const std::string& name, const CallOptions& call) {
    if (Status fault = CheckText("name", name); !fault.ok()) return fault;
    Request request;
    request.set_name(name);
    return Read<Response>(request, call);
  }

  template <typename Response>
  static auto Converted(Result<Response> response) -> Result<decltype(FromProto(*response))> {
    if (!response) return std::move(response).status();
    return FromProto(*response);
  }

  // Begins with the page that the request names, if it names one. `fault` is what the request's
  // texts are refused for, or OK.
  template <typename Item, typename Response, typename Request, typename ItemsOf>
  Range<Item> PagesUnless(Status fault, Request request, const CallOptions& call,
                          ItemsOf items_of) {
    if (!fault.ok()) return Range<Item>::OfError(std::move(fault));
    return Range<Item>([self = shared_from_this(), request, call,
                        items_of](const std::string& page_token) mutable -> Result<Page<Item>> {
      if (!page_token.empty()) request.set_page_token(page_token);
      Result<Response> response = self->template Read<Response>(request, call);
      if (!response) return std::move(response).status();
      Page<Item> page;
      for (const auto& item : items_of(*response)) page.items.push_back(FromProto(item));
      page.next_page_token = response->next_page_token();
      return page;
    });
  }

  // `named` is the only text of the request, and `field` where it stands.
  template <typename Item, typename Response, typename Request, typename ItemsOf>
  Range<Item> Pages(Request request, const char* field, const std::string& named,
                    const CallOptions& call, ItemsOf items_of) {
    return PagesUnless<Item, Response>(CheckText(field, named), std::move(request), call, items_of);
  }

  const Status options_fault_;
  const std::shared_ptr<Stub> stub_;  // nullptr when the options are at fault
  const ClientOptions options_;
  const RetryPolicy policy_;
};

}  // namespace gusu
