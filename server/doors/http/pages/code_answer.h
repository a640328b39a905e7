// All that the page of a code shows, read before anything is written.
#pragma once

#include <memory>
#include <string>

#include "server/code_facts.h"
#include "server/doors/http/pages/value_attributes.h"

namespace gusu::v1 {
class Registrant;
class ResolveResponse;
}  // namespace gusu::v1

namespace gusu::server {

struct CodeAnswer {
  std::shared_ptr<const v1::ResolveResponse> response;
  bool is_as_of = false;  // of a past time that was asked for
  CodeHistory history;
  std::shared_ptr<const v1::Registrant> issuer;  // nullptr: it is not known any more
  ValueAttributes attributes;
  bool has_public_url = false;
  // That the proof rests on; empty: there is no proof.
  std::string checkpoint;
};

}  // namespace gusu::server
