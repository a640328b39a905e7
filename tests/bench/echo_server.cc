#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <string>

#include "tests/bench/echo.h"

namespace gusu::bench {
namespace {

// Reads the one request, answers, and is gone.
class EchoReactor : public grpc::ServerGenericBidiReactor {
 public:
  explicit EchoReactor(const grpc::ByteBuffer& answer) : answer_(answer) { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no request"));
    StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
};

class EchoService : public grpc::CallbackGenericService {
 public:
  explicit EchoService(uint64_t answer_bytes) {
    const grpc::Slice slice(std::string(answer_bytes, 'e'));
    answer_ = grpc::ByteBuffer(&slice, 1);
  }
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new EchoReactor(answer_);
  }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

void ServeEcho(int port_descriptor, int stop_descriptor, uint64_t answer_bytes) {
  EchoService service(answer_bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const std::string text = std::to_string(port) + "\n";
  if (write(port_descriptor, text.data(), text.size()) < 0) return;
  close(port_descriptor);
  char unused;
  while (read(stop_descriptor, &unused, 1) > 0) {
  }
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace gusu::bench
