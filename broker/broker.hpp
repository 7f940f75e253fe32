// The broker: one loop that takes what has arrived, commits once, and then publishes, dispatches and replies. Batches
// form by themselves: what arrives during one commit is the next batch, and a lone order waits for nobody (law 8).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <zmq.hpp>

#include "broker/config/settings.hpp"
#include "broker/daemon/context.hpp"
#include "broker/daemon/directory_lock.hpp"
#include "broker/dispatch/dispatch.hpp"
#include "broker/intake/answers.hpp"
#include "broker/intake/intake.hpp"
#include "broker/journal/journal.hpp"
#include "broker/orders/attention_watch.hpp"
#include "broker/orders/order_book.hpp"
#include "broker/stream/replay_server.hpp"

namespace circuit::broker {

class Broker {
 public:
  explicit Broker(const daemon::Context& context);

  // One turn: waits for something to do, but not past `stop_fd` or the next timer.
  void step(int stop_fd);

  // Between two turns, after the context's settings have changed (config/reload.hpp).
  void settings_changed() { intake_.settings_changed(); }

 private:
  void wait(int stop_fd);
  void receive();
  void commit();
  void publish(const journal::Applied& applied);
  void look_at_storage();
  [[nodiscard]] intake::Gauges gauges() const;

  const daemon::Context& context_;
  const config::Settings& settings_;
  daemon::DirectoryLock lock_;
  std::unique_ptr<journal::Journal> journal_;
  zmq::context_t zmq_;
  zmq::socket_t orders_, push_, control_, work_, events_;
  std::optional<zmq::socket_t> relay_;  // when the config has a relay
  std::unique_ptr<stream::ReplayServer> replay_;
  orders::OrderBook book_;
  orders::AttentionWatch attention_;
  dispatch::Dispatch dispatch_;
  intake::Answers answers_;
  intake::Intake intake_;
  std::int64_t now_;
  std::int64_t next_storage_look_at_ = 0;  // of the steady clock
};

}  // namespace circuit::broker
