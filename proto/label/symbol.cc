#include "proto/label/symbol.h"

#include <zint.h>

#include <algorithm>
#include <memory>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kQuietModulesOfQr = 4;          // ISO/IEC 18004, 9.1
constexpr size_t kQuietModulesOfDataMatrix = 2;  // ISO/IEC 16022 asks for 1
constexpr int kErrorCorrectionM = 2;
constexpr int kEciUtf8 = 26;

struct DeleteSymbol {
  void operator()(zint_symbol* symbol) const { ZBarcode_Delete(symbol); }
};

SymbolModules ToModules(const zint_symbol& symbol, size_t quiet_modules) {
  SymbolModules modules;
  modules.side = static_cast<size_t>(symbol.rows);
  modules.quiet_modules = quiet_modules;
  modules.dark.reserve(modules.side * modules.side);
  for (size_t row = 0; row < modules.side; ++row) {
    for (size_t column = 0; column < modules.side; ++column) {
      modules.dark.push_back((symbol.encoded_data[row][column / 8] >> (column % 8) & 1) != 0);
    }
  }
  return modules;
}

absl::Status Refused(const LabelContent& content, int code, const char* text) {
  const std::string_view what = text;
  const ErrorMetadata metadata = {{"payload", Quote(content.payload)},
                                  {"octets", std::to_string(content.payload.size())}};
  if (content.is_gs1 && code != ZINT_ERROR_TOO_LONG) {
    return Error(absl::StatusCode::kInvalidArgument, "GS1_DATA_INVALID",
                 Concat("\"", Quote(content.payload), "\" is no GS1 element string: ", what),
                 metadata);
  }
  if (code != ZINT_ERROR_TOO_LONG) {
    return absl::InternalError(Concat("\"", Quote(content.payload), "\" has no symbol: ", what));
  }
  return Error(absl::StatusCode::kInvalidArgument, "LABEL_PAYLOAD_TOO_LONG",
               Concat("\"", Quote(content.payload), "\" of ", content.payload.size(),
                      " octets fits no symbol of that kind"),
               metadata);
}

}  // namespace

absl::StatusOr<SymbolModules> EncodeSymbol(const LabelContent& content, LabelSymbol symbol) {
  const std::unique_ptr<zint_symbol, DeleteSymbol> zint(ZBarcode_Create());
  const bool is_qr = symbol == LabelSymbol::kQr;
  zint->symbology = is_qr ? BARCODE_QRCODE : BARCODE_DATAMATRIX;
  if (is_qr) {
    zint->option_1 = kErrorCorrectionM;
  } else {
    zint->option_3 = DM_SQUARE;
  }
  zint->input_mode = content.is_gs1 ? GS1_MODE : UNICODE_MODE;
  const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) > 0x7F; };
  if (std::any_of(content.payload.begin(), content.payload.end(), is_beyond_ascii)) {
    zint->eci = kEciUtf8;
  }
  const int code =
      ZBarcode_Encode(zint.get(), reinterpret_cast<const unsigned char*>(content.payload.data()),
                      static_cast<int>(content.payload.size()));
  if (code >= ZINT_ERROR) return Refused(content, code, zint->errtxt);
  return ToModules(*zint, is_qr ? kQuietModulesOfQr : kQuietModulesOfDataMatrix);
}

}  // namespace gusu
