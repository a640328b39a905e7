#include "server/doors/http/rest/row_stream.h"

#include <google/protobuf/message.h>

#include <utility>

#include "google/rpc/status.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/bureau_reads.h"
#include "server/doors/call_cost.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/rest/message_json.h"
#include "server/registry.h"
#include "server/resolver.h"

namespace gusu::server {
namespace {

using google::protobuf::Message;

template <typename Request>
class StreamOf : public RowStream {
 public:
  using RowStream::RowStream;

 protected:
  RestMessage MakeRequest() const override { return std::make_unique<Request>(); }
  size_t CostOfRequest(const Message& request) const override {
    return CostOf(static_cast<const Request&>(request));
  }
};

template <typename Response>
Done<Response> AsMessages(RestDone done) {
  return [done = std::move(done)](absl::StatusOr<Response> answer) {
    if (!answer.ok()) return done(answer.status());
    done(std::make_unique<Response>(*std::move(answer)));
  };
}

class RegisterLines final : public StreamOf<v1::StreamRegisterRequest> {
 public:
  using StreamOf::StreamOf;

 private:
  size_t RowsOf(const Message& request) const override {
    return static_cast<size_t>(static_cast<const v1::StreamRegisterRequest&>(request).rows_size());
  }
  void Process(Message* message, const Caller& caller, RestDone done) override {
    auto* const request = static_cast<v1::StreamRegisterRequest*>(message);
    if (request->has_on_behalf_of()) {
      on_behalf_of_ = std::make_unique<v1::OnBehalfOf>(request->on_behalf_of());
    } else if (on_behalf_of_ != nullptr) {
      *request->mutable_on_behalf_of() = *on_behalf_of_;
    }
    const uint64_t first_row_index = row_count_;
    row_count_ += static_cast<uint64_t>(request->rows_size());
    rules().registry->RegisterRows(*request, first_row_index, caller,
                                   AsMessages<v1::StreamRegisterResponse>(std::move(done)));
  }

  std::unique_ptr<v1::OnBehalfOf> on_behalf_of_;  // counts until a line gives another
  uint64_t row_count_ = 0;
};

class ResolveLines final : public StreamOf<v1::StreamResolveRequest> {
 public:
  using StreamOf::StreamOf;

 private:
  size_t RowsOf(const Message& request) const override {
    const auto& typed = static_cast<const v1::StreamResolveRequest&>(request);
    return static_cast<size_t>(typed.identifiers_size());
  }
  void Process(Message* message, const Caller& caller, RestDone done) override {
    const auto& request = static_cast<const v1::StreamResolveRequest&>(*message);
    if (request.has_options()) options_ = request.options();
    if (!options_.reason().empty()) {
      rules().bureau_reads->ResolveMany(request, options_, caller,
                                        AsMessages<v1::StreamResolveResponse>(std::move(done)));
      return;
    }
    auto response = std::make_unique<v1::StreamResolveResponse>();
    const absl::Status status =
        rules().resolver->ResolveMany(request, options_, caller, response.get());
    if (!status.ok()) return done(status);
    done(std::move(response));
  }

  v1::ResolveOptions options_;  // count until a line gives others
};

// Names the line that is no request.
absl::Status AtLine(size_t number, const absl::Status& status) {
  FaultList faults;
  faults.Add(Concat("line ", number), status);
  return faults.ToStatus();
}

}  // namespace

std::string ErrorLine(std::string_view where, const absl::Status& status) {
  // A status has a JSON form: its texts are made UTF-8, and its detail is of a known type.
  return Concat(R"({"error":)", ToJson(ToRpcStatus(ToldStatus(where, status))).value_or("{}"),
                "}\n");
}

std::function<void()> MakeMore(std::function<void()> taken, std::function<void()> dropped) {
  struct Turn {
    Turn(std::function<void()> own_taken, std::function<void()> own_dropped)
        : taken(std::move(own_taken)), dropped(std::move(own_dropped)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      if (dropped != nullptr) dropped();
    }
    std::function<void()> taken, dropped;
  };
  const auto turn = std::make_shared<Turn>(std::move(taken), std::move(dropped));
  return [turn] {
    turn->dropped = nullptr;
    turn->taken();
  };
}

RowStream::RowStream(const HttpCore& core, Method method, const HttpCall& call,
                     std::shared_ptr<StreamSet> streams)
    : core_(core), method_(method), call_(call), streams_(std::move(streams)) {}

void RowStream::Open(const HttpCore& core, Method method, const HttpCall& call,
                     std::shared_ptr<StreamSet> streams) {
  std::shared_ptr<RowStream> stream;
  if (method == Method::kStreamRegister) {
    stream = std::make_shared<RegisterLines>(core, method, call, streams);
  } else {
    stream = std::make_shared<ResolveLines>(core, method, call, streams);
  }
  const auto caller = core.Authenticated(*call.request);
  absl::Status status = caller.status();
  if (status.ok()) status = core.Admit(method, *caller, 0);
  if (status.ok()) status = streams->Add(stream, caller->peer);
  if (!status.ok()) return call.reply(StatusAnswer(MethodName(method), status));
  stream->Advance();
}

void RowStream::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
  }
  Advance();
}

