// What everybody sees of the registry: `/`, and a page behind every code.
//
//   /                     the search box; with ?q= on to the code's page (303)
//   /{identifier}         page, JSON, linkset or proof; ?redirect, ?as_of=, ?label=, ?lang=
//
// Stated bounds: a page reads one answer of Resolve and at most kHistoryChangesMax changes; figures
// of `/` are counted at most once in RegistrySummaries::kAge.
#pragma once

#include "server/doors/http/call.h"
#include "server/doors/http/core.h"
#include "server/doors/http/pages/code_request.h"
#include "server/registry_summary.h"

namespace gusu::server {

struct CodeAnswer;

class PublicPages final : public HttpArea {
 public:
  static constexpr size_t kHistoryChangesMax = 20;

  // Not owned; outlives this.
  explicit PublicPages(const HttpCore* core);
  void Answer(const HttpCall& call) override;

 private:
  struct Asked;
  void AnswerNow(const HttpCall& call);
  HttpResponse Home(const HttpCall& call, const Asked& asked);
  HttpResponse Search(const HttpCall& call, const Asked& asked, std::string_view text) const;
  void Code(const HttpCall& call, const Asked& asked) const;
  // Replies unless it fails.
  absl::Status AnswerCode(const HttpCall& call, const Asked& asked, const Identifier& identifier,
                          CodeFormat format) const;
  absl::Status AnswerData(const HttpCall& call, const Asked& asked, const Identifier& identifier,
                          CodeFormat format, const CodeAnswer& answer) const;

  const HttpCore& core_;
  RegistrySummaries summaries_;
};

// /assets/{name}: with ?v= of its content for ever the same, else to be asked for again.
class AssetFiles final : public HttpArea {
 public:
  void Answer(const HttpCall& call) override;
};

}  // namespace gusu::server
