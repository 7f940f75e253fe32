#include "broker/config/settings_table.hpp"

#include <array>

#include "schema/money.hpp"

namespace circuit::config {
namespace {

template <auto section, auto member>
auto& in(Settings& settings) {
  return settings.*section.*member;
}
template <auto member, class Owner>
auto& of(Owner& owner) {
  return owner.*member;
}
template <auto member>
auto& of_exec(Product& product) {
  return product.exec.*member;
}

using S = Settings;
using E = Settings::Endpoints;
using L = Settings::Limits;
using R = Settings::RateLimit;
using P = Settings::Payment;
using F = Settings::Fulfillment;
using D = Settings::Dispatch;
using Y = Settings::Relay;
using A = Settings::Auditor;

constexpr std::int64_t day_ms = day_s * 1'000;
constexpr std::int64_t ten_years_days = 3'650;

constexpr std::array<std::string_view, 2> plain_loopback_words = {"refused", "allowed"};
constexpr std::array<std::string_view, 9> request_words = {
    "create_order", "confirm_payment", "cancel_order", "request_refund", "get_order",
    "get_receipt",  "get_stats",       "ping",         "subscribe"};
constexpr std::array<std::string_view, 2> confirm_words = {"auto", "manual"};
constexpr std::array<std::string_view, 2> on_failure_words = {"hold", "refund"};
constexpr std::array<std::string_view, 2> network_words = {"none", "internet"};
constexpr std::array<std::string_view, 2> sandbox_words = {"required", "best_effort"};
constexpr std::array<std::string_view, 3> handler_words = {"license_key", "exec", "data_analysis"};

const Section sections[] = {
    {"endpoints",
     "Sockets beside those below the data directory's run/: `ipc://` with a path, or, once `plain_loopback` allows it, "
     "`tcp://127.0.0.1:PORT`. Whoever reaches one may use it: for other hosts there is [relay]."},
    {"relay",
     "The edge to the network: `circuit-relay`, which runs when it has an endpoint here. Everything on its endpoints "
     "is "
     "encrypted and authenticated (CURVE), and only an [[upstream]] gets in. Workers have no endpoint there."},
    {"auditor",
     "For an auditor on another host: where it reaches the stream, through that circuit's relay. Set all four, or "
     "none."},
    {"access", "Who may use the sockets below run/."},
    {"limits", "What bounds memory, disk and waiting."},
    {"rate_limit", "How fast new orders may come. Nothing else is limited."},
    {"payment", "The payment step."},
    {"fulfillment", "The fulfillment step."},
    {"dispatch", "How jobs are given to workers."},
    {"delivery", "What a customer gets after the payment."},
    {"sandbox", "The test counterparty that stands in for a payment provider."},
};

const SettingRow settings[] = {
    {"endpoints", "orders", &in<&S::endpoints, &E::orders>, "", 0, 16, "More endpoints for requests with replies."},
    {"endpoints", "orders_push", &in<&S::endpoints, &E::orders_push>, "", 0, 16,
     "More endpoints for requests that are pushed and get no reply."},
    {"endpoints", "events", &in<&S::endpoints, &E::events>, "", 0, 16, "More endpoints that publish the events."},
    {"endpoints", "replay", &in<&S::endpoints, &E::replay>, "", 0, 16, "More endpoints that replay past events."},
    {"endpoints", "work", &in<&S::endpoints, &E::work>, "", 0, 16, "More endpoints for workers."},

    {"endpoints", "plain_loopback", &in<&S::endpoints, &E::plain_loopback>, "", 0, 0,
     "Whether the endpoints above may be on tcp, which is not encrypted and lets in every user and program of this "
     "machine; on loopback addresses only.",
     1, plain_loopback_words},

    {"relay", "orders", &in<&S::relay, &Y::orders>, "", 0, 16,
     "Where requests come from the network: `tcp://ADDRESS:PORT`, with `*` for all addresses."},
    {"relay", "events", &in<&S::relay, &Y::events>, "", 0, 16, "Where the events are published to the network."},
    {"relay", "replay", &in<&S::relay, &Y::replay>, "", 0, 16, "Where past events are replayed to the network."},
    {"relay", "user", &in<&S::relay, &Y::user>, "", 0, 0,
     "The user that circuit-relay runs as, whom the broker lets speak for upstreams; empty for the daemons' own user."},
    {"relay", "key_file", &in<&S::relay, &Y::key_file>, "", 0, 0,
     "The file of the relay's secret key, below the data directory unless it begins with a slash; made at the first "
     "start."},
    {"relay", "memory_bytes_max", &in<&S::relay, &Y::memory_bytes_max>, "bytes", 64 * mebibyte, 64 * gibibyte,
     "Memory at which circuit-relay ends, to be started again; at least four times `limits.message_bytes_max`."},

    {"auditor", "events", &in<&S::auditor, &A::events>, "", 0, 0,
     "The relay's endpoint for events: `tcp://HOST:PORT`; empty for the broker of the data directory."},
    {"auditor", "replay", &in<&S::auditor, &A::replay>, "", 0, 0, "The relay's endpoint for replays."},
    {"auditor", "server_key", &in<&S::auditor, &A::server_key>, "", 0, 0,
     "The relay's public key, as `circuit keygen --relay` prints it there."},
    {"auditor", "secret_key_file", &in<&S::auditor, &A::secret_key_file>, "", 0, 0,
     "The file of this auditor's own secret key, from `circuit keygen NAME`; below the data directory unless it begins "
     "with a slash."},

    {"access", "group", &in<&S::access, &S::Access::group>, "", 0, 0,
     "The group whose members may use the sockets; empty for nobody but the daemons' own user."},

    {"limits", "message_bytes_max", &in<&S::limits, &L::message_bytes_max>, "bytes", 128 * kibibyte, gibibyte,
     "The longest message that is accepted; it must hold the largest input of any product."},
    {"limits", "batch_items_max", &in<&S::limits, &L::batch_items_max>, "items", 1, 100'000,
     "How many requests and outcomes one commit takes at most."},
    {"limits", "runnable_orders_max", &in<&S::limits, &L::runnable_orders_max>, "orders", 1, 10'000'000,
     "Open orders with work to do, above which a new order is answered with `busy`; orders that wait for a customer's "
     "payment do not count."},
    {"limits", "replies_hwm", &in<&S::limits, &L::replies_hwm>, "messages", 10'000, 10'000'000,
     "Replies that are held for one client that does not read them; further ones are dropped."},
    {"limits", "publications_hwm", &in<&S::limits, &L::publications_hwm>, "messages", 1'000, 10'000'000,
     "Publications, of 32 KiB at most, that are held for one slow subscriber; further ones it must ask for again."},
    {"limits", "replay_events_max", &in<&S::limits, &L::replay_events_max>, "events", 1, 100'000,
     "How many events one replay answer holds at most."},
    {"limits", "inputs_in_flight_bytes_max", &in<&S::limits, &L::inputs_in_flight_bytes_max>, "bytes", mebibyte,
     64 * gibibyte, "Inputs being written to the disk, above which a new order is answered with `busy`."},
    {"limits", "free_space_floor_bytes", &in<&S::limits, &L::free_space_floor_bytes>, "bytes", 0, tebibyte,
     "Free space on the disk below which no new order is taken, so that open ones can finish."},
    {"limits", "map_bytes", &in<&S::limits, &L::map_bytes>, "bytes", 16 * mebibyte, 64 * tebibyte,
     "How far the database may grow; it reserves addresses, not disk space or memory."},
    {"limits", "recent_idempotency_keys_max", &in<&S::limits, &L::recent_idempotency_keys_max>, "keys", 1'000,
     50'000'000, "Idempotency keys that are kept in memory before they are merged into their table."},
    {"limits", "busy_retry_after_ms", &in<&S::limits, &L::busy_retry_after_ms>, "ms", 1, 60'000,
     "The `retry_after_ms` of a `busy` answer."},

    {"rate_limit", "creates_per_minute_per_ip", &in<&S::rate_limit, &R::creates_per_minute_per_ip>, "orders", 0,
     1'000'000, "New orders a minute from one customer's address (`client_ip`); 0 for no limit."},
    {"rate_limit", "creates_per_minute_per_upstream", &in<&S::rate_limit, &R::creates_per_minute_per_upstream>,
     "orders", 0, 1'000'000'000, "New orders a minute from one upstream; 0 for no limit."},
    {"rate_limit", "addresses_max", &in<&S::rate_limit, &R::addresses_max>, "addresses", 1'000, 10'000'000,
     "How many addresses are remembered for the limits at a time."},

    {"payment", "timeout_ms", &in<&S::payment, &P::timeout_ms>, "ms", 100, 600'000,
     "How long the provider may take to answer before the outcome counts as unknown and is looked up."},
    {"payment", "tries_max", &in<&S::payment, &P::tries_max>, "tries", 1, 1'000,
     "Tries of one payment step before the order is listed for attention."},
    {"payment", "retry_first_ms", &in<&S::payment, &P::retry_first_ms>, "ms", 1, day_ms,
     "The wait before the second try; it doubles with each further one."},
    {"payment", "retry_max_ms", &in<&S::payment, &P::retry_max_ms>, "ms", 1, day_ms,
     "The longest wait between two tries; not below `retry_first_ms`."},
    {"payment", "in_flight_max", &in<&S::payment, &P::in_flight_max>, "jobs", 1, 100'000,
     "Payments that one worker has under way at a time."},
    {"payment", "expire_after_s", &in<&S::payment, &P::expire_after_s>, "s", 1, ten_years_days* day_s,
     "An order that is not paid after this time expires."},
    {"payment", "url", &in<&S::payment, &P::url>, "", 0, 0,
     "Where a customer pays: http or https, with `{order_id}` where the order's id goes; without it, the id becomes "
     "the "
     "last part of the path."},

    {"fulfillment", "threads", &in<&S::fulfillment, &F::threads>, "threads", 1, 1'024,
     "Handlers that one worker runs at the same time."},
    {"fulfillment", "in_flight_max", &in<&S::fulfillment, &F::in_flight_max>, "jobs", 1, 100'000,
     "Jobs that one worker holds at a time, running or waiting for a thread."},
    {"fulfillment", "tries_max", &in<&S::fulfillment, &F::tries_max>, "tries", 1, 1'000,
     "Tries of one fulfillment before the product's `on_failure` decides."},
    {"fulfillment", "retry_first_ms", &in<&S::fulfillment, &F::retry_first_ms>, "ms", 1, day_ms,
     "The wait before the second try; it doubles with each further one."},
    {"fulfillment", "retry_max_ms", &in<&S::fulfillment, &F::retry_max_ms>, "ms", 1, day_ms,
     "The longest wait between two tries; not below `retry_first_ms`."},
    {"fulfillment", "exec_sandbox", &in<&S::fulfillment, &F::exec_sandbox>, "", 0, 0,
     "Whether programs of `exec` products only run where the kernel's Landlock keeps them from keys, journal and other "
     "orders (`required`), or on older systems too (`best_effort`).",
     1, sandbox_words},

    {"dispatch", "lease_ms", &in<&S::dispatch, &D::lease_ms>, "ms", 1'000, day_ms,
     "How long a worker may keep a job before another one gets it."},
    {"dispatch", "worker_silence_ms", &in<&S::dispatch, &D::worker_silence_ms>, "ms", 2'000, 600'000,
     "A worker that is silent for so long is gone, and its jobs go to others; workers speak once a second."},
    {"dispatch", "lost_leases_max", &in<&S::dispatch, &D::lost_leases_max>, "leases", 1, 1'000,
     "A job that lost so many workers is listed for attention instead of going to one more."},

    {"delivery", "token_valid_days", &in<&S::delivery, &S::Delivery::token_valid_s>, "days", 1, ten_years_days,
     "How long a customer can fetch a deliverable.", day_s},
    {"delivery", "target_s", &in<&S::delivery, &S::Delivery::target_s>, "s", 1, 86'400,
     "The time from payment to delivery that is promised; `circuit attention` lists the orders that are past it."},

    {"sandbox", "confirm", &in<&S::sandbox, &S::Sandbox::confirm>, "", 0, 0,
     "Whether the sandbox confirms payments by itself (`auto`) or waits for a `confirm_payment` (`manual`).", 1,
     confirm_words},
};

const ProductRow products[] = {
    {"",
     "id",
     &of<&Product::id, Product>,
     "",
     0,
     0,
     "The `product_id` of orders: up to 64 letters, digits, `_`, `-` and `.`; each one once.",
     1,
     {},
     true},
    {"",
     "amount",
     &of<&Product::amount, Product>,
     "minor units",
     schema::order_amount_minor_min,
     schema::order_amount_minor_max,
     "The price, in cents or whatever is the currency's smallest unit.",
     1,
     {},
     true},
    {"",
     "currency",
     &of<&Product::currency, Product>,
     "",
     0,
     0,
     "The price's currency, an ISO 4217 code.",
     1,
     {},
     true},
    {"", "handler", &of<&Product::handler, Product>, "", 0, 0, "What makes the deliverable.", 1, handler_words, true},
    {"", "on_failure", &of<&Product::on_failure, Product>, "", 0, 0,
     "What follows when it cannot be made: the order waits for a person (`hold`), or the money goes back (`refund`).",
     1, on_failure_words},
    {"", "refund_window_days", &of<&Product::refund_window_s, Product>, "days", 0, ten_years_days,
     "How long after the payment a customer may ask for a refund.", day_s},
    {"", "input_bytes_max", &of<&Product::input_bytes_max, Product>, "bytes", 0, gibibyte,
     "The largest input of an order; with 64 KiB for the rest it must fit into `limits.message_bytes_max`."},
    {"exec", "command", &of_exec<&ExecOptions::command>, "", 1, 256,
     "The program and its arguments; no shell reads them."},
    {"exec", "timeout_ms", &of_exec<&ExecOptions::timeout_ms>, "ms", 1, day_ms,
     "How long the program may run before it is killed."},
    {"exec", "output_bytes_max", &of_exec<&ExecOptions::output_bytes_max>, "bytes", 1, 64 * gibibyte,
     "How much the program may write, all files together; it is killed when it holds more, or more than 10,000 files."},
    {"exec", "memory_bytes_max", &of_exec<&ExecOptions::memory_bytes_max>, "bytes", 16 * mebibyte, tebibyte,
     "How much memory the program and its children may use together before they are killed."},
    {"exec", "readable", &of_exec<&ExecOptions::readable>, "", 0, 256,
     "Absolute paths that the program may read beside the system's programs and the directories of the files that "
     "`command` names."},
    {"exec", "network", &of_exec<&ExecOptions::network>, "", 0, 0,
     "Whether the program may use the network: `none`, or `internet` (IPv4 and IPv6, this machine's own ports too).", 1,
     network_words},
};

const UpstreamRow upstreams[] = {
    {"",
     "name",
     &of<&Upstream::name, Upstream>,
     "",
     0,
     0,
     "What it is called: up to 64 letters, digits, `_`, `-` and `.`; each one once. Its orders belong to this name, so "
     "it stays when the key changes.",
     1,
     {},
     true},
    {"",
     "public_key",
     &of<&Upstream::public_key, Upstream>,
     "",
     0,
     0,
     "Its CURVE public key, 40 characters of Z85; `circuit keygen` makes one.",
     1,
     {},
     true},
    {"", "requests", &of<&Upstream::requests, Upstream>, "", 1, 9,
     "What it may ask: types of requests, and `subscribe` for events and replays, which show all upstreams' orders.", 1,
     request_words},
    {"", "creates_per_minute", &of<&Upstream::creates_per_minute, Upstream>, "orders", 0, 1'000'000'000,
     "New orders a minute; 0 for no limit. An order that names a `client_ip` also counts for that address."},
    {"", "requests_per_second", &of<&Upstream::requests_per_second, Upstream>, "requests", 1, 100'000,
     "Requests of all types a second, and as many in one burst."},
};

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f) {
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

template <class Owner>
std::string text_of(const Row<Owner>& row, Owner& owner) {
  return std::visit(
      [&](auto reach) -> std::string {
        auto& value = reach(owner);
        using Value = std::remove_reference_t<decltype(value)>;
        if constexpr (std::is_enum_v<Value>) {
          return in_quotes(row.words[static_cast<std::size_t>(value)]);
        } else if constexpr (std::is_same_v<Value, std::int64_t>) {
          return number_text(value / row.factor);
        } else if constexpr (std::is_same_v<Value, std::string>) {
          return in_quotes(value);
        } else {
          std::string list;
          for (const std::string& element : value) list += (list.empty() ? "" : ", ") + in_quotes(element);
          return '[' + list + ']';
        }
      },
      row.member);
}

}  // namespace

std::span<const Section> setting_sections() { return sections; }
std::span<const SettingRow> setting_rows() { return settings; }
std::span<const ProductRow> product_rows() { return products; }
std::span<const UpstreamRow> upstream_rows() { return upstreams; }

std::string value_text(const SettingRow& row, Settings& owner) { return text_of(row, owner); }
std::string value_text(const ProductRow& row, Product& owner) { return text_of(row, owner); }
std::string value_text(const UpstreamRow& row, Upstream& owner) { return text_of(row, owner); }

std::string number_text(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > 3 + sign; at -= 3) text.insert(at - 3, 1, '_');
  return text;
}

}  // namespace circuit::config
