#include "ops/cli/load.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/client/socket.hpp"
#include "broker/client/subscriber.hpp"
#include "broker/daemon/audit_files.hpp"
#include "ops/cli/client.hpp"
#include "ops/cli/temporary_directory.hpp"
#include "schema/document.hpp"
#include "schema/packer.hpp"

namespace circuit::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::minutes(1);

// What a load's customers are called, up to their number.
std::string customer_prefix(const LoadOptions& options) { return "customer_" + options.first_key; }

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// Reads the stream until every order is fulfilled. An order's key is its customer, which the load numbers.
class FulfilmentWatch {
  // The next event of the stream: what came before this load is none of its business, and may be millions.
  static std::uint64_t next_seq(zmq::context_t& zmq, const std::filesystem::path& data) {
    const Answer answer = RequestClient(zmq, client::orders_endpoint(data)).ask({{"type", "get_stats"}});
    if (!answer) throw std::runtime_error("bench: the broker does not say how many events there are");
    return answer.body.at("stats").at("last_seq").get<std::uint64_t>() + 1;
  }

 public:
  FulfilmentWatch(zmq::context_t& zmq, const std::filesystem::path& data, const LoadOptions& options,
                  std::vector<Clock::time_point>& sent_at)
      : customer_prefix_(customer_prefix(options)),
        subscriber_(zmq, {.events_endpoint = client::events_endpoint(data),
                          .replay_endpoint = client::replay_endpoint(data),
                          .from_seq = next_seq(zmq, data)}),
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
        last_seq.store(event.seq, std::memory_order_relaxed);
      });
      const Clock::time_point now = Clock::now();
      if (got > 0) heard = now;
      if (now - heard > patience) return;
    }
  }
  std::vector<double> fulfilled_ms;
  std::atomic<std::uint64_t> last_seq = 0;  // that was read
  std::atomic<bool> stop = false;

 private:
  void fulfilled(const schema::Event& event) {
    // Others may order beside this load.
    std::string_view customer = event.data.customer_id;
    if (!customer.starts_with(customer_prefix_)) return;
    customer.remove_prefix(customer_prefix_.size());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(customer.data(), customer.data() + customer.size(), number);
    if (error != std::errc{} || number >= sent_at_.size()) return;
    fulfilled_ms.push_back(ms_between(sent_at_.at(number), Clock::now()));
  }
  const std::string customer_prefix_;
  client::Subscriber subscriber_;
  std::vector<Clock::time_point>& sent_at_;
};

// How far the audit log is behind the stream, looked at again and again.
class AuditWatch {
 public:
  AuditWatch(const std::filesystem::path& data, const std::atomic<std::uint64_t>& last_seq)
      : directory_(data / "audit"), last_seq_(last_seq) {}

  void run() {
    while (!stop) {
      const std::uint64_t seq = last_seq_;
      const Clock::time_point heard = Clock::now();
      while (!stop && written() < seq) std::this_thread::sleep_for(look_every);
      if (!stop && seq != 0) lag_ms.push_back(ms_between(heard, Clock::now()));
      std::this_thread::sleep_for(sample_every);
    }
  }
  std::vector<double> lag_ms;
  std::atomic<bool> stop = false;

 private:
  static constexpr auto look_every = std::chrono::milliseconds(1);
  static constexpr auto sample_every = std::chrono::milliseconds(25);

  [[nodiscard]] std::uint64_t written() const {
    const auto line = daemon::last_audit_line(directory_);
    return line ? line->seq : 0;
  }

  std::filesystem::path directory_;
  const std::atomic<std::uint64_t>& last_seq_;
};

// Removed with the object, with all that is in it.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_(make_temporary_directory("circuit-bench-")) {}
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// One socket with many connections: libzmq connects once to a name, so each has a name of its own for the same socket.
class Connections {
 public:
  Connections(zmq::socket_t& socket, const std::filesystem::path& data, std::uint64_t count) {
    const std::string endpoint = client::orders_endpoint(data);
    socket.connect(endpoint);
    constexpr std::string_view ipc = "ipc://";
    for (std::uint64_t i = 1; i < count; ++i) {
      const std::filesystem::path name = names_.path() / std::to_string(i);
      std::filesystem::create_symlink(endpoint.substr(ipc.size()), name);
      socket.connect(std::string(ipc) + name.string());
    }
  }

 private:
  ScratchDirectory names_;
};

class Sender {
 public:
  Sender(zmq::context_t& zmq, const std::filesystem::path& data, const LoadOptions& options,
         std::vector<Clock::time_point>& sent_at)
      : socket_(client::make_socket(zmq, zmq::socket_type::dealer)),
        connections_(socket_, data, options.upstreams),
        customer_prefix_(customer_prefix(options)),
        options_(options),
        sent_at_(sent_at) {}

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
    packer.text("product_id").text("LICENSE_KEY_V1").text("customer_id").text(customer_prefix_ + number);
    packer.text("idempotency_key")
        .text(options_.first_key + "bench-" + number)
        .text("amount")
        .integer(2'000)
        .text("currency")
        .text("USD");
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
  Connections connections_;
  const std::string customer_prefix_;
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
  FulfilmentWatch watch(zmq, data, options, sent_at);
  watch.catch_up();
  AuditWatch audit(data, watch.last_seq);
  Sender sender(zmq, data, options, sent_at);
  const Clock::time_point start = Clock::now();
  std::future<void> watching = std::async(std::launch::async, [&] { watch.run(); });
  std::future<void> auditing = std::async(std::launch::async, [&] { audit.run(); });
  const auto join = [&] {
    watching.wait();
    audit.stop = true;
    auditing.wait();
  };
  try {
    sender.run();
  } catch (...) {
    watch.stop = true;
    join();
    throw;
  }
  if (sender.refused > 0 || options.stop_at_acknowledged) watch.stop = true;
  join();
  // What went wrong on the other threads goes on here.
  watching.get();
  auditing.get();
  LoadResult result;
  result.seconds = ms_between(start, Clock::now()) / 1000;
  result.refused = sender.refused;
  result.fulfilled = watch.fulfilled_ms.size();
  result.acknowledged_ms = std::move(sender.acknowledged_ms);
  result.fulfilled_ms = std::move(watch.fulfilled_ms);
  result.audit_lag_ms = std::move(audit.lag_ms);
  std::sort(result.audit_lag_ms.begin(), result.audit_lag_ms.end());
  std::sort(result.acknowledged_ms.begin(), result.acknowledged_ms.end());
  std::sort(result.fulfilled_ms.begin(), result.fulfilled_ms.end());
  return result;
}

double quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

}  // namespace circuit::cli
