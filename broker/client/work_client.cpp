#include "broker/client/work_client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "broker/client/socket.hpp"

namespace circuit::client {

using schema::WorkMessage;

namespace {
std::string_view kind_frame(const WorkMessage& kind) { return {reinterpret_cast<const char*>(&kind), 1}; }
}  // namespace

std::chrono::milliseconds stall_after_of(std::int64_t worker_silence_ms, std::int64_t lease_ms) {
  // The broker last heard a heartbeat up to a second before, and messages take their time.
  const std::int64_t longest_ms = std::min(worker_silence_ms - 1'200, lease_ms - 200);
  return std::chrono::milliseconds(std::clamp<std::int64_t>(longest_ms, 700, 3'500));
}

WorkClient::WorkClient(zmq::context_t& context, WorkClientOptions options)
    : context_(context),
      options_(std::move(options)),
      socket_(make_socket(context, zmq::socket_type::dealer)),
      last_turn_(std::chrono::steady_clock::now()) {
  socket_.connect(options_.endpoint);
  say_hello();
}

// On a new connection: jobs that are still on their way to the old one must not come in behind the hello.
void WorkClient::start_over() {
  constexpr int goodbye_linger_ms = 500;
  goodbye();
  socket_.set(zmq::sockopt::linger, goodbye_linger_ms);
  socket_ = make_socket(context_, zmq::socket_type::dealer);
  socket_.connect(options_.endpoint);
  held_.clear();
  outcomes_.clear();
  outcome_count_ = 0;
  next_heartbeat_ = {};
  say_hello();
}

void WorkClient::say_hello() {
  std::string body;
  schema::encode(body,
                 std::vector<schema::Hello>{{schema::work_protocol, options_.role, options_.name, options_.credit}});
  // A hello that can't be sent now is said again when the broker answers the next heartbeat with `unknown`.
  (void)send_now(socket_, kind_frame(WorkMessage::hello), body);
}

bool WorkClient::receive(const std::function<void(const schema::Job&)>& on_job,
                         const std::function<void(const schema::Refused&)>& on_refused) {
  const auto now = std::chrono::steady_clock::now();
  const auto stood_still = now - std::exchange(last_turn_, now);
  if (stood_still > options_.stall_after) {
    spdlog::warn("this worker stood still for {} ms; its jobs may be done by others now, so it gives them back",
                 std::chrono::duration_cast<std::chrono::milliseconds>(stood_still).count());
    start_over();
    return false;
  }
  while (auto frames = receive_now(socket_, 2)) {
    if (frames->size() != 2 || (*frames)[0].size() != 1) continue;
    const auto kind = static_cast<WorkMessage>(*(*frames)[0].data<char>());
    const std::string_view body = text_of((*frames)[1]);
    std::vector<schema::Job> jobs;
    std::vector<schema::Refused> refused;
    if (kind == WorkMessage::unknown) say_hello();
    if (kind == WorkMessage::jobs && schema::decode(document_, body, jobs))
      for (const schema::Job& job : jobs) {
        held_[job.lease.number] = {job.lease, now};
        on_job(job);
      }
    if (kind == WorkMessage::refused && schema::decode(document_, body, refused))
      for (const schema::Refused& item : refused) on_refused(item);
  }
  return true;
}

void WorkClient::add(const schema::Outcome& outcome) {
  schema::encode(outcomes_, outcome);
  ++outcome_count_;
  forget(outcome.lease);
}

void WorkClient::flush() {
  if (outcome_count_ != 0) send_outcomes();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_heartbeat_) return;
  next_heartbeat_ = now + options_.heartbeat;
  send_heartbeat(now);
}

void WorkClient::send_heartbeat(std::chrono::steady_clock::time_point now) {
  std::vector<schema::Lease> old;
  for (const auto& [number, held] : held_)
    if (now - held.since > 2 * options_.heartbeat) old.push_back(held.lease);
  std::string body;
  if (!old.empty()) schema::encode(body, old);
  // One that can't be sent is made up for by the next.
  (void)send_now(socket_, kind_frame(WorkMessage::heartbeat), body);
}

void WorkClient::send_outcomes() {
  std::string body;
  body.reserve(outcomes_.size() + 5);
  schema::Packer(body).array(outcome_count_).raw(outcomes_);
  // A full queue keeps the batch for the next call: the broker is slow, and the credit bounds what can gather here.
  if (!send_now(socket_, kind_frame(WorkMessage::outcomes), body)) return;
  outcomes_.clear();
  outcome_count_ = 0;
}

void WorkClient::goodbye() {
  if (outcome_count_ != 0) send_outcomes();
  (void)send_now(socket_, kind_frame(WorkMessage::goodbye), {});
}

}  // namespace circuit::client
