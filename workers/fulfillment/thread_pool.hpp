// Threads for slow work. A task runs in one of them and returns what is to be done with its result; that runs in the
// loop's thread, which hears of it through an event descriptor. So what the loop owns needs no locks.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace circuit::fulfillment {

class ThreadPool {
 public:
  using Completion = std::function<void()>;
  using Task = std::function<Completion()>;  // must not throw

  ThreadPool(std::size_t threads, std::size_t queue_tasks_max);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  // Waits for the tasks that run, unless finish() left them behind.
  ~ThreadPool();

  // False when the queue is full.
  [[nodiscard]] bool submit(Task task);
  // Readable when complete() has something to do.
  [[nodiscard]] int event_fd() const;
  // Runs the completions of the tasks that have ended.
  void complete();

  // Tasks that have not begun are dropped; returns how many.
  std::size_t clear_queue();
  // Whether a task runs, or waits to.
  [[nodiscard]] bool busy() const;
  // Ends the threads. False when a task still runs: its thread is left behind with what the task itself holds, its
  // completion will never run, and the process must end without destroying statics.
  [[nodiscard]] bool finish();

 private:
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;  // with the threads, which may outlive the pool
  std::vector<std::thread> threads_;
};

}  // namespace circuit::fulfillment
