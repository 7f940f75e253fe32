// circuit export: all orders as the broker has them, all events, and the totals that these events add up to. One JSON
// object a line, each with a "kind": "order", "event" or "totals".
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/new_file.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  std::string file;
  bool force = false;
};

using Write = std::function<void(const std::string& lines)>;

std::string line_of(const char* kind, const Json& value) {
  Json line = {{"kind", kind}};
  line.update(value);
  times_to_text(line);
  return json_line(line);
}

std::uint64_t export_orders(Circuit& circuit, const Write& write, Progress& progress) {
  std::uint64_t orders = 0;
  std::string after;
  do {
    Json request = {{"type", "list_orders"}, {"max", 1'000}};
    if (!after.empty()) request["after"] = after;
    const Json page = circuit.ask_control(std::move(request));
    std::string lines;
    for (const Json& order : page.at("orders")) lines += line_of("order", order);
    write(lines);
    orders += page.at("orders").size();
    after = string_of(page, "after");
    progress.show(0, 0);
  } while (!after.empty());
  return orders;
}

// Up to this seq and no further, so that they are what the totals count.
void export_events(Circuit& circuit, std::uint64_t last_seq, const Write& write, Progress& progress) {
  constexpr std::chrono::milliseconds turn{200};
  constexpr std::chrono::seconds silence_max{10};
  client::Subscriber subscriber(circuit.sockets(), circuit.stream(1));
  auto heard = std::chrono::steady_clock::now();
  while (subscriber.next_seq() <= last_seq) {
    std::string lines;
    const std::size_t events = subscriber.receive(turn, [&](const schema::Event& event) {
      if (event.seq <= last_seq) lines += line_of("event", json_of(event));
    });
    write(lines);
    const auto now = std::chrono::steady_clock::now();
    if (events != 0) heard = now;
    if (now - heard > silence_max) throw Failure(ExitCode::unreachable, "the broker sends no events", "circuit status");
    progress.show(subscriber.next_seq() - 1, last_seq);
  }
}

void export_all(Circuit& circuit, const Write& write) {
  Progress progress("exporting");
  export_orders(circuit, write, progress);
  const Json stats = circuit.ask_orders({{"type", "get_stats"}}).at("stats");
  export_events(circuit, static_cast<std::uint64_t>(integer_of(stats, "last_seq")), write, progress);
  write(line_of("totals", stats));
}

ExitCode run_export(const Options& options) {
  Circuit circuit(options.data.data);
  circuit.require_up();
  if (options.file == "-") {
    export_all(circuit, [](const std::string& lines) { print(lines); });
    return ExitCode::ok;
  }
  const std::filesystem::path path = std::filesystem::absolute(options.file);
  if (!options.force) refuse_existing(path);
  NewFile file(path);
  export_all(circuit, [&](const std::string& lines) { file.write(lines); });
  file.finish(options.force);
  return ExitCode::ok;
}

}  // namespace

Action declare_export(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "The file to write; - for standard output")
      ->required()
      ->option_text("(required)");
  app.add_flag("--force", options->force, "Replace a file that is there");
  options->data.declare(app);
  return [options] { return run_export(*options); };
}

}  // namespace circuit::cli
