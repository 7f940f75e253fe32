// The network edge: who gets in, what he may do there, and what he cannot break.
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <memory>
#include <set>

#include "tests/integration/network.hpp"
#include "tests/integration/raw_peer.hpp"

using namespace circuit::integration;

namespace {

Json of_order(const std::string& type, const std::string& order_id) { return {{"type", type}, {"order_id", order_id}}; }

std::string create(Client& client, const std::string& key) {
  const Json reply = client.ask(license_order(key));
  REQUIRE(error_of(reply).empty());
  return reply.at("order_id");
}

Json wait_until_fulfilled(Client& client, const std::string& order_id) {
  Json order;
  eventually("the order is fulfilled", [&] {
    const Json reply = client.ask(of_order("get_order", order_id));
    if (error_of(reply) == "rate_limited") return false;  // it is asked often
    REQUIRE(error_of(reply).empty());
    order = reply.at("order");
    return order.at("status") == "fulfilled";
  });
  return order;
}

// Long enough for a handshake and an answer on a busy machine; what is wanted is that nothing comes.
constexpr milliseconds silence{700};

void check_served(Network& network, const std::string& key) {
  network.wait_until_open();
  Client shop = network.client("shop");
  wait_until_fulfilled(shop, create(shop, key));
}

// All that shop sends is answered, whatever happened to the relay meanwhile: it sends again what was not.
class Retrying {
 public:
  Retrying(Network& network, int orders) : network_(network), orders_(orders) { connect(); }

  void send_open() {
    for (int i = 0; i < orders_; ++i)
      if (!answered_.contains(i)) {
        Json request = license_order(std::to_string(i));
        request["request_id"] = i;
        client_->send(request);
      }
  }
  // Takes answers until one of so many, or until it is silent.
  void take(std::size_t enough) {
    while (answered_.size() < enough) {
      const auto bytes = client_->receive_bytes(silence);
      if (!bytes) return;
      const Json reply = unpacked(*bytes);
      if (error_of(reply).empty()) answered_[reply.at("request_id")] = reply.at("order_id");
    }
  }
  void connect() { client_ = std::make_unique<Client>(network_.client("shop")); }
  [[nodiscard]] const std::map<int, std::string>& answered() const { return answered_; }

 private:
  Network& network_;
  const int orders_;
  std::unique_ptr<Client> client_;
  std::map<int, std::string> answered_;
};

}  // namespace

TEST_CASE("an upstream on the network orders, reads its receipt, and a subscriber there gets every event") {
  Network network;
  network.start();
  Stream stream = network.stream("books");
  Client shop = network.client("shop");
  const std::string id = create(shop, "a");
  const Json order = wait_until_fulfilled(shop, id);
  CHECK(order.at("delivery_token").get<std::string>().starts_with("tok_"));
  CHECK(types(order) == happy_path);
  CHECK(shop.ask(of_order("get_receipt", id)).at("receipt").at("order_id") == id);
  CHECK(shop.ask(license_order("a")).at("replayed") == true);
  const auto three = [](const std::vector<Json>& events) { return events.size() == 3; };
  CHECK(stream.until("the order's events", three).front().at("order_id") == id);
  // By replay alone, and by publication alone.
  CHECK(network.stream("books").replay_all(2).size() == 3);
  create(shop, "b");
  auto published = stream.publication(patience);
  // What a replay gave already may still come as a publication.
  while (published && published->front().at("seq") < 4) published = stream.publication(patience);
  REQUIRE(published);
  CHECK(published->front().at("seq") == 4);
}

