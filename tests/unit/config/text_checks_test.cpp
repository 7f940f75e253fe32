#include "broker/config/text_checks.hpp"

#include <catch2/catch.hpp>

#include "broker/config/nearest.hpp"

using namespace circuit::config;

TEST_CASE("ipc paths and loopback addresses are endpoints") {
  for (const char* good : {"ipc:///run/a.sock", "ipc://a", "tcp://127.0.0.1:1", "tcp://127.255.255.255:65535"}) {
    CAPTURE(good);
    CHECK_FALSE(endpoint_fault(good));
  }
  CHECK_FALSE(endpoint_fault("ipc://" + std::string(107, 'a')));
}

TEST_CASE("every other endpoint is refused") {
  for (const char* bad : {"",
                          "ipc://",
                          "ipc://@abstract",
                          "inproc://a",
                          "tcp://",
                          "tcp://*:5601",
                          "tcp://0.0.0.0:5601",
                          "tcp://128.0.0.1:1",
                          "tcp://127.0.0.1",
                          "tcp://127.0.0.1:",
                          "tcp://127.0.0.1:0",
                          "tcp://127.0.0.1:65536",
                          "tcp://127.0.0.1:*",
                          "tcp://127.0.0.1:5601x",
                          "tcp://127.0.0.1:05601",
                          "tcp://127.0.0.1:-1",
                          "tcp://127.0.0:5601",
                          "tcp://127.0.0.1.1:5601",
                          "tcp://127.0.0.256:5601",
                          "tcp://localhost:5601",
                          "tcp://[::1]:5601",
                          "tcp://10.0.0.1;127.0.0.1:5601",
                          "TCP://127.0.0.1:1",
                          "tcp://127.0.0.01:1",
                          "tcp://127.99999999999.0.1:1",
                          "tcp://127"}) {
    CAPTURE(bad);
    CHECK(endpoint_fault(bad));
  }
  CHECK(endpoint_fault("ipc://" + std::string(108, 'a')));
  CHECK(endpoint_fault(std::string_view("ipc://a\0b", 9)));
}

TEST_CASE("web addresses are payment urls") {
  for (const char* good : {"https://pay.example", "http://127.0.0.1:8080/pay", "https://pay.example/{order_id}",
                           "https://pay.example/?o={order_id}#x", "https://pay.example/{order_id}/now"}) {
    CAPTURE(good);
    CHECK_FALSE(payment_url_fault(good));
  }
}

TEST_CASE("every other payment url is refused") {
  for (const char* bad :
       {"", "pay.example", "ftp://pay.example/", "javascript:alert(1)", "https://", "https:///path", "https://:80/",
        "https://pay.example/ x", "https://pay.example/\n", "https://päy.example/", "https://{order_id}.example/",
        "https://pay.example/{order}", "https://pay.example/{order_id}{order_id}", "https://pay.example/{{order_id}}",
        "https://pay.example/?order=", "https://pay.example/#", "HTTPS://pay.example/"}) {
    CAPTURE(bad);
    CHECK(payment_url_fault(bad));
  }
}

TEST_CASE("an order id is added to a url once") {
  CHECK(with_order_id("https://a") == "https://a/{order_id}");
  CHECK(with_order_id("https://a/") == "https://a/{order_id}");
  CHECK(with_order_id("https://a/{order_id}/x") == "https://a/{order_id}/x");
}

TEST_CASE("the nearest word needs the fewest changes") {
  const std::string_view words[] = {"orders", "orders_push", "events", "replay", "work"};
  CHECK(nearest("order", words) == "orders");
  CHECK(nearest("ordrs_push", words) == "orders_push");
  CHECK(nearest("evnets", words) == "events");
  CHECK(nearest("reply", words) == "replay");
  CHECK(nearest("wrok", words) == "work");
}

TEST_CASE("a word that resembles nothing has no nearest one") {
  const std::string_view words[] = {"orders", "events"};
  CHECK(nearest("wallpaper", words).empty());
  CHECK(nearest(std::string(65, 'o'), words).empty());
  CHECK(nearest("orders", {}).empty());
}

TEST_CASE("a relay's endpoint has an address of this host, a remote one has any host") {
  using circuit::config::relay_endpoint_fault, circuit::config::remote_endpoint_fault;
  for (const char* good :
       {"tcp://*:1", "tcp://0.0.0.0:5601", "tcp://203.0.113.1:65535", "tcp://[::]:1", "tcp://[2001:db8::1]:5601"}) {
    CAPTURE(good);
    CHECK_FALSE(relay_endpoint_fault(good));
  }
  for (const char* bad : {"", "tcp://", "tcp://*", "tcp://*:", "tcp://*:0", "tcp://*:65536", "tcp://:1", "tcp://::1:1",
                          "tcp://[203.0.113.1]:1", "tcp://[::1:1", "tcp://host:1", "tcp://203.0.113.1:1x", "ipc:///a",
                          "tcp://1.2.3:1", "tcp://*;1.2.3.4:1", "tcp://*:*"}) {
    CAPTURE(bad);
    CHECK(relay_endpoint_fault(bad));
  }
  for (const char* good : {"tcp://circuit.example:5601", "tcp://203.0.113.1:1", "tcp://[2001:db8::1]:5601"}) {
    CAPTURE(good);
    CHECK_FALSE(remote_endpoint_fault(good));
  }
  for (const char* bad : {"tcp://*:1", "tcp://a b:1", "tcp://:1", "tcp://a", "tcp://a:", "ipc:///a", "tcp://a;b:1"}) {
    CAPTURE(bad);
    CHECK(remote_endpoint_fault(bad));
  }
}
