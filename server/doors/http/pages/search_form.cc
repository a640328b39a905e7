#include "server/doors/http/pages/search_form.h"

namespace gusu::server {
namespace {

// Hidden until assets/scan.js finds a camera and a reader of codes.
void WriteScan(const Reader& reader, HtmlWriter& html) {
  const HtmlElement box(
      html, "div",
      {{"class", "scan"},
       {"hidden", ""},
       {"data-start", reader.In({"扫码", "Scan a code"})},
       {"data-stop", reader.In({"停止扫码", "Stop scanning"})},
       {"data-starting", reader.In({"正在打开摄像头……", "Opening the camera…"})},
       {"data-looking",
        reader.In({"请将二维码或条码对准摄像头", "Hold the code before the camera"})},
       {"data-refused", reader.In({"无法使用摄像头，请输入或粘贴编码",
                                   "The camera cannot be used; type or paste the code"})}});
  html.Element("button", reader.In({"扫码", "Scan a code"}),
               {{"type", "button"}, {"class", "second"}});
  html.Open("video", {{"hidden", ""}, {"playsinline", ""}, {"muted", ""}}).Close();
  html.Open("p", {{"role", "status"}, {"class", "quiet"}}).Close();
}

}  // namespace

void WriteSearchForm(const Reader& reader, std::string_view text, HtmlWriter& html) {
  html.OpenForm(HtmlWriter::FormMethod::kGet, HtmlUrl::OfPath("/"),
                {{"class", "search"}, {"role", "search"}});
  html.Open("div", {{"class", "grow"}});
  html.Element("label", reader.In({"标识编码", "Code"}), {{"for", "q"}});
  html.Open("input", {{"id", "q"},
                      {"name", "q"},
                      {"type", "text"},
                      {"required", ""},
                      {"maxlength", "4096"},
                      {"value", text},
                      {"placeholder", "88.118.8/HP-1"},
                      {"autocomplete", "off"},
                      {"autocapitalize", "off"},
                      {"spellcheck", "false"}});
  html.Close();
  if (reader.chose_language) {
    html.Open(
        "input",
        {{"type", "hidden"}, {"name", "lang"}, {"value", LanguageParameter(reader.language)}});
  }
  html.Element("button", reader.In({"查询", "Look up"}), {{"type", "submit"}});
  WriteScan(reader, html);
  html.Close().Text("\n");
}

}  // namespace gusu::server
