#include "workers/sandbox/sandbox.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/client/endpoints.hpp"
#include "broker/client/socket.hpp"
#include "schema/codec.hpp"
#include "tests/unit/sandbox/scratch_directory.hpp"

using namespace circuit;
using namespace circuit::sandbox;

namespace {

using std::chrono::milliseconds;

struct Got {
  Result result = Result::none;
  std::int64_t amount = 0;
  std::string currency;
  std::string reference;
  std::string message;
};

// A sandbox and a worker's socket, stepped in one thread by a clock that stands still unless it is moved. Every
// exchange ends with a look-up; because operations are carried out in order, what is unanswered by then stays so until
// time passes.
class Till {
 public:
  Till() { open(); }

  void open() {
    std::filesystem::create_directories(scratch_.path() / "run");
    ledger_.emplace(scratch_.path() / "sandbox");
    // A name of its own: libzmq removes a closed socket's file in the background.
    const std::string endpoint = client::ipc_endpoint(scratch_.path(), std::to_string(++starts_).c_str());
    sandbox_.emplace(context_, endpoint, *ledger_);
    worker_ = client::make_socket(context_, zmq::socket_type::dealer);
    worker_.connect(endpoint);
  }

  void restart() {
    sandbox_.reset();
    ledger_.reset();
    open();
  }

