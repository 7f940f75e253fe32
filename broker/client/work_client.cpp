#include "broker/client/work_client.hpp"

#include "broker/client/socket.hpp"

namespace circuit::client {

using schema::WorkMessage;

namespace {
std::string_view kind_frame(const WorkMessage& kind) { return {reinterpret_cast<const char*>(&kind), 1}; }
}  // namespace

WorkClient::WorkClient(zmq::context_t& context, WorkClientOptions options)
    : options_(std::move(options)), socket_(make_socket(context, zmq::socket_type::dealer)) {
  socket_.connect(options_.endpoint);
  say_hello();
}

void WorkClient::say_hello() {
  std::string body;
  schema::encode(body,
                 std::vector<schema::Hello>{{schema::work_protocol, options_.role, options_.name, options_.credit}});
  // A hello that can't be sent now is said again when the broker answers the next heartbeat with `unknown`.
  (void)send_now(socket_, kind_frame(WorkMessage::hello), body);
}

void WorkClient::receive(const std::function<void(const schema::Job&)>& on_job,
                         const std::function<void(const schema::Refused&)>& on_refused) {
  const auto now = std::chrono::steady_clock::now();
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
