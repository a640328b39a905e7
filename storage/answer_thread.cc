#include "storage/answer_thread.h"

namespace gusu::storage {

AnswerThread::AnswerThread() : thread_([this] { Run(); }) {}

AnswerThread::~AnswerThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  posted_.notify_one();
  thread_.join();
}

void AnswerThread::Post(std::vector<Answer> answers, std::function<void()> before) {
  {
    std::lock_guard lock(mutex_);
    parcels_.push_back({std::move(answers), std::move(before)});
  }
  posted_.notify_one();
}

void AnswerThread::Run() {
  while (true) {
    Parcel parcel;
    {
      std::unique_lock lock(mutex_);
      posted_.wait(lock, [this] { return stopping_ || !parcels_.empty(); });
      if (parcels_.empty()) return;
      parcel = std::move(parcels_.front());
      parcels_.pop_front();
    }
    parcel.before();
    for (Answer& answer : parcel.answers) answer.done(std::move(answer.outcome));
  }
}

}  // namespace gusu::storage
