// Tells outcomes on a thread of its own, in order, so that the writer goes on with the next group.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "storage/ledger.h"

namespace gusu::storage {

struct Answer {
  AppendCallback done;
  AppendOutcome outcome;
};

class AnswerThread {
 public:
  AnswerThread();
  // Tells what was posted first.
  ~AnswerThread();

  // Calls `before` and then each answer's callback. Bounded by the queue, which counts a set until
  // then.
  void Post(std::vector<Answer> answers, std::function<void()> before);

 private:
  struct Parcel {
    std::vector<Answer> answers;
    std::function<void()> before;
  };
  void Run();

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<Parcel> parcels_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gusu::storage