TEST_CASE("who has no key, or another one, gets nowhere") {
  const std::string plain = free_endpoint();
  Network network(quick_config + "[endpoints]\norders = [\"" + plain + "\"]\nplain_loopback = \"allowed\"\n");
  network.start();
  const Json order = license_order("stranger");
  const auto gets_nothing = [&](std::optional<Curve> curve) {
    Client client(connected(zmq::socket_type::dealer, network.orders(), curve));
    client.send(order);
    CHECK_FALSE(client.receive_bytes(silence));
  };
  gets_nothing(std::nullopt);
  gets_nothing(network.stranger());
  Curve wrong_server = network.curve("shop");
  wrong_server.server_key = new_curve_keys().public_key;
  gets_nothing(wrong_server);
  Curve half = network.curve("shop");  // who knows a public key, but not its secret
  half.own.secret_key = new_curve_keys().secret_key;
  gets_nothing(half);

  // ZMTP/1.0 has no handshake: an empty routing id and a message. Without encryption that is an order.
  const std::string body = packed(order);
  REQUIRE(body.size() < 254);
  const std::string bytes = std::string("\1\0", 2) + static_cast<char>(body.size() + 1) + '\0' + body;
  RawPeer old(network.orders());
  (void)old.send(bytes);
  CHECK_FALSE(old.receive(200, silence));
  CHECK(network.circuit().stats().at("orders_created") == 0);
  RawPeer same(plain);
  REQUIRE(same.send(bytes));
  eventually("the same bytes make an order without encryption",
             [&] { return network.circuit().stats().at("orders_created") == 1; });
  check_served(network, "a");
}

TEST_CASE("a stranger, and an upstream that may not subscribe, hear nothing of the stream") {
  Network network;
  network.start();
  Stream books = network.stream("books");
  Client shop = network.client("shop");
  std::vector<zmq::socket_t> others;
  for (const Curve& curve : {network.stranger(), network.curve("shop")}) {
    others.push_back(connected(zmq::socket_type::sub, network.events(), curve));
    others.push_back(connected(zmq::socket_type::dealer, network.replay(), curve));
    const std::string request = packed({{"type", "replay"}, {"from_seq", 1}, {"max", 10}});
    others.back().send(zmq::buffer(request), zmq::send_flags::dontwait);
  }
  // A subscription takes its time: only when the good one has heard something the others have had theirs too.
  int orders = 0;
  eventually("a publication comes", [&] {
    create(shop, std::to_string(++orders));
    return books.publication(milliseconds(50)).has_value();
  });
  wait_until_fulfilled(shop, create(shop, "last"));
  CHECK(books.publication(patience));
  for (zmq::socket_t& other : others) {
    zmq::pollitem_t item{other.handle(), 0, ZMQ_POLLIN, 0};
    CHECK(zmq::poll(&item, 1, milliseconds(0)) == 0);
  }
}

TEST_CASE("an upstream asks what its entry lists and nothing else, and the broker looks at its own config") {
  Network network;
  network.add("counter", "requests = [\"get_stats\"]\n");
  network.start();
  Client shop = network.client("shop");
  for (const std::string type : {"get_stats", "list_orders", "get_attention", "recount", "status"})
    CHECK(error_of(shop.ask({{"type", type}})) == "unauthorized");
  Client counter = network.client("counter");
  CHECK(counter.ask({{"type", "get_stats"}}).at("stats").at("orders_created") == 0);
  CHECK(error_of(counter.ask(license_order("a"))) == "unauthorized");
  Client books = network.client("books");
  books.send({{"type", "ping"}});
  CHECK_FALSE(books.receive_bytes(silence));

  // The relay starts with a newer config than the broker's: more upstreams, and more that they may ask.
  network.add("new", "");
  std::string config = network.config();
  const std::string before = "requests = [\"get_stats\"]";
  config.replace(config.find(before), before.size(), "requests = [\"get_stats\", \"create_order\"]");
  network.circuit().set_config(config);
  network.circuit().stop("relay");
  network.circuit().start({"relay"});
  network.wait_until_open();
  Client later = network.client("new");
  CHECK(error_of(later.ask(license_order("b"))) == "unauthorized");
  Client again = network.client("counter");
  CHECK(error_of(again.ask(license_order("c"))) == "unauthorized");
  CHECK(network.circuit().stats().at("orders_created") == 0);
}

