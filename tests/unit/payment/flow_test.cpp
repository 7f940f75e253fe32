// The flow alone, against a provider that answers what a test says.
#include "workers/payment/flow.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/payment/stage.hpp"

using namespace circuit;
using namespace circuit::payment;
using schema::EventType;
using schema::Phase;
using schema::Reason;

namespace {

using std::chrono::milliseconds;

struct Sent {
  char kind;  // c, l, v, r
  std::uint64_t number;
  schema::Uuid order;
  std::uint32_t attempt;
  std::string behaviour;
};

class ScriptedProvider : public PaymentProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "scripted"; }
  void charge(const ProviderRequest& request) override { add('c', request); }
  void lookup(const ProviderRequest& request) override { add('l', request); }
  void void_charge(const ProviderRequest& request) override { add('v', request); }
  void refund(const ProviderRequest& request) override { add('r', request); }
  void flush() override {}
  void forget_unsent() override {}
  [[nodiscard]] zmq::pollitem_t poll_item() override { return {nullptr, -1, 0, 0}; }
  void receive(const std::function<void(const ProviderAnswer&)>&) override {}

  std::vector<Sent> sent;

 private:
  void add(char kind, const ProviderRequest& r) {
    sent.push_back({kind, r.number, r.order, r.attempt, std::string(r.behaviour)});
  }
};

