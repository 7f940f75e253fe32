#include "broker/intake/answers.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "broker/daemon/version.hpp"
#include "broker/orders/attention.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::intake {

using journal::StoredOrder;
using schema::ErrorCode;
using schema::Event;
using schema::EventType;
using schema::OrderState;
using schema::Packer;
using schema::Refusal;
using schema::Status;
using schema::Totals;
using schema::Uuid;

namespace {

std::string not_found(std::string_view id, const Uuid& order) {
  return schema::refusal_reply(
      id, {ErrorCode::order_not_found, "there is no order " + schema::order_id_text(order), "order_id", 0});
}

// An upstream reads its own orders; who could read the journal reads all of them.
bool may_read(const Route& route, const StoredOrder& stored) {
  return route.reads_all || stored.body.upstream == route.upstream;
}

std::string not_yours(std::string_view id) {
  return schema::refusal_reply(id, {ErrorCode::unauthorized, "this order belongs to another upstream", "order_id", 0});
}

void pack_time(Packer& packer, std::string_view name, std::int64_t at) {
  packer.text(name);
  at == 0 ? packer.nil() : packer.integer(at);
}

// The fields that a list of orders and a single order share: eleven.
constexpr std::uint32_t summary_fields = 11;
void pack_summary(Packer& packer, const Uuid& order, const StoredOrder& stored) {
  const OrderState& state = stored.state;
  packer.text("order_id").text(schema::order_id_text(order)).text("status").text(name_of(state.status));
  packer.text("product_id").text(stored.body.product_id).text("customer_id").text(stored.body.customer_id);
  packer.text("amount").integer(stored.body.amount).text("currency").text(stored.body.currency);
  packer.text("version").natural(state.version);
  pack_time(packer, "created_at", state.created_at);
  pack_time(packer, "paid_at", state.paid_at);
  pack_time(packer, "fulfilled_at", state.fulfilled_at);
  pack_time(packer, "refunded_at", state.refunded_at);
}

// An order's events by type; the newest of each. Their views need the documents.
struct History {
  explicit History(std::vector<std::string> encoded) : bytes(std::move(encoded)), documents(bytes.size()) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (documents[i].parse(bytes[i], schema::internal_limits))
        throw std::runtime_error("a stored event can't be read");
      auto event = schema::decode_event(documents[i].root());
      if (!event) throw std::runtime_error("a stored event can't be read");
      events.push_back(std::move(*event));
    }
  }
  [[nodiscard]] const Event* newest(EventType type) const {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
      if (event->type == type) return &*event;
    return nullptr;
  }
  std::vector<std::string> bytes;
  std::vector<schema::Document> documents;
  std::vector<Event> events;
};

void pack_files(Packer& packer, const schema::EventData& data) {
  packer.text("files").array(static_cast<std::uint32_t>(data.files.size()));
  for (const schema::DeliveredFile& file : data.files)
    packer.map(3).text("name").text(file.name).text("size").natural(file.size).text("sha256").text(file.sha256);
}

void pack_totals(Packer& packer, const Totals& totals) {
  const std::uint64_t created = totals.count(EventType::order_created);
  const std::uint64_t paid = totals.count(EventType::payment_confirmed);
  const std::uint64_t fulfilled = totals.count(EventType::order_fulfilled);
  const std::uint64_t refunded = totals.count(EventType::order_refunded);
  const std::uint64_t payments_failed = totals.count(EventType::payment_failed);
  const std::uint64_t fulfillments_failed = totals.count(EventType::fulfillment_failed);
  packer.text("last_seq").natural(totals.last_seq).text("orders_created").natural(created);
  packer.text("orders_paid").natural(paid).text("orders_fulfilled").natural(fulfilled);
  packer.text("orders_refunded").natural(refunded);
  packer.text("orders_cancelled").natural(totals.count(EventType::order_cancelled));
  packer.text("orders_expired").natural(totals.count(EventType::order_expired));
  packer.text("payments_failed").natural(payments_failed).text("fulfillments_failed").natural(fulfillments_failed);
  packer.text("completion_rate").real(schema::rate(fulfilled, created));
  packer.text("payment_rate").real(schema::rate(paid, created));
  packer.text("refund_rate").real(schema::rate(refunded, paid));
  packer.text("error_rate").real(schema::rate(payments_failed + fulfillments_failed, created));
  packer.text("revenue").map(static_cast<std::uint32_t>(totals.revenue.size()));
  for (const schema::CurrencyTotals& currency : totals.revenue) {
    packer.text(currency.currency).map(3).text("gross").integer(currency.gross);
    packer.text("refunded").integer(currency.refunded).text("net").integer(currency.gross - currency.refunded);
  }
  packer.text("delivery").map(4).text("count").natural(totals.delivery.count());
  packer.text("p50_us")
      .integer(totals.delivery.quantile_us(0.50))
      .text("p95_us")
      .integer(totals.delivery.quantile_us(0.95));
  packer.text("p99_us").integer(totals.delivery.quantile_us(0.99));
}
constexpr std::uint32_t totals_fields = 15;

}  // namespace

