#include "server/doors/http/bureau/console.h"

#include <functional>
#include <string>
#include <utility>

#include "proto/error.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/bureau/page.h"
#include "server/doors/http/bureau/sign_in.h"
#include "server/doors/http/bureau/views.h"

namespace gusu::server {
namespace {

// Reports, charts and packs: one at a time, so that they never take the threads of the door.
constexpr size_t kHeavyThreads = 1;
constexpr size_t kHeavyTasksMax = 16;

constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kPost = "POST";
constexpr std::string_view kBoth = "GET, HEAD, POST";

class BureauConsole final : public HttpArea {
 public:
  explicit BureauConsole(const HttpCore* core) : core_(*core), sign_in_(core) {}

  void Answer(const HttpCall& call) override {
    const absl::Status queued = core_.Run([this, call] { Route(call); });
    if (!queued.ok()) call.reply(Busy(call, queued));
  }

 private:
  using View = std::function<void(const BureauCall&)>;

  void Route(const HttpCall& call) {
    const std::vector<std::string>& segments = call.target.segments;
    const std::string page = segments.size() < 2 ? "" : segments[1];
    if (segments.size() > 3 || (segments.size() == 3 && page != "registrants")) {
      return call.reply(NotFound(call));
    }
    const bool is_post = call.request->method == "POST";
    if (!is_post && call.request->method != "GET") {
      return call.reply(MethodNotAllowed(AllowedAt(segments)));
    }
    return is_post ? RoutePost(call, page) : RouteGet(call, page);
  }

  void RouteGet(const HttpCall& call, const std::string& page) {
    if (page == "sign-in" || page == "sign-out") return call.reply(ToStart(call));
    const View view = ViewOf(call, page);
    if (view == nullptr) return call.reply(NotFound(call));
    const absl::StatusOr<BureauCall> signed_in = sign_in_.Find(call);
    if (signed_in.ok()) return view(*signed_in);
    if (ErrorReason(signed_in.status()) != "SESSION_ENDED") {
      return call.reply(sign_in_.Form(call, signed_in.status()));
    }
    // Deep links lead to the form first.
    call.reply(page.empty() ? sign_in_.Form(call) : ToStart(call));
  }

  void RoutePost(const HttpCall& call, const std::string& page) {
    if (page == "sign-in") return call.reply(sign_in_.Post(call));
    const bool takes_forms = page == "sign-out" || page == "codes" ||
                             (page == "registrants" && call.target.segments.size() == 3);
    if (!takes_forms) return call.reply(MethodNotAllowed(kGet));
    const absl::StatusOr<BureauCall> signed_in = sign_in_.FindForForm(call);
    if (!signed_in.ok()) return call.reply(sign_in_.Form(call, signed_in.status()));
    if (page == "sign-out") return call.reply(sign_in_.SignOut(**signed_in));
    if (page == "codes") return ReadCodeWithReason(*signed_in);
    WithId(*signed_in, DecideRegistrant);
  }

  View ViewOf(const HttpCall& call, const std::string& page) {
    if (page.empty() || page == "review") return ShowReview;
    if (page == "registrants" && call.target.segments.size() == 3) {
      return [](const BureauCall& signed_in) { WithId(signed_in, ShowRegistrant); };
    }
    if (page == "registrants") return ShowRegistrants;
    if (page == "codes") return ShowCode;
    if (page == "days") return ShowDay;
    if (page == "charts") return [this](const BureauCall& request) { ShowCharts(request, heavy_); };
    if (page == "report") return [this](const BureauCall& request) { ShowReport(request, heavy_); };
    if (page == "report.html" || page == "report.csv") {
      const bool as_csv = page == "report.csv";
      return [this, as_csv](const BureauCall& request) { DownloadReport(request, heavy_, as_csv); };
    }
    if (page == "evidence") {
      return [this](const BureauCall& request) { DownloadEvidence(request, heavy_); };
    }
    return nullptr;
  }

  // With the id of a registrant that the path names.
  static void WithId(const BureauCall& call,
                     void (*view)(const BureauCall& call, const std::string& id)) {
    const absl::StatusOr<std::string> id = PercentDecode(call->call.target.segments[2]);
    if (id.ok()) return view(call, *id);
    AnswerFault(*call, BureauSection::kRegistrants, id.status(), call->Url("/bureau/registrants"));
  }

  static std::string_view AllowedAt(const std::vector<std::string>& segments) {
    const std::string page = segments.size() < 2 ? "" : segments[1];
    if (page == "sign-in" || page == "sign-out") return kPost;
    return page == "codes" || segments.size() == 3 ? kBoth : kGet;
  }

  static HttpResponse ToStart(const HttpCall& call) {
    const HtmlUrl url = HtmlUrl::OfPath("/bureau");
    return RedirectAnswer(call.target.Parameter("lang").has_value()
                              ? url.With("lang", LanguageParameter(LanguageOf(call))).text()
                              : url.text());
  }

  static HttpResponse Busy(const HttpCall& call, const absl::Status& queued) {
    const Language language = LanguageOf(call);
    HtmlWriter html;
    WriteFault(html, language, queued);
    return VisitorPage(HttpStatusOf(queued), call, language,
                       Words{"请稍后再试", "Try again later"}.In(language), html);
  }

  static HttpResponse NotFound(const HttpCall& call) {
    const Language language = LanguageOf(call);
    HtmlWriter html;
    html.Element("h1", Words{"没有这个页面", "There is no such page"}.In(language));
    html.Open("p")
        .Link(HtmlUrl::OfPath("/bureau"), Words{"工作台", "Console"}.In(language))
        .Close();
    return VisitorPage(404, call, language, Words{"没有找到", "Not found"}.In(language), html);
  }

  const HttpCore& core_;
  BureauSignIn sign_in_;
  WorkPool heavy_{kHeavyThreads, kHeavyTasksMax};  // ends before what its tasks use
};

}  // namespace

std::unique_ptr<HttpArea> MakeBureauConsole(const HttpCore* core) {
  return std::make_unique<BureauConsole>(core);
}

}  // namespace gusu::server
