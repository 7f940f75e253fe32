#include "broker/intake/creation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "broker/daemon/clock.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "schema/crypto.hpp"
#include "schema/money.hpp"
#include "schema/packer.hpp"
#include "schema/upstream.hpp"

namespace circuit::intake {

using schema::CreateOrder;
using schema::Document;
using schema::ErrorCode;
using schema::Refusal;

namespace {

std::string_view view_of(const schema::Hash16& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// The value with its map keys in order, so that the order in which a client happened to send them does not matter.
void pack_canonical(schema::Packer& packer, const Document::Value& value) {
  if (value.is_map()) {
    std::vector<std::pair<std::string_view, Document::Value>> pairs;
    Document::Value key = value.first_child();
    for (std::uint32_t i = 0; i < value.size(); ++i, key = key.next().next())
      pairs.emplace_back(*key.string(), key.next());
    std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    packer.map(value.size());
    for (const auto& [name, child] : pairs) pack_canonical(packer.text(name), child);
  } else if (value.is_array()) {
    packer.array(value.size());
    Document::Value child = value.first_child();
    for (std::uint32_t i = 0; i < value.size(); ++i, child = child.next()) pack_canonical(packer, child);
  } else {
    packer.value(value);
  }
}

// The same order sent again has the same fingerprint: its decoded fields without request_id and client_ip, the input by
// its hash.
schema::Hash16 fingerprint_of(const CreateOrder& request, std::string_view input_sha256) {
  std::string canonical;
  schema::Packer packer(canonical);
  packer.text(request.product_id).text(request.customer_id).integer(request.amount).text(request.currency);
  packer.binary(input_sha256);
  if (request.metadata)
    pack_canonical(packer, request.metadata);
  else
    packer.nil();
  return schema::blake2b_16(schema::bytes_of(std::string_view(canonical)));
}

Refusal conflict() {
  return {ErrorCode::idempotency_conflict,
          "another order was created under this idempotency_key; use a new key for a new order", "idempotency_key", 0};
}

Refusal limited(std::int64_t wait_us, std::string_view whose) {
  return {ErrorCode::rate_limited, fmt::format("too many orders {}", whose), {}, wait_us / 1000 + 1};
}

const std::string& address_of(const CreateOrder& request, const Route& route) {
  return request.client_ip ? *request.client_ip : route.address;
}

// An IPv6 customer has a whole /64; its addresses count as one.
std::string rate_key(const std::string& address) {
  if (address.find(':') == std::string::npos) return address;
  const auto network = schema::ipv6_network_64(address);
  return network ? *network : address;
}

}  // namespace

std::optional<Refusal> Admission::refusal(const orders::OrderBook& book, const config::Settings& settings) const {
  const std::int64_t wait_ms = settings.limits.busy_retry_after_ms;
  if (!storage_works)
    return Refusal{ErrorCode::unavailable, "storage is unavailable; the order was not taken", {}, wait_ms};
  if (!storage_has_room)
    return Refusal{
        ErrorCode::unavailable, "storage is nearly full; open orders go on, new ones are not taken", {}, wait_ms};
  if (book.runnable() >= static_cast<std::size_t>(settings.limits.runnable_orders_max))
    return Refusal{ErrorCode::busy, "too many orders are under way", {}, wait_ms};
  return std::nullopt;
}

Creation::Identity Creation::identify(const CreateOrder& request, std::string_view upstream,
                                      std::string_view input_sha256) {
  return {journal::idempotency_key_of(request.customer_id, request.idempotency_key, upstream),
          fingerprint_of(request, input_sha256)};
}

std::variant<Creation::Fresh, Creation::Known, Refusal> Creation::check(const CreateOrder& request,
                                                                        const Identity& identity, const Route& route,
                                                                        std::size_t input_bytes,
                                                                        const Admission& admission) {
  auto seen = check_known(identity);
  if (!std::holds_alternative<Fresh>(seen)) return seen;
  if (auto refusal = check_catalogue(request, input_bytes)) return *refusal;
  if (auto refusal = take_tokens(request, route)) return *refusal;
  if (auto refusal = admission.refusal(book_, settings_)) {
    give_tokens_back(request, route);
    return *refusal;
  }
  return Fresh{};
}

std::variant<Creation::Fresh, Creation::Known, Refusal> Creation::check_known(const Identity& identity) {
  if (daemon::is_planted(daemon::PlantedBug::idempotency_off)) return Fresh{};
  const std::string_view fingerprint = view_of(identity.fingerprint);
  if (const auto* creation = book_.created_in_batch(identity.key)) {
    if (creation->fingerprint != fingerprint) return conflict();
    return Known{creation->order, book_.find(creation->order)->state.status};
  }
  const auto first = journal_.find(identity.key);
  if (!first) return Fresh{};
  const auto stored = journal_.order(*first);
  if (!stored) throw std::runtime_error("the journal knows an idempotency key of an order that it does not have");
  if (stored->body.fingerprint != fingerprint) return conflict();
  return Known{*first, stored->state.status};
}

std::optional<Refusal> Creation::check_catalogue(const CreateOrder& request, std::size_t input_bytes) const {
  const config::Product* product = config::find_product(settings_, request.product_id);
  if (!product)
    return Refusal{ErrorCode::unknown_product, fmt::format("there is no product \"{}\"", request.product_id),
                   "product_id", 0};
  if (request.currency != product->currency)
    return Refusal{ErrorCode::currency_mismatch, fmt::format("{} is sold in {}", product->id, product->currency),
                   "currency", 0};
  if (request.amount != product->amount)
    return Refusal{ErrorCode::amount_mismatch,
                   fmt::format("{} costs {} minor units of {}", product->id, product->amount, product->currency),
                   "amount", 0};
  if (input_bytes > static_cast<std::size_t>(product->input_bytes_max))
    return Refusal{ErrorCode::message_too_large,
                   fmt::format("the input of {} has at most {} bytes", product->id, product->input_bytes_max), "input",
                   0};
  if (product->handler == "data_analysis") {
    const Document::Value csv = request.input ? request.input.find("csv") : Document::Value{};
    if (!csv) return Refusal{ErrorCode::missing_field, "input.csv is required: the table to analyse", "input.csv", 0};
    if (!csv.bytes() || csv.bytes()->empty())
      return Refusal{ErrorCode::invalid_field, "input.csv must be text or binary, and not empty", "input.csv", 0};
  }
  return std::nullopt;
}

// An upstream on the network has a rate of its own, in its entry.
Rate Creation::rate_of(const Route& route) const {
  const auto name = schema::network_name_of(route.upstream);
  const config::Upstream* entry = name ? config::find_upstream(settings_, *name) : nullptr;
  return {entry ? entry->creates_per_minute : settings_.rate_limit.creates_per_minute_per_upstream};
}

std::optional<Refusal> Creation::take_tokens(const CreateOrder& request, const Route& route) {
  const std::int64_t now = daemon::steady_us();
  const std::string& address = address_of(request, route);
  if (!address.empty())
    if (const std::int64_t wait_us = by_address_.take(rate_key(address), now))
      return limited(wait_us, "from this address");
  if (const std::int64_t wait_us = by_upstream_.take(route.upstream, now, rate_of(route))) {
    if (!address.empty()) by_address_.give_back(rate_key(address));
    return limited(wait_us, "from this upstream");
  }
  return std::nullopt;
}

void Creation::give_tokens_back(const CreateOrder& request, const Route& route) {
  const std::string& address = address_of(request, route);
  if (!address.empty()) by_address_.give_back(rate_key(address));
  by_upstream_.give_back(route.upstream, rate_of(route));
}

orders::Order& Creation::create(const CreateOrder& request, const Identity& identity, const Route& route,
                                std::string_view input_sha256, std::int64_t now) {
  schema::OrderBodyView body;
  body.product_id = request.product_id;
  body.customer_id = request.customer_id;
  body.idempotency_key = request.idempotency_key;
  body.amount = request.amount;
  body.currency = request.currency;
  body.upstream = route.upstream;
  body.fingerprint = view_of(identity.fingerprint);
  body.input = input_sha256;
  std::string metadata;
  if (request.metadata) schema::Packer(metadata).value(request.metadata);
  body.metadata = metadata;
  return book_.create(identity.key, body, now);
}

}  // namespace circuit::intake