Answers::PaymentUrl::PaymentUrl(std::string_view url) {
  constexpr std::string_view placeholder = "{order_id}";
  const std::size_t at = url.find(placeholder);
  CIRCUIT_CHECK(at != std::string_view::npos, "the setting holds the placeholder");
  before = url.substr(0, at);
  after = url.substr(at + placeholder.size());
}

std::string Answers::PaymentUrl::of(std::string_view order_id) const {
  std::string url;
  url.reserve(before.size() + order_id.size() + after.size());
  return url.append(before).append(order_id).append(after);
}

std::string Answers::created(std::string_view id, const Uuid& order, Status status, bool replayed) const {
  const std::string order_id = schema::order_id_text(order);
  const std::string url = payment_url_.of(order_id);
  constexpr std::size_t names_and_heads = 128;
  std::string out;
  schema::append_packed(
      out, names_and_heads + id.size() + order_id.size() + url.size(), [&](schema::PackCursor& cursor) {
        cursor.map(6);
        cursor.text("ok"), cursor.boolean(true), cursor.text("request_id"), cursor.bytes(id);
        cursor.text("order_id"), cursor.text(order_id), cursor.text("status"), cursor.text(name_of(status));
        cursor.text("payment_url"), cursor.text(url), cursor.text("replayed"), cursor.boolean(replayed);
      });
  return out;
}

std::string Answers::order(std::string_view id, const Uuid& order, const Route& route) {
  const auto stored = journal_.order(order);
  if (!stored) return not_found(id, order);
  if (!may_read(route, *stored)) return not_yours(id);
  const std::vector<std::string> history = journal_.history(order);
  // Who knows the token gets the product: it is for whoever ordered, and for nobody else who may ask.
  const bool with_token = stored->state.status == Status::fulfilled && stored->body.upstream == route.upstream;
  const bool with_metadata = !stored->body.metadata.empty();
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 1);
  packer.text("order").map(summary_fields + 2 + with_token + with_metadata);
  pack_summary(packer, order, *stored);
  packer.text("payment_url").text(payment_url_.of(schema::order_id_text(order)));
  if (with_token)
    packer.text("delivery_token").text(schema::make_token(token_key_, order, stored->state.token_version));
  if (with_metadata) packer.text("metadata").raw(stored->body.metadata);
  packer.text("history").array(static_cast<std::uint32_t>(history.size()));
  for (const std::string& event : history) packer.raw(event);
  return out;
}

std::string Answers::receipt(std::string_view id, const Uuid& order, const Route& route) {
  const auto stored = journal_.order(order);
  if (!stored) return not_found(id, order);
  if (!may_read(route, *stored)) return not_yours(id);
  const History history(journal_.history(order));
  const Event* fulfilled = history.newest(EventType::order_fulfilled);
  const Event* paid = history.newest(EventType::payment_confirmed);
  if (!fulfilled || !paid)
    return schema::refusal_reply(
        id, {ErrorCode::invalid_transition,
             "there is a receipt once the order is fulfilled; it is " + std::string(name_of(stored->state.status)),
             {},
             0});
  const Event* refunded = history.newest(EventType::order_refunded);
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, refunded ? 2 : 1);
  // Only what the events up to order_fulfilled fixed: the same bytes each time.
  packer.text("receipt").map(13).text("order_id").text(schema::order_id_text(order));
  packer.text("product_id").text(stored->body.product_id).text("customer_id").text(stored->body.customer_id);
  packer.text("amount").integer(paid->data.amount).text("currency").text(paid->data.currency);
  packer.text("provider").text(paid->data.provider).text("charge_id").text(paid->data.charge_id);
  packer.text("ordered_at").integer(history.events.front().ts).text("paid_at").integer(paid->ts);
  packer.text("fulfilled_at").integer(fulfilled->ts).text("fulfilled_seq").natural(fulfilled->seq);
  packer.text("deliverable").text(fulfilled->data.deliverable);
  pack_files(packer, fulfilled->data);
  if (refunded) {
    packer.text("refund").map(5).text("order_id").text(schema::order_id_text(order));
    packer.text("amount").integer(refunded->data.amount).text("currency").text(refunded->data.currency);
    packer.text("refund_id").text(refunded->data.refund_id).text("refunded_at").integer(refunded->ts);
  }
  return out;
}

