// circuit status: the daemons' processes, and what the broker says of itself.
#include <algorithm>
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/daemons.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
};

Json daemons_json(const std::vector<DaemonState>& states) {
  Json list = Json::array();
  for (const DaemonState& state : states) {
    Json daemon = {{"name", state.name}, {"running", state.pid != 0}, {"pid", nullptr}, {"started_at", nullptr}};
    if (state.pid != 0) {
      daemon["pid"] = state.pid;
      daemon["started_at"] = state.since_us;
    }
    list.push_back(std::move(daemon));
  }
  return list;
}

std::string daemons_text(const std::vector<DaemonState>& states) {
  Table table({{"DAEMON"}, {"PID", Align::right}, {"RUNNING SINCE"}});
  const std::int64_t now = now_us();
  for (const DaemonState& state : states)
    table.add({state.name, state.pid == 0 ? "-" : std::to_string(state.pid),
               state.pid == 0 ? "does not run" : moment_text(state.since_us, now)});
  return table.text();
}

std::string broker_text(const Json& broker) {
  Table facts({{""}, {""}});
  const auto number = [&](const char* key) { return std::to_string(integer_of(broker, key)); };
  facts.add({"Accepting orders", broker.value("accepting", false) ? "yes" : "no"});
  facts.add({"Events", number("last_seq")});
  facts.add({"Orders with work", number("runnable")});
  facts.add({"Waiting for payment workers", number("queued_payment")});
  facts.add({"Waiting for fulfillment workers", number("queued_fulfillment")});
  facts.add({"Being worked on", number("leased")});
  std::string stuck;
  for (const auto& [reason, count] : broker.at("attention").items())
    stuck += (stuck.empty() ? "" : ", ") + count.dump() + ' ' + reason;
  facts.add({"Needing attention", stuck.empty() ? "none" : stuck});
  Table workers({{"WORKER"}, {"ROLE"}, {"JOBS", Align::right}, {"FREE", Align::right}});
  for (const Json& worker : broker.at("workers"))
    workers.add({string_of(worker, "name"), string_of(worker, "role"), std::to_string(integer_of(worker, "leased")),
                 std::to_string(integer_of(worker, "credit"))});
  return '\n' + facts.text() + '\n' + (workers.empty() ? "No workers are connected.\n" : workers.text());
}

ExitCode status(const Options& options) {
  Circuit circuit(options.data.data);
  const std::vector<DaemonState> states = Daemons(options.data.data, programs_directory()).states();
  const bool all_run = std::ranges::all_of(states, [](const DaemonState& state) { return state.pid != 0; });
  const Answer answer = circuit.control().ask({{"type", "status"}});
  const Json broker = answer ? answer.body.at("status") : Json();
  if (options.json.json) {
    Json json = {{"data", circuit.data().string()}, {"up", all_run && answer}, {"daemons", daemons_json(states)}};
    json["broker"] = broker;
    times_to_text(json);
    print(json_text(json));
  } else {
    print(daemons_text(states));
    if (answer) print(broker_text(broker));
  }
  if (answer.outcome == Answer::Outcome::refused) note("circuit: the broker: " + refusal_text(answer.body) + '\n');
  if (all_run && answer) return ExitCode::ok;
  if (!options.json.json)
    print("\nThe circuit is not wholly up. To start what is missing: " + command_on(circuit.data(), "up") + '\n');
  return ExitCode::unreachable;
}

}  // namespace

Action declare_status(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return status(*options); };
}

}  // namespace circuit::cli
