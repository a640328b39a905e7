#include "client/cli/bench_http_message.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace gusu::cli {
namespace {

constexpr size_t kHeadBytesMax = 64 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kVersion = "HTTP/1.1 ";

bool IsUnreserved(char character) {
  return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
         (character >= 'a' && character <= 'z') ||
         std::string_view("-._~").find(character) != std::string_view::npos;
}

std::string PercentEncoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char character : text) {
    if (IsUnreserved(character)) {
      encoded += character;
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

Status NotHttp(const std::string& why) {
  return {StatusCode::kInternal, "the server does not speak HTTP as it should: " + why, "", {}};
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

template <typename Number>
bool ParseWhole(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string HttpResolveRequest(const std::string& server, std::string_view code) {
  return "GET /v1/records:resolve?identifier=" + PercentEncoded(code) +
         " HTTP/1.1\r\nHost: " + server + "\r\nAccept: application/json\r\n\r\n";
}

Result<std::optional<HttpAnswer>> ReadHttpAnswer(std::string_view received) {
  const size_t head_end = received.find(kHeadEnd);
  if (head_end == std::string_view::npos) {
    if (received.size() > kHeadBytesMax) return NotHttp("its headers do not end");
    return std::optional<HttpAnswer>();
  }
  std::string_view head = received.substr(0, head_end + 2);
  HttpAnswer answer;
  if (!head.starts_with(kVersion) || !ParseWhole(head.substr(kVersion.size(), 3), &answer.status)) {
    return NotHttp("its answer has no status line of HTTP/1.1");
  }
  head.remove_prefix(head.find("\r\n") + 2);
  std::optional<size_t> body_bytes;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return NotHttp("a header of its answer is none");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    if (EqualsIgnoringCase(name, "content-length")) {
      if (!ParseWhole(value, &body_bytes.emplace())) return NotHttp("its answer has no length");
      continue;
    }
    answer.headers.emplace_back(name, value);
  }
  if (!body_bytes) return NotHttp("its answer has no Content-Length");
  if (*body_bytes > kHttpAnswerBytesMax) return NotHttp("its answer is too long");
  const size_t body_at = head_end + kHeadEnd.size();
  if (received.size() - body_at < *body_bytes) return std::optional<HttpAnswer>();
  answer.body = received.substr(body_at, *body_bytes);
  answer.bytes = body_at + *body_bytes;
  return std::optional<HttpAnswer>(std::move(answer));
}

Status StatusOfHttpAnswer(const HttpAnswer& answer) {
  if (answer.status == 200 && answer.body.starts_with('{')) return {};
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains("code") || !json["code"].is_number_integer()) {
    return NotHttp("it answers status " + std::to_string(answer.status) +
                   " and no google.rpc.Status");
  }
  Status status;
  status.code = static_cast<StatusCode>(json["code"].get<int>());
  if (json.contains("message") && json["message"].is_string()) status.message = json["message"];
  for (const auto& detail : json.value("details", nlohmann::json::array())) {
    if (detail.is_object() && detail.contains("reason") && detail["reason"].is_string()) {
      status.reason = detail["reason"];
    }
  }
  return status;
}

}  // namespace gusu::cli
