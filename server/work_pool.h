// A few threads and a bounded queue, for calls that may wait for a network.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gusu::server {

class WorkPool {
 public:
  WorkPool(size_t threads, size_t queue_tasks_max);
  // Runs what is queued, then joins.
  ~WorkPool();

  // Queues the task; false, and nothing queued, when the queue is full.
  [[nodiscard]] bool Submit(std::function<void()> task);

 private:
  void Work();

  const size_t queue_tasks_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gusu::server
