// A registry on the memory engine, with registrants and prefixes, a clock that stands still, and
// answers as one line of text, so that a case can compare whole ones.
#pragma once

#include <google/protobuf/text_format.h>

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "server/caller.h"
#include "server/registry.h"
#include "storage/ledger.h"

namespace gusu::server {

// Prefixes: 88.118.8 of sz-pumps; 88.118.9 of sz-valves; of sz-pumps also 88.118.10 (suspended),
// 88.118.11 (at most 3 records), 88.118.12 (at most 8 characters, MOD37_36); 88.118.13 of
// sz-asleep, which is suspended itself.
class RegistryWorld {
 public:
  RegistryWorld();

  storage::Ledger& ledger() { return *ledger_; }
  Registry& registry() { return registry_; }
  std::shared_ptr<const storage::View> View() const { return *ledger_->Latest(); }

  // A writer of the registrant; of sz-pumps with a credential row as its proof.
  Caller Writer(const std::string& registrant) const;
  static Caller WithRole(Role role);

  // While it is held, nothing is committed.
  std::unique_lock<std::mutex> HoldCommits() { return std::unique_lock(committing_); }

  // Writes a row as a change of its own; prefixes and records with their index entries.
  void Put(const std::string& key, const google::protobuf::Message& row);

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(void (Registry::*method)(const Request&, const Caller&,
                                                         Done<Response>),
                                const Request& request, const Caller& caller) {
    std::promise<absl::StatusOr<Response>> answer;
    (registry_.*method)(request, caller, [&answer](absl::StatusOr<Response> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }

  // The same from text, as one line; of sz-pumps' writer unless said otherwise.
  std::string Register(const std::string& row, const std::string& request_id = "");
  std::string RegisterAs(const Caller& caller, const std::string& request);
  std::string Batch(const std::string& request);
  std::string BatchAs(const Caller& caller, const std::string& request);
  std::string Stream(const std::string& request);
  template <typename Request>
  std::string Change(void (Registry::*method)(const Request&, const Caller&,
                                              Done<v1::RecordResponse>),
                     const std::string& request);
  template <typename Request>
  std::string ChangeAs(const Caller& caller,
                       void (Registry::*method)(const Request&, const Caller&,
                                                Done<v1::RecordResponse>),
                       const std::string& request);

  // The record as it is stored now.
  std::string Stored(const std::string& identifier) const;
  std::string Etag(const std::string& identifier) const;
  // Leaves since the world was made.
  uint64_t Leaves() const { return View()->leaf_count() - first_leaf_; }

  // `CREATED 88.118.8/HP-1 leaf 0 etag 0`: leaves and etags are counted from the world's making.
  std::string Show(const v1::RegisterResult& result) const;
  std::string Show(const v1::Record& record) const;
  // `ALREADY_EXISTS IDENTIFIER_TAKEN fields="level" identifier="88.118.8/HP-1"`.
  static std::string ShowError(const absl::Status& status);

 private:
  std::string Ordinal(uint64_t revision) const;

  std::mutex committing_;
  std::unique_ptr<storage::Ledger> ledger_;
  Registry registry_;
  uint64_t first_leaf_ = 0;
  uint64_t first_revision_ = 0;
};

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  INFO(text);
  REQUIRE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

template <typename Request>
std::string RegistryWorld::ChangeAs(const Caller& caller,
                                    void (Registry::*method)(const Request&, const Caller&,
                                                             Done<v1::RecordResponse>),
                                    const std::string& request) {
  auto response = Call(method, FromText<Request>(request), caller);
  if (!response.ok()) return ShowError(response.status());
  CHECK(response->receipt().revision() == response->record().revision());
  CHECK(response->receipt().leaf_index() == response->record().leaf_index());
  return Show(response->record());
}

template <typename Request>
std::string RegistryWorld::Change(void (Registry::*method)(const Request&, const Caller&,
                                                           Done<v1::RecordResponse>),
                                  const std::string& request) {
  return ChangeAs(Writer("sz-pumps"), method, request);
}

}  // namespace gusu::server
