// /api/handles?prefix=P: the handles of a prefix, in upper case and in order, page by page, or all
// of them in parts. Handles that were deleted are left out; they count in totalCount and in a
// page's size, so that no page costs more than itself.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/parameters.h"
#include "server/doors/http/handle_api/reply.h"
#include "server/handle_administration/record_offsets.h"

namespace gusu::server {

class ApiHandleList {
 public:
  static constexpr uint32_t kPageSizeMax = 10'000;
  // Read together, of a page or of a whole list.
  static constexpr uint32_t kPartRecords = 1'000;

  // Neither is owned; both outlive it.
  ApiHandleList(const HttpCore* core, ApiAuthentication* authentication);

  void Answer(ApiReply reply) const;

 private:
  class Reading;
  struct Wanted {
    std::string prefix;
    std::string prefix_key;
    uint32_t page;
    uint32_t page_size;
  };

  absl::Status List(const ApiParameters& parameters, const ApiReply& reply) const;
  absl::Status SendPage(const storage::View& view, const Wanted& wanted, uint64_t count,
                        Reading& reading, nlohmann::ordered_json json, const ApiReply& reply) const;

  const HttpCore& core_;
  ApiAuthentication& authentication_;
  // Shared with lists that are under way.
  const std::shared_ptr<RecordOffsets> offsets_;
};

}  // namespace gusu::server
