#include "ops/replay/compare.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "ops/cli/failure.hpp"
#include "ops/cli/text.hpp"
#include "schema/order_id.hpp"

namespace circuit::ops {
namespace {

using cli::Json;
using schema::Uuid;

constexpr std::chrono::milliseconds turn{200};
constexpr std::chrono::seconds silence_max{10};
constexpr int looks_max = 20;

// "" when the broker's order is what the book has.
std::string difference_of(const Json& told, const ReplayedOrder& order, const Book& book) {
  std::string text;
  const auto differ = [&](const char* field, const std::string& events, const std::string& broker) {
    if (events == broker) return;
    text += (text.empty() ? "" : "; ") + (field + (": " + events + " by the events, ") + broker + " by the broker");
  };
  const auto number = [&](const char* field, std::int64_t events) {
    differ(field, std::to_string(events), std::to_string(cli::integer_of(told, field)));
  };
  differ("status", std::string(name_of(order.status)), cli::string_of(told, "status"));
  differ("product_id", std::string(book.word(order.product)), cli::string_of(told, "product_id"));
  differ("customer_id", order.customer_id, cli::string_of(told, "customer_id"));
  differ("currency", std::string(book.word(order.currency)), cli::string_of(told, "currency"));
  number("amount", order.amount);
  number("version", order.version);
  number("created_at", order.created_at);
  number("paid_at", order.paid_at);
  number("fulfilled_at", order.fulfilled_at);
  number("refunded_at", order.refunded_at);
  return text;
}

class Comparer {
 public:
  Comparer(cli::Circuit& circuit, client::Subscriber& subscriber, Book& book, const ReplayProgress& progress)
      : circuit_(circuit), subscriber_(subscriber), book_(book), progress_(progress) {}

  Comparison run() {
    list_orders();
    for (const auto& [id, order] : book_.orders())
      if (!listed_.contains(id)) mark(id);  // new, or not there
    for (const Uuid& id : to_look_at_) look_again(id);
    compare_totals();
    return std::move(result_);
  }

