// All that proves a code's history, to download.
#include "proto/papers/evidence.h"

#include "proto/text.h"
#include "server/audit/code_evidence.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/heavy.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"

namespace gusu::server {
namespace {

constexpr size_t kFileNameBytesMax = 80;

// Of a code what every file system takes; the rest becomes "_".
std::string FileNameOf(const std::string& identifier) {
  std::string name = identifier.substr(0, kFileNameBytesMax);
  for (char& c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    if (!is_plain) c = '_';
  }
  return name;
}

void AnswerEvidence(const BureauRequest& request) {
  const std::string code = request.Parameter("code");
  const absl::StatusOr<papers::Evidence> evidence =
      GatherEvidence(*request.rules().audit, *request.rules().resolver, code, request.caller);
  absl::StatusOr<std::string> bytes =
      evidence.ok() ? papers::ToPack(*evidence, papers::Language::kBoth, request.calendar).ToBytes()
                    : evidence.status();
  if (!bytes.ok()) {
    return AnswerFault(request, BureauSection::kCodes, bytes.status(), CodeUrl(request, code));
  }
  HttpResponse response = Answer(200, "application/zip", *std::move(bytes));
  response.SetHeader("Content-Disposition",
                     Concat("attachment; filename=\"evidence-",
                            FileNameOf(evidence->record.identifier), ".zip\""));
  request.call.reply(std::move(response));
}

}  // namespace

void DownloadEvidence(const BureauCall& call, WorkPool& heavy) {
  RunHeavy(call, BureauSection::kCodes, heavy, AnswerEvidence);
}

}  // namespace gusu::server
