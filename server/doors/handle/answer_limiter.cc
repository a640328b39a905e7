#include "server/doors/handle/answer_limiter.h"

#include <utility>

#include "server/net/address.h"

namespace gusu::server {

AnswerLimiter::AnswerLimiter(Options options)
    : options_(std::move(options)), bytes_({options_.sources_max, options_.clock}) {}

bool AnswerLimiter::Admit(std::string_view address, size_t request_bytes, size_t answer_bytes) {
  const size_t free_bytes = options_.free_factor * request_bytes;
  if (answer_bytes <= free_bytes || IsLoopbackAddress(address)) return true;
  const absl::Duration wait =
      bytes_.Take(AddressGroup(address), {options_.bytes_per_second, options_.bytes_burst},
                  static_cast<double>(answer_bytes - free_bytes));
  return wait == absl::ZeroDuration();
}

}  // namespace gusu::server
