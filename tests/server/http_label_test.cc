// /<identifier>?label=: the label of a code as a picture.
#include <catch2/catch.hpp>

#include "proto/label/label_request.h"
#include "proto/label/svg.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

// "400 FIELD_INVALID field size": a refusal in short.
std::string FaultOf(const HttpResponse& response) {
  CHECK(response.Header("Content-Type") == "application/json");
  const auto value_of = [&](const std::string& key) -> std::string {
    const std::string quoted = "\"" + key + "\": \"";
    const size_t begin = response.body.find(quoted);
    if (begin == std::string::npos) return "";
    const size_t from = begin + quoted.size();
    return response.body.substr(from, response.body.find('"', from) - from);
  };
  std::string fault = std::to_string(response.status) + " " + value_of("reason");
  if (!value_of("field").empty()) fault += " field " + value_of("field");
  if (!value_of("least_size").empty()) fault += " has a least size";
  return fault;
}

// What the library makes of that label.
std::string SvgOf(const std::string& payload, const std::vector<std::string>& lines,
                  const std::optional<LabelSize>& size) {
  LabelOptions options;
  options.size = size;
  const absl::StatusOr<Label> label = LayOutLabel({payload, false, lines}, options, 0);
  REQUIRE(label.ok());
  return ToSvg(*label);
}

TEST_CASE("a code's label is a picture of its address, and of the code") {
  HttpWorld world;
  const HttpResponse svg = world.Get("/88.118.8/HP-1?label=svg");
  CHECK(svg.status == 200);
  CHECK(svg.Header("Content-Type") == "image/svg+xml");
  CHECK(svg.body == SvgOf("https://id.example/88.118.8/HP-1", {"88.118.8/HP-1"}, std::nullopt));
  const HttpResponse sized =
      world.Get("/88.118.8/HP-1?label=svg&size=40x20mm&text=code,NAME,PRICE&payload=handle");
  // Without the price, which is not everybody's.
  CHECK(sized.body == SvgOf("88.118.8/HP-1", {"88.118.8/HP-1", "离心泵 HP-1"}, LabelSize{40, 20}));
  const HttpResponse other = world.Get("/88.118.8/LOT%2FA%2B1%3A2?label=svg");
  CHECK(other.body ==
        SvgOf("https://id.example/88.118.8/LOT%2FA%2B1%3A2", {"88.118.8/LOT/A+1:2"}, std::nullopt));
}

TEST_CASE("a label in another case of letters shows the code as registered") {
  HttpWorld world;
  CHECK(world.Get("/88.118.8/hp-1?label=svg").body == world.Get("/88.118.8/HP-1?label=svg").body);
}

