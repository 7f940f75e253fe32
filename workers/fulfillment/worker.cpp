#include "workers/fulfillment/worker.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "broker/client/endpoints.hpp"
#include "schema/check.hpp"
#include "schema/order_id.hpp"
#include "workers/fulfillment/command.hpp"

namespace circuit::fulfillment {

using std::chrono::milliseconds;

namespace {

// No longer than the work client's heartbeat, which is sent by step().
constexpr milliseconds wait_max{500};
constexpr milliseconds goodbye_linger{500};

client::WorkClientOptions client_options(const std::filesystem::path& data, const std::string& name,
                                         const config::Settings& settings) {
  client::WorkClientOptions client;
  client.endpoint = client::work_endpoint(data);
  client.role = schema::Role::fulfillment;
  client.name = name;
  client.credit = static_cast<std::uint32_t>(settings.fulfillment.in_flight_max);
  client.stall_after = client::stall_after_of(settings.dispatch.worker_silence_ms, settings.dispatch.lease_ms);
  return client;
}

// Twice the credit: after a restart the broker hands out anew while old runs still wait here.
std::size_t jobs_max(const config::Settings::Fulfillment& settings) {
  return 2 * static_cast<std::size_t>(settings.in_flight_max);
}

}  // namespace

Worker::Worker(zmq::context_t& context, const std::filesystem::path& data, const std::string& name,
               const config::Settings& settings)
    : settings_(settings),
      workplace_(std::make_shared<const Workplace>(data)),
      catalogue_(settings, data),
      client_(context, client_options(data, name, settings)),
      offers_(jobs_max(settings.fulfillment), [this](const schema::Outcome& outcome) { client_.add(outcome); }),
      pool_(static_cast<std::size_t>(settings.fulfillment.threads), jobs_max(settings.fulfillment)) {}

void Worker::step(TimePoint now) {
  // What runs in threads goes on after a stall: it ends with the same files, and its outcome is refused.
  (void)client_.receive([this](const schema::Job& job) { on_job(job); },
                        [&](const schema::Refused& refused) { offers_.refused(refused, now); });
  pool_.complete();
  offers_.tick(now);
  client_.flush();
  end_orphans();
}

void Worker::wait(int stop_fd) {
  milliseconds timeout = wait_max;
  if (const auto due = offers_.next_due()) {
    const auto left = std::chrono::ceil<milliseconds>(*due - std::chrono::steady_clock::now());
    timeout = std::clamp(left, milliseconds(0), wait_max);
  }
  std::array<zmq::pollitem_t, 3> items = {{{client_.socket().handle(), 0, ZMQ_POLLIN, 0},
                                           {nullptr, pool_.event_fd(), ZMQ_POLLIN, 0},
                                           {nullptr, stop_fd, ZMQ_POLLIN, 0}}};
  zmq::poll(items.data(), stop_fd < 0 ? 2 : 3, timeout);
}

void Worker::on_job(const schema::Job& job) {
  // Its lease goes back with the goodbye.
  if (draining_) return;
  const std::shared_ptr<FulfillmentHandler>* handler = catalogue_.find(job.product_id);
  if (handler && (*handler)->inline_in_loop()) {
    const HandlerResult result = (*handler)->run(
        {job.order, job.product_id, job.customer_id, job.amount, job.currency, job.created_at, job.metadata});
    CIRCUIT_CHECK(std::holds_alternative<DeliveredLicense>(result), "an inline handler delivers a licence");
    offers_.make(job.lease, job.order, nullptr);
    return;
  }
  if (!handler) {
    spdlog::error("{}: its product {} is in the catalogue no more; put it back, or refund the order",
                  schema::order_id_text(job.order), job.product_id);
    offers_.make(job.lease, job.order, std::make_unique<Answer>(deferred()));
    return;
  }
  if (const auto held = in_threads_.find(job.order); held != in_threads_.end())
    adopt(held->second, job.lease);
  else
    start_run(job, *handler);
}

// The broker gave up on a lease while its job still runs here, and happened to choose this worker again. An order's job
// is always the same, so the run that is under way answers it.
void Worker::adopt(schema::Lease& held, const schema::Lease& newer) {
  client_.forget(held);
  held = newer;
}

void Worker::start_run(const schema::Job& job, const std::shared_ptr<FulfillmentHandler>& handler) {
  const auto task = [this, handler, workplace = workplace_,
                     owned = std::make_shared<const OwnedJob>(job)]() -> ThreadPool::Completion {
    // Nothing of `this` is used here, in the thread.
    auto answer = std::make_shared<Answer>(answer_job(*owned, *handler, *workplace));
    return [this, owned, answer] { finished(*owned, std::make_unique<Answer>(std::move(*answer))); };
  };
  if (pool_.submit(task)) {
    in_threads_[job.order] = job.lease;
    return;
  }
  spdlog::error("{}: there are more jobs than were asked for; it is put off", schema::order_id_text(job.order));
  offers_.make(job.lease, job.order, std::make_unique<Answer>(deferred()));
}

void Worker::finished(const OwnedJob& job, std::unique_ptr<Answer> answer) {
  const auto held = in_threads_.find(job.order);
  CIRCUIT_CHECK(held != in_threads_.end(), "a run that ends was started");
  const schema::Lease lease = held->second;
  in_threads_.erase(held);
  // A program that was ended by us did not fail: its lease goes back with the goodbye, and counts as no try.
  if (draining_ && answer->decision == schema::Decision::defer) return;
  offers_.make(lease, job.order, std::move(answer));
}

void Worker::settings_changed() {
  try {
    catalogue_ = Catalogue(settings_, workplace_->data);
  } catch (const std::exception& error) {
    spdlog::error("the old handlers stay: {}", error.what());
  }
}

void Worker::drain() {
  draining_ = true;
  const std::size_t dropped = pool_.clear_queue();
  if (dropped != 0) spdlog::info("{} jobs were not begun and go back to the broker", dropped);
  constexpr std::uint64_t one = 1;
  (void)!::write(workplace_->stop.get(), &one, sizeof one);
}

bool Worker::goodbye() {
  pool_.complete();
  offers_.give_up();
  client_.goodbye();
  // The socket is closed next, and by default drops what it has not written yet.
  client_.socket().set(zmq::sockopt::linger, static_cast<int>(goodbye_linger.count()));
  return pool_.finish();
}

}  // namespace circuit::fulfillment
