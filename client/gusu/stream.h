// Streams: registering and resolving any number of codes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "gusu/requests.h"

namespace gusu {

struct RegisterStreamOptions {
  // How many rows may be written and not yet answered and taken: the bound of the stream's memory,
  // and of what is sent again when the connection breaks. 1 to 100,000.
  size_t window_rows = 10000;
  // Rows that are sent together, 1 to 1000. A message is sent when it is full or when there is
  // nothing else in flight, so that a slow writer does not wait for company.
  size_t message_rows = 250;
  std::optional<OnBehalfOf> on_behalf_of;
  // Receipts bring what proves them; a message then has 500 rows at most.
  bool include_proof = false;
  // Called with every outcome, in the order of rows, from one thread of the stream's. It may block
  // (the stream then takes no more rows than its window) and must not call the stream. When it is
  // empty, outcomes are taken with Read.
  std::function<void(RowOutcome)> on_outcome;
};

// Registers rows. Each row is a request of its own with an outcome of its own; outcomes come in the
// order in which rows were written. When the connection breaks, the stream makes a new one and
// sends again what was not answered, which is the same request again; rows that the server was too
// busy for are sent again too. When the server has not answered anything for the client's deadline,
// or refuses the credential, the stream has failed: every row that is left gets an outcome
// (kUnknownOutcome when it was sent without an answer: repeat it; otherwise the error, and nothing
// happened), and every later Write fails with that error.
//
// Write, Read and Finish may be called from different threads, each from one at a time.
class GUSU_EXPORT RegisterStream {
 public:
  // Without Finish, abandons what is not answered.
  virtual ~RegisterStream();

  // Takes a row; waits while the window is full. Fails with kFailedPrecondition / STREAM_FINISHED
  // after Finish. What is wrong with a row is told in its outcome, not here.
  virtual Status Write(RegisterRow row) = 0;
  // The next outcome; waits for it. nullopt when Finish was called and all outcomes were taken.
  // Without a callback somebody must Read while another thread writes, or the window fills.
  virtual std::optional<RowOutcome> Read() = 0;
  // No more rows: sends what is left, and waits until every row has its outcome and, with a
  // callback, until it was called for all of them. OK unless the stream has failed, see above.
  virtual Status Finish() = 0;
};

struct ResolveManyOptions {
  ResolveOptions resolve;
  // Identifiers that are sent together, 1 to 1000.
  size_t message_identifiers = 500;
  // Messages that may be sent and not yet answered, 1 to 64.
  size_t window_messages = 4;
};

}  // namespace gusu
