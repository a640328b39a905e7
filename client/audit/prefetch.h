// Walks a range on a thread of its own, so that the next page is fetched while one is looked at.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gusu/range.h"
#include "gusu/status.h"

namespace gusu {

// Calls `visit` on this thread with each item, in order, until it returns false. At most three
// times `batch_items` items are held. OK, or the range's error after the items before it.
template <typename T>
Status VisitPrefetched(Range<T> range, size_t batch_items, const std::function<bool(T)>& visit) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<T> batch;  // the one that waits to be taken
    bool ended = false;
    bool stopped = false;
    Status status;
  } shared;

  // False when nobody wants more.
  const auto hand_over = [&shared](std::vector<T>* batch) {
    std::unique_lock lock(shared.mutex);
    shared.changed.wait(lock, [&shared] { return shared.batch.empty() || shared.stopped; });
    if (shared.stopped) return false;
    shared.batch.swap(*batch);
    shared.changed.notify_all();
    return true;
  };
  std::thread fetcher([&] {
    std::vector<T> batch;
    Status status;
    bool wanted = true;
    for (Result<T>& item : range) {
      if (!item.ok()) {
        status = item.status();
        break;
      }
      batch.push_back(*std::move(item));
      if (batch.size() < batch_items) continue;
      wanted = hand_over(&batch);
      if (!wanted) break;
    }
    if (wanted && !batch.empty()) hand_over(&batch);
    const std::lock_guard lock(shared.mutex);
    shared.ended = true;
    shared.status = std::move(status);
    shared.changed.notify_all();
  });

  bool wanted = true;
  while (wanted) {
    std::vector<T> batch;
    {
      std::unique_lock lock(shared.mutex);
      shared.changed.wait(lock, [&shared] { return !shared.batch.empty() || shared.ended; });
      if (shared.batch.empty()) break;
      batch.swap(shared.batch);
      shared.changed.notify_all();
    }
    for (T& item : batch) {
      wanted = visit(std::move(item));
      if (!wanted) break;
    }
  }
  {
    const std::lock_guard lock(shared.mutex);
    shared.stopped = true;
    shared.changed.notify_all();
  }
  fetcher.join();
  return wanted ? shared.status : Status();
}

}  // namespace gusu
