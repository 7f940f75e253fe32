#include "ops/cli/demo.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "broker/config/settings.hpp"
#include "ops/cli/delivery.hpp"
#include "ops/cli/draft.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/follow.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::chrono::seconds orders_wait{60};
constexpr std::chrono::seconds audit_wait{10};

DemoOrder submit(Circuit& circuit, const fs::path& csv) {
  Draft draft;
  draft.product = "DATA_ANALYSIS_V1";
  draft.customer = "demo_" + csv.stem().string();
  draft.amount = 5'000;
  draft.currency = "USD";
  draft.input.emplace_back("csv", read_input_file(csv));
  const Json created = circuit.ask_orders(create_request(draft, {}));
  return {csv, string_of(created, "order_id"), {}, {}, {}};
}

void follow(Circuit& circuit, std::uint64_t from_seq, std::vector<DemoOrder>& orders) {
  std::set<std::string> ids;
  for (const DemoOrder& order : orders) ids.insert(order.id);
  Progress progress("working");
  std::size_t steps = 0;
  const auto open = follow_orders(circuit, from_seq, ids, orders_wait, [&](const Json& event) {
    const auto order = std::ranges::find(orders, string_of(event, "order_id"), &DemoOrder::id);
    order->events.push_back(event);
    progress.show(++steps, 3 * orders.size());
  });
  if (!open.empty())
    throw Failure(ExitCode::no, "order " + *open.begin() + " was not delivered within a minute",
                  "see why: " + command_on(circuit.data(), "attention") + ", and the logs in " +
                      (circuit.data() / "log").string());
}

void fetch(Circuit& circuit, DemoOrder& order) {
  order.order = circuit.ask_orders({{"type", "get_order"}, {"order_id", order.id}}).at("order");
  const std::string token = string_of(order.order, "delivery_token");
  if (token.empty())
    throw Failure(ExitCode::no, "order " + order.id + " is " + string_of(order.order, "status"),
                  "see the logs in " + (circuit.data() / "log").string());
  order.files = circuit.data() / "delivered" / order.csv.stem();
  // A demo on a kept directory delivers there again.
  (void)deliver(circuit, token, order.files, true);
}

// The auditor writes what it reads from the stream a moment after it happened.
ops::VerifyReport verify(Circuit& circuit) {
  const std::uint64_t newest = newest_seq(circuit);
  const Clock::time_point deadline = Clock::now() + audit_wait;
  for (;;) {
    ops::VerifyReport report = ops::verify_audit(circuit.data() / "audit");
    if (!report.good() || report.last_seq >= newest) return report;
    if (Clock::now() >= deadline)
      throw Failure(ExitCode::no, "the auditor has not written seq " + std::to_string(newest) + " within 10 s",
                    "see " + (circuit.data() / "log" / "circuit-auditor.log").string());
    (void)::poll(nullptr, 0, 20);
    throw_if_interrupted();
  }
}

}  // namespace

bool DemoResult::good() const {
  return audit.good() && std::ranges::all_of(orders, [](const DemoOrder& order) {
           return string_of(order.order, "status") == "fulfilled";
         });
}

DemoResult run_demo(Circuit& circuit, const std::vector<fs::path>& files) {
  DemoResult result;
  const std::uint64_t from_seq = newest_seq(circuit) + 1;
  const Clock::time_point began = Clock::now();
  for (const fs::path& file : files) result.orders.push_back(submit(circuit, file));
  follow(circuit, from_seq, result.orders);
  result.elapsed_us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
  for (DemoOrder& order : result.orders) fetch(circuit, order);
  result.receipt = circuit.ask_orders({{"type", "get_receipt"}, {"order_id", result.orders.front().id}}).at("receipt");
  result.totals = circuit.ask_orders({{"type", "get_stats"}}).at("stats");
  result.audit = verify(circuit);
  return result;
}

}  // namespace circuit::cli
