#include "server/doors/handle/listing.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "gusu/v1/record_requests.pb.h"
#include "proto/handle/response.h"
#include "proto/text.h"
#include "server/resolver.h"

namespace gusu::server {
namespace {

using handle::ResponseCode;

constexpr std::string_view kTooBusy = "the server has too many messages waiting; list again later";

bool IsDeleted(const v1::Record& record) {
  return record.state() == v1::Record::RETIRED &&
         record.retirement().reason() == v1::Retirement::DELETED;
}

// Kept by the answer that is under way: with the peer it is gone.
class Listing : public std::enable_shared_from_this<Listing> {
 public:
  Listing(const HandleListing& rules, const std::string& prefix, Caller caller, LateAnswer answer)
      : rules_(rules), caller_(std::move(caller)), answer_(std::move(answer)) {
    request_.set_parent(Concat("prefixes/", prefix));
    request_.set_page_size(HandleListing::kPageHandles);
  }

  void Send() {
    // One more than goes into a message tells whether another one follows.
    while (!at_end_ && handles_.size() <= handle::kHandlesPerMessage) {
      if (const absl::Status status = ReadPage(); !status.ok()) return answer_.Refuse(status);
    }
    const size_t count = std::min(handles_.size(), handle::kHandlesPerMessage);
    const bool continues = count < handles_.size();
    const std::vector<std::string_view> sent(handles_.begin(),
                                             handles_.begin() + static_cast<ptrdiff_t>(count));
    std::string bytes = answer_.form.Encode(
        ResponseCode::kSuccess,
        [&sent](handle::Writer& body) { handle::WriteListResponse(body, sent); }, continues);
    handles_.erase(handles_.begin(), handles_.begin() + static_cast<ptrdiff_t>(count));
    if (!continues) return answer_.reply({std::move(bytes), false, nullptr});
    answer_.reply({std::move(bytes), false, [self = shared_from_this()] { self->SendMore(); }});
  }

 private:
  void SendMore() {
    if (rules_.pool == nullptr) return Send();
    if (rules_.pool->Submit([self = shared_from_this()] { self->Send(); })) return;
    answer_.form.LeaveUnsigned();
    answer_.Refuse(ResponseCode::kServerTooBusy, kTooBusy);
  }

  absl::Status ReadPage() {
    v1::ListRecordsResponse page;
    const absl::Status status = rules_.resolver->ListRecords(request_, caller_, &page);
    if (!status.ok()) return status;
    for (v1::Record& record : *page.mutable_records()) {
      if (!IsDeleted(record)) handles_.push_back(std::move(*record.mutable_identifier()));
    }
    request_.set_page_token(page.next_page_token());
    at_end_ = page.next_page_token().empty();
    return status;
  }

  const HandleListing rules_;
  const Caller caller_;
  LateAnswer answer_;
  v1::ListRecordsRequest request_;
  std::deque<std::string> handles_;  // read and not sent yet
  bool at_end_ = false;
};

}  // namespace

void HandleListing::List(const std::string& prefix, Caller caller, LateAnswer answer) const {
  std::make_shared<Listing>(*this, prefix, std::move(caller), std::move(answer))->Send();
}

}  // namespace gusu::server
