#include "workers/fulfillment/thread_pool.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <system_error>

#include "broker/daemon/files.hpp"
#include "broker/daemon/priority.hpp"

namespace circuit::fulfillment {

struct ThreadPool::Shared {
  explicit Shared(std::size_t tasks_max) : queue_tasks_max(tasks_max), event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event) throw std::system_error(errno, std::generic_category(), "cannot make an event descriptor");
  }
  const std::size_t queue_tasks_max;
  const daemon::FileDescriptor event;
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Task> queue;
  std::vector<Completion> done;
  std::size_t running = 0;
  bool stopping = false;
};

ThreadPool::ThreadPool(std::size_t threads, std::size_t queue_tasks_max)
    : shared_(std::make_shared<Shared>(queue_tasks_max)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([shared = shared_] { work(shared); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->arrived.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::work(const std::shared_ptr<Shared>& shared) {
  daemon::give_way();
  std::unique_lock lock(shared->mutex);
  for (;;) {
    shared->arrived.wait(lock, [&] { return shared->stopping || !shared->queue.empty(); });
    if (shared->stopping) return;
    Task task = std::move(shared->queue.front());
    shared->queue.pop_front();
    ++shared->running;
    lock.unlock();
    Completion completion = task();
    task = nullptr;
    lock.lock();
    shared->done.push_back(std::move(completion));
    --shared->running;
    constexpr std::uint64_t one = 1;
    (void)!::write(shared->event.get(), &one, sizeof one);
  }
}

bool ThreadPool::submit(Task task) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->queue.size() >= shared_->queue_tasks_max) return false;
    shared_->queue.push_back(std::move(task));
  }
  shared_->arrived.notify_one();
  return true;
}

int ThreadPool::event_fd() const { return shared_->event.get(); }

void ThreadPool::complete() {
  std::vector<Completion> done;
  {
    const std::lock_guard lock(shared_->mutex);
    std::uint64_t count = 0;
    (void)!::read(shared_->event.get(), &count, sizeof count);
    done.swap(shared_->done);
  }
  for (const Completion& completion : done) completion();
}

std::size_t ThreadPool::clear_queue() {
  const std::lock_guard lock(shared_->mutex);
  const std::size_t dropped = shared_->queue.size();
  shared_->queue.clear();
  return dropped;
}

bool ThreadPool::busy() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->running != 0 || !shared_->queue.empty();
}

bool ThreadPool::finish() {
  bool all_ended = false;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
    all_ended = shared_->running == 0;
  }
  shared_->arrived.notify_all();
  for (std::thread& thread : threads_) {
    if (all_ended)
      thread.join();
    else
      thread.detach();
  }
  threads_.clear();
  return all_ended;
}

}  // namespace circuit::fulfillment
