// A label in the words of those who ask for it, on a command line or behind a "?", and what then
// stands on it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/label/label.h"
#include "proto/label_payload.h"

namespace gusu {

// Each fails with kInvalidArgument / FIELD_INVALID, naming the field and the value.
absl::StatusOr<LabelSymbol> ParseLabelSymbol(std::string_view text);    // qr
absl::StatusOr<LabelPayload> ParseLabelPayload(std::string_view text);  // url
absl::StatusOr<LabelSize> ParseLabelSize(std::string_view text);        // 30x15mm
// `field` is for the error. 0.33mm; the unit may be left out.
absl::StatusOr<double> ParseMillimetres(std::string_view field, std::string_view text);
absl::StatusOr<int> ParseDpi(std::string_view text);  // 203
// Lines of text: `code`, `gs1` (the GS1 key as people read it), and types of values. At most
// kLabelLinesMax, each once; `code` is put first when it is not among them.
inline constexpr size_t kLabelLinesMax = 6;
absl::StatusOr<std::vector<std::string>> ParseLabelText(std::string_view comma_separated);

struct LabelRequest {
  LabelOptions options;
  LabelPayload payload = LabelPayload::kUrl;
  std::vector<std::string> text = {"code"};
};

// `symbol`, `payload` and `text` may be empty: qr; gs1 for gs1-datamatrix, else url; code, and with
// a GS1 payload the GS1 key. FIELD_INVALID as above, and for gs1-datamatrix with another payload.
absl::StatusOr<LabelRequest> MakeLabelRequest(std::string_view symbol, std::string_view payload,
                                              std::string_view text);

// What the registry says of a code.
struct LabelSubject {
  std::string identifier;  // as registered
  Gs1Level level = Gs1Level::kItem;
  // Types and contents, own values before inherited ones.
  std::vector<std::pair<std::string, std::string>> values;
  // Of the first value of that type; empty when there is none.
  std::string ValueOf(std::string_view type) const;
};

// The types of values that a label so asked for needs.
std::vector<std::string> TypesNeeded(const LabelRequest& request);

// Lines without a value are left out; code and GS1 key stand first, and whole. Errors as of
// PublicUrlOf and Gs1ElementString, each with the `identifier`; IDENTIFIER_MALFORMED.
absl::StatusOr<LabelContent> MakeLabelContent(const LabelRequest& request,
                                              const LabelSubject& subject,
                                              std::string_view public_url);

}  // namespace gusu