void RowStream::Advance() {
  {
    const std::lock_guard lock(mutex_);
    if (advancing_) return;  // who is sees what has changed before it stops
    advancing_ = true;
  }
  for (;;) {
    std::function<void()> step;
    {
      const std::lock_guard lock(mutex_);
      step = NextStep();
      if (step == nullptr) {
        advancing_ = false;
        return;
      }
    }
    step();
  }
}

std::function<void()> RowStream::NextStep() {
  if (finished_) return nullptr;
  const bool reads_on = !read_all_ && !failed_ && !draining_;
  if (reads_on && !working_ && HasRoom()) {
    if (const auto line = NextLine(); line.has_value()) {
      const auto slot = std::make_shared<Slot>();
      slot->line = *line;
      slots_.push_back(slot);
      working_ = true;
      return [this, slot, self = shared_from_this()] { Work(slot); };
    }
    read_all_ = true;
  }
  if (!wanted_ || !HasPart()) return nullptr;
  auto part = std::make_shared<Part>(TakePart());
  return [this, part, self = shared_from_this()] { Send(std::move(*part)); };
}

std::optional<RowStream::Line> RowStream::NextLine() {
  const std::string_view body = call_.request->body;
  while (position_ < body.size()) {
    const size_t end = std::min(body.find('\n', position_), body.size());
    const std::string_view line = body.substr(position_, end - position_);
    position_ = end + 1;
    ++line_number_;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return Line{line, line_number_};
  }
  return std::nullopt;
}

bool RowStream::HasRoom() const {
  return slots_.size() < kMessagesMax && rows_ < kRowsMax && answer_bytes_ < kAnswerBytesMax;
}

// An answer that is next in order, or the end.
bool RowStream::HasPart() const {
  if (!slots_.empty()) return slots_.front()->answer.has_value();
  return !working_ && (read_all_ || draining_);
}

RowStream::Part RowStream::TakePart() {
  Part part;
  while (!slots_.empty() && slots_.front()->answer.has_value() &&
         part.answers.size() < kPartBytesMax) {
    const absl::StatusOr<std::string>& answer = *slots_.front()->answer;
    if (!answer.ok()) {
      part.error = answer.status();
      part.is_last = true;
      break;
    }
    part.answers += *answer;
    rows_ -= slots_.front()->rows;
    answer_bytes_ -= answer->size();
    slots_.pop_front();
  }
  if (!part.is_last && slots_.empty() && !working_ && (read_all_ || draining_)) {
    part.is_last = true;
    if (!read_all_) part.error = ServerStopping();
  }
  part.is_first = !std::exchange(started_, true);
  wanted_ = false;
  finished_ = part.is_last;
  return part;
}

void RowStream::Send(Part part) {
  const std::string_view where = MethodName(method_);
  if (part.is_last) streams_->Remove(this);
  if (part.is_first && part.answers.empty() && !part.error.ok()) {
    return call_.reply(StatusAnswer(where, part.error));
  }
  HttpResponse response = Answer(200, "application/x-ndjson", std::move(part.answers));
  if (!part.error.ok()) response.body += ErrorLine(where, part.error);
  if (!part.is_last) {
    const auto self = shared_from_this();
    response.more = MakeMore([self] { self->Taken(); }, [self] { self->Cancel(); });
  }
  call_.reply(std::move(response));
}

void RowStream::Work(const std::shared_ptr<Slot>& slot) {
  const absl::Status queued = core_.Run([self = shared_from_this(), slot] {
    const absl::Status begun = self->Begin(slot);
    if (!begun.ok()) self->TakeAnswer(slot.get(), begun);
    self->Worked();
  });
  if (queued.ok()) return;
  TakeAnswer(slot.get(), queued);
  Worked();
}

// The credential is looked at again for each line, so that a revoked one ends its streams.
absl::Status RowStream::Begin(const std::shared_ptr<Slot>& slot) {
  slot->request = MakeRequest();
  if (const absl::Status read = FromJson(slot->line.text, slot->request.get()); !read.ok()) {
    return AtLine(slot->line.number, read);
  }
  GUSU_ASSIGN_OR_RETURN(const Caller caller, core_.Authenticated(*call_.request));
  GUSU_RETURN_IF_ERROR(core_.Admit(method_, caller, CostOfRequest(*slot->request)));
  {
    const std::lock_guard lock(mutex_);
    slot->rows = RowsOf(*slot->request);
    rows_ += slot->rows;
  }
  Process(slot->request.get(), caller,
          [self = shared_from_this(), slot](const absl::StatusOr<RestMessage>& answer) {
            self->TakeAnswer(slot.get(), answer);
          });
  return absl::OkStatus();
}

void RowStream::TakeAnswer(Slot* slot, const absl::StatusOr<RestMessage>& answer) {
  absl::StatusOr<std::string> line = answer.ok() ? ToJson(**answer) : answer.status();
  if (line.ok()) *line += '\n';
  {
    const std::lock_guard lock(mutex_);
    if (line.ok()) {
      answer_bytes_ += line->size();
    } else {
      failed_ = true;
    }
    slot->answer = std::move(line);
  }
  Advance();
}

void RowStream::Worked() {
  {
    const std::lock_guard lock(mutex_);
    working_ = false;
  }
  Advance();
}

void RowStream::Taken() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  Advance();
}

// The peer is gone: what is in work is done, and told to nobody.
void RowStream::Cancel() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    slots_.clear();
  }
  streams_->Remove(this);
}

}  // namespace gusu::server
