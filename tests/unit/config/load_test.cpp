#include "broker/config/load.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using circuit::config::ConfigError;
using circuit::config::load_settings;
using circuit::config::parse_settings;
using circuit::config::Settings;

namespace {

// The message with which the text is refused; empty when it is accepted.
std::string refusal(std::string_view text) {
  try {
    (void)parse_settings(text, "circuit.toml");
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::string product(std::string_view rest) {
  return "[[product]]\nid = \"A\"\namount = 100\ncurrency = \"EUR\"\n" + std::string(rest);
}

}  // namespace

TEST_CASE("without a file the defaults hold") {
  CHECK(load_settings(std::nullopt) == Settings{});
  CHECK(parse_settings("", "circuit.toml") == Settings{});
  const Settings settings;
  REQUIRE(settings.products.size() == 2);
  CHECK(find_product(settings, "DATA_ANALYSIS_V1")->amount == 5'000);
  CHECK(find_product(settings, "LICENSE_KEY_V1")->amount == 2'000);
  CHECK(find_product(settings, "NONE") == nullptr);
}

TEST_CASE("what the file names is changed and nothing else") {
  Settings expected;
  expected.limits.batch_items_max = 7;
  expected.sandbox.confirm = circuit::config::Confirm::manual;
  expected.endpoints.orders = {"tcp://127.0.0.1:5601", "ipc:///run/circuit/orders.sock"};
  expected.endpoints.plain_loopback = circuit::config::PlainLoopback::allowed;
  expected.access.group = "shop";
  CHECK(parse_settings("sandbox.confirm = \"manual\"\n"
                       "[limits]\nbatch_items_max = 7\n"
                       "[endpoints]\norders = [\"tcp://127.0.0.1:5601\", \"ipc:///run/circuit/orders.sock\"]\n"
                       "plain_loopback = \"allowed\"\n"
                       "[access]\ngroup = \"shop\"\n",
                       "circuit.toml") == expected);
}

TEST_CASE("days of the file are seconds in the settings") {
  CHECK(parse_settings("[delivery]\ntoken_valid_days = 2\n", "x").delivery.token_valid_s == 2 * 86'400);
  const Settings settings = parse_settings(product("handler = \"license_key\"\nrefund_window_days = 3\n"), "x");
  CHECK(settings.products.at(0).refund_window_s == 3 * 86'400);
}

TEST_CASE("a product in the file replaces the default catalogue") {
  const Settings settings = parse_settings(
      product("handler = \"exec\"\non_failure = \"refund\"\n[product.exec]\ncommand = [\"/bin/true\", \"-x\"]\n"), "x");
  REQUIRE(settings.products.size() == 1);
  const auto& only = settings.products[0];
  CHECK(only.id == "A");
  CHECK(only.amount == 100);
  CHECK(only.currency == "EUR");
  CHECK(only.handler == "exec");
  CHECK(only.on_failure == circuit::config::OnFailure::refund);
  CHECK(only.exec.command == std::vector<std::string>{"/bin/true", "-x"});
  CHECK(only.exec.timeout_ms == 60'000);
}

TEST_CASE("a misspelt key is refused with file, line and the nearest key") {
  CHECK(refusal("[limits]\n\n  batch_item_max = 7\n") ==
        "circuit.toml:3:3: limits.batch_item_max: is no setting; did you mean \"batch_items_max\"?");
  CHECK(refusal(product("handle = \"exec\"\n")) ==
        "circuit.toml:5:1: product.handle: is no setting; did you mean \"handler\"?");
  CHECK(refusal(product("handler = \"exec\"\n[product.exec]\ncomand = [\"x\"]\n")) ==
        "circuit.toml:7:1: product.exec.comand: is no setting; did you mean \"command\"?");
  CHECK(refusal("[limits]\n" + std::string(100'000, 'x') + " = 1\n").ends_with("xx: is no setting"));
}

TEST_CASE("a key in the wrong section is refused with the right one") {
  CHECK(refusal("[sandbox]\nlease_ms = 7\n") ==
        "circuit.toml:2:1: sandbox.lease_ms: is no setting; it belongs into [dispatch]");
  CHECK(refusal("lease_ms = 7\n") == "circuit.toml:1:1: lease_ms: stands in no section; it belongs into [dispatch]");
  CHECK(refusal(product("handler = \"exec\"\ncommand = [\"x\"]\n")) ==
        "circuit.toml:6:1: product.command: is no setting; it belongs into [product.exec]");
}

TEST_CASE("a misspelt section is refused with the nearest one") {
  CHECK(refusal("[limit]\nbatch_items_max = 7\n") ==
        "circuit.toml:1:2: limit: is no section; did you mean \"limits\"?");
  CHECK(refusal("[fulfilment]\n") == "circuit.toml:1:2: fulfilment: is no section; did you mean \"fulfillment\"?");
  CHECK(refusal("[[products]]\n") == "circuit.toml:1:3: products: is no section; did you mean \"product\"?");
  CHECK(refusal("[wallpaper]\n") == "circuit.toml:1:2: wallpaper: is no section");
}

TEST_CASE("an unknown word is refused with all words and the nearest one") {
  CHECK(
      refusal("[sandbox]\nconfirm = \"manuel\"\n") ==
      "circuit.toml:2:11: sandbox.confirm: is \"manuel\"; it must be \"auto\" or \"manual\"; did you mean \"manual\"?");
  CHECK(refusal(product("handler = \"license-key\"\n")) ==
        "circuit.toml:5:11: product.handler: is \"license-key\"; it must be \"license_key\", \"exec\" or "
        "\"data_analysis\"; did you mean \"license_key\"?");
}

TEST_CASE("a syntax error is refused with file and line") {
  CHECK_THAT(refusal("[limits]\nbatch_items_max =\n"), Catch::StartsWith("circuit.toml:2:"));
  CHECK_THAT(refusal("[limits]\nmap_bytes = 1_000_000_000\nmap_bytes = 2_000_000_000\n"),
             Catch::StartsWith("circuit.toml:3:"));
  CHECK_THAT(refusal("[limits\n"), Catch::StartsWith("circuit.toml:1:"));
  CHECK_THAT(refusal("a = \"\xff\"\n"), Catch::StartsWith("circuit.toml:1:"));
}

TEST_CASE("a value of the wrong type is refused") {
  const std::string label = "circuit.toml:2:19: limits.batch_items_max: ";
  CHECK(refusal("[limits]\nbatch_items_max = 7.5\n") == label + "is a number with a fraction; it must be an integer");
  CHECK(refusal("[limits]\nbatch_items_max = \"7\"\n") == label + "is a string; it must be an integer");
  CHECK(refusal("[limits]\nbatch_items_max = true\n") == label + "is a boolean; it must be an integer");
  CHECK(refusal("[limits]\nbatch_items_max = 2026-01-01\n") == label + "is a date or time; it must be an integer");
  CHECK(refusal("[access]\ngroup = 5\n") == "circuit.toml:2:9: access.group: is an integer; it must be a string");
  CHECK(refusal("limits = 5\n") == "circuit.toml:1:10: limits: is an integer; it must be a table, [limits]");
  CHECK_THAT(refusal("[endpoints]\norders = \"tcp://127.0.0.1:1\"\n"), Catch::EndsWith("it must be a list of strings"));
  CHECK_THAT(refusal("[endpoints]\norders = [5]\n"),
             Catch::EndsWith("endpoints.orders: is an integer; it must be a string"));
  CHECK_THAT(refusal("[product]\nid = \"A\"\n"), Catch::EndsWith("is a table; write [[product]], with two brackets"));
  CHECK_THAT(refusal("product = []\n"), Catch::EndsWith("is a list; write [[product]], with two brackets"));
  CHECK_THAT(refusal(product("handler = \"exec\"\nexec = 5\n")), Catch::EndsWith("it must be a table, [product.exec]"));
}

TEST_CASE("a number out of its range is refused") {
  CHECK(refusal("[payment]\ntries_max = 0\n") ==
        "circuit.toml:2:13: payment.tries_max: is 0; it must be 1 to 1_000 tries");
  CHECK_THAT(refusal("[limits]\nbatch_items_max = -1\n"), Catch::Contains("is -1; it must be 1 to 100_000 items"));
  CHECK_THAT(refusal("[delivery]\ntoken_valid_days = 9_223_372_036_854_775_807\n"),
             Catch::Contains("it must be 1 to 3_650 days"));
  CHECK(refusal("[payment]\ntries_max = 1\n").empty());
  CHECK(refusal("[payment]\ntries_max = 1_000\n").empty());
  CHECK_FALSE(refusal("[payment]\ntries_max = 9_223_372_036_854_775_808\n").empty());
}

TEST_CASE("a price that no order may have is refused") {
  const auto priced = [](std::string_view amount) {
    return refusal("[[product]]\nid = \"A\"\ncurrency = \"EUR\"\nhandler = \"license_key\"\namount = " +
                   std::string(amount));
  };
  CHECK(priced("1").empty());
  CHECK(priced("1_000_000_000_000").empty());
  CHECK_THAT(priced("0"), Catch::Contains("product.amount: is 0"));
  CHECK_THAT(priced("1_000_000_000_001"), Catch::Contains("product.amount: is 1_000_000_000_001"));
  CHECK_THAT(priced("50.0"), Catch::Contains("it must be an integer"));
}

TEST_CASE("a product with a missing key is refused") {
  CHECK(refusal("\n[[product]]\nid = \"A\"\namount = 5\nhandler = \"license_key\"\n") ==
        "circuit.toml:2:1: product.currency: is missing");
  CHECK_THAT(refusal("[[product]]\n"), Catch::EndsWith("product.id: is missing"));
}

TEST_CASE("a second product of the same id is refused") {
  const std::string one = product("handler = \"license_key\"\n");
  CHECK(refusal(one + one) == "circuit.toml:7:6: product.id: a second product is called \"A\"");
}

TEST_CASE("a product id that would not do in a file name or log is refused") {
  for (const char* id :
       {"", "a b", "a/b", "ä", "a\\u0000b", "0123456789012345678901234567890123456789012345678901234567890123x"}) {
    CAPTURE(id);
    CHECK_FALSE(refusal("[[product]]\namount = 1\ncurrency = \"EUR\"\nhandler = \"license_key\"\nid = \"" +
                        std::string(id) + "\"\n")
                    .empty());
  }
}

TEST_CASE("an unknown currency is refused") {
  for (const char* currency : {"EURO", "eur", "XXX", "XAU", "ZZZ", ""}) {
    CAPTURE(currency);
    CHECK_THAT(refusal("[[product]]\nid = \"A\"\namount = 1\nhandler = \"license_key\"\ncurrency = \"" +
                       std::string(currency) + "\"\n"),
               Catch::StartsWith("circuit.toml:5:12: product.currency: is \"" + std::string(currency) + '"'));
  }
}

TEST_CASE("handler exec without a command is refused") {
  CHECK(refusal(product("handler = \"exec\"\n")) ==
        "circuit.toml:1:1: product.exec.command: is missing; handler \"exec\" needs a program to run");
  CHECK_THAT(refusal(product("handler = \"exec\"\n[product.exec]\ntimeout_ms = 5\n")),
             Catch::StartsWith("circuit.toml:6:1: product.exec.command: is missing"));
  CHECK_THAT(refusal(product("handler = \"exec\"\n[product.exec]\ncommand = []\n")), Catch::Contains("has 0 elements"));
  CHECK_THAT(refusal(product("handler = \"exec\"\n[product.exec]\ncommand = [\"\"]\n")),
             Catch::Contains("begins with an empty string"));
  CHECK_THAT(refusal(product("handler = \"exec\"\n[product.exec]\ncommand = [\"a\\u0000b\"]\n")),
             Catch::Contains("holds a zero byte"));
}

TEST_CASE("an exec table on another handler is refused") {
  CHECK(refusal(product("handler = \"license_key\"\n[product.exec]\ncommand = [\"x\"]\n")) ==
        "circuit.toml:6:1: product.exec: is only for handler \"exec\"; this product's is \"license_key\"");
}

TEST_CASE("an endpoint that is given twice is refused") {
  CHECK_THAT(refusal("[endpoints]\nevents = [\"tcp://127.0.0.1:5601\"]\nwork = [\"tcp://127.0.0.1:5601\"]\n"),
             Catch::EndsWith("endpoints.work: \"tcp://127.0.0.1:5601\" is taken already, by endpoints.events"));
}

TEST_CASE("tcp without encryption is refused with its line until it is allowed") {
  CHECK_THAT(refusal("[endpoints]\norders = [\n  \"ipc:///a\",\n  \"tcp://127.0.0.1:5601\"\n]\n"),
             Catch::StartsWith("circuit.toml:4:3: endpoints.orders: \"tcp://127.0.0.1:5601\" is not encrypted") &&
                 Catch::EndsWith("endpoints.plain_loopback = \"allowed\""));
  CHECK(refusal("[endpoints]\nwork = [\"tcp://127.0.0.1:5601\"]\nplain_loopback = \"allowed\"\n").empty());
  CHECK(refusal("[endpoints]\nwork = [\"ipc:///a\"]\n").empty());
  // Never beyond this machine.
  CHECK_FALSE(refusal("[endpoints]\nwork = [\"tcp://0.0.0.0:5601\"]\nplain_loopback = \"allowed\"\n").empty());
}

TEST_CASE("the relay's endpoints may be on any address, and are checked") {
  const Settings settings = parse_settings(
      "[relay]\norders = [\"tcp://0.0.0.0:5601\", \"tcp://[2001:db8::1]:5601\"]\nevents = [\"tcp://*:5602\"]\n", "x");
  CHECK(settings.relay.has_endpoints());
  CHECK(settings.relay.orders.size() == 2);
  CHECK_FALSE(Settings{}.relay.has_endpoints());
  CHECK_THAT(refusal("[relay]\norders = [\"ipc:///a\"]\n"), Catch::Contains("is no endpoint of a relay"));
  CHECK_THAT(refusal("[relay]\norders = [\"tcp://*:1\"]\nreplay = [\"tcp://*:1\"]\n"),
             Catch::EndsWith("relay.replay: \"tcp://*:1\" is taken already, by relay.orders"));
  CHECK_THAT(refusal("[relay]\nkey_file = \"\"\n"), Catch::StartsWith("circuit.toml:2:12: relay.key_file: is empty"));
  CHECK_THAT(refusal("[relay]\norders = [\"tcp://*:1\"]\nmemory_bytes_max = 67_108_864\n"
                     "[limits]\nmessage_bytes_max = 16_777_217\n"),
             Catch::StartsWith("circuit.toml:3:20: relay.memory_bytes_max: is 67_108_864, below four times"));
}

namespace {

// Keys of the manual page zmq_curve(7); anybody knows their secrets.
constexpr const char* first_key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
constexpr const char* second_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

std::string upstream(const std::string& name, const std::string& key, const std::string& rest = "") {
  return "[[upstream]]\nname = \"" + name + "\"\npublic_key = \"" + key + "\"\n" + rest;
}

}  // namespace

TEST_CASE("an upstream needs a name and a key, and has sensible rights without more") {
  const Settings settings =
      parse_settings(upstream("shop", first_key) +
                         upstream("books", second_key, "requests = [\"subscribe\"]\nrequests_per_second = 3\n"),
                     "x");
  REQUIRE(settings.upstreams.size() == 2);
  const auto* shop = find_upstream(settings, "shop");
  REQUIRE(shop != nullptr);
  CHECK(permits(*shop, "create_order"));
  CHECK_FALSE(permits(*shop, "get_stats"));
  CHECK_FALSE(permits(*shop, "subscribe"));
  CHECK(find_upstream(settings, "books")->requests == std::vector<std::string>{"subscribe"});
  CHECK(find_upstream(settings, "books")->requests_per_second == 3);
  CHECK(find_upstream(settings, "Shop") == nullptr);
}

TEST_CASE("a wrong upstream is refused with file, line and key") {
  CHECK(refusal("[[upstream]]\npublic_key = \"x\"\n") == "circuit.toml:1:1: upstream.name: is missing");
  CHECK(refusal("[[upstream]]\nname = \"a\"\n") == "circuit.toml:1:1: upstream.public_key: is missing");
  CHECK_THAT(refusal("[upstream]\nname = \"a\"\n"), Catch::EndsWith("write [[upstream]], with two brackets"));
  CHECK(refusal(upstream("a", first_key) + upstream("a", second_key)) ==
        "circuit.toml:5:8: upstream.name: a second upstream is called \"a\"");
  CHECK(refusal(upstream("a", first_key) + upstream("b", first_key)) ==
        "circuit.toml:6:14: upstream.public_key: is the key of \"a\" already; each has one of its own");
  CHECK_THAT(refusal(upstream("a b", first_key)),
             Catch::StartsWith("circuit.toml:2:8: upstream.name: \"a b\" is no name"));
  const std::string first = first_key;
  // One short, one long, a character that Z85 does not have, and five that are more than 32 bits.
  for (const std::string& key : {first.substr(1), first + "a", "_" + first.substr(1), "#####" + first.substr(5)}) {
    const std::string said = refusal(upstream("a", key));
    CHECK_THAT(said, Catch::StartsWith("circuit.toml:3:14: upstream.public_key: is no CURVE key"));
    CHECK(said.find(key) == std::string::npos);
  }
  CHECK_THAT(
      refusal(upstream("a", first_key, "requests = [\"ping\", \"get_ordr\"]\n")),
      Catch::StartsWith("circuit.toml:4:21: upstream.requests: is \"get_ordr\"; it must be \"create_order\", ") &&
          Catch::EndsWith("; did you mean \"get_order\"?"));
  CHECK_THAT(refusal(upstream("a", first_key, "requests = [\"retry_order\"]\n")),
             Catch::Contains("is \"retry_order\""));
  CHECK_THAT(refusal(upstream("a", first_key, "request = []\n")),
             Catch::EndsWith("upstream.request: is no setting; did you mean \"requests\"?"));
  CHECK_THAT(refusal(upstream("a", first_key, "requests_per_second = 0\n")), Catch::Contains("is 0; it must be 1 to"));
  CHECK_THAT(refusal("[[upstreams]]\nname = \"a\"\n"), Catch::EndsWith("is no section; did you mean \"upstream\"?"));
}

TEST_CASE("an auditor on another host needs all of its settings") {
  const std::string all =
      "[auditor]\nevents = \"tcp://circuit.example:5602\"\nreplay = \"tcp://203.0.113.1:5603\"\n"
      "server_key = \"" +
      std::string(first_key) + "\"\nsecret_key_file = \"books.key\"\n";
  CHECK(parse_settings(all, "x").auditor.is_remote());
  CHECK_FALSE(Settings{}.auditor.is_remote());
  CHECK_THAT(refusal("[auditor]\nreplay = \"tcp://a:1\"\n"),
             Catch::StartsWith("circuit.toml:2:10: auditor.events: is missing"));
  std::string wrong = all;
  wrong.replace(wrong.find("tcp://circuit"), 13, "ipc://circuit");
  CHECK_THAT(refusal(wrong),
             Catch::StartsWith("circuit.toml:2:10: auditor.events: \"ipc://circuit.example:5602\" is no"));
  wrong = all;
  wrong.replace(wrong.find("Yne@"), 4, "Yne");
  CHECK_THAT(refusal(wrong), Catch::StartsWith("circuit.toml:4:14: auditor.server_key: is no CURVE key"));
}

TEST_CASE("an endpoint that strangers reach is refused with its line") {
  CHECK_THAT(
      refusal("[endpoints]\norders = [\n  \"tcp://127.0.0.1:5601\",\n  \"tcp://0.0.0.0:5602\"\n]\n"),
      Catch::StartsWith("circuit.toml:4:3: endpoints.orders: \"tcp://0.0.0.0:5602\" is not on a loopback address"));
}

TEST_CASE("a payment url without an order id gets it at its end") {
  const auto url = [](std::string_view text) {
    return parse_settings("[payment]\nurl = \"" + std::string(text) + "\"\n", "x").payment.url;
  };
  CHECK(url("https://pay.example/o") == "https://pay.example/o/{order_id}");
  CHECK(url("https://pay.example/?o={order_id}&x=1") == "https://pay.example/?o={order_id}&x=1");
  CHECK_THAT(refusal("[payment]\nurl = \"ftp://pay.example/\"\n"),
             Catch::StartsWith("circuit.toml:2:7: payment.url: \"ftp://pay.example/\" is no web address"));
}

TEST_CASE("settings that contradict one another are refused") {
  CHECK(refusal("[payment]\nretry_max_ms = 500\n") ==
        "circuit.toml:2:16: payment.retry_max_ms: is 500, below retry_first_ms, which is 1_000");
  CHECK_THAT(refusal("[fulfillment]\nretry_first_ms = 60_001\n"),
             Catch::StartsWith("circuit.toml:2:18: fulfillment.retry_max_ms: is 60_000, below"));
  CHECK_THAT(refusal("[limits]\nmessage_bytes_max = 1_048_576\n"),
             Catch::StartsWith("circuit.toml:2:21: product.input_bytes_max: is 8_388_608 for \"DATA_ANALYSIS_V1\""));
  CHECK_THAT(refusal(product("handler = \"license_key\"\ninput_bytes_max = 16_777_216\n")),
             Catch::StartsWith("circuit.toml:6:19: product.input_bytes_max: "));
  CHECK_THAT(refusal("[limits]\ninputs_in_flight_bytes_max = 2_097_152\n"),
             Catch::Contains("below limits.message_bytes_max"));
}

TEST_CASE("a file that cannot be read is refused with its name") {
  CHECK_THROWS_WITH(load_settings("/nowhere/circuit.toml"),
                    Catch::StartsWith("/nowhere/circuit.toml: ") && Catch::Contains("No such file"));
  CHECK_THROWS_WITH(load_settings("/"), "/: is no file");
}

TEST_CASE("a file is read from the disk with its name in messages") {
  char name[] = "/tmp/circuit-load-test-XXXXXX";
  const int descriptor = ::mkstemp(name);
  REQUIRE(descriptor >= 0);
  std::ofstream(name) << "[limits]\nbatch_items_max = 0\n";
  CHECK_THROWS_WITH(load_settings(name), Catch::StartsWith(std::string(name) + ":2:19: limits.batch_items_max: is 0;"));
  std::ofstream(name) << "[limits]\nbatch_items_max = 9\n";
  CHECK(load_settings(name).limits.batch_items_max == 9);
  std::filesystem::resize_file(name, (1 << 20) + 1);
  CHECK_THROWS_WITH(load_settings(name), Catch::EndsWith("is longer than 1_048_576 bytes"));
  std::filesystem::remove(name);
}
