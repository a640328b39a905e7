// What symbols hold.
#include "proto/label_payload.h"

#include <catch2/catch.hpp>

#include "proto/error.h"

namespace gusu {
namespace {

std::string UrlOf(std::string_view public_url, std::string_view identifier) {
  const absl::StatusOr<std::string> url = PublicUrlOf(public_url, *Identifier::Parse(identifier));
  return url.ok() ? *url : ErrorReason(url.status()) + ": " + std::string(url.status().message());
}

std::string KeyOf(const Gs1Values& values, Gs1Level level) {
  const absl::StatusOr<std::string> key = Gs1ElementString(values, level);
  if (key.ok()) return *key;
  return ErrorReason(key.status()) + " " + ErrorMetadataValue(key.status(), "attribute") + ": " +
         std::string(key.status().message());
}

TEST_CASE("the address of a code is the public URL and the identifier, percent-encoded") {
  CHECK(UrlOf("https://id.example", "88.118.8/HP-123-0042") ==
        "https://id.example/88.118.8/HP-123-0042");
  CHECK(UrlOf("https://id.example/", "88.118.8/a~b_c.d-e") ==
        "https://id.example/88.118.8/a~b_c.d-e");
  CHECK(UrlOf("http://10.0.0.7:7480/codes//", "88.118.8/A/B") ==
        "http://10.0.0.7:7480/codes/88.118.8/A%2FB");
  CHECK(UrlOf("https://id.example", "88.118.8/A?B#C%D E+F:G") ==
        "https://id.example/88.118.8/A%3FB%23C%25D%20E%2BF%3AG");
  CHECK(UrlOf("https://id.example", "88.118.8/泵") == "https://id.example/88.118.8/%E6%B3%B5");
}

TEST_CASE("a suffix of dots is not taken for a step in the path") {
  CHECK(UrlOf("https://id.example", "88.118.8/.") == "https://id.example/88.118.8%2F.");
  CHECK(UrlOf("https://id.example", "88.118.8/..") == "https://id.example/88.118.8%2F..");
  CHECK(UrlOf("https://id.example", "88.118.8/...") == "https://id.example/88.118.8/...");
  CHECK(UrlOf("https://id.example", "88.118.8/A/../B") == "https://id.example/88.118.8/A%2F..%2FB");
}

TEST_CASE("without a public URL there is no address, and one that is none is refused") {
  CHECK(UrlOf("", "88.118.8/A") ==
        "PUBLIC_URL_MISSING: this registry has no public URL, to which the codes on labels lead: "
        "it is given at a registry's first start (gusud --public-url)");
  CHECK(UrlOf("id.example", "88.118.8/A") ==
        "FIELD_INVALID: public URL \"id.example\" does not begin with https:// or http://");
  CHECK(UrlOf("https://", "88.118.8/A") == "FIELD_INVALID: public URL \"https://\" has no host");
  CHECK(UrlOf("https:///x", "88.118.8/A") ==
        "FIELD_INVALID: public URL \"https:///x\" has no host");
  for (const char* url : {"https://id.example/?q=", "https://id.example/#", "https://id example",
                          "https://标识.example", "https://id.example/<x>"}) {
    CAPTURE(url);
    CHECK(UrlOf(url, "88.118.8/A").substr(0, 13) == "FIELD_INVALID");
  }
}

TEST_CASE("a GS1 key has the identifiers of its level") {
  const Gs1Values values = {"9506000134352", "L-2026/11", "SN 42"};
  CHECK(KeyOf(values, Gs1Level::kModel) == "[01]09506000134352");
  CHECK(KeyOf(values, Gs1Level::kBatch) == "[01]09506000134352[10]L-2026/11");
  CHECK(KeyOf({"9506000134352", "", "42"}, Gs1Level::kItem) == "[01]09506000134352[21]42");
  CHECK(KeyOf({"96385074", "", "42"}, Gs1Level::kItem) == "[01]00000096385074[21]42");
  CHECK(KeyOf({"614141007349", "", ""}, Gs1Level::kModel) == "[01]00614141007349");
  CHECK(KeyOf({"19506000134359", "", ""}, Gs1Level::kModel) == "[01]19506000134359");
}

TEST_CASE("what a GS1 key lacks, and what cannot stand in one, is named") {
  CHECK(KeyOf({"", "B", "S"}, Gs1Level::kItem) ==
        "GS1_DATA_MISSING gtin: the GS1 key of an item needs the attribute gtin");
  CHECK(KeyOf({"9506000134352", "B", ""}, Gs1Level::kItem) ==
        "GS1_DATA_MISSING serial: the GS1 key of an item needs the attribute serial");
  CHECK(KeyOf({"9506000134352", "", "S"}, Gs1Level::kBatch) ==
        "GS1_DATA_MISSING batch: the GS1 key of a batch needs the attribute batch");
  CHECK(KeyOf({"9506000134353", "", ""}, Gs1Level::kModel) ==
        "GS1_DATA_INVALID gtin: gtin \"9506000134353\" does not end in its check digit");
  CHECK(KeyOf({"950600013435", "", ""}, Gs1Level::kModel) ==
        "GS1_DATA_INVALID gtin: gtin \"950600013435\" does not end in its check digit");
  CHECK(KeyOf({"950600013", "", ""}, Gs1Level::kModel) ==
        "GS1_DATA_INVALID gtin: gtin \"950600013\" is not 8, 12, 13 or 14 digits");
  CHECK(KeyOf({"9506000134352X", "", ""}, Gs1Level::kModel) ==
        "GS1_DATA_INVALID gtin: gtin \"9506000134352X\" is not 8, 12, 13 or 14 digits");
  CHECK(KeyOf({"9506000134352", "", "SN 42"}, Gs1Level::kItem) ==
        "GS1_DATA_INVALID serial: serial \"SN 42\" has a character that GS1 does not know, at 3");
  CHECK(KeyOf({"9506000134352", "", "[21]"}, Gs1Level::kItem) ==
        "GS1_DATA_INVALID serial: serial \"[21]\" has a character that GS1 does not know, at 1");
  CHECK(KeyOf({"9506000134352", "123456789012345678901", ""}, Gs1Level::kBatch) ==
        "GS1_DATA_INVALID batch: batch \"123456789012345678901\" has 21 characters, more than 20");
}

}  // namespace
}  // namespace gusu
