#include "workers/fulfillment/thread_pool.hpp"

#include <poll.h>

#include <catch2/catch.hpp>
#include <future>

using namespace circuit::fulfillment;

namespace {
void wait_for(const ThreadPool& pool) {
  pollfd event{pool.event_fd(), POLLIN, 0};
  REQUIRE(::poll(&event, 1, 10'000) == 1);
}
}  // namespace

TEST_CASE("a task runs in a thread and its completion in the caller's") {
  ThreadPool pool(2, 10);
  std::thread::id ran;
  std::thread::id completed;
  REQUIRE(pool.submit([&]() -> ThreadPool::Completion {
    ran = std::this_thread::get_id();
    return [&] { completed = std::this_thread::get_id(); };
  }));
  wait_for(pool);
  pool.complete();
  CHECK(completed == std::this_thread::get_id());
  CHECK(ran != completed);
  CHECK_FALSE(pool.busy());
}

TEST_CASE("the queue is bounded, and what has not begun can be dropped") {
  ThreadPool pool(1, 2);
  std::promise<void> begun;
  std::promise<void> go;
  int completed = 0;
  const auto count = [&]() -> ThreadPool::Completion { return [&] { ++completed; }; };
  REQUIRE(pool.submit([&]() -> ThreadPool::Completion {
    begun.set_value();
    go.get_future().wait();
    return [&] { ++completed; };
  }));
  begun.get_future().wait();
  CHECK(pool.submit(count));
  CHECK(pool.submit(count));
  CHECK_FALSE(pool.submit(count));
  CHECK(pool.clear_queue() == 2);
  CHECK(pool.busy());
  go.set_value();
  wait_for(pool);
  pool.complete();
  CHECK(completed == 1);
  CHECK(pool.finish());
}

TEST_CASE("a task that goes on is left behind") {
  auto go = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<void>>();
  auto begun = std::make_shared<std::promise<void>>();
  {
    ThreadPool pool(1, 1);
    REQUIRE(pool.submit([=]() -> ThreadPool::Completion {
      begun->set_value();
      go->get_future().wait();
      ended->set_value();
      return [] {};
    }));
    begun->get_future().wait();
    CHECK_FALSE(pool.finish());
  }
  go->set_value();
  ended->get_future().wait();
}