TEST_CASE("an upstream neither reads nor changes another's order, and its keys are its own") {
  Network network(quick_config + "[sandbox]\nconfirm = \"manual\"\n");
  network.add("rival", "");
  network.start();
  Client shop = network.client("shop");
  Client rival = network.client("rival");
  const std::string id = create(shop, "a");
  for (const std::string type : {"get_order", "get_receipt", "confirm_payment", "cancel_order", "request_refund"}) {
    CAPTURE(type);
    CHECK(error_of(rival.ask(of_order(type, id))) == "unauthorized");
    CHECK(error_of(network.circuit().orders(of_order(type, id))) == (type == "get_order"     ? ""
                                                                     : type == "get_receipt" ? "invalid_transition"
                                                                                             : "unauthorized"));
  }
  const auto check_keys = [&] {
    const Json other = rival.ask(license_order("a"));
    REQUIRE(error_of(other).empty());
    CHECK(other.at("order_id") != id);
    const Json again = shop.ask(license_order("a"));
    CHECK(again.at("order_id") == id);
    CHECK(again.at("replayed") == true);
    return other.at("order_id").get<std::string>();
  };
  const std::string other = check_keys();
  network.circuit().kill("broker");
  network.circuit().start({"broker"});
  eventually("the relay reaches the broker again", [&] { return error_of(shop.ask({{"type", "ping"}})).empty(); });
  CHECK(check_keys() == other);
  CHECK(network.circuit().stats().at("orders_created") == 2);
  CHECK(error_of(shop.ask(of_order("confirm_payment", id))).empty());
  wait_until_fulfilled(shop, id);
}

TEST_CASE("a peer that calls itself by another's routing id gets no reply of the other") {
  Network network;
  network.add("rival", "");
  network.start();
  const std::string routing_id = "till-1";
  {
    Client shop = network.client("shop", routing_id);
    Client rival = network.client("rival", routing_id);
    const std::string mine = create(shop, "a");
    CHECK(error_of(rival.ask(of_order("get_order", mine))) == "unauthorized");
    create(rival, "a");
    CHECK(shop.ask(license_order("a")).at("order_id") == mine);
  }
  // While the broker stands still, a request is under way. Its sender leaves, and another one takes its name.
  auto shop = std::make_unique<Client>(network.client("shop", routing_id));
  create(*shop, "b");
  network.circuit().signal("broker", SIGSTOP);
  shop->send(license_order("c"));
  // It has passed the relay when something that was sent behind it was refused there.
  CHECK(error_of(shop->ask({{"type", "get_stats"}})) == "unauthorized");
  shop.reset();
  Client thief = network.client("rival", routing_id);
  CHECK(error_of(thief.ask({{"type", "get_stats"}})) == "unauthorized");  // it is connected
  network.circuit().signal("broker", SIGCONT);
  CHECK_FALSE(thief.receive_bytes(silence));
  CHECK(network.circuit().stats().at("orders_created") == 4);
}

TEST_CASE("who is too fast, or comes when the broker is away, is answered by the relay") {
  Network network;
  network.add("slow", "requests_per_second = 5\n");
  network.start();
  Client slow = network.client("slow");
  for (int i = 0; i < 30; ++i) slow.send({{"type", "ping"}, {"request_id", i}});
  std::set<int> ids;
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    const Json reply = slow.receive();
    ids.insert(reply.at("request_id").get<int>());
    if (error_of(reply).empty()) continue;
    ++refused;
    CHECK(error_of(reply) == "rate_limited");
    CHECK(reply.at("error").at("retry_after_ms") >= 1);
    CHECK(reply.at("error").at("retry_after_ms") <= 201);
  }
  CHECK(ids.size() == 30);
  CHECK(refused >= 20);
  CHECK(refused <= 25);
  check_served(network, "another is not slowed down");

  Client shop = network.client("shop");
  REQUIRE(error_of(shop.ask({{"type", "ping"}})).empty());
  network.circuit().kill("broker");
  eventually("the relay says so", [&] { return error_of(shop.ask({{"type", "ping"}})) == "unavailable"; });
  CHECK(shop.ask(license_order("x")).at("error").at("retry_after_ms") > 0);
  network.circuit().start({"broker"});
  eventually("the broker is back", [&] { return error_of(shop.ask({{"type", "ping"}})).empty(); });
  CHECK(network.circuit().stats().at("orders_created") == 1);
}

