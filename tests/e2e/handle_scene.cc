#include "tests/e2e/handle_scene.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "proto/handle/request.h"

namespace gusu::e2e {
namespace {

// The values of an answer that was captured become a record's: of those that hold keys the bytes
// are the same here and there.
void RegisterAsCaptured(const Api& writer, const Captured& captured) {
  const auto envelope = handle::DecodeEnvelope(captured.answer);
  const auto message = handle::DecodeMessage(
      *envelope, std::string_view(captured.answer).substr(handle::kEnvelopeBytes));
  const auto response = handle::DecodeResolveResponse(message->body);
  REQUIRE(response.ok());
  v1::RegisterRow row;
  row.set_identifier(std::string(response->handle));
  for (const handle::Value& value : response->values) {
    v1::Value* added = row.add_values();
    added->set_index(value.index);
    added->set_type(std::string(value.type));
    added->set_data(std::string(value.data));
  }
  REQUIRE(writer.Register(row).fault == "");
}

}  // namespace

HandleScene::HandleScene() {
  for (const Captured& captured : ReadCaptured()) {
    if (captured.title == "UDP resolve 88.118.8/ABC000123 all public" ||
        captured.title == "UDP resolve ADMIN (multi packet)") {
      RegisterAsCaptured(writer, captured);
    }
  }
}

HandleScene& TheHandleScene() {
  static HandleScene scene;
  return scene;
}

std::string ResolveBytes(std::string_view handle, uint32_t flags) {
  handle::Envelope envelope;
  envelope.version = {2, 3};
  envelope.request_id = 0x11223344;
  std::string bytes;
  handle::MessageWriter message(bytes, envelope);
  handle::Header header;
  header.operation = handle::Operation::kResolve;
  header.flags = flags;
  handle::WriteResolveRequest(message.Begin(header), handle);
  return message.Finish() ? bytes : std::string();
}

uint32_t CodeOf(const std::string& answer) {
  if (!handle::DecodeEnvelope(answer).has_value()) return 0;
  const auto header = handle::DecodeHeader(std::string_view(answer).substr(handle::kEnvelopeBytes));
  return header.ok() ? static_cast<uint32_t>(header->response_code) : 0;
}

std::vector<Captured> ReadCaptured() {
  std::istringstream lines(ReadWholeFile(GUSU_HANDLE_CAPTURED));
  std::vector<Captured> all;
  std::string line;
  while (std::getline(lines, line)) {
    if (line.substr(0, 3) == "## ") all.push_back({line.substr(3), {}, {}, {}});
    if (line.size() < 2 || (line[1] != '>' && line[1] != '<')) continue;
    Captured& captured = all.back();
    captured.kind = line[0] == 'U' ? HandleSocket::Kind::kUdp : HandleSocket::Kind::kTcp;
    const std::string bytes = FromHex(line.substr(line.rfind(' ') + 1));
    (line[1] == '>' ? captured.request : captured.answer) = bytes;
  }
  return all;
}

}  // namespace gusu::e2e
