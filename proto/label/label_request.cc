#include "proto/label/label_request.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_split.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr size_t kTypeBytesMax = 64;
constexpr size_t kLineCharactersMax = 100;
constexpr double kMillimetresMax = 100'000;

absl::Status Invalid(std::string_view field, std::string_view value, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat(field, " \"", Quote(value), "\" is not ", what),
               {{"field", std::string(field)}, {"value", Quote(value)}});
}

bool TakeUnit(std::string_view* text) {
  if (text->size() < 2 || text->substr(text->size() - 2) != "mm") return false;
  text->remove_suffix(2);
  return true;
}

// Digits, and perhaps a point and three more.
bool ParseDecimal(std::string_view text, double* number) {
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!plain || text.empty() || text.front() == '.' || text.back() == '.') return false;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() &&
         *number < kMillimetresMax;
}

// One line: what breaks lines and what does not show is a space.
std::string ToLine(std::string_view text) {
  std::string line;
  for (size_t characters = 0; !text.empty() && characters < kLineCharactersMax; ++characters) {
    const std::string_view before = text;
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character) return line;
    if (IsControl(*character) || IsInvisible(*character)) {
      line += ' ';
    } else {
      line.append(before.substr(0, before.size() - text.size()));
    }
  }
  if (!text.empty()) line += "…";
  return line;
}

// (01)09506000134352(21)12 of [01]09506000134352[21]12.
std::string ToReadable(std::string element_string) {
  std::replace(element_string.begin(), element_string.end(), '[', '(');
  std::replace(element_string.begin(), element_string.end(), ']', ')');
  return element_string;
}

absl::Status ForIdentifier(const absl::Status& status, const std::string& identifier) {
  ErrorMetadata metadata = {{"identifier", Quote(identifier)}};
  for (const char* key : {"attribute", "value", "field"}) {
    const std::string value = ErrorMetadataValue(status, key);
    if (!value.empty()) metadata.emplace_back(key, value);
  }
  return Error(status.code(), ErrorReason(status),
               Concat(Quote(identifier), ": ", StdView(status.message())), std::move(metadata));
}

absl::StatusOr<std::string> PayloadOf(const LabelRequest& request, const LabelSubject& subject,
                                      std::string_view public_url) {
  GUSU_ASSIGN_OR_RETURN(const Identifier id, Identifier::Parse(subject.identifier));
  switch (request.payload) {
    case LabelPayload::kUrl:
      return PublicUrlOf(public_url, id);
    case LabelPayload::kHandle:
      return id.written();
    case LabelPayload::kGs1:
      break;
  }
  const auto key = Gs1ElementString(
      {subject.ValueOf("gtin"), subject.ValueOf("batch"), subject.ValueOf("serial")},
      subject.level);
  if (!key.ok()) return ForIdentifier(key.status(), subject.identifier);
  return key;
}

}  // namespace

absl::StatusOr<LabelSymbol> ParseLabelSymbol(std::string_view text) {
  if (text == "qr") return LabelSymbol::kQr;
  if (text == "datamatrix") return LabelSymbol::kDataMatrix;
  if (text == "gs1-datamatrix") return LabelSymbol::kGs1DataMatrix;
  return Invalid("symbol", text, "qr, datamatrix or gs1-datamatrix");
}

absl::StatusOr<LabelPayload> ParseLabelPayload(std::string_view text) {
  if (text == "url") return LabelPayload::kUrl;
  if (text == "handle") return LabelPayload::kHandle;
  if (text == "gs1") return LabelPayload::kGs1;
  return Invalid("payload", text, "url, handle or gs1");
}

absl::StatusOr<double> ParseMillimetres(std::string_view field, std::string_view text) {
  std::string_view rest = text;
  TakeUnit(&rest);
  double mm = 0;
  if (ParseDecimal(rest, &mm)) return mm;
  return Invalid(field, text, "a length, for example 0.33mm");
}

absl::StatusOr<LabelSize> ParseLabelSize(std::string_view text) {
  std::string_view rest = text;
  TakeUnit(&rest);
  const size_t times = rest.find('x');
  LabelSize size;
  if (times == std::string_view::npos || !ParseDecimal(rest.substr(0, times), &size.width_mm) ||
      !ParseDecimal(rest.substr(times + 1), &size.height_mm)) {
    return Invalid("size", text, "a width and a height, for example 30x15mm");
  }
  return size;
}

