// A worker's side of the work socket: announces its role and credit, hands out jobs, sends outcomes back in batches,
// and says hello again whenever the broker does not know it (a restart on either side). Its heartbeats renew the leases
// of jobs that are still under way, so a job may take longer than a lease.
//
// A worker that stood still (SIGSTOP, a machine that was suspended) may have lost its leases without knowing, also
// those of jobs that still wait in its socket: others do these jobs by now. It notices by its own clock, and starts
// over as a new worker, before it does anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "schema/document.hpp"
#include "schema/work.hpp"

namespace circuit::client {

struct WorkClientOptions {
  std::string endpoint;
  schema::Role role = schema::Role::payment;
  std::string name;          // for logs and `circuit status`
  std::uint32_t credit = 0;  // jobs at a time
  std::chrono::milliseconds heartbeat{1'000};
  // Between two calls of receive(). Above what a loop takes, and below what the broker waits before it gives jobs to
  // others (stall_after_of).
  std::chrono::milliseconds stall_after{3'500};
};

// For a broker that counts a worker as gone after this silence, and takes a job back after this lease.
[[nodiscard]] std::chrono::milliseconds stall_after_of(std::int64_t worker_silence_ms, std::int64_t lease_ms);

class WorkClient {
 public:
  WorkClient(zmq::context_t& context, WorkClientOptions options);

  // For zmq::poll together with the worker's other sockets.
  [[nodiscard]] zmq::socket_t& socket() { return socket_; }

  // Reads all that has arrived. `on_job` gets each job (views die when it returns), `on_refused` each outcome that
  // changed nothing. False when the worker stood still: nothing was read, all leases went back, and what the owner
  // still holds of them it must drop, with all effects outside that it has not sent.
  [[nodiscard]] bool receive(const std::function<void(const schema::Job&)>& on_job,
                             const std::function<void(const schema::Refused&)>& on_refused);

  // The job is not under way any more, and there will be no outcome for this lease.
  void forget(const schema::Lease& lease) {
    // A number of an earlier start of the broker may be given again: only this very lease is meant.
    if (const auto held = held_.find(lease.number); held != held_.end() && held->second.lease == lease)
      held_.erase(held);
  }

  // Adds an outcome to the next batch; its views are copied.
  void add(const schema::Outcome& outcome);

  // Sends what was added, and a heartbeat when one is due. Call once per loop; poll no longer than `heartbeat`.
  void flush();

  // Tells the broker that no more jobs are wanted and current ones go back.
  void goodbye();

 private:
  struct HeldLease {
    schema::Lease lease;
    std::chrono::steady_clock::time_point since;
  };

  void start_over();
  void say_hello();
  void send_outcomes();
  void send_heartbeat(std::chrono::steady_clock::time_point now);

  zmq::context_t& context_;
  WorkClientOptions options_;
  zmq::socket_t socket_;
  std::chrono::steady_clock::time_point last_turn_;
  std::string outcomes_;  // encoded items, without the array's head
  std::uint32_t outcome_count_ = 0;
  std::chrono::steady_clock::time_point next_heartbeat_{};
  std::unordered_map<std::uint64_t, HeldLease> held_;  // by number; of jobs without an outcome yet
  schema::Document document_;
};

}  // namespace circuit::client