std::string Answers::stats(std::string_view id, const std::map<std::string, std::uint64_t>& push_refused) const {
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 1);
  packer.text("stats").map(totals_fields + 1);
  pack_totals(packer, journal_.totals());
  packer.text("push_refused").map(static_cast<std::uint32_t>(push_refused.size()));
  for (const auto& [code, count] : push_refused) packer.text(code).natural(count);
  return out;
}

std::string Answers::ping(std::string_view id) const {
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 2);
  packer.text("version").text(daemon::version).text("protocol").natural(1);
  return out;
}

std::string Answers::list_orders(std::string_view id, const schema::ListOrders& request) {
  // A filter may match few: how many are looked at is bounded too, and `after` says where to go on.
  constexpr std::uint32_t examined_max = 20'000;
  std::string orders;
  Packer list(orders);
  std::uint32_t count = 0;
  std::uint32_t examined = 0;
  std::optional<Uuid> last;
  bool full = false;
  journal_.orders(request.after, examined_max, [&](const Uuid& order, const StoredOrder& stored) {
    if (full) return false;
    ++examined;
    last = order;
    if (request.status && stored.state.status != *request.status) return true;
    pack_summary(list.map(summary_fields), order, stored);
    full = ++count == request.max;
    return !full;
  });
  const bool more = full || examined == examined_max;
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 2);
  packer.text("orders").array(count).raw(orders).text("after");
  more&& last ? packer.text(schema::order_id_text(*last)) : packer.nil();
  return out;
}

std::string Answers::attention(std::string_view id, const schema::GetAttention& request, std::int64_t now) {
  std::string entries;
  Packer list(entries);
  std::uint32_t count = 0;
  std::optional<Uuid> after = request.after;
  std::optional<Uuid> last;
  constexpr std::uint32_t slice = 10'000;
  for (std::uint32_t visited = slice; visited == slice && count < request.max;) {
    visited = journal_.open_orders(after, slice, [&](const Uuid& order, const OrderState& state) {
      after = order;
      if (count == request.max) return;
      const auto notice = orders::attention_of(state, settings_, now);
      if (!notice) return;
      ++count;
      last = order;
      list.map(9).text("order_id").text(schema::order_id_text(order)).text("status").text(name_of(state.status));
      list.text("reason").text(notice->reason).text("since").integer(notice->since);
      list.text("age_us").integer(std::max<std::int64_t>(0, now - notice->since));
      list.text("tries").natural(state.tries).text("held").boolean(!state.runnable());  // held: a person must act
      pack_time(list, "next_try_at", notice->next_try_at);
      list.text("what_to_do").text(fmt::format(fmt::runtime(notice->what_to_do), schema::order_id_text(order)));
    });
  }
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 2);
  packer.text("attention").array(count).raw(entries).text("after");
  count == request.max&& last ? packer.text(schema::order_id_text(*last)) : packer.nil();
  return out;
}

