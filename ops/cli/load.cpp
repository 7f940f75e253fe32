#include "ops/cli/load.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/client/socket.hpp"
#include "broker/client/subscriber.hpp"
#include "schema/document.hpp"
#include "schema/packer.hpp"

namespace circuit::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::minutes(1);

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// Reads the stream until every order is fulfilled. An order's key is its customer, which the load numbers.
class FulfilmentWatch {
 public:
  FulfilmentWatch(zmq::context_t& zmq, const std::filesystem::path& data, std::vector<Clock::time_point>& sent_at)
      : subscriber_(
            zmq, {.events_endpoint = client::events_endpoint(data), .replay_endpoint = client::replay_endpoint(data)}),
        sent_at_(sent_at) {}

  void catch_up() {
    while (!subscriber_.caught_up())
      (void)subscriber_.receive(std::chrono::milliseconds(100), [](const schema::Event&) {});
  }
  void run() {
    Clock::time_point heard = Clock::now();
    while (fulfilled_ms.size() < sent_at_.size() && !stop) {
      const std::size_t got = subscriber_.receive(std::chrono::milliseconds(200), [&](const schema::Event& event) {
        if (event.type == schema::EventType::order_fulfilled) fulfilled(event);
      });
      const Clock::time_point now = Clock::now();
      if (got > 0) heard = now;
      if (now - heard > patience) return;
    }
  }
  std::vector<double> fulfilled_ms;
  std::atomic<bool> stop = false;

 private:
  void fulfilled(const schema::Event& event) {
    const std::size_t number =
        std::stoull(std::string(event.data.customer_id.substr(event.data.customer_id.find('_') + 1)));
    fulfilled_ms.push_back(ms_between(sent_at_.at(number), Clock::now()));
  }
  client::Subscriber subscriber_;
  std::vector<Clock::time_point>& sent_at_;
};

class Sender {
 public:
  Sender(zmq::context_t& zmq, const std::filesystem::path& data, const LoadOptions& options,
         std::vector<Clock::time_point>& sent_at)
      : socket_(client::make_socket(zmq, zmq::socket_type::dealer)), options_(options), sent_at_(sent_at) {
    socket_.connect(client::orders_endpoint(data));
  }

  void run() {
    Clock::time_point heard = Clock::now();
    const Clock::time_point start = heard;
    while (acknowledged_ms.size() + refused < options_.orders) {
      while (may_send(start)) send();
      zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
      zmq::poll(&item, 1, wait(start));
      while (auto frames = client::receive_now(socket_, 2)) {
        acknowledged(client::text_of(frames->back()));
        heard = Clock::now();
      }
      if (Clock::now() - heard > patience) throw std::runtime_error("bench: no acknowledgement for a minute");
    }
  }
  std::vector<double> acknowledged_ms;
  std::uint64_t refused = 0;

 private:
  [[nodiscard]] Clock::time_point due(Clock::time_point start) const {
    if (options_.rate == 0) return start;
    return start + std::chrono::nanoseconds(sent_ * 1'000'000'000 / options_.rate);
  }
  [[nodiscard]] bool may_send(Clock::time_point start) const {
    return sent_ < options_.orders && sent_ - acknowledged_ms.size() - refused < options_.window &&
           Clock::now() >= due(start);
  }
  [[nodiscard]] std::chrono::milliseconds wait(Clock::time_point start) const {
    if (options_.rate == 0 || sent_ == options_.orders) return std::chrono::milliseconds(100);
    // Rounded down: near its time an order is waited for by turning, a millisecond at most.
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::duration_cast<std::chrono::milliseconds>(due(start) - Clock::now()));
  }
  void send() {
    const std::string number = std::to_string(sent_);
    body_.clear();
    schema::Packer packer(body_);
    packer.map(7).text("type").text("create_order").text("request_id").natural(sent_);
    packer.text("product_id").text("LICENSE_KEY_V1").text("customer_id").text("customer_" + number);
    packer.text("idempotency_key").text("bench-" + number).text("amount").integer(2'000).text("currency").text("USD");
    sent_at_[sent_] = Clock::now();
    if (!client::send_now(socket_, body_)) throw std::runtime_error("bench: the broker does not take orders");
    ++sent_;
  }
  void acknowledged(std::string_view reply) {
    if (document_.parse(reply)) throw std::runtime_error("bench: a reply can't be read");
    if (document_.root().find("ok").boolean() != true) {
      ++refused;
      return;
    }
    const auto number = document_.root().find("request_id").natural();
    acknowledged_ms.push_back(ms_between(sent_at_.at(number.value()), Clock::now()));
  }

  zmq::socket_t socket_;
  const LoadOptions& options_;
  std::vector<Clock::time_point>& sent_at_;
  std::uint64_t sent_ = 0;
  std::string body_;
  schema::Document document_;
};

}  // namespace

LoadResult run_load(const std::filesystem::path& data, const LoadOptions& options) {
  zmq::context_t zmq(1);
  std::vector<Clock::time_point> sent_at(options.orders);
  FulfilmentWatch watch(zmq, data, sent_at);
  watch.catch_up();
  const Clock::time_point start = Clock::now();
  std::thread watching([&] { watch.run(); });
  Sender sender(zmq, data, options, sent_at);
  try {
    sender.run();
  } catch (...) {
    watch.stop = true;
    watching.join();
    throw;
  }
  if (sender.refused > 0) watch.stop = true;
  watching.join();
  LoadResult result;
  result.seconds = ms_between(start, Clock::now()) / 1000;
  result.refused = sender.refused;
  result.fulfilled = watch.fulfilled_ms.size();
  result.acknowledged_ms = std::move(sender.acknowledged_ms);
  result.fulfilled_ms = std::move(watch.fulfilled_ms);
  std::sort(result.acknowledged_ms.begin(), result.acknowledged_ms.end());
  std::sort(result.fulfilled_ms.begin(), result.fulfilled_ms.end());
  return result;
}

double quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

}  // namespace circuit::cli
