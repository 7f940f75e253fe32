#include "ops/replay/book.hpp"

#include <catch2/catch.hpp>

#include "broker/orders/move.hpp"
#include "schema/transitions.hpp"

namespace circuit::ops {
namespace {

using namespace schema;

Uuid order_of(std::uint8_t number) {
  Uuid order;
  order.bytes[15] = number;
  return order;
}

// Makes an order's events as the broker does, by its own state machine.
class Story {
 public:
  explicit Story(std::uint8_t number = 1) : order_(order_of(number)) {}

  Event next(EventType type, Role role) {
    const orders::MoveContext context{
        .now = now_ += 1'000, .manual_payment = true, .expire_after_us = 1, .refund_window_us = 1'000'000'000};
    if (type == EventType::retry_requested)
      state.flags |= OrderState::held_flag;  // otherwise there is nothing to retry
    const auto refusal = orders::make_move(state, type, role, context);
    if (refusal) FAIL("the broker refuses this move: " << refusal->message);
    Event event;
    event.seq = ++seq();
    event.ts = now_;
    event.type = type;
    event.order = order_;
    event.version = state.version;
    event.status = state.status;
    event.data.customer_id = "customer";
    event.data.product_id = "P";
    event.data.amount = 5'000;
    event.data.currency = "USD";
    event.data.attempt = state.attempt;
    event.data.made_by = name_of(role);
    event.data.delivery_us = now_ - state.paid_at;
    return event;
  }
  static std::uint64_t& seq() {
    static std::uint64_t last = 0;
    return last;
  }
  OrderState state;

