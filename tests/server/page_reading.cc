#include "tests/server/page_reading.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "proto/text.h"

namespace gusu::server {

test::HtmlRead ReadPage(const HttpResponse& response, int status) {
  INFO(response.body);
  CHECK(response.status == status);
  CHECK(response.Header("Content-Type") == "text/html; charset=utf-8");
  CHECK(response.body.find("genuine") == std::string::npos);
  CHECK(response.body.find("正品") == std::string::npos);
  test::HtmlRead read = test::ReadHtml(response.body);
  CHECK(read.faults == std::vector<std::string>{});
  return read;
}

std::string TextOf(const HttpResponse& response, int status) {
  return ReadPage(response, status).text;
}

std::string RedirectOf(const HttpResponse& response) {
  return Concat(response.status, " ", response.Header("Location"));
}

std::string ReasonOf(const HttpResponse& response) {
  return nlohmann::json::parse(response.body)["details"][0]["reason"];
}

}  // namespace gusu::server
