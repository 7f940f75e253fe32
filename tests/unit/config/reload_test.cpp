#include "broker/config/reload.hpp"

#include <catch2/catch.hpp>

#include "broker/config/config_error.hpp"

using namespace circuit::config;

TEST_CASE("a reload takes products over, and says which are new, changed and gone") {
  Settings running;
  Settings fresh;
  fresh.products[0].amount = 4'900;
  fresh.products[1].id = "OTHER_V1";
  const Reload reload = take_over(running, fresh);
  CHECK(running == fresh);
  CHECK(reload.taken == std::vector<std::string>{"product DATA_ANALYSIS_V1 is changed", "product OTHER_V1 is new",
                                                 "product LICENSE_KEY_V1 is not sold any more"});
  CHECK(reload.need_restart.empty());
}

TEST_CASE("a reload takes upstreams over, and says which are new, changed and gone") {
  const auto add = [](Settings& settings, const char* name, const char* key) {
    Upstream upstream;
    upstream.name = name;
    upstream.public_key = key;
    add_upstream(settings, std::move(upstream));
  };
  Settings running;
  for (const auto& [name, key] : {std::pair{"shop", "a"}, {"books", "b"}, {"ledger", "c"}}) add(running, name, key);
  Settings fresh;
  for (const auto& [name, key] : {std::pair{"ledger", "c"}, {"shop", "another key"}, {"till", "d"}})
    add(fresh, name, key);
  const Reload reload = take_over(running, fresh);
  CHECK(running == fresh);
  CHECK(reload.taken == std::vector<std::string>{"upstream shop is changed", "upstream till is new",
                                                 "upstream books may not come any more"});
  CHECK(reload.need_restart.empty());
}

TEST_CASE("a reload leaves every other setting as it is, and names it") {
  Settings running;
  Settings fresh;
  fresh.payment.timeout_ms = 7'000;
  fresh.endpoints.orders = {"tcp://127.0.0.1:5555"};
  const Reload reload = take_over(running, fresh);
  CHECK(running == Settings{});
  CHECK(reload.taken.empty());
  CHECK(reload.need_restart == std::vector<std::string>{"endpoints.orders", "payment.timeout_ms"});
}

TEST_CASE("a product whose input does not fit the running limit is refused, and nothing is taken") {
  Settings running;
  Settings fresh;
  fresh.limits.message_bytes_max = 64 * mebibyte;
  fresh.products[0].input_bytes_max = 32 * mebibyte;
  fresh.products[1].amount = 1;
  fresh.upstreams.emplace_back();
  CHECK_THROWS_AS(take_over(running, fresh), ConfigError);
  CHECK(running == Settings{});
}
