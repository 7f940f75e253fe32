#include "ops/cli/bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "ops/cli/daemons.hpp"
#include "ops/cli/exit_code.hpp"
#include "ops/cli/load.hpp"

namespace circuit::cli {
namespace {

// A data directory below the system's temporary one, and the daemons on it; both are gone with the object.
class BenchCircuit {
 public:
  explicit BenchCircuit(const std::filesystem::path& programs) : daemons_(make_directory(), programs) {
    try {
      daemons_.start(std::nullopt);
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
  static std::filesystem::path make_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "circuit-bench-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::filesystem::filesystem_error("making a directory", pattern, {errno, std::generic_category()});
    return pattern;
  }
  void clean_up() {
    try {
      (void)daemons_.stop();
    } catch (const std::exception& error) {
      fmt::print(stderr, "bench: {}\n", error.what());
    }
    std::error_code ignored;
    std::filesystem::remove_all(daemons_.data(), ignored);
  }
  Daemons daemons_;
};

struct Usage {
  std::string name;
  double cpu_seconds = 0;
  std::uint64_t anonymous_kib = 0;
};

// proc(5): fields 14 and 15 of stat, in clock ticks; RssAnon of status.
Usage usage_of(const DaemonState& daemon) {
  Usage usage{daemon.name, 0, 0};
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
  report["lifecycles_per_second"] = static_cast<double>(load.fulfilled) / load.seconds;
  report["acknowledged_ms"] = {{"p50", quantile(load.acknowledged_ms, 0.5)},
                               {"p99", quantile(load.acknowledged_ms, 0.99)}};
  report["end_to_end_ms"] = {{"p50", quantile(load.fulfilled_ms, 0.5)}, {"p99", quantile(load.fulfilled_ms, 0.99)}};
  double cpu = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double seconds = after[i].cpu_seconds - before[i].cpu_seconds;
    cpu += seconds;
    report["daemons"][after[i].name] = {{"cpu_us_per_order", seconds * 1e6 / orders},
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
  for (const auto& [key, label] : {std::pair{"acknowledged_ms", "acknowledged"}, {"end_to_end_ms", "end to end"}})
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
  const BenchCircuit circuit(programs);
  const std::vector<Usage> before = usages(circuit.daemons());
  const LoadResult load =
      run_load(circuit.daemons().data(), {.orders = options.orders, .window = options.window, .rate = options.rate});
  const nlohmann::ordered_json report = report_of(options, load, before, usages(circuit.daemons()));
  if (options.json)
    fmt::print("{}\n", report.dump(2));
  else
    print(report);
  return static_cast<int>(load.fulfilled == options.orders ? ExitCode::ok : ExitCode::no);
}

}  // namespace circuit::cli
