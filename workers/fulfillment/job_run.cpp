#include "workers/fulfillment/job_run.hpp"

#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <stdexcept>

#include "broker/config/settings.hpp"
#include "broker/daemon/data_layout.hpp"
#include "schema/check.hpp"
#include "schema/limits.hpp"
#include "workers/fulfillment/sentence.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

// No setting allows a larger one.
constexpr std::size_t input_file_bytes_max = config::gibibyte + schema::request_overhead_bytes_max;

// The run's files while they are made.
class RunDirectory {
 public:
  explicit RunDirectory(fs::path path) : path_(std::move(path)) { fs::create_directories(output()); }
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;
  ~RunDirectory() {
    std::error_code error;
    fs::remove_all(path_, error);
    if (error) spdlog::warn("{}: cannot be removed: {}", path_.string(), error.message());
  }
  [[nodiscard]] fs::path output() const { return path_ / "output"; }
  [[nodiscard]] fs::path input() const { return path_ / "input"; }

 private:
  fs::path path_;
};

std::string directory_name(const schema::Lease& lease) {
  return std::to_string(lease.start) + '-' + std::to_string(lease.number);
}

std::string read_input(const OwnedJob& job, const fs::path& data) {
  const fs::path path = daemon::input_path(data, job.input);
  std::string bytes = daemon::read_file(path, input_file_bytes_max);
  const schema::Hash32 hash = schema::sha256(std::string_view(bytes));
  if (!std::equal(hash.begin(), hash.end(), job.input.begin(), job.input.end(),
                  [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
    throw std::runtime_error(path.string() +
                             ": the input has another hash than its name says; bring it back from a "
                             "backup");
  return bytes;
}

Answer failed(PermanentFailure failure) {
  Answer answer;
  answer.decision = schema::Decision::make;
  answer.event = schema::EventType::fulfillment_failed;
  answer.failure = std::move(failure.word);
  answer.message = printable_line(failure.sentence, schema::failure_message_bytes_max);
  return answer;
}

Answer delivered(const OwnedJob& job, const RunDirectory& directory, const fs::path& data) {
  Answer answer;
  answer.decision = schema::Decision::make;
  answer.event = schema::EventType::order_fulfilled;
  answer.directory = directory_name(job.lease);
  answer.place = daemon::deliverable_directory(data, job.order, answer.directory);
  answer.files = seal(directory.output(), answer.place);
  return answer;
}

Answer run_handler(const OwnedJob& job, FulfillmentHandler& handler, const Workplace& workplace) {
  const std::string name = run_name(job.order, job.lease);
  std::string input;
  schema::Document document;
  Request request{job.order, job.product_id, job.customer_id, job.amount, job.currency, job.created_at, job.metadata};
  if (!job.input.empty()) {
    input = read_input(job, workplace.data);
    if (const auto fault = document.parse(input); fault || !document.root().is_map())
      throw std::runtime_error(daemon::input_path(workplace.data, job.input).string() + ": holds no map");
    request.input = document.root();
  }
  const RunDirectory directory(workplace.scratch.path() / name);
  request.output = directory.output();
  request.input_to = directory.input();
  request.run_name = name;
  request.stop_fd = workplace.stop.get();
  HandlerResult result = handler.run(request);
  if (auto* failure = std::get_if<PermanentFailure>(&result)) {
    spdlog::info("{}: can't be made: {}", name, failure->word);
    return failed(std::move(*failure));
  }
  if (std::holds_alternative<TemporaryFailure>(result)) return deferred();
  CIRCUIT_CHECK(std::holds_alternative<DeliveredFiles>(result), "only inline handlers deliver licences");
  return delivered(job, directory, workplace.data);
}

}  // namespace

Workplace::Workplace(const fs::path& data_directory)
    : data(fs::absolute(data_directory)), scratch(data_directory), stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!stop) daemon::throw_errno(data, "cannot make an event descriptor");
  fs::create_directories(daemon::deliverables_directory(data));
  daemon::sync_directory(data);
}

OwnedJob::OwnedJob(const schema::Job& job)
    : lease(job.lease),
      order(job.order),
      created_at(job.created_at),
      amount(job.amount),
      currency(job.currency),
      product_id(job.product_id),
      customer_id(job.customer_id),
      input(job.input),
      metadata(job.metadata) {}

std::string run_name(const schema::Uuid& order, const schema::Lease& lease) {
  return schema::order_id_text(order) + '-' + directory_name(lease);
}

Answer answer_job(const OwnedJob& job, FulfillmentHandler& handler, const Workplace& workplace) noexcept {
  try {
    return run_handler(job, handler, workplace);
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", run_name(job.order, job.lease), error.what());
    return deferred();
  }
}

}  // namespace circuit::fulfillment
