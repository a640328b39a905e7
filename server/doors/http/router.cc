#include "server/doors/http/router.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "proto/text.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/console.h"
#include "server/doors/http/finish.h"
#include "server/doors/http/handle_api/handle_api.h"
#include "server/doors/http/handle_api/messages.h"
#include "server/doors/http/handle_api/reply.h"
#include "server/doors/http/log_files.h"
#include "server/doors/http/operations.h"
#include "server/doors/http/pages/code_request.h"
#include "server/doors/http/pages/error_page.h"
#include "server/doors/http/pages/public_pages.h"
#include "server/doors/http/pages/reader.h"
#include "server/doors/http/rest/rest_api.h"
#include "server/metrics/call_counter.h"
#include "server/metrics/metrics.h"

namespace gusu::server {
namespace {

// Others are counted as the last one.
constexpr std::array<std::string_view, 8> kCountedMethods = {"GET",   "HEAD",   "POST",    "PUT",
                                                             "PATCH", "DELETE", "OPTIONS", "other"};

class Counters {
 public:
  Counters(Metrics* metrics, std::string_view area) {
    if (metrics == nullptr) return;
    for (size_t i = 0; i < counters_.size(); ++i) {
      counters_[i] = metrics->CounterOf(Door::kHttp, Concat(area, " ", kCountedMethods[i]));
    }
  }
  CallTimer Begin(std::string_view method) const {
    const auto found = std::find(kCountedMethods.begin(), kCountedMethods.end() - 1, method);
    return CallTimer(counters_[static_cast<size_t>(found - kCountedMethods.begin())]);
  }

 private:
  std::array<CallCounter*, kCountedMethods.size()> counters_{};
};

// Paths with the same first segment, and how their answers are finished.
struct Mount {
  std::string_view segment;  // empty: of all paths for which there is no other
  FinishRules rules;
  std::unique_ptr<HttpArea> area;
  Counters counters;
};

// Messages of the Handle protocol, which come to the path of the front page: no segment has this
// name.
constexpr std::string_view kMessages = "/";

// One request and its answers. Whoever drops the reply without a word is answered for.
class Exchange {
 public:
  Exchange(HttpRequest request, const Mount& mount, HttpReply reply)
      : is_head_(request.method == "HEAD"),
        rules_(mount.rules),
        timer_(mount.counters.Begin(request.method)),
        reply_(std::move(reply)) {
    if (is_head_) request.method = "GET";
    request_ = std::make_shared<const HttpRequest>(std::move(request));
  }
  ~Exchange() {
    if (answered_) return;
    Answer(StatusAnswer(request_->target, absl::InternalError("the call was dropped")));
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const std::shared_ptr<const HttpRequest>& request() const { return request_; }

  void Answer(HttpResponse response) {
    // Parts that follow are the body's alone.
    if (!answered_.exchange(true)) {
      Finish(*request_, rules_, &response);
      timer_.End(response.status);
    }
    reply_(std::move(response));
  }

 private:
  const bool is_head_;
  const FinishRules rules_;
  const CallTimer timer_;
  const HttpReply reply_;
  std::shared_ptr<const HttpRequest> request_;
  std::atomic<bool> answered_ = false;
};

// What can be read of a target that is none: its path, or the first segment of that.
HttpTarget PathOf(std::string_view target) {
  const std::string_view raw_path = target.substr(0, target.find('?'));
  auto path = ParseTarget(raw_path);
  if (!path.ok()) path = ParseTarget(raw_path.substr(0, raw_path.find('/', 1)));
  return path.ok() ? *std::move(path) : *ParseTarget("/");
}

// Such a target is refused in the words of the area of its path.
void RefuseTarget(std::string_view segment, const HttpCall& call, const absl::Status& status) {
  if (segment == "api") return ApiReply(call, nullptr).Refuse(status);
  const auto format = FormatOf(call);
  if (segment.empty() && (!format.ok() || *format == CodeFormat::kPage)) {
    return call.reply(ErrorPage(call, ReaderOf(call, absl::UTCTimeZone()), status, ""));
  }
  call.reply(StatusAnswer(call.request->target, status));
}

}  // namespace

struct HttpRouter::Areas {
  // Who answers which paths stands here, and nowhere else.
  explicit Areas(const HttpCore* core) : metrics(core->rules().metrics) {
    constexpr FinishRules kPublic{.is_public = true};
    constexpr FinishRules kOwn;
    Add("checkpoint", kPublic, std::make_unique<LogFilesArea>(core));
    Add("tile", kPublic, std::make_unique<LogFilesArea>(core));
    // Each knows by itself that the server is stopping.
    for (const char* segment : {"healthz", "readyz", "metrics"}) {
      Add(segment, kOwn, std::make_unique<OperationsArea>(core));
    }
    Add("assets", kPublic, std::make_unique<AssetFiles>());
    Add("v1", kPublic, std::make_unique<RestApi>(core));
    Add("api", kPublic, std::make_unique<HandleApi>(core));
    Add(kMessages, kOwn, std::make_unique<HandleMessages>(core));
    Add("openapi.json", kPublic, std::make_unique<OpenApiFile>());
    // Its pages hold a form's token beside what others wrote.
    Add("bureau", {.compress = false}, MakeBureauConsole(core));
    Add("", kPublic, std::make_unique<PublicPages>(core));
  }

  void Add(std::string_view segment, FinishRules rules, std::unique_ptr<HttpArea> area) {
    const std::string_view name = segment.empty()        ? "pages"
                                  : segment == kMessages ? "messages"
                                                         : segment;
    mounts.push_back({segment, rules, std::move(area), Counters(metrics, name)});
  }

  const Mount& Find(std::string_view segment) const {
    const auto found =
        std::find_if(mounts.begin(), mounts.end() - 1,
                     [segment](const Mount& mount) { return mount.segment == segment; });
    return *found;
  }

  Metrics* const metrics;
  std::vector<Mount> mounts;  // the last one is of all other paths
};

HttpRouter::HttpRouter(const DoorRules& rules)
    : core_(rules), areas_(std::make_unique<Areas>(&core_)) {}

HttpRouter::~HttpRouter() = default;

void HttpRouter::Handle(HttpRequest request, HttpReply reply) {
  auto parsed = ParseTarget(request.target);
  const absl::Status status = parsed.status();
  HttpTarget target = parsed.ok() ? *std::move(parsed) : PathOf(request.target);
  const bool is_message = status.ok() && target.raw_path == "/" && IsHandleMessage(request);
  const Mount& mount = areas_->Find(is_message ? kMessages : std::string_view(target.segments[0]));
  const bool is_options = request.method == "OPTIONS";
  const auto exchange = std::make_shared<Exchange>(std::move(request), mount, std::move(reply));
  const HttpCall call = {exchange->request(), std::move(target), [exchange](HttpResponse response) {
                           exchange->Answer(std::move(response));
                         }};
  if (!status.ok()) return RefuseTarget(mount.segment, call, status);
  if (is_options) return exchange->Answer(OptionsAnswer(mount.rules));
  mount.area->Answer(call);
}

void HttpRouter::Drain() {
  for (const Mount& mount : areas_->mounts) mount.area->Drain();
}

}  // namespace gusu::server
