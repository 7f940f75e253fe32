#include "broker/relay/gate.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "broker/relay/zap.hpp"

using namespace circuit::relay;
using circuit::config::Upstream;
using circuit::schema::ErrorCode;

namespace {

Upstream upstream(const std::string& name, const std::string& key) {
  Upstream made;
  made.name = name;
  made.public_key = key;
  return made;
}

constexpr std::int64_t second = 1'000'000;

}  // namespace

TEST_CASE("a replaced table knows the new upstreams, and an entry that is held stays as it was") {
  Upstreams upstreams({upstream("a", "key a"), upstream("b", "key b")});
  const auto held = upstreams.find("key a");
  REQUIRE(held);
  upstreams.replace({upstream("b", "new key of b")});
  CHECK(held->name == "a");
  CHECK_FALSE(upstreams.find("key a"));
  CHECK_FALSE(upstreams.find("key b"));
  REQUIRE(upstreams.find("new key of b"));
  CHECK(upstreams.find("new key of b")->name == "b");
  CHECK_FALSE(upstreams.find(""));
}

TEST_CASE("the gate lets in at an upstream's own rate, in bursts of a second") {
  Gate gate({}, 700);
  Upstream ten = upstream("ten", "x");
  ten.requests_per_second = 10;
  const Peer peer{std::make_shared<const Upstream>(ten), "", true};
  for (int i = 0; i < 10; ++i) REQUIRE_FALSE(gate.enter(peer, second));
  const auto refusal = gate.enter(peer, second);
  REQUIRE(refusal);
  CHECK(refusal->code == ErrorCode::rate_limited);
  CHECK(refusal->retry_after_ms == 101);
  CHECK_FALSE(gate.enter(peer, second + second / 10));
  const Peer other{std::make_shared<const Upstream>(upstream("other", "y")), "", true};
  CHECK_FALSE(gate.enter(other, second));
}

TEST_CASE("the gate passes what the entry lists, while there is room") {
  Gate gate({.messages_max = 1}, 700);
  const Upstream shop = upstream("shop", "x");
  CHECK(gate.pass(shop, "get_stats", 1, 0)->code == ErrorCode::unauthorized);
  CHECK_FALSE(gate.pass(shop, "ping", 1, 0));
  const auto busy = gate.pass(shop, "ping", 1, 0);
  REQUIRE(busy);
  CHECK(busy->code == ErrorCode::busy);
  CHECK(busy->retry_after_ms == 700);
  gate.settle("shop");
  CHECK_FALSE(gate.pass(shop, "ping", 1, 0));
}

TEST_CASE("a connection that did not get our routing id is told to connect again") {
  Gate gate({}, 700);
  const auto refusal = gate.enter({std::make_shared<const Upstream>(upstream("shop", "x")), "", false}, 0);
  REQUIRE(refusal);
  CHECK(refusal->code == ErrorCode::unavailable);
}

TEST_CASE("a peer whose key is not in the table any more is unauthorized") {
  Gate gate({}, 700);
  CHECK(gate.enter({nullptr, "203.0.113.1"}, 0)->code == ErrorCode::unauthorized);
}

TEST_CASE("who may subscribe may connect to the stream, and who may ask anything to the orders") {
  Upstream made = upstream("a", "x");
  CHECK(may_connect(made, orders_domain));
  CHECK_FALSE(may_connect(made, stream_domain));
  made.requests = {"subscribe"};
  CHECK_FALSE(may_connect(made, orders_domain));
  CHECK(may_connect(made, stream_domain));
  made.requests = {"subscribe", "ping"};
  CHECK(may_connect(made, orders_domain));
  CHECK(may_connect(made, stream_domain));
  CHECK_FALSE(may_connect(made, "elsewhere"));
  CHECK_FALSE(may_connect(made, ""));
}

TEST_CASE("the keys of a domain are those of the upstreams that may connect to it") {
  Upstream shop = upstream("shop", "key of shop");
  Upstream books = upstream("books", "key of books");
  books.requests = {"subscribe"};
  Upstream both = upstream("both", "key of both");
  both.requests = {"ping", "subscribe"};
  using Keys = std::set<std::string>;
  CHECK(keys_of({shop, books, both}, orders_domain) == Keys{"key of shop", "key of both"});
  CHECK(keys_of({shop, books, both}, stream_domain) == Keys{"key of books", "key of both"});
  CHECK(keys_of({shop}, stream_domain).empty());
}