 private:
  void list_orders() {
    listed_.reserve(book_.orders().size());
    std::string after;
    do {
      Json request = {{"type", "list_orders"}, {"max", 1'000}};
      if (!after.empty()) request["after"] = after;
      const Json page = circuit_.ask_control(std::move(request));
      for (const Json& told : page.at("orders")) take(told);
      after = cli::string_of(page, "after");
      progress_("comparing orders", result_.orders, book_.orders().size());
    } while (!after.empty());
  }

  void take(const Json& told) {
    const auto id = schema::parse_order_id(cli::string_of(told, "order_id"));
    if (!id) return add("the broker lists an order without an id");
    listed_.insert(*id);
    ++result_.orders;
    const ReplayedOrder* order = book_.find(*id);
    if (order && difference_of(told, *order, book_).empty()) return;
    mark(*id);
  }

  // What moved meanwhile is a few thousand orders; more than this means that all differ.
  void mark(const Uuid& id) {
    if (to_look_at_.size() < looks_again_max)
      to_look_at_.push_back(id);
    else
      add(schema::order_id_text(id) + ": differs, and was not looked at again");
  }

  // Asks for the order, and reads the events up to the version that the broker says it has.
  void look_again(const Uuid& id) {
    const std::string name = schema::order_id_text(id);
    std::string difference;
    for (int look = 0; look < looks_max; ++look) {
      const cli::Answer answer = circuit_.orders().ask({{"type", "get_order"}, {"order_id", name}});
      if (answer.outcome != cli::Answer::Outcome::done) {
        difference = "there are events of it, and the broker has no such order";
        if (answer.outcome == cli::Answer::Outcome::refused) break;
        throw cli::Failure(cli::ExitCode::unreachable, "the broker does not answer", "circuit status");
      }
      const Json& told = answer.body.at("order");
      read_until_version(id, static_cast<std::uint32_t>(cli::integer_of(told, "version")));
      const ReplayedOrder* order = book_.find(id);
      difference =
          order ? difference_of(told, *order, book_) : "the broker has this order, and there is no event of it";
      if (difference.empty()) return;
      // The order has moved on since it was asked for.
      if (order && order->version > cli::integer_of(told, "version")) continue;
      break;
    }
    add(name + ": " + difference);
  }

  void read_until_version(const Uuid& id, std::uint32_t version) {
    const auto deadline = std::chrono::steady_clock::now() + silence_max;
    for (;;) {
      const ReplayedOrder* order = book_.find(id);
      if (order && order->version >= version) return;
      const std::uint64_t before = subscriber_.next_seq();
      subscriber_.receive(turn, [&](const schema::Event& event) { add_event(event); });
      // Everything was read, and nothing makes up for it.
      const bool at_end = subscriber_.caught_up() && subscriber_.next_seq() == before;
      if (at_end || std::chrono::steady_clock::now() > deadline) return;
    }
  }

  void add_event(const schema::Event& event) {
    book_.add(event);
    if (event.seq == wanted_seq_) wanted_ = book_.totals();
  }

  void compare_totals() {
    const Json stats = circuit_.ask_orders({{"type", "get_stats"}}).at("stats");
    wanted_seq_ = static_cast<std::uint64_t>(cli::integer_of(stats, "last_seq"));
    if (book_.last_seq() == wanted_seq_) wanted_ = book_.totals();
    const auto deadline = std::chrono::steady_clock::now() + silence_max;
    while (!wanted_ && book_.last_seq() < wanted_seq_ && std::chrono::steady_clock::now() < deadline)
      subscriber_.receive(turn, [&](const schema::Event& event) { add_event(event); });
    if (!wanted_)
      return add("the broker's totals are of seq " + std::to_string(wanted_seq_) + ", its stream ends with seq " +
                 std::to_string(book_.last_seq()));
    result_.last_seq = wanted_seq_;
    const Json rebuilt = totals_json(*wanted_);
    for (const auto& [field, value] : rebuilt.items())
      if (stats.value(field, Json()) != value)
        add("totals: " + field + " is " + value.dump() + " by the events, " + stats.value(field, Json()).dump() +
            " by the broker");
  }

  void add(std::string text) {
    ++result_.difference_count;
    if (result_.differences.size() < Comparison::differences_max) result_.differences.push_back(std::move(text));
  }

  static constexpr std::size_t looks_again_max = 100'000;
  cli::Circuit& circuit_;
  client::Subscriber& subscriber_;
  Book& book_;
  const ReplayProgress& progress_;
  Comparison result_;
  std::unordered_set<Uuid> listed_;
  std::vector<Uuid> to_look_at_;
  std::uint64_t wanted_seq_ = 0;
  std::optional<schema::Totals> wanted_;  // when the book was at wanted_seq_
};

}  // namespace

Json totals_json(const schema::Totals& totals) {
  using schema::EventType;
  Json revenue = Json::object();
  for (const schema::CurrencyTotals& currency : totals.revenue)
    revenue[currency.currency] = {
        {"gross", currency.gross}, {"refunded", currency.refunded}, {"net", currency.gross - currency.refunded}};
  const std::uint64_t created = totals.count(EventType::order_created);
  const std::uint64_t paid = totals.count(EventType::payment_confirmed);
  const std::uint64_t failed = totals.count(EventType::payment_failed) + totals.count(EventType::fulfillment_failed);
  return {{"last_seq", totals.last_seq},
          {"orders_created", created},
          {"orders_paid", paid},
          {"orders_fulfilled", totals.count(EventType::order_fulfilled)},
          {"orders_refunded", totals.count(EventType::order_refunded)},
          {"orders_cancelled", totals.count(EventType::order_cancelled)},
          {"orders_expired", totals.count(EventType::order_expired)},
          {"payments_failed", totals.count(EventType::payment_failed)},
          {"fulfillments_failed", totals.count(EventType::fulfillment_failed)},
          {"completion_rate", schema::rate(totals.count(EventType::order_fulfilled), created)},
          {"payment_rate", schema::rate(paid, created)},
          {"refund_rate", schema::rate(totals.count(EventType::order_refunded), paid)},
          {"error_rate", schema::rate(failed, created)},
          {"revenue", std::move(revenue)},
          {"delivery",
           {{"count", totals.delivery.count()},
            {"p50_us", totals.delivery.quantile_us(0.50)},
            {"p95_us", totals.delivery.quantile_us(0.95)},
            {"p99_us", totals.delivery.quantile_us(0.99)}}}};
}

void catch_up(client::Subscriber& subscriber, Book& book, std::uint64_t newest_seq, const ReplayProgress& progress) {
  auto heard = std::chrono::steady_clock::now();
  while (!subscriber.caught_up() || book.last_seq() < newest_seq) {
    const std::size_t events = subscriber.receive(turn, [&](const schema::Event& event) { book.add(event); });
    const auto now = std::chrono::steady_clock::now();
    if (events != 0) heard = now;
    if (now - heard > silence_max)
      throw cli::Failure(cli::ExitCode::unreachable, "the broker sends no events", "circuit status");
    progress("reading events", book.last_seq(), std::max(newest_seq, book.last_seq()));
  }
}

Comparison compare_with_broker(cli::Circuit& circuit, client::Subscriber& subscriber, Book& book,
                               const ReplayProgress& progress) {
  return Comparer(circuit, subscriber, book, progress).run();
}

}  // namespace circuit::ops
