// The flow against a real sandbox over a real socket, stepped in one thread by a clock that only the test moves.
#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <optional>

#include "broker/client/endpoints.hpp"
#include "tests/unit/payment/stage.hpp"
#include "tests/unit/sandbox/scratch_directory.hpp"
#include "workers/payment/flow.hpp"
#include "workers/payment/sandbox_provider.hpp"
#include "workers/sandbox/sandbox.hpp"

using namespace circuit;
using namespace circuit::payment;
using schema::EventType;
using schema::Phase;
using schema::Reason;

namespace {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

class Counter {
 public:
  Counter() {
    std::filesystem::create_directory(scratch_.path() / "run");
    start();
  }

  void start() {
    ledger_.emplace(scratch_.path() / "sandbox");
    bank_context_.emplace();
    sandbox_.emplace(*bank_context_, endpoint(), *ledger_);
  }
  // As when its process ends: the context's end waits until nothing of the socket is left.
  void stop() {
    sandbox_.reset();
    bank_context_.reset();
    ledger_.reset();
    // Until the provider's side has seen that too: what is sent before is lost on the way, as over any connection that
    // ends.
    const auto end = std::chrono::steady_clock::now() + milliseconds(10'000);
    while (is_connected()) REQUIRE(std::chrono::steady_clock::now() < end);
  }

  // Gives the job to the flow and lets everything happen that happens without time passing.
  const Decided* job(schema::Job job, std::string_view behaviour = {}) {
    const std::string metadata = sandbox_metadata(behaviour);
    job.metadata = metadata;
    decided_.clear();
    flow_.on_job(job, now_);
    return settle();
  }
  const Decided* job(Phase phase, bool maybe_tried, std::string_view behaviour = {}) {
    return job(job_for(1, phase, maybe_tried), behaviour);
  }
  const Decided* charge(std::string_view behaviour, bool maybe_tried = false) {
    return job(Phase::charge, maybe_tried, behaviour);
  }
  const Decided* pass(milliseconds time) {
    now_ += time;
    flow_.tick(now_);
    return settle();
  }
  // The time-out of one request. Without a sandbox there is nothing to settle.
  const Decided* time_out() { return pass(milliseconds(5'000)); }
  const Decided* time_out_alone() {
    now_ += milliseconds(5'000);
    flow_.tick(now_);
    provider_.flush();
    return decided_.empty() ? nullptr : &decided_.back();
  }

  Lines lines() {
    std::ifstream file(scratch_.path() / "sandbox" / "ledger.jsonl");
    Lines ops;
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find("\"op\":\"") + 6;
      ops.push_back(line.substr(at, line.find('"', at) - at));
    }
    return ops;
  }
  void take(const schema::Job& job) { flow_.on_job(job, now_); }
  [[nodiscard]] std::size_t in_flight() const { return flow_.in_flight(); }
  std::vector<Decided>& decided() { return decided_; }

  // Four round trips, which is more than any job takes. Each ends with a look-up of the test's own; operations are
  // carried out in order, so what is unanswered by then stays so until time passes.
  const Decided* settle() {
    for (int round = 0; round < 4; ++round) {
      bool done = false;
      provider_.lookup({UINT64_MAX, {}, 0, 1, "USD", {}});
      while (!done) {
        provider_.flush();
        std::array<zmq::pollitem_t, 2> items = {
            {{sandbox_->socket().handle(), 0, ZMQ_POLLIN, 0}, provider_.poll_item()}};
        REQUIRE(zmq::poll(items.data(), items.size(), milliseconds(10'000)) > 0);
        sandbox_->step(now_);
        provider_.receive([&](const ProviderAnswer& answer) {
          if (answer.number == UINT64_MAX) done = true;
          flow_.on_answer(answer, now_);
        });
      }
    }
    return decided_.empty() ? nullptr : &decided_.back();
  }

 private:
  [[nodiscard]] bool is_connected() {
    zmq::pollitem_t item{provider_.poll_item().socket, 0, ZMQ_POLLOUT, 0};
    return zmq::poll(&item, 1, milliseconds(0)) > 0;
  }
  [[nodiscard]] std::string endpoint() const { return client::sandbox_endpoint(scratch_.path()); }

  ScratchDirectory scratch_;
  QuietLog quiet_;
  zmq::context_t context_;
  std::optional<zmq::context_t> bank_context_;
  std::optional<sandbox::Ledger> ledger_;
  std::optional<sandbox::Sandbox> sandbox_;
  TimePoint now_ = std::chrono::steady_clock::now();
  std::vector<Decided> decided_;
  SandboxProvider provider_{context_, {endpoint(), milliseconds(600'000)}};
  PaymentFlow flow_{
      {milliseconds(5'000), 100}, provider_, [this](const schema::Outcome& o) { decided_.emplace_back(o); }};
};

}  // namespace

TEST_CASE("an order is paid at the sandbox", "[payment][sandbox]") {
  Counter counter;
  const Decided* decided = counter.charge("");
  REQUIRE(decided);
  CHECK(decided->makes(EventType::payment_confirmed));
  CHECK(decided->provider == "sandbox");
  CHECK(decided->reference == "ch_000000000001");
  CHECK(decided->amount == 5000);
  CHECK(counter.lines() == Lines{"capture"});
}

TEST_CASE("decline ends in payment_failed, also when the answer is lost", "[payment][sandbox]") {
  Counter counter;
  SECTION("answered") { REQUIRE(counter.charge("decline")->fails("declined")); }
  SECTION("lost") {
    CHECK_FALSE(counter.charge("decline,timeout_after"));
    REQUIRE(counter.time_out()->fails("declined"));
  }
  SECTION("an unknown word is named") {
    REQUIRE(counter.charge("deline")->fails("declined"));
    CHECK(counter.decided()[0].message == "the sandbox knows no behaviour 'deline'");
  }
  CHECK(counter.lines() == Lines{"decline"});
}

TEST_CASE("timeout_after is paid once, with or without a memory for keys", "[payment][sandbox]") {
  for (const char* behaviour : {"timeout_after", "timeout_after,forgetful"}) {
    Counter counter;
    CHECK_FALSE(counter.charge(behaviour));
    CHECK(counter.time_out()->makes(EventType::payment_confirmed));
    CHECK(counter.lines() == Lines{"capture"});
  }
}

TEST_CASE("timeout_before is deferred, and the next try pays", "[payment][sandbox]") {
  for (const char* behaviour : {"timeout_before", "timeout_before,forgetful"}) {
    Counter counter;
    CHECK_FALSE(counter.charge(behaviour));
    CHECK(counter.time_out()->defers(Reason::provider_unknown));
    CHECK(counter.charge(behaviour, true)->makes(EventType::payment_confirmed));
    CHECK(counter.lines() == Lines{"capture"});
  }
}

TEST_CASE("error:N is deferred N times, then paid", "[payment][sandbox]") {
  Counter counter;
  CHECK(counter.charge("error:2")->defers(Reason::provider_error));
  CHECK(counter.charge("error:2", true)->defers(Reason::provider_error));
  CHECK(counter.charge("error:2", true)->makes(EventType::payment_confirmed));
  CHECK(counter.lines() == Lines{"capture"});
}

TEST_CASE("a charge that never works ends in payment_failed after a void", "[payment][sandbox]") {
  Counter counter;
  for (int i = 0; i < 5; ++i) CHECK(counter.charge("error:1000", i > 0)->defers(Reason::provider_error));
  CHECK(counter.job(Phase::void_fail, true)->fails("tries_used_up"));
  CHECK(counter.lines() == Lines{"void"});
}

TEST_CASE("wrong_amount goes back to the customer", "[payment][sandbox]") {
  Counter counter;
  CHECK(counter.charge("wrong_amount")->fails("capture_mismatch"));
  CHECK(counter.lines() == Lines{"capture", "refund"});
  CHECK(counter.charge("wrong_amount", true)->fails("capture_mismatch"));
  CHECK(counter.lines() == Lines{"capture", "refund"});
}

TEST_CASE("slow is paid when it is done within the time-out", "[payment][sandbox]") {
  Counter counter;
  CHECK_FALSE(counter.charge("slow:4000"));
  CHECK(counter.pass(milliseconds(4'000))->makes(EventType::payment_confirmed));
}

TEST_CASE("slower than the time-out is pending, and paid in a later try", "[payment][sandbox]") {
  Counter counter;
  CHECK_FALSE(counter.charge("slow:8000,forgetful"));
  CHECK(counter.time_out()->defers(Reason::provider_pending));
  CHECK(counter.charge("slow:8000,forgetful", true)->defers(Reason::provider_pending));
  counter.pass(milliseconds(3'000));
  CHECK(counter.charge("slow:8000,forgetful", true)->makes(EventType::payment_confirmed));
  CHECK(counter.lines() == Lines{"capture"});
}

TEST_CASE("a cancel of a pending charge is final", "[payment][sandbox]") {
  Counter counter;
  CHECK_FALSE(counter.charge("slow:8000"));
  CHECK(counter.time_out()->defers(Reason::provider_pending));
  CHECK(counter.job(Phase::void_cancel, true)->makes(EventType::order_cancelled));
  counter.pass(milliseconds(8'000));
  CHECK(counter.lines() == Lines{"void"});
}

TEST_CASE("a cancel that comes after the capture finds the payment confirmed", "[payment][sandbox]") {
  Counter counter;
  CHECK_FALSE(counter.charge("timeout_after"));
  CHECK(counter.job(Phase::void_cancel, true) == nullptr);  // the charge is still in flight
  const Decided* decided = counter.time_out();
  CHECK(decided->makes(EventType::payment_confirmed));
  CHECK(counter.job(Phase::refund, false)->makes(EventType::order_refunded));
  CHECK(counter.lines() == Lines{"capture", "refund"});
}

TEST_CASE("an order that expires unpaid is voided first", "[payment][sandbox]") {
  Counter counter;
  CHECK(counter.job(Phase::void_expire, false)->makes(EventType::order_expired));
  CHECK(counter.charge("", true)->fails("voided"));
  CHECK(counter.lines() == Lines{"void"});
}

TEST_CASE("a refund is made once, however often it is tried", "[payment][sandbox]") {
  Counter counter;
  counter.charge("");
  CHECK(counter.job(Phase::refund, false)->makes(EventType::order_refunded));
  CHECK(counter.decided()[0].reference == "re_000000000002");
  CHECK(counter.job(Phase::refund, true)->makes(EventType::order_refunded));
  CHECK(counter.decided()[0].reference == "re_000000000002");
  CHECK(counter.lines() == Lines{"capture", "refund"});
}

TEST_CASE("while the sandbox is away everything is deferred as maybe tried, and paid once when it is back",
          "[payment][sandbox]") {
  Counter counter;
  counter.charge("");
  counter.stop();
  counter.decided().clear();
  schema::Job job = job_for(2);
  counter.take(job);
  CHECK_FALSE(counter.time_out_alone());
  REQUIRE(counter.time_out_alone());
  CHECK(counter.decided().back().defers(Reason::provider_unknown));
  counter.start();
  job.maybe_tried = true;
  CHECK(counter.job(job)->makes(EventType::payment_confirmed));
  CHECK(counter.lines() == Lines{"capture", "capture"});
}

TEST_CASE("hundreds of payments are in flight at a time, and a slow one delays none", "[payment][sandbox]") {
  Counter counter;
  const std::string slow = sandbox_metadata("slow:1000");
  for (std::uint8_t i = 0; i < 250; ++i) {
    schema::Job job = job_for(i);
    if (i % 10 == 0) job.metadata = slow;
    counter.take(job);
  }
  counter.settle();
  CHECK(counter.decided().size() == 225);
  CHECK(counter.in_flight() == 25);
  counter.pass(milliseconds(1'000));
  CHECK(counter.decided().size() == 250);
  for (const Decided& decided : counter.decided()) CHECK(decided.makes(EventType::payment_confirmed));
}
