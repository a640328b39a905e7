// Keeps registrations in local files while the registry is away, so that a production line never
// stops, and sends them in order when it is back.
//
//   auto spool = gusu::Spool::Open(client, "/var/lib/line-3/spool", [](gusu::SpoolOutcome outcome)
//   {
//     if (!outcome.result) alarm(outcome.row_number, outcome.result.status());
//   });
//   if (!spool) return spool.status();
//   (*spool)->Append(row);  // returns when the row is on disk
//
// What a caller can count on:
// - A row whose Append returned a number survives a crash of the process, and of the machine as far
// as
//   its disk keeps what it was told to sync. A row without one is not in the spool, or, after a
//   crash in the middle of Append, may be: append it again, which is the same registration.
// - Rows are sent in the order of their numbers, until the registry has given each a final answer.
// Being
//   unreachable, too busy, unsure of an outcome, or refusing the credential is none: the spool
//   waits and sends again. A row that the registry refuses is reported with its error, and the next
//   ones go on.
// - Each outcome is reported exactly once while the process lives: the callback returns, then the
// report
//   is noted on disk. After a crash between the two the row is reported again, with `repeated` set
//   and outcome UNCHANGED (or the same error). `repeated` may also be set on a row that was not
//   reported, never missing on one that was: after a crash of the process on the one row whose
//   callback was running, after a crash of the machine on up to 64 rows.
//
// Files: a directory of its own, for one process at a time: `lock`, `cursor`, and segments
// `N.rows`, where N is the number of the first row. client/README.md has the format.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gusu/client.h"

namespace gusu {

struct SpoolOutcome {
  uint64_t row_number = 0;  // from Append; rows count from 1 for ever
  RegisterRow row;
  Result<RegisterResult> result;
  // An earlier process may have reported this row already.
  bool repeated = false;
};

struct SpoolOptions {
  // Of all segments together. A row that does not fit is refused: kResourceExhausted / SPOOL_FULL.
  uint64_t bytes_max = uint64_t{1} << 30;
  // A segment is removed when all of its rows are reported.
  uint64_t segment_bytes = uint64_t{8} << 20;
  // Rows that are sent ahead of answers.
  size_t window_rows = 2000;
  std::optional<OnBehalfOf> on_behalf_of;
  // Pauses while the registry is away: random, up to a bound that doubles from the first to the
  // last.
  std::chrono::milliseconds pause_first{200};
  std::chrono::milliseconds pause_max{15000};
};

struct SpoolStats {
  uint64_t rows_waiting = 0;  // appended, not yet reported
  uint64_t bytes = 0;         // of the segments
  // Why the registry did not take rows at the last try; OK when it did.
  Status last_error;
};

// All methods may be called from any thread.
class GUSU_EXPORT Spool {
 public:
  // Called with every outcome in the order of rows, from the spool's own thread. It may block,
  // which holds the sending, and may call Append and stats.
  using OnOutcome = std::function<void(SpoolOutcome)>;

  // Makes the directory if it is not there. Fails with kFailedPrecondition / SPOOL_FILE when a file
  // cannot be used or another process has the spool, and with kDataLoss / SPOOL_CORRUPT when rows
  // in the middle of the spool are damaged. A damaged end, as a crash leaves it, is cut off and
  // kept in `N.cut` when it holds anything.
  static Result<std::unique_ptr<Spool>> Open(Client client, const std::string& directory,
                                             OnOutcome on_outcome, SpoolOptions options = {});

  // Stops sending. Rows that wait stay in the files for the next Open.
  virtual ~Spool();

  // Writes and syncs the row; appends of several threads share a sync. A minted row gets its
  // request id here. Fails with kResourceExhausted / SPOOL_FULL, with kInvalidArgument for a row
  // that can never be sent (not UTF-8, above 4 MiB), and with kFailedPrecondition / SPOOL_FILE when
  // the disk fails, after which the spool takes no more rows until it is opened again.
  virtual Result<uint64_t> Append(RegisterRow row) = 0;
  // The same for many rows with one sync; the numbers begin with the returned one. All or none.
  virtual Result<uint64_t> AppendAll(std::vector<RegisterRow> rows) = 0;
  // Waits until every row appended before is reported. False when the time is up.
  virtual bool WaitUntilReported(std::chrono::milliseconds time_max) = 0;
  virtual SpoolStats stats() const = 0;
};

}  // namespace gusu