TEST_CASE("requests under way are bounded for each upstream") {
  Network network;
  network.add("many", "requests_per_second = 100000\n");
  network.start();
  Client many = network.client("many");
  REQUIRE(error_of(many.ask({{"type", "ping"}})).empty());
  network.circuit().signal("broker", SIGSTOP);
  for (int i = 0; i < 1'500; ++i) many.send({{"type", "ping"}, {"request_id", i}});
  for (int i = 0; i < 500; ++i) {
    const Json reply = many.receive();
    REQUIRE(error_of(reply) == "busy");
    REQUIRE(reply.at("error").at("retry_after_ms") > 0);
  }
  Client shop = network.client("shop");
  CHECK_FALSE(many.receive_bytes(silence));
  network.circuit().signal("broker", SIGCONT);
  for (int i = 0; i < 1'000; ++i) REQUIRE(error_of(many.receive()).empty());
  CHECK(error_of(many.ask({{"type", "ping"}})).empty());
}

TEST_CASE("a relay that is killed in the middle of orders comes back, and nothing is lost or made twice") {
  Network network(quick_config + "[rate_limit]\ncreates_per_minute_per_ip = 0\n");
  std::string config = network.config();
  const std::string shop = "name = \"shop\"\n";
  config.replace(config.find(shop), shop.size(), shop + "creates_per_minute = 0\nrequests_per_second = 100000\n");
  network.circuit().set_config(config);
  network.start();
  constexpr int orders = 600;
  Retrying client(network, orders);
  for (std::size_t round = 1; round <= 3; ++round) {
    client.send_open();
    client.take(round * 100);
    network.circuit().kill("relay");
    network.circuit().start({"relay"});
  }
  eventually("every order is acknowledged", [&] {
    client.send_open();
    client.take(orders);
    return client.answered().size() == orders;
  });
  eventually("every order is fulfilled", [&] { return network.circuit().stats().at("orders_fulfilled") == orders; });
  CHECK(network.circuit().stats().at("orders_created") == orders);
  std::set<std::string> different;
  for (const auto& [request, order] : client.answered()) different.insert(order);
  CHECK(different.size() == orders);
  for (const std::string& id : {client.answered().at(0), client.answered().at(orders - 1)})
    CHECK(network.circuit().money(id).captures == 1);
}

TEST_CASE("a message that never ends takes at most the relay with it, and nothing else") {
  Network network(quick_config);
  std::string config = network.config();
  config.replace(config.find("[relay]\n"), 8, "[relay]\nmemory_bytes_max = 67_108_864\n");
  network.circuit().set_config(config);
  network.start();
  check_served(network, "a");
  Circuit& circuit = network.circuit();
  const pid_t broker = circuit.daemon("broker").pid();
  const std::size_t before_kib = memory_kib(broker, "RssAnon");
  {
    RawCurvePeer peer(network.orders(), network.curve("shop"));
    const std::string part(60'000, 'x');
    std::size_t sent = 0;
    while (sent < 5'000 && peer.send_frame(part, true)) ++sent;
    CHECK(sent > 100);
    CHECK(sent < 5'000);  // 300 MB, four times its limit
  }
  // It gives up the connection, or it ends and its supervisor starts it again; in no case does it grow on.
  const bool ended = !circuit.daemon("relay").running();
  if (!ended) CHECK(memory_kib(circuit.daemon("relay").pid(), "VmHWM") < 96 * 1'024);
  CHECK(circuit.daemon("broker").running());
  CHECK(memory_kib(broker, "RssAnon") < before_kib + 4'096);
  circuit.wait_for(circuit.create(license_order("local")), "fulfilled");
  if (ended) circuit.start({"relay"});
  check_served(network, "b");
  CHECK(circuit.daemon("broker").pid() == broker);
}

TEST_CASE("a message of more than three frames, and one that is no request, reach nobody") {
  Network network;
  network.start();
  Client shop = network.client("shop");
  for (int i = 0; i < 3; ++i)
    for (const auto flags : {zmq::send_flags::sndmore, zmq::send_flags::sndmore, zmq::send_flags::none})
      shop.socket().send(zmq::str_buffer("x"), flags);
  shop.socket().send(zmq::str_buffer("x"), zmq::send_flags::sndmore);
  shop.send({{"type", "ping"}});
  zmq::message_t delimiter;  // who sends two frames gets two
  REQUIRE(shop.socket().recv(delimiter));
  CHECK(delimiter.size() == 0);
  CHECK(error_of(shop.receive()) == "malformed_message");
  shop.send_bytes("\xc1");
  CHECK(error_of(shop.receive()) == "malformed_message");
  CHECK(error_of(shop.ask({{"type", "sing"}})) == "unknown_type");
  zmq::socket_t replay = connected(zmq::socket_type::dealer, network.replay(), network.curve("books"));
  for (const std::string body : {"", "\xc1", "\x80"}) replay.send(zmq::buffer(body));
  CHECK(network.stream("books").replay_all().empty());
  check_served(network, "a");
}

TEST_CASE("an upstream that a reload adds comes in, and one that it takes away is refused on its open connection") {
  Network network;
  network.add("leaving", "");
  network.start();
  Client shop = network.client("shop");
  Client leaving = network.client("leaving");
  const std::string id = create(leaving, "a");
  const pid_t relay = network.circuit().daemon("relay").pid();
  network.add("coming", "");
  network.remove("leaving");
  network.reload();
  CHECK(error_of(leaving.ask(license_order("b"))) == "unauthorized");
  CHECK(error_of(leaving.ask(of_order("get_order", id))) == "unauthorized");
  Client coming = network.client("coming");
  wait_until_fulfilled(coming, create(coming, "a"));
  Client again = network.client("leaving");
  again.send(license_order("c"));
  CHECK_FALSE(again.receive_bytes(silence));
  // The connections of all others stay as they were.
  wait_until_fulfilled(shop, create(shop, "a"));
  CHECK(network.circuit().daemon("relay").pid() == relay);
  CHECK(network.circuit().stats().at("orders_created") == 3);
}

TEST_CASE("a subscriber that a reload takes away hears nothing more, and the others go on") {
  Network network;
  network.add("ledger", "requests = [\"subscribe\"]\n");
  network.start();
  Stream books = network.stream("books");
  Stream ledger = network.stream("ledger");
  Client shop = network.client("shop");
  int orders = 0;
  const auto hears = [&](Stream& stream) {
    create(shop, std::to_string(++orders));
    return stream.publication(milliseconds(50)).has_value();
  };
  eventually("one hears", [&] { return hears(books); });
  eventually("the other hears", [&] { return hears(ledger); });
  const pid_t relay = network.circuit().daemon("relay").pid();

  // Who only has another entry beside him is not made to connect again.
  network.add("new", "");
  network.reload();
  CHECK(network.circuit().log("relay").find("have to connect again") == std::string::npos);

  network.remove("books");
  network.reload();
  eventually("the relay hangs up",
             [&] { return network.circuit().log("relay").find("have to connect again") != std::string::npos; });
  while (books.publication(milliseconds(50))) {
  }
  while (ledger.publication(milliseconds(50))) {
  }
  // By publication alone: libzmq connects again by itself.
  eventually("the other hears again", [&] { return hears(ledger); });
  for (int i = 0; i < 20; ++i) hears(ledger);
  CHECK_FALSE(books.publication(silence));
  // What it missed meanwhile comes by replay.
  const auto created = [&](const std::vector<Json>& events) {
    return std::ranges::count(events, "order_created", [](const Json& event) { return event.at("type"); }) == orders;
  };
  ledger.until("every order", created);
  CHECK(network.circuit().daemon("relay").pid() == relay);
}

TEST_CASE("keys that others can read, or that are none, stop a daemon before it does anything") {
  Network network;
  network.start();
  Circuit& circuit = network.circuit();
  circuit.stop("relay");
  const std::filesystem::path key = circuit.data() / "relay" / "relay.key";
  struct stat status {};
  REQUIRE(::stat(key.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string good = read_file(key);
  const auto refused = [&](const std::string& word) {
    const std::filesystem::path output = circuit.directory() / "refused.txt";
    std::filesystem::remove(output);
    Process relay(program("circuit-relay"),
                  {"--data", circuit.data().string(), "--config", circuit.config_path().string()}, output);
    CHECK(relay.wait() == 78);
    const std::string text = read_file(output);
    CAPTURE(text);
    CHECK(text.find(key.string()) != std::string::npos);
    CHECK(text.find(word) != std::string::npos);
    CHECK(text.find(good.substr(0, 40)) == std::string::npos);  // a secret stays one
  };
  for (const mode_t mode : {0640u, 0604u, 0644u}) {
    REQUIRE(::chmod(key.c_str(), mode) == 0);
    refused("chmod 600");
  }
  REQUIRE(::chmod(key.c_str(), 0600) == 0);
  for (const std::string& content : {std::string(), good.substr(0, 39), good + "x", std::string(40, '"')}) {
    write_file(key, content);
    refused("no CURVE key");
  }
  write_file(key, good);
  circuit.start({"relay"});
  check_served(network, "a");
}

TEST_CASE("an auditor on another host writes the same log, also when the relay dies meanwhile") {
  Network network;
  network.start();
  Circuit& circuit = network.circuit();
  Circuit remote("");
  std::filesystem::create_directories(remote.data());
  const Curve books = network.curve("books");
  const std::filesystem::path key = remote.directory() / "books.key";
  remote.set_config("[auditor]\nevents = \"" + network.events() + "\"\nreplay = \"" + network.replay() +
                    "\"\nserver_key = '" + books.server_key + "'\nsecret_key_file = \"" + key.string() + "\"\n");
  write_file(key, books.own.secret_key + "\n");
  REQUIRE(::chmod(key.c_str(), 0600) == 0);
  std::vector<std::string> ids;
  const auto order = [&](int count) {
    for (int i = 0; i < count; ++i) ids.push_back(circuit.create(license_order(std::to_string(ids.size()))));
  };
  order(30);  // before it comes
  remote.start({"auditor"});
  order(30);
  circuit.kill("relay");
  order(30);
  circuit.start({"relay"});
  order(30);
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  const Audit here = circuit.whole_audit();
  REQUIRE(here.lines.size() == ids.size() * 3);
  eventually("the other host's log is whole", [&] { return remote.audit().texts == here.texts; });
}

TEST_CASE("another user of this machine reads its own orders, and does not speak for upstreams") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can be another user");
    return;
  }
  constexpr unsigned nobody = 65'534;
  Network network(quick_config + "[access]\ngroup = \"nogroup\"\n");
  network.start();
  Circuit& circuit = network.circuit();
  REQUIRE(::chmod(circuit.directory().c_str(), 0711) == 0);
  const std::string id = circuit.create(license_order("a"));
  // Who connects counts, so the socket connects while this process is that user. A reply shows that it has.
  const auto as_nobody = [&](const std::string& socket, const auto& ask) {
    REQUIRE(::setegid(nobody) == 0);
    REQUIRE(::seteuid(nobody) == 0);
    Client client = circuit.client(socket);
    const std::string code = ask(client);
    REQUIRE(::seteuid(0) == 0);
    REQUIRE(::setegid(0) == 0);
    return code;
  };
  const auto reads = [&](Client& client) { return error_of(client.ask(of_order("get_order", id))); };
  CHECK(as_nobody("orders.sock", [](Client& client) { return error_of(client.ask({{"type", "ping"}})); }).empty());
  CHECK(as_nobody("orders.sock", reads) == "unauthorized");
  CHECK(error_of(circuit.orders(of_order("get_order", id))).empty());
  const auto speaks_for_shop = [&](Client& client) {
    // [routing id, upstream, address, delimiter], as the relay writes it.
    const std::string header = packed({binary("peer"), "shop", "203.0.113.1", false});
    const std::string request = packed({{"type", "ping"}, {"request_id", 1}});
    client.socket().send(zmq::buffer(header), zmq::send_flags::sndmore);
    client.socket().send(zmq::buffer(request), zmq::send_flags::none);
    zmq::message_t mirrored;
    zmq::message_t reply;
    zmq::pollitem_t item{client.socket().handle(), 0, ZMQ_POLLIN, 0};
    REQUIRE(zmq::poll(&item, 1, patience) == 1);
    REQUIRE(client.socket().recv(mirrored));
    CHECK(mirrored.to_string() == header);
    REQUIRE(client.socket().recv(reply));
    return error_of(unpacked(reply.to_string()));
  };
  CHECK(as_nobody("relay.sock", speaks_for_shop) == "unauthorized");
  Client own = circuit.client("relay.sock");
  CHECK(speaks_for_shop(own).empty());

  std::string config = network.config();
  config.replace(config.find("[relay]\n"), 8, "[relay]\nuser = \"nobody\"\n");
  circuit.set_config(config);
  circuit.stop("broker");
  circuit.start({"broker"});
  CHECK(as_nobody("relay.sock", speaks_for_shop).empty());
}

TEST_CASE("keygen makes a private file that it never replaces, and prints lines that the config takes") {
  Circuit circuit("");
  const std::filesystem::path key = circuit.directory() / "shop.key";
  const std::filesystem::path printed = circuit.directory() / "printed.toml";
  const std::filesystem::path said = circuit.directory() / "said.txt";
  const auto keygen = [&](std::vector<std::string> arguments) {
    std::filesystem::remove(printed);
    arguments.insert(arguments.begin(), "keygen");
    return Process(program("circuit"), arguments, printed, {}, said).wait();
  };
  REQUIRE(keygen({"shop", "--out", key.string()}) == 0);
  struct stat status {};
  REQUIRE(::stat(key.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string secret = read_file(key);
  const std::string lines = read_file(printed);
  CHECK(lines.find("[[upstream]]\nname = \"shop\"\npublic_key = \"") == 0);
  CHECK(lines.find(secret.substr(0, 40)) == std::string::npos);
  CHECK(keygen({"shop", "--out", key.string()}) == 1);
  CHECK(read_file(key) == secret);
  CHECK(keygen({"a b", "--out", key.string()}) == 2);
  CHECK(keygen({}) == 2);
  CHECK(keygen({"--relay", "--data", circuit.data().string()}) == 0);
  const std::string relay = read_file(printed);
  CHECK(relay.size() == 41);
  CHECK(keygen({"--relay", "--data", circuit.data().string()}) == 0);
  CHECK(read_file(printed) == relay);
  const std::string endpoint = free_endpoint();
  circuit.set_config("[relay]\norders = [\"" + endpoint + "\"]\n" + lines);
  circuit.start({"broker", "relay"});
  std::array<char, 41> own{};
  REQUIRE(zmq_curve_public(own.data(), secret.substr(0, 40).c_str()) == 0);
  Client shop(
      connected(zmq::socket_type::dealer, endpoint, Curve{relay.substr(0, 40), {own.data(), secret.substr(0, 40)}}));
  eventually("the new key gets in", [&] { return error_of(shop.ask({{"type", "ping"}})).empty(); });
}
