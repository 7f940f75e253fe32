// circuit tail: the event stream, as it was and as it goes on.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "broker/client/subscriber.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/follow.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/order_text.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::uint64_t from_seq = 0;  // 0: not given
  std::uint64_t lines = 10;
  bool follow = false;
  std::string type;
  std::string order;
  std::string customer;
  [[nodiscard]] bool filters() const { return !type.empty() || !order.empty() || !customer.empty(); }
};

bool matches(const schema::Event& event, const Options& options) {
  return (options.type.empty() || name_of(event.type) == options.type) &&
         (options.customer.empty() || event.data.customer_id == options.customer) &&
         (options.order.empty() || schema::order_id_text(event.order) == options.order);
}

std::string line_text(Json event, bool json) {
  if (json) {
    times_to_text(event);
    return json_line(event);
  }
  return printable(fmt::format("{:>8}  {}  {:<20}  {}  {}", integer_of(event, "seq"),
                               schema::time_text(integer_of(event, "ts")), string_of(event, "type"),
                               string_of(event, "order_id"), event_detail(event))) +
         '\n';
}

// Without --from: the last lines, or with a filter all that match.
std::uint64_t first_seq(Circuit& circuit, const Options& options) {
  if (options.from_seq != 0) return options.from_seq;
  if (options.filters()) return 1;
  const std::uint64_t newest = newest_seq(circuit);
  return newest < options.lines ? 1 : newest - options.lines + 1;
}

ExitCode tail(const Options& options) {
  constexpr std::chrono::seconds turn{1};
  constexpr std::chrono::seconds silence_max{10};
  Circuit circuit(options.data.data);
  circuit.require_up();
  client::Subscriber subscriber(circuit.sockets(), circuit.stream(first_seq(circuit, options)));
  auto heard = std::chrono::steady_clock::now();
  while (options.follow || !subscriber.caught_up()) {
    std::string lines;
    const std::size_t events = subscriber.receive(turn, [&](const schema::Event& event) {
      if (matches(event, options)) lines += line_text(json_of(event), options.json.json);
    });
    if (!lines.empty()) print(lines);
    const auto now = std::chrono::steady_clock::now();
    if (events != 0) heard = now;
    if (!options.follow && now - heard > silence_max)
      throw Failure(ExitCode::unreachable, "the broker sends no events", "circuit status");
  }
  return ExitCode::ok;
}

}  // namespace

Action declare_tail(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> types(schema::event_type_names.begin() + 1, schema::event_type_names.end());
  app.add_option("--from", options->from_seq, "Begin with this event's seq")
      ->type_name("SEQ")
      ->check(CLI::PositiveNumber);
  app.add_option("-n,--lines", options->lines, "Begin with this many of the newest events")
      ->type_name("N")
      ->capture_default_str();
  app.add_flag("-f,--follow", options->follow, "Go on with the events to come");
  app.add_option("--type", options->type, "Only events of this type")
      ->type_name("TYPE")
      ->check(CLI::IsMember(std::move(types)));
  app.add_option("--order", options->order, "Only events of this order")->type_name("ORDER_ID");
  app.add_option("--customer", options->customer, "Only events of this customer's orders")->type_name("ID");
  options->data.declare(app);
  options->json.declare(app);
  app.get_option("--json")->description("Print a line of JSON for each event");
  return [options] { return tail(*options); };
}

}  // namespace circuit::cli
