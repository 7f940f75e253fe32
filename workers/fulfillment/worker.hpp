// One fulfillment worker: takes paid orders, has their products made, and tells the broker what became of them. Cheap
// products are decided in the loop, slow ones in threads. Stateless: what dies with it is handed out again.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <zmq.hpp>

#include "broker/client/work_client.hpp"
#include "broker/config/settings.hpp"
#include "workers/fulfillment/catalogue.hpp"
#include "workers/fulfillment/job_run.hpp"
#include "workers/fulfillment/offers.hpp"
#include "workers/fulfillment/thread_pool.hpp"

namespace circuit::fulfillment {

class Worker {
 public:
  // The settings must outlive the worker. `data` is the data directory, which it shares with the broker.
  Worker(zmq::context_t& context, const std::filesystem::path& data, const std::string& name,
         const config::Settings& settings);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Waits for what is being computed, unless goodbye() came before.
  ~Worker() { drain(); }

  // Takes what has arrived and sends what was decided. Never blocks for long. Of the main thread.
  void step(TimePoint now);

  // Waits until step() has something to do, half a second at most, or until `stop_fd` (-1: none) is readable.
  void wait(int stop_fd);

  // After the settings have changed: makes the handlers anew. Those that run go on with what they began with; when the
  // new ones can't be made, that is logged and the old ones stay.
  void settings_changed();

  // Begins no more jobs and ends the programs that run; what is being computed may still end.
  void drain();
  // Whether something is still under way.
  [[nodiscard]] bool busy() const { return pool_.busy(); }

  // Sends the last outcomes and gives all leases back. Nothing may follow. False when a computation goes on in a thread
  // that was left behind: the process must end without destroying statics.
  [[nodiscard]] bool goodbye();

 private:
  void on_job(const schema::Job& job);
  void adopt(schema::Lease& held, const schema::Lease& newer);
  void start_run(const schema::Job& job, const std::shared_ptr<FulfillmentHandler>& handler);
  void finished(const OwnedJob& job, std::unique_ptr<Answer> answer);

  const config::Settings& settings_;
  std::shared_ptr<const Workplace> workplace_;
  Catalogue catalogue_;
  client::WorkClient client_;
  Offers offers_;
  std::unordered_map<schema::Uuid, schema::Lease> in_threads_;  // under which lease each will be answered
  bool draining_ = false;
  ThreadPool pool_;
};

}  // namespace circuit::fulfillment
