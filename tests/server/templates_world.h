// A registry (registry_world.h) in which registrants make templates of their own.
#pragma once

#include <string>

#include "gusu/v1/registrar.pb.h"
#include "server/templates/templates.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

class TemplatesWorld : public RegistryWorld {
 public:
  TemplatesWorld() : templates_(&ledger(), nullptr) {}

  Templates& templates() { return templates_; }
  Caller Admin(const std::string& registrant) const;

  template <typename Request>
  absl::StatusOr<v1::TemplateResponse> Call(void (Templates::*method)(const Request&, const Caller&,
                                                                      Done<v1::TemplateResponse>),
                                            const std::string& request, const Caller& caller) {
    return Start(method, request, caller).get();
  }
  // The same, answered later: it is planned on what is committed now.
  template <typename Request>
  std::future<absl::StatusOr<v1::TemplateResponse>> Start(
      void (Templates::*method)(const Request&, const Caller&, Done<v1::TemplateResponse>),
      const std::string& request, const Caller& caller) {
    auto answer = std::make_shared<std::promise<absl::StatusOr<v1::TemplateResponse>>>();
    const auto message = FromText<Request>(request);
    (templates_.*method)(message, caller, [answer](absl::StatusOr<v1::TemplateResponse> response) {
      answer->set_value(std::move(response));
    });
    return answer->get_future();
  }
  // The same of sz-pumps' admin, as one line.
  template <typename Request>
  std::string Do(void (Templates::*method)(const Request&, const Caller&,
                                           Done<v1::TemplateResponse>),
                 const std::string& request) {
    return Show(Call(method, request, Admin("sz-pumps")));
  }
  std::string Create(const std::string& request) { return Do(&Templates::CreateTemplate, request); }
  std::string Update(const std::string& request) { return Do(&Templates::UpdateTemplate, request); }
  std::string Publish(const std::string& request) {
    return Do(&Templates::PublishTemplate, request);
  }
  std::string Withdraw(const std::string& request) {
    return Do(&Templates::WithdrawTemplate, request);
  }
  // Creates 88.118.8/PUMP with these attributes and publishes it.
  void MakePump(const std::string& attributes);

  std::string Get(const std::string& request, const Caller& caller);
  std::string OwnerOf(const std::string& request, const Caller& caller);
  // The names of a page, and `+` when there is another one.
  std::string List(const std::string& request, const Caller& caller, std::string* token = nullptr);

  // `DRAFT 0 2000:power INTEGER kW* | …`: state, version, attributes, after | those of the draft.
  // Of an attribute: ! required, # indexed, = unique, - disabled.
  static std::string Show(const v1::Template& shown);
  static std::string Show(const absl::StatusOr<v1::TemplateResponse>& response);

 private:
  Templates templates_;
};

}  // namespace gusu::server
