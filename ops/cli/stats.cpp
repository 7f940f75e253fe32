// circuit stats: the totals, and with --recount whether they agree with the events.
#include <future>
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"
#include "ops/cli/totals_text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  bool recount = false;
};

std::string pushes_text(const Json& refused) {
  if (refused.empty()) return {};
  Table table({{"PUSHES REFUSED SINCE THE BROKER'S START"}, {"", Align::right}});
  for (const auto& [code, count] : refused.items()) table.add({code, count.dump()});
  return '\n' + table.text();
}

ExitCode stats(const Options& options) {
  Circuit circuit(options.data.data);
  const Json reply = circuit.ask_orders({{"type", "get_stats"}});
  const Json& stats = reply.at("stats");
  if (options.json.json)
    print(json_text(stats));
  else
    print(totals_text(stats) + pushes_text(stats.at("push_refused")));
  return ExitCode::ok;
}

// Millions of events take the broker a while.
Json ask_recount(Circuit& circuit) {
  constexpr std::chrono::minutes recount_wait{30};
  constexpr std::chrono::milliseconds look{100};
  Progress progress("the broker counts its events again");
  auto reply = std::async(std::launch::async, [&] { return circuit.ask_control({{"type", "recount"}}, recount_wait); });
  while (reply.wait_for(look) != std::future_status::ready) progress.show(0, 0);
  return reply.get();
}

ExitCode recount(const Options& options) {
  Circuit circuit(options.data.data);
  const Json reply = ask_recount(circuit);
  const bool agrees = reply.value("agrees", false);
  if (options.json.json) {
    print(json_text(reply));
  } else {
    print(totals_text(reply.at("counted")));
    print("\nCounted again from " + std::to_string(integer_of(reply.at("counted"), "last_seq")) + " events: " +
          (agrees ? "the kept totals agree.\n" : "the kept totals DIFFER:\n\n" + totals_text(reply.at("kept"))));
  }
  if (!agrees)
    throw Failure(ExitCode::no, "the kept totals are not what the events add up to", "circuit verify --full");
  return ExitCode::ok;
}

}  // namespace

Action declare_stats(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_flag("--recount", options->recount, "Count all events again, and compare");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return options->recount ? recount(*options) : stats(*options); };
}

}  // namespace circuit::cli