  std::map<std::uint64_t, Got> exchange(std::vector<Operation> operations) {
    operations.push_back({barrier, OperationKind::lookup, {}, 1, "USD", {}});
    std::string body;
    schema::encode(body, operations);
    REQUIRE(client::send_now(worker_, body));
    std::map<std::uint64_t, Got> got;
    while (!got.contains(barrier)) {
      std::array<zmq::pollitem_t, 2> items = {
          {{sandbox_->socket().handle(), 0, ZMQ_POLLIN, 0}, {worker_.handle(), 0, ZMQ_POLLIN, 0}}};
      REQUIRE(zmq::poll(items.data(), items.size(), milliseconds(10'000)) > 0);
      sandbox_->step(now_);
      while (const auto frames = client::receive_now(worker_, 1)) take(client::text_of(frames->front()), got);
    }
    got.erase(barrier);
    return got;
  }

  // The answer to a single operation.
  std::optional<Got> ask(OperationKind kind, std::string_view behaviour = {}, std::int64_t amount = 5000) {
    const auto got = exchange({{1, kind, key(), amount, "USD", behaviour}});
    return got.empty() ? std::nullopt : std::optional(got.begin()->second);
  }
  Result result(OperationKind kind, std::string_view behaviour = {}) {
    const auto got = ask(kind, behaviour);
    return got ? got->result : Result::none;
  }

  // What comes by itself when time passes.
  std::map<std::uint64_t, Got> advance(milliseconds time) {
    now_ += time;
    return exchange({});
  }

  static ChargeKey key(std::uint8_t order = 7, std::uint32_t attempt = 1) {
    ChargeKey key;
    key.order.bytes[15] = order;
    key.attempt = attempt;
    return key;
  }

  // The ops of the ledger's lines, in order.
  std::vector<std::string> lines() {
    std::ifstream file(scratch_.path() / "sandbox" / "ledger.jsonl");
    std::vector<std::string> ops;
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find("\"op\":\"") + 6;
      ops.push_back(line.substr(at, line.find('"', at) - at));
    }
    return ops;
  }

  zmq::socket_t& worker() { return worker_; }
  Sandbox& sandbox() { return *sandbox_; }

 private:
  static constexpr std::uint64_t barrier = UINT64_MAX;

  static void take(std::string_view body, std::map<std::uint64_t, Got>& got) {
    schema::Document document;
    std::vector<Answer> answers;
    REQUIRE(schema::decode(document, body, answers));
    for (const Answer& a : answers)
      got[a.number] = {a.result, a.amount, std::string(a.currency), std::string(a.reference), std::string(a.message)};
  }

  ScratchDirectory scratch_;
  zmq::context_t context_;
  std::optional<Ledger> ledger_;
  std::optional<Sandbox> sandbox_;
  zmq::socket_t worker_;
  int starts_ = 0;
  TimePoint now_ = std::chrono::steady_clock::now();
};

using Lines = std::vector<std::string>;
constexpr auto charge = OperationKind::charge;
constexpr auto lookup = OperationKind::lookup;
constexpr auto void_charge = OperationKind::void_charge;
constexpr auto refund = OperationKind::refund;

}  // namespace

TEST_CASE("a charge is captured once, however often it is sent", "[sandbox]") {
  Till till;
  CHECK(till.result(lookup) == Result::not_found);
  const auto first = till.ask(charge);
  CHECK(first->result == Result::captured);
  CHECK(first->amount == 5000);
  CHECK(first->currency == "USD");
  CHECK(first->reference == "ch_000000000001");
  CHECK(till.ask(charge)->reference == first->reference);
  CHECK(till.ask(lookup)->reference == first->reference);
  CHECK(till.lines() == Lines{"capture"});
}

TEST_CASE("a batch is answered whole, and each key is its own charge", "[sandbox]") {
  Till till;
  std::vector<Operation> operations;
  for (std::uint8_t i = 0; i < 100; ++i) operations.push_back({i, charge, Till::key(i, i), i + 1, "EUR", {}});
  const auto got = till.exchange(operations);
  REQUIRE(got.size() == 100);
  for (const auto& [number, answer] : got) {
    CHECK(answer.result == Result::captured);
    CHECK(answer.amount == static_cast<std::int64_t>(number) + 1);
  }
  CHECK(till.lines().size() == 100);
}

TEST_CASE("a void before the capture closes the key for ever", "[sandbox]") {
  Till till;
  CHECK(till.result(void_charge) == Result::voided);
  CHECK(till.result(charge) == Result::voided);
  CHECK(till.result(charge, "forgetful") == Result::voided);
  CHECK(till.result(void_charge) == Result::voided);
  CHECK(till.result(refund) == Result::voided);
  till.restart();
  CHECK(till.result(charge) == Result::voided);
  CHECK(till.lines() == Lines{"void"});
}

TEST_CASE("a void behind the capture says what was captured", "[sandbox]") {
  Till till;
  till.ask(charge);
  const auto answer = till.ask(void_charge);
  CHECK(answer->result == Result::captured);
  CHECK(answer->amount == 5000);
  CHECK(till.lines() == Lines{"capture"});
}

TEST_CASE("a refund gives the captured sum back once", "[sandbox]") {
  Till till;
  CHECK(till.result(refund) == Result::not_found);
  till.ask(charge, "wrong_amount");
  const auto first = till.ask(refund);
  CHECK(first->result == Result::refunded);
  CHECK(first->amount == 5001);
  CHECK(first->reference == "re_000000000002");
  CHECK(till.ask(refund)->reference == first->reference);
  CHECK(till.result(lookup) == Result::refunded);
  CHECK(till.result(charge, "forgetful") == Result::refunded);
  till.restart();
  CHECK(till.ask(refund)->reference == first->reference);
  CHECK(till.lines() == Lines{"capture", "refund"});
}

TEST_CASE("decline: the key is declined for good", "[sandbox]") {
  Till till;
  const auto first = till.ask(charge, "decline");
  CHECK(first->result == Result::declined);
  CHECK_FALSE(first->message.empty());
  CHECK(till.result(charge) == Result::declined);
  CHECK(till.result(lookup) == Result::declined);
  CHECK(till.result(void_charge) == Result::declined);
  till.restart();
  CHECK(till.result(charge) == Result::declined);
  CHECK(till.lines() == Lines{"decline"});
}

TEST_CASE("a word that is no behaviour declines the charge and is named", "[sandbox]") {
  for (const char* word : {"declin", "slow", "slow:", "slow:-1", "slow:9999999", "error:x", "error:1x", "DECLINE"}) {
    Till till;
    INFO(word);
    const auto answer = till.ask(charge, std::string("timeout_before, ") + word + ",forgetful");
    REQUIRE(answer);
    CHECK(answer->result == Result::declined);
    CHECK(answer->message == "the sandbox knows no behaviour '" + std::string(word) + "'");
  }
  Till till;
  const auto answer = till.ask(charge, "bell\a");
  CHECK(answer->message == "the sandbox does not know the behaviour in metadata.sandbox");
}

TEST_CASE("slow: the charge is pending until its time has come", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "slow:200"));
  CHECK(till.result(lookup) == Result::pending);
  CHECK(till.result(charge, "slow:200") == Result::pending);
  CHECK(till.result(refund) == Result::pending);
  CHECK(till.advance(milliseconds(199)).empty());
  CHECK(till.lines().empty());
  REQUIRE(till.sandbox().next_due());
  const auto got = till.advance(milliseconds(1));
  CHECK(got.at(1).result == Result::captured);
  CHECK(till.result(lookup) == Result::captured);
  CHECK_FALSE(till.sandbox().next_due());
}

