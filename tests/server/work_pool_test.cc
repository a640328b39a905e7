#include "server/work_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>

namespace gusu::server {
namespace {

TEST_CASE("a pool runs all that it took, also when it ends at once") {
  std::atomic<int> count{0};
  {
    WorkPool pool(3, 1000);
    for (int i = 0; i < 1000; ++i) REQUIRE(pool.Submit([&] { ++count; }));
  }
  CHECK(count == 1000);
}

TEST_CASE("a pool whose queue is full refuses, and takes tasks again when it has room") {
  std::promise<void> started, release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> count{0};
  WorkPool pool(1, 2);
  REQUIRE(pool.Submit([&, released] {
    started.set_value();
    released.wait();
  }));
  started.get_future().wait();
  CHECK(pool.Submit([&] { ++count; }));
  std::promise<void> done;
  CHECK(pool.Submit([&] { done.set_value(); }));
  CHECK_FALSE(pool.Submit([&] { ++count; }));
  release.set_value();
  done.get_future().wait();
  CHECK(count == 1);
  CHECK(pool.Submit([] {}));
}

}  // namespace
}  // namespace gusu::server