struct Scene {
  QuietLog quiet;
  ScriptedProvider provider;
  std::vector<Decided> decided;
  PaymentFlow flow{{milliseconds(5'000), 10}, provider, [this](const schema::Outcome& o) { decided.emplace_back(o); }};
  TimePoint now{};

  void job(const schema::Job& job) { flow.on_job(job, now); }
  // Answers the newest request.
  void answer(ProviderResult result, std::int64_t amount = 5000, std::string_view currency = "USD",
              std::uint8_t order = 1) {
    const Sent last = provider.sent.back();
    flow.on_answer({last.number, result, order_number(order), last.attempt, amount, currency, "ref", "said so"}, now);
  }
  void pass(milliseconds time) {
    now += time;
    flow.tick(now);
  }
  void time_out() { pass(milliseconds(5'000)); }
  [[nodiscard]] std::string sent() const {
    std::string kinds;
    for (const Sent& s : provider.sent) kinds += s.kind;
    return kinds;
  }
  [[nodiscard]] const Decided& only() const {
    REQUIRE(decided.size() == 1);
    CHECK(flow.in_flight() == 0);
    CHECK(decided[0].provider == "scripted");
    return decided[0];
  }
};

using enum ProviderResult;

}  // namespace

TEST_CASE("a captured charge confirms the payment with what the provider said", "[payment][flow]") {
  Scene scene;
  const schema::Job job = job_for(1);
  scene.job(job);
  CHECK(scene.sent() == "c");
  scene.answer(captured);
  CHECK(scene.only().makes(EventType::payment_confirmed));
  CHECK(scene.only().lease == job.lease);
  CHECK(scene.only().order == job.order);
  CHECK(scene.only().amount == 5000);
  CHECK(scene.only().currency == "USD");
  CHECK(scene.only().reference == "ref");
}

TEST_CASE("a job that was maybe tried is looked up before anything is sent", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1, Phase::charge, true));
  CHECK(scene.sent() == "l");
  SECTION("captured: confirmed without a charge") {
    scene.answer(captured);
    CHECK(scene.only().makes(EventType::payment_confirmed));
    CHECK(scene.sent() == "l");
  }
  SECTION("not found: charged") {
    scene.answer(not_found);
    CHECK(scene.sent() == "lc");
    scene.answer(captured);
    CHECK(scene.only().makes(EventType::payment_confirmed));
  }
  SECTION("unanswered: nothing is sent") {
    scene.time_out();
    CHECK(scene.only().defers(Reason::provider_unknown));
    CHECK(scene.sent() == "l");
  }
  SECTION("an error: nothing is sent") {
    scene.answer(error);
    CHECK(scene.only().defers(Reason::provider_error));
  }
  SECTION("pending: nothing is sent") {
    scene.answer(pending);
    CHECK(scene.only().defers(Reason::provider_pending));
  }
}

TEST_CASE("an unknown outcome is looked up, and what is not found is charged only in the next try", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  SECTION("no answer") {
    scene.pass(milliseconds(4'999));
    CHECK(scene.sent() == "c");
    scene.pass(milliseconds(1));
    CHECK(scene.sent() == "cl");
    scene.answer(not_found);
    CHECK(scene.only().defers(Reason::provider_unknown));
  }
  SECTION("an error") {
    scene.answer(error);
    CHECK(scene.sent() == "cl");
    scene.answer(not_found);
    CHECK(scene.only().defers(Reason::provider_error));
  }
  SECTION("not_found as an answer to a charge is no answer") {
    scene.answer(not_found);
    CHECK(scene.sent() == "cl");
    scene.answer(captured);
    CHECK(scene.only().makes(EventType::payment_confirmed));
  }
  SECTION("two time-outs") {
    scene.time_out();
    scene.time_out();
    CHECK(scene.only().defers(Reason::provider_unknown));
  }
  CHECK(scene.sent() == "cl");
}

TEST_CASE("an answer after its time-out changes nothing", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  const std::uint64_t number = scene.provider.sent[0].number;
  scene.time_out();
  scene.flow.on_answer({number, captured, order_number(1), 1, 5000, "USD", "ref", ""}, scene.now);
  CHECK(scene.decided.empty());
  scene.answer(captured);
  scene.answer(captured);
  CHECK(scene.only().makes(EventType::payment_confirmed));
}

TEST_CASE("a closed key fails the payment in phase charge", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  SECTION("declined") {
    scene.answer(declined);
    CHECK(scene.only().fails("declined"));
    CHECK(scene.only().message == "said so");
  }
  SECTION("voided") {
    scene.answer(voided);
    CHECK(scene.only().fails("voided"));
  }
  SECTION("refunded") {
    scene.answer(refunded);
    CHECK(scene.only().fails("refunded"));
  }
  SECTION("refunded another sum: an earlier flight gave wrong money back") {
    scene.answer(refunded, 5001);
    CHECK(scene.only().fails("capture_mismatch"));
  }
}

TEST_CASE("money that does not match goes back before the payment fails", "[payment][flow]") {
  for (const Phase phase : {Phase::charge, Phase::void_cancel, Phase::void_expire, Phase::void_fail}) {
    for (int wrong = 0; wrong < 3; ++wrong) {
      Scene scene;
      scene.job(job_for(1, phase));
      const auto captured_wrong = [&] {
        scene.answer(captured, wrong == 0 ? 5001 : 5000, wrong == 1 ? "EUR" : "USD", wrong == 2 ? 2 : 1);
      };
      captured_wrong();
      CHECK(scene.decided.empty());
      CHECK(scene.sent().back() == 'r');
      scene.answer(refunded, 5001);
      CHECK(scene.only().fails("capture_mismatch"));
    }
  }
}

TEST_CASE("money that does not match and may not have gone back is for a person", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  scene.answer(captured, 5001);
  SECTION("no answer") { scene.time_out(); }
  SECTION("an error") { scene.answer(error); }
  SECTION("unknown there") { scene.answer(not_found); }
  SECTION("another key's refund") { scene.answer(refunded, 5001, "USD", 2); }
  CHECK(scene.only().holds(Reason::capture_mismatch));
}

TEST_CASE("an answer about another key proves nothing", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1, Phase::void_cancel));
  scene.answer(voided, 5000, "USD", 2);
  CHECK(scene.only().defers(Reason::provider_error));
}

TEST_CASE("each void phase has its exit", "[payment][flow]") {
  const std::pair<Phase, EventType> exits[] = {{Phase::void_cancel, EventType::order_cancelled},
                                               {Phase::void_expire, EventType::order_expired},
                                               {Phase::void_fail, EventType::payment_failed}};
  for (const auto& [phase, exit] : exits) {
    for (const ProviderResult result : {voided, declined, refunded}) {
      Scene scene;
      scene.job(job_for(1, phase, true));
      CHECK(scene.sent() == "v");
      scene.answer(result);
      CHECK(scene.only().makes(exit));
    }
    Scene late;
    late.job(job_for(1, phase));
    late.answer(captured);
    CHECK(late.only().makes(EventType::payment_confirmed));
    for (const ProviderResult result : {error, not_found}) {
      Scene scene;
      scene.job(job_for(1, phase));
      scene.answer(result);
      CHECK(scene.only().defers(Reason::provider_error));
    }
    Scene silent;
    silent.job(job_for(1, phase));
    silent.time_out();
    CHECK(silent.only().defers(Reason::provider_unknown));
  }
  Scene scene;
  scene.job(job_for(1, Phase::void_fail));
  scene.answer(voided);
  CHECK(scene.only().fails("tries_used_up"));
}

TEST_CASE("a refund ends with the whole sum given back", "[payment][flow]") {
  Scene scene;
  SECTION("at once") {
    scene.job(job_for(1, Phase::refund));
    CHECK(scene.sent() == "r");
    scene.answer(refunded);
    CHECK(scene.only().makes(EventType::order_refunded));
    CHECK(scene.only().amount == 5000);
    CHECK(scene.only().reference == "ref");
  }
  SECTION("maybe tried: only what is still captured") {
    scene.job(job_for(1, Phase::refund, true));
    CHECK(scene.sent() == "l");
    scene.answer(captured);
    CHECK(scene.sent() == "lr");
    scene.answer(refunded);
    CHECK(scene.only().makes(EventType::order_refunded));
  }
  SECTION("maybe tried, and done") {
    scene.job(job_for(1, Phase::refund, true));
    scene.answer(refunded);
    CHECK(scene.only().makes(EventType::order_refunded));
    CHECK(scene.sent() == "l");
  }
  SECTION("another sum") {
    scene.job(job_for(1, Phase::refund));
    scene.answer(refunded, 4999);
    CHECK(scene.only().holds(Reason::capture_mismatch));
  }
  SECTION("unanswered") {
    scene.job(job_for(1, Phase::refund));
    scene.time_out();
    CHECK(scene.only().defers(Reason::provider_unknown));
  }
  SECTION("an error") {
    scene.job(job_for(1, Phase::refund));
    scene.answer(error);
    CHECK(scene.only().defers(Reason::provider_error));
  }
  SECTION("nothing given back") {
    scene.job(job_for(1, Phase::refund));
    scene.answer(captured);
    CHECK(scene.only().defers(Reason::provider_error));
  }
  SECTION("unknown there") {
    scene.job(job_for(1, Phase::refund));
    scene.answer(not_found);
    CHECK(scene.only().holds(Reason::refund_refused));
  }
  SECTION("never captured") {
    scene.job(job_for(1, Phase::refund));
    scene.answer(voided);
    CHECK(scene.only().holds(Reason::refund_refused));
  }
}

TEST_CASE("a job for an order in flight hands over its lease and sends nothing", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  const schema::Job again = job_for(1, Phase::charge, true);
  scene.job(again);
  CHECK(scene.sent() == "c");
  CHECK(scene.flow.in_flight() == 1);
  scene.answer(captured);
  CHECK(scene.only().makes(EventType::payment_confirmed));
  CHECK(scene.only().lease == again.lease);
}

TEST_CASE("a cancel that comes to a charge in flight waits for its answer", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  const schema::Job cancel = job_for(1, Phase::void_cancel, true);
  scene.job(cancel);
  CHECK(scene.sent() == "c");
  SECTION("captured: the broker refunds it") {
    scene.answer(captured);
    CHECK(scene.only().makes(EventType::payment_confirmed));
  }
  SECTION("declined: cancelled") {
    scene.answer(declined);
    CHECK(scene.only().makes(EventType::order_cancelled));
    CHECK(scene.sent() == "c");
  }
  SECTION("unanswered: voided") {
    scene.time_out();
    CHECK(scene.sent() == "cv");
    scene.answer(voided);
    CHECK(scene.only().makes(EventType::order_cancelled));
  }
  SECTION("pending: voided") {
    scene.answer(pending);
    CHECK(scene.sent() == "cv");
  }
  CHECK((scene.decided.empty() || scene.decided[0].lease == cancel.lease));
}

TEST_CASE("a new attempt leaves the old attempt's flight behind", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  const std::uint64_t old = scene.provider.sent[0].number;
  schema::Job second = job_for(1);
  second.attempt = 2;
  scene.job(second);
  CHECK(scene.sent() == "cc");
  CHECK(scene.provider.sent[1].attempt == 2);
  scene.flow.on_answer({old, captured, order_number(1), 1, 5000, "USD", "old", ""}, scene.now);
  CHECK(scene.decided.empty());
  scene.answer(captured);
  CHECK(scene.only().lease == second.lease);
}

TEST_CASE("only a charge carries the behaviour in metadata.sandbox", "[payment][flow]") {
  Scene scene;
  const std::string metadata = sandbox_metadata("slow:5,forgetful");
  schema::Job job = job_for(1, Phase::charge, true);
  job.metadata = metadata;
  scene.job(job);
  scene.answer(not_found);
  CHECK(scene.provider.sent[0].behaviour.empty());
  CHECK(scene.provider.sent[1].behaviour == "slow:5,forgetful");
}

TEST_CASE("metadata without a behaviour is ignored", "[payment][flow]") {
  std::string number, elsewhere;
  schema::Packer(number).map(1).text("sandbox").natural(7);
  schema::Packer(elsewhere).map(1).text("x").map(1).text("sandbox").text("decline");
  for (const std::string& metadata :
       {std::string(), std::string("\xc1sandbox"), std::string("\xa7sandbox"), number, elsewhere}) {
    Scene scene;
    schema::Job job = job_for(1);
    job.metadata = metadata;
    scene.job(job);
    REQUIRE(scene.sent() == "c");
    CHECK(scene.provider.sent[0].behaviour.empty());
  }
}

TEST_CASE("an outcome that was refused for now is offered again, and not for ever", "[payment][flow]") {
  Scene scene;
  const schema::Job job = job_for(1);
  scene.job(job);
  scene.answer(captured);
  for (std::uint32_t i = 1; i < offers_max; ++i) {
    scene.flow.on_refused({job.lease, job.order, true, "storage is unavailable"}, scene.now);
    REQUIRE(scene.flow.next_due() == scene.now + offer_again_after);
    scene.pass(offer_again_after - milliseconds(1));
    REQUIRE(scene.decided.size() == i);
    scene.pass(milliseconds(1));
    REQUIRE(scene.decided.size() == i + 1);
    CHECK(scene.decided.back().makes(EventType::payment_confirmed));
    CHECK(scene.decided.back().lease == job.lease);
    CHECK(scene.decided.back().reference == "ref");
  }
  scene.flow.on_refused({job.lease, job.order, true, "storage is unavailable"}, scene.now);
  scene.pass(offer_again_after);
  CHECK(scene.decided.size() == offers_max);
  CHECK_FALSE(scene.flow.next_due());
}

TEST_CASE("an outcome that was refused for good is forgotten", "[payment][flow]") {
  Scene scene;
  const schema::Job job = job_for(1);
  scene.job(job);
  scene.answer(captured);
  scene.flow.on_refused({job.lease, job.order, false, "the lease is not current"}, scene.now);
  scene.flow.on_refused({{9, 9}, job.order, true, "never offered"}, scene.now);
  scene.pass(milliseconds(60'000));
  CHECK(scene.decided.size() == 1);
}

TEST_CASE("the newest outcomes are remembered while older ones make room", "[payment][flow]") {
  Scene scene;
  std::vector<schema::Job> jobs;
  for (int i = 0; i < 100; ++i) {
    jobs.push_back(job_for(1));
    scene.job(jobs.back());
    scene.answer(captured);
  }
  for (const schema::Job& job : jobs) scene.flow.on_refused({job.lease, job.order, true, ""}, scene.now);
  scene.pass(offer_again_after);
  CHECK(scene.decided.size() == 121);
  CHECK(scene.decided.back().lease == jobs.back().lease);
}

TEST_CASE("a draining flow takes no job and ends those in flight", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1));
  scene.flow.drain();
  scene.job(job_for(2));
  CHECK(scene.sent() == "c");
  scene.answer(captured);
  CHECK(scene.only().makes(EventType::payment_confirmed));
}

TEST_CASE("a job that is not for payment is left alone", "[payment][flow]") {
  Scene scene;
  scene.job(job_for(1, Phase::fulfill));
  CHECK(scene.sent().empty());
  CHECK(scene.flow.in_flight() == 0);
}

TEST_CASE("a provider's sentence that nobody could print is replaced", "[payment][flow]") {
  Scene scene;
  for (const std::string& message : {std::string("a\nb"), std::string(301, 'x'), std::string("\xff")}) {
    scene.job(job_for(1));
    scene.flow.on_answer({scene.provider.sent.back().number, declined, order_number(1), 1, 0, "", "", message}, {});
    CHECK(scene.decided.back().message == "the provider declined the charge");
  }
}
