// The checks of a new order, in the contract's order: idempotency, catalogue, rate, admission (DESIGN §3.1). A refused
// order reserves nothing, and the same order sent again spends no rate limit.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "broker/config/settings.hpp"
#include "broker/intake/rate_limiter.hpp"
#include "broker/intake/route.hpp"
#include "broker/journal/journal.hpp"
#include "broker/orders/order_book.hpp"
#include "schema/request.hpp"

namespace circuit::intake {

// Whether new orders are taken now; a refusal says why not and when to come again.
struct Admission {
  bool storage_works = true;
  bool storage_has_room = true;
  [[nodiscard]] std::optional<schema::Refusal> refusal(const orders::OrderBook& book,
                                                       const config::Settings& settings) const;
};

class Creation {
 public:
  Creation(orders::OrderBook& book, journal::Journal& journal, const config::Settings& settings)
      : book_(book),
        journal_(journal),
        settings_(settings),
        by_address_(settings.rate_limit.creates_per_minute_per_ip,
                    static_cast<std::size_t>(settings.rate_limit.addresses_max)),
        by_upstream_(settings.rate_limit.creates_per_minute_per_upstream,
                     static_cast<std::size_t>(settings.rate_limit.addresses_max)) {}

  // What a request is known by: computed once.
  struct Identity {
    journal::IdempotencyKey key;
    schema::Hash16 fingerprint;  // the same order sent again has the same
  };
  [[nodiscard]] static Identity identify(const schema::CreateOrder& request, std::string_view upstream,
                                         std::string_view input_sha256);

  struct Known {
    schema::Uuid order;
    schema::Status status;
  };
  struct Fresh {};
  // The order may be created, was created before, or is refused. Takes a token of the rate limits when it is fresh.
  [[nodiscard]] std::variant<Fresh, Known, schema::Refusal> check(const schema::CreateOrder& request,
                                                                  const Identity& identity, const Route& route,
                                                                  std::size_t input_bytes, const Admission& admission);
  // Only whether it was created before: once more, when time has passed since check().
  [[nodiscard]] std::variant<Fresh, Known, schema::Refusal> check_known(const Identity& identity);
  // Adds a fresh order to the batch. `input_sha256` names its input; empty without one.
  orders::Order& create(const schema::CreateOrder& request, const Identity& identity, const Route& route,
                        std::string_view input_sha256, std::int64_t now);

 private:
  [[nodiscard]] std::optional<schema::Refusal> check_catalogue(const schema::CreateOrder& request,
                                                               std::size_t input_bytes) const;
  [[nodiscard]] std::optional<schema::Refusal> take_tokens(const schema::CreateOrder& request, const Route& route);
  [[nodiscard]] Rate rate_of(const Route& route) const;
  void give_tokens_back(const schema::CreateOrder& request, const Route& route);

  orders::OrderBook& book_;
  journal::Journal& journal_;
  const config::Settings& settings_;
  RateLimiter by_address_;
  RateLimiter by_upstream_;
};

}  // namespace circuit::intake
