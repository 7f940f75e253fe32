#include "tests/integration/load.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <set>
#include <stdexcept>

namespace circuit::integration {
namespace {

constexpr std::size_t under_way_max = 60;
constexpr milliseconds reply_wait{500};

struct Sent {
  Clock::time_point again_at;
  std::size_t index = 0;
};

void check_events(const std::vector<Json>& events, const std::set<std::string>& wanted) {
  std::map<std::string, std::vector<std::string>> stories;
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::vector<std::string>& story = stories[events[i].at("order_id")];
    story.push_back(events[i].at("type"));
    if (events[i].at("version") != story.size()) FAIL_CHECK("a version is not the count of events: " << events[i]);
  }
  CHECK(stories.size() == wanted.size());
  for (const auto& [id, story] : stories)
    if (!wanted.contains(id) || story != happy_path) FAIL_CHECK("order " << id << ": " << Json(story));
}

std::int64_t check_ledger(const std::vector<Json>& ledger, const std::set<std::string>& wanted) {
  std::int64_t captured = 0;
  const std::map<std::string, Money> orders = money_by_order(ledger);
  CHECK(orders.size() == wanted.size());
  for (const auto& [id, money] : orders) {
    captured += money.captured;
    const bool once = money.captures == 1 && money.refunds == 0 && money.voids == 0 && money.declines == 0;
    if (!once || !wanted.contains(id)) FAIL_CHECK("order " << id << " has " << money.captures << " captures");
  }
  return captured;
}

void check_audit(const Audit& audit, const std::vector<Json>& events) {
  REQUIRE(audit.lines.size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Json& line = audit.lines[i];
    const Json& event = events[i];
    if (line.at("event_type") != event.at("type") || line.at("order_id") != event.at("order_id") ||
        line.at("status") != event.at("status") || line.at("data") != event.at("data"))
      FAIL_CHECK("line " << line << " is not event " << event);
  }
}

void check_totals(Circuit& circuit, std::size_t orders, std::int64_t captured) {
  const Json stats = circuit.stats();
  CHECK(stats.at("last_seq") == 3 * orders);
  CHECK(stats.at("orders_created") == orders);
  CHECK(stats.at("orders_paid") == orders);
  CHECK(stats.at("orders_fulfilled") == orders);
  CHECK(stats.at("revenue").at("USD").at("gross") == captured);
  CHECK(stats.at("revenue").at("USD").at("net") == captured);
  CHECK(stats.at("delivery").at("count") == orders);
  CHECK(circuit.control({{"type", "recount"}}).at("agrees") == true);
}

void check_deliverables(Circuit& circuit, const std::vector<Json>& events) {
  for (const Json& event : events) {
    const Json& data = event.at("data");
    if (!data.contains("files")) continue;
    const std::filesystem::path directory = circuit.data() / "deliverables" / event.at("order_id").get<std::string>() /
                                            data.at("directory").get<std::string>();
    for (const Json& file : data.at("files"))
      if (sha256_hex(read_file(directory / file.at("name").get<std::string>())) != file.at("sha256"))
        FAIL_CHECK("a delivered file is not what the event says: " << file);
  }
}

}  // namespace

Load::Load(Circuit& circuit, std::size_t orders)
    : circuit_(circuit), endpoint_(circuit.endpoint("orders.sock")), order_ids_(orders) {}

Json Load::request(std::size_t index) const {
  const std::string key = "order-" + std::to_string(index);
  Json order = index % 10 == 0 ? analysis_order(key, "name,value\na," + key + "\nb,2\nc,3\n") : license_order(key);
  // The provider captures again whenever it is asked again: only a look-up prevents that.
  order["metadata"] = {{"sandbox", "forgetful"}};
  order["request_id"] = index;
  return order;
}

void Load::take(const Json& reply) {
  const std::string error = error_of(reply);
  if (error == "busy" || error == "unavailable") return;  // it is sent again in time
  if (!error.empty()) throw std::runtime_error("an order was refused: " + reply.dump());
  std::string& id = order_ids_.at(reply.at("request_id").get<std::size_t>());
  const std::string told = reply.at("order_id");
  if (!id.empty() && id != told) throw std::runtime_error("one idempotency key has two orders: " + id + " and " + told);
  acknowledged_ += id.empty();
  id = told;
}

void Load::run(const std::function<void(std::size_t)>& on_progress) {
  Client client(endpoint_);
  std::deque<Sent> sent;
  std::size_t next = 0;
  const Clock::time_point deadline = Clock::now() + seconds(90);
  while (acknowledged_ < order_ids_.size()) {
    if (Clock::now() > deadline)
      throw std::runtime_error("only " + std::to_string(acknowledged_) + " orders were acknowledged in time");
    for (; next < order_ids_.size() && sent.size() < under_way_max; ++next) {
      client.send(request(next));
      sent.push_back({Clock::now() + reply_wait, next});
    }
    while (!sent.empty() && (!order_ids_[sent.front().index].empty() || sent.front().again_at <= Clock::now())) {
      const std::size_t index = sent.front().index;
      sent.pop_front();
      if (!order_ids_[index].empty()) continue;
      client.send(request(index));
      sent.push_back({Clock::now() + reply_wait, index});
    }
    if (const auto reply = client.receive_bytes(milliseconds(20))) {
      take(unpacked(*reply));
      on_progress(acknowledged_);
    }
  }
}

void Load::wait_until_fulfilled(milliseconds limit) {
  Client client(endpoint_);
  Json stats;
  try {
    eventually(
        "all orders are fulfilled",
        [&] {
          stats = client.ask({{"type", "get_stats"}}).at("stats");
          return stats.at("orders_fulfilled") >= order_ids_.size();
        },
        limit);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(error.what() + (": " + stats.dump()) +
                             circuit_.control({{"type", "get_attention"}, {"max", 3}}).dump());
  }
}

std::function<void(std::size_t)> kills(Circuit& circuit, std::vector<std::string> names, std::vector<std::size_t> at) {
  const auto left = std::make_shared<std::deque<std::size_t>>(at.begin(), at.end());
  return [&circuit, names = std::move(names), left](std::size_t acknowledged) {
    if (left->empty() || acknowledged < left->front()) return;
    left->pop_front();
    for (const std::string& name : names) circuit.signal(name, 9);
    for (const std::string& name : names) circuit.daemon(name).wait();
    circuit.start(names);
  };
}

void check_books(Circuit& circuit, const std::vector<std::string>& order_ids) {
  const std::set<std::string> wanted(order_ids.begin(), order_ids.end());
  REQUIRE(wanted.size() == order_ids.size());
  const Audit audit = circuit.whole_audit();
  const std::vector<Json> events = circuit.stream().replay_all();
  check_events(events, wanted);
  const std::int64_t captured = check_ledger(circuit.ledger(), wanted);
  check_audit(audit, events);
  check_totals(circuit, order_ids.size(), captured);
  check_deliverables(circuit, events);
}

}  // namespace circuit::integration