std::string Answers::redeem(std::string_view id, std::string_view token, std::int64_t now) {
  const auto refuse = [&](std::string message) {
    return schema::refusal_reply(id, {ErrorCode::unauthorized, std::move(message), "token", 0});
  };
  const auto claim = schema::parse_token(token_key_, token);
  const auto stored = claim ? journal_.order(claim->order) : std::nullopt;
  if (!stored) return refuse("this is no delivery token of ours");
  if (stored->state.status != Status::fulfilled || stored->state.token_version != claim->version)
    return refuse("this delivery token was revoked");
  if (now - stored->state.fulfilled_at > settings_.delivery.token_valid_s * 1'000'000)
    return refuse("this delivery token has expired");
  const History history(journal_.history(claim->order));
  const Event* fulfilled = history.newest(EventType::order_fulfilled);
  const std::string order_id = schema::order_id_text(claim->order);
  std::string out;
  Packer packer(out);
  const bool license = fulfilled->data.deliverable == schema::deliverable_license;
  schema::begin_reply(packer, id, license ? 4 : 5);
  packer.text("order_id").text(order_id).text("product_id").text(stored->body.product_id);
  packer.text("deliverable").text(fulfilled->data.deliverable);
  if (license) {
    packer.text("license").text(schema::render_license(
        {claim->order, stored->body.product_id, stored->body.customer_id, fulfilled->ts}, license_key_));
  } else {
    packer.text("directory").text("deliverables/" + order_id + "/" + std::string(fulfilled->data.directory));
    pack_files(packer, fulfilled->data);
  }
  return out;
}

std::string Answers::status(std::string_view id, const Gauges& gauges) const {
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 1);
  packer.text("status").map(10).text("version").text(daemon::version).text("started_at").integer(started_at_);
  packer.text("accepting").boolean(gauges.accepting).text("last_seq").natural(journal_.totals().last_seq);
  packer.text("runnable").natural(gauges.runnable).text("queued_payment").natural(gauges.queued_payment);
  packer.text("queued_fulfillment").natural(gauges.queued_fulfillment).text("leased").natural(gauges.leased);
  packer.text("attention").map(static_cast<std::uint32_t>(gauges.attention.size()));
  for (const auto& [reason, count] : gauges.attention) packer.text(reason).natural(count);
  packer.text("workers").array(static_cast<std::uint32_t>(gauges.workers.size()));
  for (const Gauges::WorkerLine& worker : gauges.workers) {
    packer.map(4).text("name").text(worker.name).text("role").text(worker.role);
    packer.text("credit").natural(worker.credit).text("leased").natural(worker.leased);
  }
  return out;
}

std::string Answers::recount(std::string_view id, const Totals& kept) {
  Totals counted;
  schema::Document document;
  while (counted.last_seq < kept.last_seq) {
    const auto wanted = static_cast<std::uint32_t>(std::min<std::uint64_t>(10'000, kept.last_seq - counted.last_seq));
    const journal::EventRange range = journal_.read(counted.last_seq + 1, wanted, 8 << 20);
    if (range.count == 0) throw std::runtime_error("the journal ends before its totals do");
    std::string events;
    Packer(events).array(range.count).raw(range.events);
    if (document.parse(events, schema::internal_limits)) throw std::runtime_error("stored events can't be read");
    schema::Document::Value at = document.root().first_child();
    for (std::uint32_t i = 0; i < range.count; ++i, at = at.next()) {
      const auto event = schema::decode_event(at);
      if (!event) throw std::runtime_error("a stored event can't be read");
      counted.add(*event);
    }
  }
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 3);
  packer.text("agrees").boolean(counted == kept);
  pack_totals(packer.text("kept").map(totals_fields), kept);
  pack_totals(packer.text("counted").map(totals_fields), counted);
  return out;
}

std::string Answers::backup(std::string_view id, const std::filesystem::path& directory) {
  spdlog::info("broker: copying the journal to {}", directory.string());
  journal::JournalCopy copy;
  try {
    copy = journal_.copy_to(directory);
  } catch (const std::exception& error) {
    // The copy's fault, not the journal's: the circuit goes on.
    spdlog::error("broker: the journal was not copied: {}", error.what());
    return schema::refusal_reply(
        id, {ErrorCode::unavailable, std::string("the journal was not copied: ") + error.what(), {}, 0});
  }
  spdlog::info("broker: copied the journal up to seq {}", copy.last_seq);
  std::string out;
  Packer packer(out);
  schema::begin_reply(packer, id, 2);
  packer.text("last_seq").natural(copy.last_seq).text("bytes").natural(copy.bytes);
  return out;
}

}  // namespace circuit::intake