TEST_CASE("slow: a void meanwhile refuses the later capture", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "slow:200,forgetful"));
  CHECK(till.result(void_charge) == Result::voided);
  CHECK(till.advance(milliseconds(200)).at(1).result == Result::voided);
  CHECK(till.lines() == Lines{"void"});
}

TEST_CASE("slow: a restart forgets the charge, and it was never taken", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "slow:200"));
  till.restart();
  CHECK(till.result(lookup) == Result::not_found);
}

TEST_CASE("timeout_before: the first charge is lost and takes nothing", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "timeout_before"));
  CHECK(till.result(lookup) == Result::not_found);
  CHECK(till.result(charge, "timeout_before") == Result::captured);
}

TEST_CASE("timeout_after: the money is taken and the answer is lost", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "timeout_after"));
  CHECK(till.lines() == Lines{"capture"});
  CHECK(till.result(lookup) == Result::captured);
  CHECK(till.result(charge, "timeout_after") == Result::captured);
  CHECK(till.lines() == Lines{"capture"});
}

TEST_CASE("error:N: the first N charges fail and take nothing", "[sandbox]") {
  Till till;
  CHECK(till.result(charge, "error:2") == Result::error);
  CHECK(till.result(lookup) == Result::not_found);
  CHECK(till.result(charge, "error:2") == Result::error);
  CHECK(till.lines().empty());
  CHECK(till.result(charge, "error:2") == Result::captured);
}

TEST_CASE("wrong_amount: one minor unit more is captured", "[sandbox]") {
  Till till;
  CHECK(till.ask(charge, "wrong_amount")->amount == 5001);
  CHECK(till.ask(lookup)->amount == 5001);
}

TEST_CASE("forgetful: a repeated charge captures again, and a look-up tells the truth", "[sandbox]") {
  Till till;
  const auto first = till.ask(charge, "forgetful");
  CHECK(till.ask(charge, "forgetful")->reference != first->reference);
  CHECK(till.ask(lookup)->reference == first->reference);
  CHECK(till.lines() == Lines{"capture", "capture"});
}

TEST_CASE("behaviours combine", "[sandbox]") {
  Till till;
  CHECK_FALSE(till.ask(charge, "timeout_before, error:1 ,slow:10,wrong_amount,timeout_after"));
  CHECK(till.advance(milliseconds(10)).empty());
  CHECK_FALSE(till.ask(charge, "timeout_before,error:1,slow:10"));
  CHECK(till.advance(milliseconds(10)).at(1).result == Result::error);
  CHECK_FALSE(till.ask(charge, "timeout_before,error:1,wrong_amount,timeout_after,forgetful"));
  CHECK_FALSE(till.ask(charge, "timeout_before,error:1,wrong_amount,timeout_after,forgetful"));
  CHECK(till.lines() == Lines{"capture", "capture"});
  CHECK(till.ask(lookup)->amount == 5001);
}

TEST_CASE("malformed operations are answered with an error, and malformed messages are dropped", "[sandbox]") {
  Till till;
  const auto got = till.exchange({{1, charge, Till::key(), 0, "USD", {}},
                                  {2, charge, Till::key(), -5, "USD", {}},
                                  {3, charge, Till::key(), INT64_MAX, "USD", "wrong_amount"},
                                  {4, charge, Till::key(), 5, "usd", {}},
                                  {5, void_charge, Till::key(), 5, "USDT", {}},
                                  {6, static_cast<OperationKind>(99), Till::key(), 5, "USD", {}}});
  REQUIRE(got.size() == 6);
  for (const auto& [number, answer] : got) CHECK(answer.result == Result::error);
  for (const std::string& body : {std::string(), std::string("\xc1"), std::string("\x91\x90"), std::string(100, '\0')})
    REQUIRE(client::send_now(till.worker(), body));
  CHECK(till.result(charge) == Result::captured);
}

TEST_CASE("a sandbox with a new process knows what the old one took", "[sandbox]") {
  Till till;
  const auto first = till.ask(charge);
  till.restart();
  CHECK(till.ask(lookup)->reference == first->reference);
  CHECK(till.ask(charge)->reference == first->reference);
}