absl::StatusOr<int> ParseDpi(std::string_view text) {
  int dpi = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), dpi);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      dpi < LabelOptions::kDpiMin || dpi > LabelOptions::kDpiMax) {
    return Invalid(
        "dpi", text,
        Concat("a number between ", LabelOptions::kDpiMin, " and ", LabelOptions::kDpiMax));
  }
  return dpi;
}

absl::StatusOr<std::vector<std::string>> ParseLabelText(std::string_view comma_separated) {
  std::vector<std::string> names = absl::StrSplit(AbslView(comma_separated), ',');
  for (const std::string& name : names) {
    if (name.empty() || name.size() > kTypeBytesMax || !IsUtf8(name) ||
        std::count(names.begin(), names.end(), name) > 1) {
      return Invalid("text", comma_separated,
                     "a list of different names, for example code,name,serial");
    }
  }
  if (std::find(names.begin(), names.end(), "code") == names.end()) {
    names.insert(names.begin(), "code");
  }
  if (names.size() > kLabelLinesMax) {
    return Invalid("text", comma_separated,
                   Concat("at most ", kLabelLinesMax, " lines, with code"));
  }
  return names;
}

absl::StatusOr<LabelRequest> MakeLabelRequest(std::string_view symbol, std::string_view payload,
                                              std::string_view text) {
  LabelRequest request;
  if (!symbol.empty()) {
    GUSU_ASSIGN_OR_RETURN(request.options.symbol, ParseLabelSymbol(symbol));
  }
  const bool is_gs1_symbol = request.options.symbol == LabelSymbol::kGs1DataMatrix;
  if (is_gs1_symbol) request.payload = LabelPayload::kGs1;
  if (!payload.empty()) {
    GUSU_ASSIGN_OR_RETURN(request.payload, ParseLabelPayload(payload));
  }
  const bool is_gs1 = request.payload == LabelPayload::kGs1;
  if (is_gs1_symbol && !is_gs1) {
    return Invalid("payload", payload, "gs1, which is all that gs1-datamatrix holds");
  }
  if (!text.empty()) {
    GUSU_ASSIGN_OR_RETURN(request.text, ParseLabelText(text));
  } else if (is_gs1) {
    request.text = {"code", "gs1"};
  }
  return request;
}

std::string LabelSubject::ValueOf(std::string_view type) const {
  for (const auto& [name, data] : values) {
    if (name == type) return data;
  }
  return "";
}

std::vector<std::string> TypesNeeded(const LabelRequest& request) {
  std::vector<std::string> types;
  for (const std::string& name : request.text) {
    if (name != "code" && name != "gs1") types.push_back(name);
  }
  const bool shows_key =
      std::find(request.text.begin(), request.text.end(), "gs1") != request.text.end();
  if (shows_key || request.payload == LabelPayload::kGs1) {
    for (const char* type : {"gtin", "batch", "serial"}) types.emplace_back(type);
  }
  return types;
}

absl::StatusOr<LabelContent> MakeLabelContent(const LabelRequest& request,
                                              const LabelSubject& subject,
                                              std::string_view public_url) {
  LabelContent content;
  content.is_gs1 = request.payload == LabelPayload::kGs1;
  GUSU_ASSIGN_OR_RETURN(content.payload, PayloadOf(request, subject, public_url));
  // The code stands first, whole, and as it is registered.
  content.lines.push_back(subject.identifier);
  for (const std::string& name : request.text) {
    if (name == "code") continue;
    if (name == "gs1") {
      LabelRequest of_key = request;
      of_key.payload = LabelPayload::kGs1;
      GUSU_ASSIGN_OR_RETURN(std::string key, PayloadOf(of_key, subject, public_url));
      // Behind the code, and whole like it: half a key is none.
      content.lines.insert(content.lines.begin() + 1, ToReadable(std::move(key)));
      ++content.whole_lines_count;
      continue;
    }
    std::string line = ToLine(subject.ValueOf(name));
    if (!line.empty()) content.lines.push_back(std::move(line));
  }
  return content;
}

}  // namespace gusu