 private:
  Uuid order_;
  std::int64_t now_ = 1'795'000'000'000'000;
};

Event created(Story& story) { return story.next(EventType::order_created, Role::upstream); }
Event paid(Story& story) { return story.next(EventType::payment_confirmed, Role::payment); }
Event fulfilled(Story& story) { return story.next(EventType::order_fulfilled, Role::fulfillment); }

// The book after the events, the last of which has a fault that says `what`.
void check_fault(const std::vector<Event>& events, const std::string& what) {
  Book book;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) book.add(events[i]);
  REQUIRE(book.faults().empty());
  book.add(events.back());
  REQUIRE(book.faults().size() == 1);
  CHECK(book.faults()[0].seq == events.back().seq);
  CHECK_THAT(book.faults()[0].text, Catch::Contains(what));
}

TEST_CASE("a book has the state that the broker's own machine has, along every path of the table") {
  // Each list walks a way through the table; together they make every move of it.
  const std::vector<std::vector<std::pair<EventType, Role>>> ways = {
      {{EventType::payment_requested, Role::upstream},
       {EventType::retry_requested, Role::operator_},
       {EventType::payment_confirmed, Role::payment},
       {EventType::retry_requested, Role::operator_},
       {EventType::fulfillment_failed, Role::broker},
       {EventType::fulfillment_retried, Role::operator_},
       {EventType::order_fulfilled, Role::fulfillment},
       {EventType::refund_requested, Role::upstream},
       {EventType::retry_requested, Role::operator_},
       {EventType::order_refunded, Role::payment}},
      {{EventType::payment_failed, Role::payment},
       {EventType::payment_retried, Role::operator_},
       {EventType::payment_failed, Role::payment},
       {EventType::payment_retried, Role::operator_},
       {EventType::payment_confirmed, Role::payment},
       {EventType::refund_requested, Role::broker}},
      {{EventType::payment_confirmed, Role::payment},
       {EventType::fulfillment_failed, Role::fulfillment},
       {EventType::refund_requested, Role::operator_}},
      {{EventType::cancel_requested, Role::upstream}, {EventType::order_cancelled, Role::payment}},
      {{EventType::order_expired, Role::payment}},
      {{EventType::payment_failed, Role::payment}, {EventType::order_cancelled, Role::operator_}},
      {{EventType::payment_failed, Role::payment}, {EventType::order_expired, Role::broker}},
  };
  Story::seq() = 0;
  Book book;
  std::uint8_t number = 0;
  std::size_t moves = 0;
  for (const auto& way : ways) {
    Story story(++number);
    std::vector<Event> events = {created(story)};
    for (const auto& [type, role] : way) events.push_back(story.next(type, role));
    for (Event& event : events) {
      // As on the wire: roles are told of some types only.
      bool told = false;
      for_each_field(event.type, event.data, [&](std::string_view name, const auto&) { told |= name == "made_by"; });
      if (!told) event.data.made_by = {};
      book.add(event);
    }
    moves += way.size();
    const ReplayedOrder* order = book.find(order_of(number));
    REQUIRE(order);
    CHECK(order->status == story.state.status);
    CHECK(order->version == story.state.version);
    CHECK(order->attempt == story.state.attempt);
    CHECK(order->created_at == story.state.created_at);
    CHECK(order->paid_at == story.state.paid_at);
    CHECK(order->fulfilled_at == story.state.fulfilled_at);
    CHECK(order->refunded_at == story.state.refunded_at);
    CHECK(order->amount == 5'000);
    CHECK(book.word(order->product) == "P");
    CHECK(book.word(order->currency) == "USD");
    CHECK(order->customer_id == "customer");
  }
  for (const ReplayFault& fault : book.faults()) FAIL_CHECK(fault.text);
  CHECK(moves >= transition_rules.size());
  CHECK(book.totals().count(EventType::order_created) == ways.size());
  CHECK(book.totals().revenue.at(0).gross == 15'000);
  CHECK(book.totals().revenue.at(0).refunded == 5'000);
  CHECK(book.last_seq() == moves + ways.size());
}

TEST_CASE("an event that no rule allows is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = paid(story);
  second.type = EventType::order_fulfilled;
  second.status = Status::fulfilled;
  check_fault({first, second}, "no rule allows order_fulfilled after pending_payment");
}

TEST_CASE("an event that leads to another state than the table says is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = paid(story);
  second.status = Status::fulfilled;
  check_fault({first, second}, "leads to paid, but it says fulfilled");
}

TEST_CASE("a move by a role that may not make it is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = story.next(EventType::cancel_requested, Role::upstream);
  second.data.made_by = "fulfillment";
  check_fault({first, second}, "fulfillment may not make cancel_requested after pending_payment");
}

TEST_CASE("a version that is skipped or repeated is reported") {
  for (const std::uint32_t version : {1u, 3u}) {
    Story::seq() = 0;
    Story story;
    const Event first = created(story);
    Event second = paid(story);
    second.version = version;
    check_fault({first, second}, "its version is " + std::to_string(version) + " and not 2");
  }
}

TEST_CASE("a seq that is skipped is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = paid(story);
  second.seq = 3;
  check_fault({first, second}, "seq 2 should come here");
}

TEST_CASE("an order that was created twice, or never, is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = first;
  second.seq = 2;
  second.version = 2;
  check_fault({first, second}, "no rule allows order_created after pending_payment");
  Book book;
  Story::seq() = 0;
  Story other;
  (void)created(other);
  Event orphan = paid(other);
  orphan.seq = 1;
  book.add(orphan);
  REQUIRE(book.fault_count() >= 1);
  CHECK_THAT(book.faults()[0].text, Catch::Contains("the order was never created"));
}

TEST_CASE("money that is not the order's is reported") {
  Story::seq() = 0;
  Story story;
  const std::vector<Event> path = {created(story), paid(story), fulfilled(story),
                                   story.next(EventType::refund_requested, Role::upstream),
                                   story.next(EventType::order_refunded, Role::payment)};
  for (const std::size_t at : {1u, 3u, 4u}) {
    std::vector<Event> events(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    events.back().data.amount = 4'999;
    check_fault(events, "its amount is 4999 USD, the order's is 5000 USD");
    events.back().data.amount = 5'000;
    events.back().data.currency = "EUR";
    check_fault(events, "its amount is 5000 EUR");
  }
}

TEST_CASE("an attempt that was never begun is reported") {
  Story::seq() = 0;
  Story story;
  const Event first = created(story);
  Event second = paid(story);
  second.data.attempt = 2;
  check_fault({first, second}, "its attempt is 2 and not 1");
}

TEST_CASE("another customer, another product, another delivery time, a cancellation that nobody asked for: reported") {
  Story::seq() = 0;
  Story story;
  const std::vector<Event> path = {created(story), paid(story), fulfilled(story)};
  std::vector<Event> events = path;
  events.back().data.customer_id = "somebody else";
  check_fault(events, "another customer");
  events = path;
  events.back().data.product_id = "Q";
  check_fault(events, "another product");
  events = path;
  ++events.back().data.delivery_us;
  check_fault(events, "delivery_us");
  Event cancelled = path[1];
  cancelled.type = EventType::order_cancelled;
  cancelled.status = Status::cancelled;
  cancelled.data.made_by = "payment";
  check_fault({path[0], cancelled}, "nobody asked for this cancellation");
}

TEST_CASE("faults are all counted, and the first thousand kept") {
  Book book;
  Event event;
  event.type = EventType::payment_confirmed;
  event.status = Status::paid;
  for (std::uint64_t seq = 1; seq <= 2'000; ++seq) {
    event.seq = seq;
    event.version = 1;
    book.add(event);
  }
  CHECK(book.fault_count() >= 2'000);
  CHECK(book.faults().size() == Book::faults_max);
}

}  // namespace
}  // namespace circuit::ops
