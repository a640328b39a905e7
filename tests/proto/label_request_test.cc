// Labels in the words of those who ask for them.
#include "proto/label/label_request.h"

#include <catch2/catch.hpp>

#include "proto/error.h"
#include "proto/utf8.h"
#include "tests/random.h"

namespace gusu {
namespace {

std::string Told(const absl::Status& status) {
  return ErrorReason(status) + ": " + std::string(status.message());
}

template <typename T>
std::string FaultOf(const absl::StatusOr<T>& parsed) {
  return parsed.ok() ? "fine" : Told(parsed.status());
}

std::string SizeOf(std::string_view text) {
  const absl::StatusOr<LabelSize> size = ParseLabelSize(text);
  return size.ok() ? ToText(*size) : Told(size.status());
}

TEST_CASE("sizes and lengths are millimetres, with their unit or without") {
  CHECK(SizeOf("30x15mm") == "30x15mm");
  CHECK(SizeOf("30x15") == "30x15mm");
  CHECK(SizeOf("30.5x15.25mm") == "30.5x15.25mm");
  CHECK(*ParseMillimetres("module", "0.33mm") == Approx(0.33));
  CHECK(*ParseMillimetres("module", "1") == Approx(1));
  for (const char* text : {"", "30", "x", "30x", "x15", "30x15cm", "30 x 15mm", "-30x15", "3e1x15",
                           "30x15x2", "30,5x15", "nanx15", "30xmm", "1000000x1", ".5x1", "5.x1",
                           "30X15", "0x1Fx3", "３０x１５"}) {
    CAPTURE(text);
    CHECK(FaultOf(ParseLabelSize(text)) == "FIELD_INVALID: size \"" + std::string(text) +
                                               "\" is not a width and a height, for example "
                                               "30x15mm");
  }
  CHECK(FaultOf(ParseMillimetres("module", "0.33in")) ==
        "FIELD_INVALID: module \"0.33in\" is not a length, for example 0.33mm");
  CHECK(FaultOf(ParseDpi("99")) ==
        "FIELD_INVALID: dpi \"99\" is not a number between 100 and 1200");
  CHECK(FaultOf(ParseDpi("203dpi")).substr(0, 13) == "FIELD_INVALID");
  CHECK(*ParseDpi("203") == 203);
}

TEST_CASE("the code is on every label, and each line once") {
  using Names = std::vector<std::string>;
  CHECK(*ParseLabelText("code") == Names{"code"});
  CHECK(*ParseLabelText("name,serial") == Names{"code", "name", "serial"});
  CHECK(*ParseLabelText("name,code") == Names{"name", "code"});
  for (const char* text : {"", "code,", ",", "name,name", "a,b,c,d,e,f", "\xFF"}) {
    CAPTURE(text);
    CHECK(FaultOf(ParseLabelText(text)).substr(0, 19) == "FIELD_INVALID: text");
  }
}

TEST_CASE("symbols and payloads go together") {
  CHECK(MakeLabelRequest("", "", "")->payload == LabelPayload::kUrl);
  CHECK(MakeLabelRequest("", "", "")->options.symbol == LabelSymbol::kQr);
  CHECK(MakeLabelRequest("gs1-datamatrix", "", "")->payload == LabelPayload::kGs1);
  CHECK(MakeLabelRequest("gs1-datamatrix", "", "")->text ==
        std::vector<std::string>{"code", "gs1"});
  CHECK(MakeLabelRequest("qr", "gs1", "code")->text == std::vector<std::string>{"code"});
  CHECK(FaultOf(MakeLabelRequest("gs1-datamatrix", "url", "")) ==
        "FIELD_INVALID: payload \"url\" is not gs1, which is all that gs1-datamatrix holds");
  CHECK(FaultOf(MakeLabelRequest("QR", "", "")) ==
        "FIELD_INVALID: symbol \"QR\" is not qr, datamatrix or gs1-datamatrix");
  CHECK(FaultOf(MakeLabelRequest("", "uri", "")) ==
        "FIELD_INVALID: payload \"uri\" is not url, handle or gs1");
}

LabelSubject Pump() {
  return {"88.118.8/HP-1",
          Gs1Level::kItem,
          {{"name", "泵\u202E\n1"},
           {"name", "inherited"},
           {"gtin", "9506000134352"},
           {"serial", "42"},
           {"note", "\xFF"}}};
}

using Lines = std::vector<std::string>;

TEST_CASE("lines are the code and the record's own values, those without one are left out") {
  const auto request = MakeLabelRequest("qr", "handle", "name,brand,note");
  const auto content = MakeLabelContent(*request, Pump(), "");
  REQUIRE(content.ok());
  CHECK(content->payload == "88.118.8/HP-1");
  CHECK_FALSE(content->is_gs1);
  // What turns or breaks text is a space; what is not UTF-8 is no text.
  CHECK(content->lines == Lines{"88.118.8/HP-1", "泵  1"});
  CHECK(TypesNeeded(*request) == Lines{"name", "brand", "note"});
}

TEST_CASE("a GS1 key stands on the label as people read it") {
  const auto request = MakeLabelRequest("gs1-datamatrix", "", "");
  const auto content = MakeLabelContent(*request, Pump(), "");
  REQUIRE(content.ok());
  CHECK(content->payload == "[01]09506000134352[21]42");
  CHECK(content->is_gs1);
  CHECK(content->lines == Lines{"88.118.8/HP-1", "(01)09506000134352(21)42"});
  CHECK(content->whole_lines_count == 2);
  const auto with_name =
      MakeLabelContent(*MakeLabelRequest("gs1-datamatrix", "", "name,gs1"), Pump(), "");
  CHECK(with_name->lines == Lines{"88.118.8/HP-1", "(01)09506000134352(21)42", "泵  1"});
  CHECK(TypesNeeded(*request) == Lines{"gtin", "batch", "serial"});
  LabelSubject batch = Pump();
  batch.level = Gs1Level::kBatch;
  CHECK(FaultOf(MakeLabelContent(*request, batch, "")) ==
        "GS1_DATA_MISSING: 88.118.8/HP-1: the GS1 key of a batch needs the attribute batch");
}

TEST_CASE("an address needs a public URL, and an identifier that is one") {
  const auto request = MakeLabelRequest("", "", "");
  CHECK(MakeLabelContent(*request, Pump(), "https://id.example")->payload ==
        "https://id.example/88.118.8/HP-1");
  CHECK(FaultOf(MakeLabelContent(*request, Pump(), "")).substr(0, 18) == "PUBLIC_URL_MISSING");
  CHECK(FaultOf(MakeLabelContent(*request, {"nothing", Gs1Level::kItem, {}}, "https://id.example"))
            .substr(0, 20) == "IDENTIFIER_MALFORMED");
}

TEST_CASE("whatever a value holds, a line is text that shows") {
  test::Random random("label lines");
  const auto request = MakeLabelRequest("", "handle", "name");
  for (int i = 0; i < 2000; ++i) {
    LabelSubject subject = Pump();
    std::string name = random.Bytes(random.Below(40));
    for (size_t parts = random.Below(4); parts > 0; --parts) {
      const char* known[] = {"泵", "\u202E", "\n", "\U0001F600", "a", "\u2028"};
      name.insert(random.Below(name.size() + 1), known[random.Below(std::size(known))]);
    }
    subject.values = {{"name", name}};
    const auto content = MakeLabelContent(*request, subject, "");
    CAPTURE(random.seed(), i);
    REQUIRE(content.ok());
    for (const std::string& line : content->lines) {
      REQUIRE(IsUtf8(line));
      for (std::string_view rest = line; !rest.empty();) {
        const char32_t character = *TakeCharacter(rest);
        REQUIRE_FALSE((IsControl(character) || IsInvisible(character)));
      }
    }
  }
}

TEST_CASE("a value longer than a line of text is cut") {
  LabelSubject subject = Pump();
  subject.values = {{"name", std::string(70'000, 'x')}};
  const auto content = MakeLabelContent(*MakeLabelRequest("", "handle", "name"), subject, "");
  CHECK(content->lines.at(1) == std::string(100, 'x') + "…");
}

}  // namespace
}  // namespace gusu
