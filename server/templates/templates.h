// The rules of templates: who makes one, and what becomes of it.
//
// A template is named by an identifier below a prefix. Its owner, who changes it, is whoever holds
// the prefix. Its draft is what the next version is to be; publishing makes it that. Everybody may
// read what is published.
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "server/caller.h"
#include "server/registry.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class CreateTemplateRequest;
class GetTemplateRequest;
class ListTemplatesRequest;
class ListTemplatesResponse;
class PublishTemplateRequest;
class Template;
class TemplateResponse;
class UpdateTemplateRequest;
class WithdrawTemplateRequest;
}  // namespace gusu::v1

namespace gusu::server {

class Proofs;

class Templates {
 public:
  // Below a prefix, in whatever state.
  static constexpr size_t kPerPrefixMax = 500;
  // Revisions of a template that a search for an old version looks at.
  static constexpr size_t kRevisionsMax = 10'000;

  // Ledger and proofs are not owned, and outlive this; `proofs` may be nullptr where nobody asks
  // for any.
  Templates(storage::Ledger* ledger, const Proofs* proofs) : ledger_(ledger), proofs_(proofs) {}

  // What all of them check: kPermissionDenied / NOT_PREFIX_HOLDER, and what FindWriteScope says.
  // A call that finds its work done (the same template, draft or state) gets the receipt of who did
  // it, and writes nothing.
  //
  // kAlreadyExists / TEMPLATE_TAKEN; kFailedPrecondition / TEMPLATES_TOO_MANY.
  void CreateTemplate(const v1::CreateTemplateRequest& request, const Caller& caller,
                      Done<v1::TemplateResponse> done);
  // The other three: kNotFound / TEMPLATE_NOT_FOUND, kAborted / ETAG_MISMATCH.
  void UpdateTemplate(const v1::UpdateTemplateRequest& request, const Caller& caller,
                      Done<v1::TemplateResponse> done);
  void PublishTemplate(const v1::PublishTemplateRequest& request, const Caller& caller,
                       Done<v1::TemplateResponse> done);
  void WithdrawTemplate(const v1::WithdrawTemplateRequest& request, const Caller& caller,
                        Done<v1::TemplateResponse> done);

  // One that was never published, and a draft, are shown to the owner and the bureau only.
  // kNotFound / TEMPLATE_NOT_FOUND, TEMPLATE_VERSION_NOT_FOUND.
  absl::Status GetTemplate(const v1::GetTemplateRequest& request, const Caller& caller,
                           v1::Template* response) const;
  absl::Status ListTemplates(const v1::ListTemplatesRequest& request, const Caller& caller,
                             v1::ListTemplatesResponse* response) const;

 private:
  storage::Ledger* const ledger_;
  const Proofs* const proofs_;
};

}  // namespace gusu::server
