#include "workers/fulfillment/job_run.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>

#include "tests/unit/fulfillment/order.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {
namespace fs = std::filesystem;

class FunctionHandler final : public FulfillmentHandler {
 public:
  explicit FunctionHandler(std::function<HandlerResult(const Request&)> run) : run_(std::move(run)) {}
  [[nodiscard]] HandlerResult run(const Request& request) override { return run_(request); }

 private:
  std::function<HandlerResult(const Request&)> run_;
};

struct Site {
  ScratchDirectory data;
  Workplace workplace{data.path()};

  Answer answer(const schema::Job& job, std::function<HandlerResult(const Request&)> run) {
    FunctionHandler handler(std::move(run));
    return answer_job(OwnedJob(job), handler, workplace);
  }
  // Neither a run's files nor anything delivered.
  [[nodiscard]] bool clean() const {
    return fs::is_empty(data.path() / "deliverables") &&
           std::distance(fs::directory_iterator(workplace.scratch.path()), fs::directory_iterator()) == 1;  // its lock
  }
};

HandlerResult deliver(const Request& request) {
  write_content(request.output / "file.txt", "abc");
  return DeliveredFiles{};
}

}  // namespace

TEST_CASE("a delivered job's files lie in the lease's own directory") {
  Site site;
  const Answer answer = site.answer(job_of(1, "THING", {3, 14}), deliver);
  CHECK(answer.decision == schema::Decision::make);
  CHECK(answer.event == schema::EventType::order_fulfilled);
  CHECK(answer.directory == "3-14");
  REQUIRE(answer.files.size() == 1);
  CHECK(answer.files[0].name == "file.txt");
  CHECK(content_of(daemon::deliverable_directory(site.data.path(), order_of(1), "3-14") / "file.txt") == "abc");
}

TEST_CASE("a handler sees the order and its input") {
  Site site;
  schema::Job job = job_of(1, "THING");
  const std::string input = store_input(site.data.path(), packed_map({{"csv", "a,b"}}));
  job.input = input;
  job.metadata = "\x80";
  const Answer answer = site.answer(job, [&](const Request& request) {
    CHECK(request.order == order_of(1));
    CHECK(request.product_id == "THING");
    CHECK(request.customer_id == "customer_001");
    CHECK(request.amount == 5000);
    CHECK(request.metadata == "\x80");
    CHECK(request.input.find("csv").bytes() == "a,b");
    CHECK(fs::is_empty(request.output));
    CHECK_FALSE(fs::exists(request.input_to));
    CHECK(request.run_name == schema::order_id_text(order_of(1)) + "-1-1");
    return deliver(request);
  });
  CHECK(answer.event == schema::EventType::order_fulfilled);
}

TEST_CASE("a permanent failure names its word and a printable sentence, and leaves no files") {
  Site site;
  const Answer answer = site.answer(job_of(1, "THING"), [](const Request& request) -> HandlerResult {
    write_content(request.output / "half", "x");
    return PermanentFailure{"bad_input", "It is\x01 " + std::string(400, 'x')};
  });
  CHECK(answer.decision == schema::Decision::make);
  CHECK(answer.event == schema::EventType::fulfillment_failed);
  CHECK(answer.failure == "bad_input");
  CHECK(answer.message.size() == 300);
  CHECK(answer.message.substr(0, 8) == "It is  x");
  CHECK(site.clean());
}

TEST_CASE("a temporary failure and an exception put the job off and leave no files") {
  Site site;
  const Answer failed = site.answer(job_of(1, "THING"), [](const Request& request) -> HandlerResult {
    write_content(request.output / "half", "x");
    return TemporaryFailure{};
  });
  CHECK(failed.decision == schema::Decision::defer);
  const Answer thrown = site.answer(
      job_of(1, "THING"), [](const Request&) -> HandlerResult { throw std::runtime_error("the disk is gone"); });
  CHECK(thrown.decision == schema::Decision::defer);
  CHECK(site.clean());
}

TEST_CASE("a job whose input is missing, cut or changed is put off") {
  Site site;
  schema::Job job = job_of(1, "THING");
  const std::string input = store_input(site.data.path(), packed_map({{"csv", "a,b"}}));
  job.input = input;
  const fs::path path = daemon::input_path(site.data.path(), input);
  const auto never = [](const Request&) -> HandlerResult {
    FAIL("the handler runs without its input");
    return TemporaryFailure{};
  };
  write_content(path, "");
  CHECK(site.answer(job, never).decision == schema::Decision::defer);
  write_content(path, packed_map({{"csv", "a,c"}}));
  CHECK(site.answer(job, never).decision == schema::Decision::defer);
  fs::remove(path);
  CHECK(site.answer(job, never).decision == schema::Decision::defer);
}

TEST_CASE("files that can't be sealed put the job off") {
  Site site;
  write_content(daemon::deliverable_directory(site.data.path(), order_of(1), "1-1") / "file.txt", "of an earlier life");
  CHECK(site.answer(job_of(1, "THING"), deliver).decision == schema::Decision::defer);
  CHECK(content_of(daemon::deliverable_directory(site.data.path(), order_of(1), "1-1") / "file.txt") ==
        "of an earlier life");
}
