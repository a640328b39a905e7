// /api/handles/{handle}: a handle's values read, written and removed.
#pragma once

#include <string>

#include "server/doors/handle/reading.h"
#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/parameters.h"
#include "server/doors/http/handle_api/reply.h"
#include "server/handle_administration/write.h"

namespace gusu::server {

class ApiHandles {
 public:
  static constexpr size_t kTypeBytesMax = 255;

  // Neither is owned; both outlive it.
  ApiHandles(const HttpCore* core, ApiAuthentication* authentication);

  // GET, POST (as GET), PUT and DELETE. Answers once; a write later, on any thread.
  void Answer(const std::string& handle, ApiReply reply) const;

 private:
  absl::Status Get(const std::string& handle, const ApiParameters& parameters,
                   const ApiReply& reply) const;
  absl::Status Write(AdminRequest request, const ApiReply& reply) const;

  const HttpCore& core_;
  ApiAuthentication& authentication_;
  const HandleReading reading_;
  const AdminWriting writing_;
};

}  // namespace gusu::server
