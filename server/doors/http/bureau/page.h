// What the pages of the bureau's console have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/doors/http/bureau/request.h"
#include "server/doors/http/page_frame.h"

namespace gusu::server {

enum class BureauSection { kNone, kReview, kRegistrants, kCodes, kDays, kCharts, kReport };

// Answers with a page below the navigation and the form that signs out.
void AnswerPage(const BureauRequest& request, BureauSection section, std::string_view title,
                const HtmlWriter& content);
// Answers with what went wrong, and a link back.
void AnswerFault(const BureauRequest& request, BureauSection section, const absl::Status& status,
                 const HtmlUrl& back);
// A page outside of a session.
HttpResponse VisitorPage(int status, const HttpCall& call, Language language,
                         std::string_view title, const HtmlWriter& content);
// A fault's headline, what is wrong, and its reason; `method` is for the server's log.
void WriteFault(HtmlWriter& html, Language language, const absl::Status& told);
// Retry-After, where the error says when; AnswerFault does it itself.
void SayWhenToRetry(const absl::Status& told, HttpResponse* page);

// Opens a form that posts, with its token; until Close.
HtmlWriter& OpenPost(HtmlWriter& html, const BureauRequest& request, std::string_view path);
HtmlWriter& Hidden(HtmlWriter& html, std::string_view name, std::string_view value);
// Opens a form of search that leads to `path` with what is typed; until Close.
HtmlWriter& OpenSearch(HtmlWriter& html, const BureauRequest& request, std::string_view path);
// A label and its field. `type` is text, date or password.
struct TextField {
  std::string_view name;
  Words label;
  std::string_view type = "text";
  std::string value;
  bool is_required = false;
  std::string_view autocomplete = "off";
};
HtmlWriter& WriteField(HtmlWriter& html, const BureauRequest& request, const TextField& field);
struct Choice {
  std::string_view value;
  Words words;
};
HtmlWriter& WriteChoices(HtmlWriter& html, const BureauRequest& request, std::string_view name,
                         const Words& label, const std::vector<Choice>& choices,
                         std::string_view chosen);

struct Fact {
  Words name;
  std::string value;  // left out when empty
  std::optional<HtmlUrl> url;
};
HtmlWriter& WriteFacts(HtmlWriter& html, Language language, const std::vector<Fact>& facts);

struct TableCell {
  std::string text;
  std::optional<HtmlUrl> url;
};
struct PageTable {
  std::string caption;
  struct Column {
    Words heading;
    bool is_number = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<TableCell>> rows;
  Words when_empty = {"没有。", "None."};
  // What stands above it says the same: the caption is for those who do not see that.
  bool hides_caption = false;
};
HtmlWriter& WriteTable(HtmlWriter& html, Language language, const PageTable& table);

// A link to the next page of a list; nothing for an empty token.
HtmlWriter& WriteNext(HtmlWriter& html, const BureauRequest& request, HtmlUrl url,
                      std::string_view token);

// Where a registrant's page, and a code's, is.
HtmlUrl RegistrantUrl(const BureauRequest& request, std::string_view name);
HtmlUrl CodeUrl(const BureauRequest& request, std::string_view identifier);

}  // namespace gusu::server
