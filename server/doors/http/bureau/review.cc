#include <algorithm>
#include <charconv>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/views.h"
#include "server/registrar.h"

namespace gusu::server {
namespace {

// What waits is read whole to be put in order; beyond this many the page says so.
constexpr size_t kWaitingMax = 5'000;
constexpr size_t kPageRows = 50;
constexpr uint32_t kReadRows = 1'000;

struct Waiting {
  uint64_t since_us = 0;
  bool is_amendment = false;
  v1::Registrant registrant;
};

uint64_t Microseconds(const google::protobuf::Timestamp& time) {
  return static_cast<uint64_t>(time.seconds()) * 1'000'000 +
         static_cast<uint64_t>(time.nanos()) / 1'000;
}

struct Queue {
  std::vector<Waiting> waiting;
  bool is_cut = false;
};

// Applications, or amendments that the bureau has not answered.
absl::Status Collect(const BureauRequest& request, bool amendments, Queue* queue) {
  v1::ListRegistrantsRequest list;
  list.set_page_size(kReadRows);
  if (amendments) {
    list.set_has_amendment(true);
  } else {
    list.set_state(v1::Registrant::PENDING);
  }
  do {
    v1::ListRegistrantsResponse page;
    GUSU_RETURN_IF_ERROR(request.rules().registrar->ListRegistrants(list, request.caller, &page));
    for (v1::Registrant& registrant : *page.mutable_registrants()) {
      if (amendments && registrant.amendment().state() != v1::Amendment::PENDING) continue;
      if (queue->waiting.size() == kWaitingMax) {
        queue->is_cut = true;
        return absl::OkStatus();
      }
      const auto& since =
          amendments ? registrant.amendment().submit_time() : registrant.create_time();
      queue->waiting.push_back({Microseconds(since), amendments, std::move(registrant)});
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  return absl::OkStatus();
}

absl::StatusOr<Queue> ReadQueue(const BureauRequest& request) {
  Queue queue;
  GUSU_RETURN_IF_ERROR(Collect(request, false, &queue));
  GUSU_RETURN_IF_ERROR(Collect(request, true, &queue));
  std::stable_sort(queue.waiting.begin(), queue.waiting.end(),
                   [](const Waiting& a, const Waiting& b) { return a.since_us < b.since_us; });
  return queue;
}

std::vector<TableCell> RowOf(const BureauRequest& request, const Waiting& waiting) {
  const v1::Registrant& registrant = waiting.registrant;
  const Words kind =
      waiting.is_amendment ? Words{"变更", "Change of data"} : Words{"申请", "Application"};
  std::string warnings;
  for (const std::string& warning : registrant.warnings()) {
    warnings += (warnings.empty() ? "" : "; ") + warning;
  }
  return {{registrant.legal_name(), RegistrantUrl(request, registrant.name())},
          {std::string(request.Say(kind)), {}},
          {request.calendar.ToText(waiting.since_us), {}},
          {registrant.organization_code().value(), {}},
          {registrant.district(), {}},
          {std::move(warnings), {}}};
}

// Where a page of the queue begins.
size_t FirstOf(const std::string& token, size_t count) {
  size_t first = 0;
  std::from_chars(token.data(), token.data() + token.size(), first);
  return std::min(first, count);
}

}  // namespace

void ShowReview(const BureauCall& call) {
  const BureauRequest& request = *call;
  const absl::StatusOr<Queue> queue = ReadQueue(request);
  if (!queue.ok()) {
    return AnswerFault(request, BureauSection::kReview, queue.status(), request.Url("/bureau"));
  }
  const size_t count = queue->waiting.size();
  const size_t first = FirstOf(request.Parameter("page_token"), count);
  const size_t end = std::min(first + kPageRows, count);
  HtmlWriter html;
  html.Element("h1", request.Say({"待审核", "Waiting for review"}));
  html.Element("p",
               request.language == Language::kChinese
                   ? Concat("共 ", count, queue->is_cut ? " 项以上" : " 项", "，最早者在前。")
                   : Concat(count, queue->is_cut ? " or more" : "", " in all, the oldest first."));
  PageTable table;
  table.caption = request.Say({"申请与变更", "Applications and changes"});
  table.columns = {{{"名称", "Name"}},
                   {{"种类", "Kind"}},
                   {{"等待自", "Waiting since"}},
                   {{"机构代码", "Organisation code"}},
                   {{"区划", "District"}},
                   {{"提示", "Warnings"}}};
  table.when_empty = {"没有待审核的项目。", "Nothing is waiting."};
  for (size_t i = first; i < end; ++i) table.rows.push_back(RowOf(request, queue->waiting[i]));
  WriteTable(html, request.language, table);
  WriteNext(html, request, request.Url("/bureau/review"), end < count ? std::to_string(end) : "");
  AnswerPage(request, BureauSection::kReview, request.Say({"待审核", "Review"}), html);
}

}  // namespace gusu::server
