// A RegistryWorld with a reader: lists and answers as text, and what no call of the registry does
// alone (records that pass to others, templates, prefixes that pass).
#pragma once

#include <string>

#include "gusu/v1/record_requests.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "server/resolver.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

class RecordsWorld : public RegistryWorld {
 public:
  // Every identifier of every page of a ListRecordsRequest, in text, of 88.118.8 unless it says
  // otherwise, or the error. Checks that no page is larger than asked.
  std::string List(const std::string& request);
  std::string ListAs(const Caller& caller, const std::string& request);
  // One page.
  absl::StatusOr<v1::ListRecordsResponse> Page(const Caller& caller,
                                               const v1::ListRecordsRequest& request);
  // An answer, or the error.
  std::string Resolve(const std::string& identifier, const std::string& options = "");

  // The record passes to others; an empty name leaves owner or custodian as it is.
  void PassRecord(const std::string& identifier, const std::string& owner,
                  const std::string& custodian);
  void PassPrefix(const std::string& prefix, const std::string& holder);
  // 88.118.8/T of sz-pumps: `name`, required (2000); `tag`, unique and indexed (2001); `seal`,
  // unique (2002).
  void PublishTemplate();

  const Resolver& resolver() const { return resolver_; }
  // The world's clock never reaches it.
  static absl::Time Now() { return absl::FromUnixSeconds(1'767'232'800); }

 private:
  Resolver resolver_{&ledger(), nullptr, Now};
};

}  // namespace gusu::server
