#include "ops/cli/bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/client/subscriber.hpp"
#include "broker/daemon/clock.hpp"
#include "ops/cli/daemons.hpp"
#include "ops/cli/exit_code.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/load.hpp"
#include "ops/cli/temporary_directory.hpp"

namespace circuit::cli {
namespace {

// The daemons on a data directory, which is removed at the end unless it was given.
class BenchCircuit {
 public:
  BenchCircuit(const std::filesystem::path& programs, const BenchOptions& options)
      : keep_(options.data.has_value()),
        daemons_(options.data ? *options.data : make_temporary_directory("circuit-bench-"), programs) {
    for (const DaemonState& daemon : daemons_.states())
      if (daemon.pid != 0)
        throw Failure(
            ExitCode::no, daemon.name + " runs on " + daemons_.data().string() + " already",
            "a benchmark makes orders: give it a directory of its own, or stop the circuit with: circuit down");
    try {
      daemons_.start(options.config);
    } catch (...) {
      clean_up();
      throw;
    }
  }
  BenchCircuit(const BenchCircuit&) = delete;
  BenchCircuit& operator=(const BenchCircuit&) = delete;
  ~BenchCircuit() { clean_up(); }
  [[nodiscard]] const Daemons& daemons() const { return daemons_; }

 private:
  void clean_up() {
    try {
      (void)daemons_.stop();
    } catch (const std::exception& error) {
      fmt::print(stderr, "bench: {}\n", error.what());
    }
    std::error_code ignored;
    if (!keep_) std::filesystem::remove_all(daemons_.data(), ignored);
  }
  bool keep_;
  Daemons daemons_;
};

// A subscriber that reads everything from the first event on.
class Replay {
 public:
  explicit Replay(const std::filesystem::path& data)
      : subscriber_(zmq_, {.events_endpoint = client::events_endpoint(data),
                           .replay_endpoint = client::replay_endpoint(data),
                           .replay_events_max = 10'000}),
        running_(std::async(std::launch::async, [this] { run(); })) {}
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay() { stop_ = true; }  // and waits for it
  // Throws what went wrong in it.
  void join() {
    stop_ = true;
    running_.get();
  }
  // Until it had caught up, or was told to stop before.
  std::uint64_t events = 0;
  double seconds = 0;

 private:
  void run() {
    const auto start = std::chrono::steady_clock::now();
    while (!subscriber_.caught_up() && !stop_)
      events += subscriber_.receive(std::chrono::milliseconds(100), [](const schema::Event&) {});
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  zmq::context_t zmq_;
  client::Subscriber subscriber_;
  std::atomic<bool> stop_ = false;
  std::future<void> running_;
};

std::uint64_t bytes_below(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

struct Usage {
  std::string name;
  double cpu_seconds = 0;
  std::uint64_t anonymous_kib = 0;
  std::uint64_t written_bytes = 0;  // to the disk
};

// proc(5): fields 14 and 15 of stat, in clock ticks; RssAnon of status; write_bytes of io.
Usage usage_of(const DaemonState& daemon) {
  Usage usage{daemon.name, 0, 0, 0};
  const std::string directory = "/proc/" + std::to_string(daemon.pid);
  std::ifstream stat_file(directory + "/stat");
  std::string stat((std::istreambuf_iterator<char>(stat_file)), {});
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  usage.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  std::ifstream status(directory + "/status");
  for (std::string word; status >> word;)
    if (word == "RssAnon:") status >> usage.anonymous_kib;
  std::ifstream io(directory + "/io");
  for (std::string word; io >> word;)
    if (word == "write_bytes:") io >> usage.written_bytes;
  return usage;
}

std::vector<Usage> usages(const Daemons& daemons) {
  std::vector<Usage> all;
  for (const DaemonState& daemon : daemons.states())
    if (daemon.pid != 0) all.push_back(usage_of(daemon));
  return all;
}

nlohmann::ordered_json report_of(const BenchOptions& options, const LoadResult& load, const std::vector<Usage>& before,
                                 const std::vector<Usage>& after) {
  const auto orders = static_cast<double>(options.orders);
  nlohmann::ordered_json report;
  report["orders"] = options.orders;
  report["window"] = options.window;
  report["rate"] = options.rate;
  report["fulfilled"] = load.fulfilled;
  report["refused"] = load.refused;
  report["seconds"] = load.seconds;
  report["lifecycles_per_second"] = static_cast<double>(load.fulfilled) / load.seconds;
  report["acknowledged_ms"] = {{"p50", quantile(load.acknowledged_ms, 0.5)},
                               {"p99", quantile(load.acknowledged_ms, 0.99)}};
  report["end_to_end_ms"] = {{"p50", quantile(load.fulfilled_ms, 0.5)}, {"p99", quantile(load.fulfilled_ms, 0.99)}};
  report["audit_lag_ms"] = {{"p50", quantile(load.audit_lag_ms, 0.5)},
                            {"p99", quantile(load.audit_lag_ms, 0.99)},
                            {"samples", load.audit_lag_ms.size()}};
  double cpu = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double seconds = after[i].cpu_seconds - before[i].cpu_seconds;
    cpu += seconds;
    const auto written = static_cast<double>(after[i].written_bytes - before[i].written_bytes);
    report["daemons"][after[i].name] = {{"cpu_us_per_order", seconds * 1e6 / orders},
                                        {"written_bytes_per_order", written / orders},
                                        {"anonymous_mib_before", static_cast<double>(before[i].anonymous_kib) / 1024},
                                        {"anonymous_mib", static_cast<double>(after[i].anonymous_kib) / 1024}};
  }
  report["cpu_us_per_order"] = cpu * 1e6 / orders;
  return report;
}

void print(const nlohmann::ordered_json& report) {
  const auto number = [](const nlohmann::ordered_json& value) { return value.get<double>(); };
  fmt::print("{} orders, window {}{}\n", report["orders"].get<std::uint64_t>(), report["window"].get<std::uint64_t>(),
             report["rate"] == 0 ? "" : fmt::format(", {} orders/s", report["rate"].get<std::uint64_t>()));
  fmt::print("  lifecycles         {:>10.0f} orders/s   ({} fulfilled, {} refused)\n",
             number(report["lifecycles_per_second"]), report["fulfilled"].get<std::uint64_t>(),
             report["refused"].get<std::uint64_t>());
  for (const auto& [key, label] : {std::pair{"acknowledged_ms", "acknowledged"},
                                   {"end_to_end_ms", "end to end"},
                                   {"audit_lag_ms", "audit log behind"}})
    fmt::print("  {:<18} {:>10.2f} ms p50 {:>9.2f} ms p99\n", label, number(report[key]["p50"]),
               number(report[key]["p99"]));
  fmt::print("  processor          {:>10.1f} µs/order, all daemons\n\n", number(report["cpu_us_per_order"]));
  fmt::print("  {:<20} {:>12} {:>22}\n", "daemon", "µs/order", "anonymous memory MiB");
  for (const auto& [name, daemon] : report["daemons"].items())
    fmt::print("  {:<20} {:>12.1f} {:>13.1f} → {:>6.1f}\n", name, number(daemon["cpu_us_per_order"]),
               number(daemon["anonymous_mib_before"]), number(daemon["anonymous_mib"]));
}

}  // namespace

int bench(const BenchOptions& options, const std::filesystem::path& programs) {
  const BenchCircuit circuit(programs, options);
  const std::filesystem::path& data = circuit.daemons().data();
  const std::uint64_t journal_before = bytes_below(data / "journal");
  const std::vector<Usage> before = usages(circuit.daemons());
  std::optional<Replay> replay;
  if (options.replay) replay.emplace(data);
  const LoadResult load =
      run_load(data, {.orders = options.orders,
                      .window = options.window,
                      .rate = options.rate,
                      .upstreams = options.upstreams,
                      .stop_at_acknowledged = options.waiting,
                      .first_key = options.data ? std::to_string(daemon::wall_us()) + "-" : std::string()});
  nlohmann::ordered_json report = report_of(options, load, before, usages(circuit.daemons()));
  report["journal_bytes_per_order"] =
      static_cast<double>(bytes_below(data / "journal") - journal_before) / static_cast<double>(options.orders);
  if (replay) {
    replay->join();
    report["replay"] = {{"events", replay->events}, {"seconds", replay->seconds}};
  }
  if (options.json)
    fmt::print("{}\n", report.dump(2));
  else
    print(report);
  const std::uint64_t done = options.waiting ? load.acknowledged_ms.size() : load.fulfilled;
  return static_cast<int>(done == options.orders ? ExitCode::ok : ExitCode::no);
}

}  // namespace circuit::cli
