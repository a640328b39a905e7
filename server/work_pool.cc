#include "server/work_pool.h"

#include <utility>

namespace gusu::server {

WorkPool::WorkPool(size_t threads, size_t queue_tasks_max) : queue_tasks_max_(queue_tasks_max) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkPool::~WorkPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkPool::Submit(std::function<void()> task) {
  // Notified under the lock: once the task has run, its waiter may destroy the pool.
  const std::lock_guard lock(mutex_);
  if (queue_.size() >= queue_tasks_max_) return false;
  queue_.push_back(std::move(task));
  changed_.notify_one();
  return true;
}

void WorkPool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace gusu::server
