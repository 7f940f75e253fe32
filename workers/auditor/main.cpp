// circuit-auditor: writes every event of the stream to the audit log. It needs the stream and its directory, nothing
// else.
#include <poll.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <system_error>
#include <utility>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/client/subscriber.hpp"
#include "broker/daemon/context.hpp"
#include "broker/daemon/curve_key.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "broker/daemon/run.hpp"
#include "workers/auditor/audit_log.hpp"

namespace {

// What comes while a batch goes to the disk is the next batch.
constexpr std::size_t batch_events_max = 10'000;
constexpr std::chrono::milliseconds turn{1'000};
constexpr std::chrono::milliseconds retry_after{1'000};

// Until the disk takes the batch: a full one has room again some time, and whatever it says of a write, the log looks
// at what arrived before it writes on. Meanwhile nothing is read from the stream, so nothing piles up here; what the
// stream drops is replayed. False when the daemon was asked to stop first.
bool commit(circuit::daemon::Context& context, circuit::auditor::AuditLog& log) {
  for (bool failed_before = false;; failed_before = true) {
    try {
      log.commit();
      if (failed_before) spdlog::info("auditor: the disk works again; written up to seq {}", log.last_seq());
      return true;
    } catch (const std::system_error& error) {
      if (!failed_before)
        spdlog::error("auditor: {}; nothing behind seq {} is written. Trying again every {} ms", error.what(),
                      log.last_seq(), retry_after.count());
      context.status(std::string("the disk refuses: ") + error.what());
    }
    context.alive();
    pollfd stop{context.stop_fd(), POLLIN, 0};
    (void)::poll(&stop, 1, static_cast<int>(retry_after.count()));
    if (context.stopping()) return false;
  }
}

// The broker of the data directory, or the relay of another host's.
circuit::client::SubscriberOptions stream_of(const circuit::daemon::Context& context) {
  const auto& remote = context.settings().auditor;
  circuit::client::SubscriberOptions options;
  options.publications_hwm = static_cast<int>(context.settings().limits.publications_hwm);
  if (!remote.is_remote()) {
    options.events_endpoint = circuit::client::events_endpoint(context.data());
    options.replay_endpoint = circuit::client::replay_endpoint(context.data());
    return options;
  }
  options.events_endpoint = remote.events;
  options.replay_endpoint = remote.replay;
  options.curve = {remote.server_key,
                   circuit::daemon::load_curve_key(circuit::daemon::key_path(context.data(), remote.secret_key_file),
                                                   "make it with: circuit keygen NAME --out FILE")};
  return options;
}

void audit(circuit::daemon::Context& context) {
  circuit::client::SubscriberOptions options = stream_of(context);
  if (circuit::daemon::is_planted(circuit::daemon::PlantedBug::no_replay))
    options.replay_endpoint = options.events_endpoint;
  circuit::auditor::AuditLog log(context.data() / "audit");
  zmq::context_t zmq;
  options.from_seq = log.wanted_seq();
  circuit::client::Subscriber subscriber(zmq, std::move(options));
  context.ready();
  while (!context.stopping()) {
    const auto add = [&log](const circuit::schema::Event& event) { log.add(event); };
    if (subscriber.receive(turn, add, batch_events_max, context.stop_fd()) != 0) {
      if (!commit(context, log)) return;
      context.status("written up to seq " + std::to_string(log.last_seq()));
    }
    log.refuse_if_ahead(subscriber.caught_up());
    context.alive();
  }
}

}  // namespace

int main(int argc, char** argv) {
  return circuit::daemon::run(argc, argv, {"circuit-auditor", "Writes every event to the audit log."}, audit);
}