TEST_CASE("a PNG is made of dots") {
  HttpWorld world;
  const HttpResponse png = world.Get("/88.118.8/HP-1?label=png&symbol=datamatrix&dpi=203");
  CHECK(png.status == 200);
  CHECK(png.Header("Content-Type") == "image/png");
  CHECK(png.body.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  CHECK(png.body != world.Get("/88.118.8/HP-1?label=png&symbol=datamatrix").body);
}

TEST_CASE(
    "pictures are for whatever a browser's image element accepts, and asked for again cheaply") {
  HttpWorld world;
  const HttpResponse first =
      world.Get("/88.118.8/HP-1?label=svg", {{"Accept", "image/avif,image/*"}});
  CHECK(first.status == 200);
  const std::string etag(first.Header("ETag"));
  REQUIRE_FALSE(etag.empty());
  CHECK(world.Get("/88.118.8/HP-1?label=svg", {{"If-None-Match", etag}}).status == 304);
  CHECK(world.Get("/88.118.8/HP-1?label=svg&module=0.5", {{"If-None-Match", etag}}).status == 200);
}

TEST_CASE("the rights of who asks count for what stands on a label") {
  HttpWorld world;
  const std::string target = "/88.118.8/HP-1?label=svg&size=40x20mm&text=code,COST";
  const HttpResponse own = world.Get(target, {HttpWorld::Bearer(HttpWorld::kPumpsAdmin)});
  CHECK(own.body ==
        SvgOf("https://id.example/88.118.8/HP-1", {"88.118.8/HP-1", "700"}, LabelSize{40, 20}));
  CHECK(own.Header("Cache-Control") == "private, no-cache");
  CHECK(world.Get(target).body != own.body);
  CHECK(FaultOf(world.Get(target, {HttpWorld::Bearer("gusu_wrong")})) == "401 CREDENTIAL_INVALID");
}

TEST_CASE("codes that nobody issued have no label") {
  HttpWorld world;
  CHECK(FaultOf(world.Get("/88.118.8/NEVER?label=svg")) == "404 IDENTIFIER_NOT_FOUND");
  CHECK(FaultOf(world.Get("/77.1/X?label=png")) == "404 PREFIX_NOT_FOUND");
  CHECK(FaultOf(world.Get("/nothing?label=svg")) == "400 IDENTIFIER_MALFORMED");
}

TEST_CASE("a registry without a public URL says so, and has labels of other payloads") {
  HttpWorld world({"", {}});
  CHECK(FaultOf(world.Get("/88.118.8/HP-1?label=svg")) == "400 PUBLIC_URL_MISSING");
  CHECK(world.Get("/88.118.8/HP-1?label=svg&payload=handle").status == 200);
}

TEST_CASE("wrong parameters are named") {
  HttpWorld world;
  const auto fault_of = [&world](const std::string& query) {
    return FaultOf(world.Get("/88.118.8/HP-1?" + query));
  };
  CHECK(fault_of("label=") == "400 FIELD_INVALID field label");
  CHECK(fault_of("label=gif") == "400 FIELD_INVALID field label");
  CHECK(fault_of("label=svg&label=png") == "400 FIELD_INVALID field label");
  CHECK(fault_of("label=svg&symbol=aztec") == "400 FIELD_INVALID field symbol");
  CHECK(fault_of("label=svg&symbol=qr&symbol=qr") == "400 FIELD_INVALID field symbol");
  CHECK(fault_of("label=svg&size=1000000x1000000mm") == "400 FIELD_INVALID field size");
  CHECK(fault_of("label=svg&size=400x400mm") == "400 FIELD_INVALID field size");
  CHECK(fault_of("label=svg&size=%3Cscript%3E") == "400 FIELD_INVALID field size");
  CHECK(fault_of("label=svg&size=5x5mm") == "400 LABEL_TOO_SMALL has a least size");
  CHECK(fault_of("label=png&size=300x300mm&dpi=1200") == "400 LABEL_TOO_LARGE");
  CHECK(fault_of("label=svg&module=1e9") == "400 FIELD_INVALID field module");
  CHECK(fault_of("label=svg&module=6mm") == "400 FIELD_INVALID field module");
  CHECK(fault_of("label=svg&text=a,b,c,d,e,f,g") == "400 FIELD_INVALID field text");
  CHECK(fault_of("label=svg&payload=x") == "400 FIELD_INVALID field payload");
  CHECK(fault_of("label=svg&dpi=300") == "400 FIELD_INVALID field dpi");
  CHECK(fault_of("label=png&dpi=2400") == "400 FIELD_INVALID field dpi");
  CHECK(fault_of("label=svg&symbol=gs1-datamatrix&payload=url") ==
        "400 FIELD_INVALID field payload");
  CHECK(fault_of("label=svg&symbol=gs1-datamatrix") == "400 GS1_DATA_MISSING");
}

TEST_CASE("labels cost more than reading a code, and are limited") {
  HttpWorld::Options options;
  options.limits.loopback_resolutions = {0.001, 125};
  HttpWorld world(options);
  CHECK(world.Get("/88.118.8/HP-1?label=svg").status == 200);
  CHECK(world.Get("/88.118.8/HP-1?label=svg").status == 200);
  CHECK(FaultOf(world.Get("/88.118.8/HP-1?label=svg")) == "429 RATE_LIMITED");
}

TEST_CASE("a picture of many dots costs as much as it takes to make") {
  HttpWorld::Options options;
  options.limits.loopback_resolutions = {0.001, 1000};
  HttpWorld world(options);
  // Of 3 million dots, 1501 units.
  const std::string large = "/88.118.8/HP-1?label=png&size=147x147mm";
  CHECK(FaultOf(world.Get(large)) == "429 RATE_LIMITED");
  // Of 1 million, 502; with the one refused, which cost 50, nothing is left for another one.
  const std::string smaller = "/88.118.8/HP-1?label=png&size=85x85mm";
  CHECK(world.Get(smaller).status == 200);
  CHECK(FaultOf(world.Get(smaller)) == "429 RATE_LIMITED");
  // Who is known is not limited so.
  CHECK(world.Get(large, {HttpWorld::Bearer(HttpWorld::kPumpsAdmin)}).status == 200);
}

}  // namespace
}  // namespace gusu::server
