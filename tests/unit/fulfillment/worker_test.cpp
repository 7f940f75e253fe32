#include "workers/fulfillment/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>
#include <optional>

#include "broker/client/endpoints.hpp"
#include "broker/client/socket.hpp"
#include "schema/codec.hpp"
#include "tests/unit/fulfillment/order.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {

using schema::Decision;
using schema::EventType;
using schema::WorkMessage;

struct Got {
  schema::Lease lease;
  Decision decision = Decision::none;
  EventType event = EventType::none;
  schema::Reason reason = schema::Reason::none;
  std::string failure;
  std::string message;
  std::string deliverable;
  std::string directory;
  std::vector<std::string> files;
};

config::Product exec_product(const std::string& id, std::string script) {
  config::Product product;
  product.id = id;
  product.handler = "exec";
  product.exec.command = {std::move(script)};
  return product;
}

// A worker, and the broker's side of the work socket, in one thread.
class Floor {
  ScratchDirectory scratch_;
  ScratchDirectory programs_;
  zmq::context_t context_;  // before the worker, which has a socket of it

 public:
  Floor() {
    std::filesystem::create_directories(data() / "run");
    router_ = client::make_socket(context_, zmq::socket_type::router);
    router_.bind(client::work_endpoint(data()));
    config::add_product(settings,
                        exec_product("EXEC", write_script(programs_.path() / "program", "echo made > result.txt")));
    // Says that it has begun, then waits until it may go on.
    ::mkfifo((programs_.path() / "go").c_str(), 0600);
    go_ = daemon::open_file(programs_.path() / "go", O_RDWR | O_NONBLOCK);
    const std::string go = (programs_.path() / "go").string();
    config::add_product(settings,
                        exec_product("GATED", write_script(programs_.path() / "gated",
                                                           "echo x > f; read x < " + go + "; echo made > f")));
  }

  [[nodiscard]] const std::filesystem::path& data() const { return scratch_.path(); }

  void start() {
    worker.emplace(context_, data(), "worker-1", settings);
    pump([&] { return hello.has_value(); });
  }

  // Turns both sides until it is so.
  template <class Done>
  void pump(const Done& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (;;) {
      worker->step(std::chrono::steady_clock::now());
      receive();
      if (done()) return;
      REQUIRE(std::chrono::steady_clock::now() < end);
      worker->wait(router_.get(zmq::sockopt::fd));
    }
  }
  std::vector<Got> outcomes(std::size_t count) {
    pump([&] { return got_.size() >= count; });
    return std::exchange(got_, {});
  }
  void receive() {
    while (const auto frames = client::receive_now(router_, 3)) {
      worker_id_ = client::text_of((*frames)[0]);
      const auto kind = static_cast<WorkMessage>(client::text_of((*frames)[1]).at(0));
      take(kind, client::text_of((*frames)[2]));
    }
  }

  void receive_goodbye() {
    while (!goodbye) {
      zmq::pollitem_t item{router_.handle(), 0, ZMQ_POLLIN, 0};
      REQUIRE(zmq::poll(&item, 1, std::chrono::seconds(20)) == 1);
      receive();
    }
  }

  void send(const std::vector<schema::Job>& jobs) { send(WorkMessage::jobs, jobs); }
  void refuse(const Got& got, std::uint8_t order, bool again) {
    send(WorkMessage::refused, std::vector<schema::Refused>{{got.lease, order_of(order), again, "why"}});
  }
  void wait_until_begun() {
    const auto begun = [&] {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(data() / "work"))
        if (entry.path().filename() == "f") return true;
      return false;
    };
    pump(begun);
  }
  void let_go() { daemon::write_all(go_, "x\n", "go"); }

  config::Settings settings;
  std::optional<Worker> worker;
  std::optional<schema::Hello> hello;
  bool goodbye = false;

 private:
  template <class Item>
  void send(WorkMessage kind, const std::vector<Item>& items) {
    std::string body;
    schema::encode(body, items);
    REQUIRE(client::send_now(router_, worker_id_, std::string_view(reinterpret_cast<const char*>(&kind), 1), body));
  }
  void take(WorkMessage kind, std::string_view body) {
    schema::Document document;
    if (kind == WorkMessage::goodbye) goodbye = true;
    if (kind == WorkMessage::hello) {
      std::vector<schema::Hello> hellos;
      REQUIRE(schema::decode(document, body, hellos));
      hello = hellos.at(0);
    }
    if (kind != WorkMessage::outcomes) return;
    std::vector<schema::Outcome> items;
    REQUIRE(schema::decode(document, body, items));
    for (const schema::Outcome& item : items) {
      Got got{item.lease,
              item.decision,
              item.event,
              item.reason,
              std::string(item.failure),
              std::string(item.message),
              std::string(item.deliverable),
              std::string(item.directory),
              {}};
      for (const schema::DeliveredFile& file : item.files) got.files.emplace_back(file.name);
      got_.push_back(std::move(got));
    }
  }

  zmq::socket_t router_;
  daemon::FileDescriptor go_;
  std::string worker_id_;
  std::vector<Got> got_;
};

}  // namespace

TEST_CASE("a fulfillment worker says hello with its role and credit") {
  Floor floor;
  floor.settings.fulfillment.in_flight_max = 17;
  floor.start();
  CHECK(floor.hello->role == schema::Role::fulfillment);
  CHECK(floor.hello->name == "worker-1");
  CHECK(floor.hello->credit == 17);
}

TEST_CASE("each handler's outcome reaches the broker") {
  Floor floor;
  floor.start();
  const std::string csv = store_input(floor.data(), packed_map({{"csv", "a,b\n1,2\n3,4\n"}}));
  schema::Job analysis = job_of(2, "DATA_ANALYSIS_V1", {1, 2});
  analysis.input = csv;
  floor.send({job_of(1, "LICENSE_KEY_V1", {1, 1}), analysis, job_of(3, "EXEC", {1, 3}),
              job_of(4, "DATA_ANALYSIS_V1", {1, 4}), job_of(5, "NOT_SOLD", {1, 5})});
  std::map<std::uint64_t, Got> got;
  for (Got& one : floor.outcomes(5)) got[one.lease.number] = std::move(one);
  REQUIRE(got.size() == 5);
  CHECK(got[1].event == EventType::order_fulfilled);
  CHECK(got[1].deliverable == "license");
  CHECK(got[1].directory.empty());
  CHECK(got[2].event == EventType::order_fulfilled);
  CHECK(got[2].deliverable == "files");
  CHECK(got[2].directory == "1-2");
  CHECK(got[2].files == std::vector<std::string>{"analysis.json", "report.html", "summary.txt"});
  CHECK(got[3].files == std::vector<std::string>{"result.txt"});
  CHECK(content_of(daemon::deliverable_directory(floor.data(), order_of(3), "1-3") / "result.txt") == "made\n");
  CHECK(got[4].decision == Decision::make);
  CHECK(got[4].event == EventType::fulfillment_failed);
  CHECK(got[4].failure == "csv_missing");
  CHECK_FALSE(got[4].message.empty());
  CHECK(got[5].decision == Decision::defer);
  CHECK(got[5].reason == schema::Reason::handler_failed);
}

TEST_CASE("a licence does not wait behind slow products") {
  Floor floor;
  floor.settings.fulfillment.threads = 1;
  floor.start();
  floor.send({job_of(1, "GATED", {1, 1}), job_of(2, "GATED", {1, 2}), job_of(3, "LICENSE_KEY_V1", {1, 3})});
  CHECK(floor.outcomes(1).at(0).lease.number == 3);
  floor.let_go();
  CHECK(floor.outcomes(1).at(0).lease.number == 1);
  floor.let_go();
  CHECK(floor.outcomes(1).at(0).lease.number == 2);
}

TEST_CASE("an outcome that could not be stored is offered again, and its files stay") {
  Floor floor;
  floor.start();
  floor.send({job_of(1, "EXEC", {1, 1})});
  const Got first = floor.outcomes(1).at(0);
  floor.refuse(first, 1, true);
  const Got second = floor.outcomes(1).at(0);
  CHECK(second.lease == first.lease);
  CHECK(second.files == first.files);
  CHECK(std::filesystem::exists(daemon::deliverable_directory(floor.data(), order_of(1), "1-1")));
}

TEST_CASE("an outcome that came too late loses its files, and another lease's stay") {
  Floor floor;
  floor.start();
  const auto other = daemon::deliverable_directory(floor.data(), order_of(1), "1-9") / "file";
  write_content(other, "x");
  floor.send({job_of(1, "EXEC", {1, 1})});
  const Got got = floor.outcomes(1).at(0);
  floor.refuse(got, 1, false);
  floor.pump([&] { return !std::filesystem::exists(daemon::deliverable_directory(floor.data(), order_of(1), "1-1")); });
  CHECK(std::filesystem::exists(other));
}

TEST_CASE("a job that comes back under a new lease while it runs is answered under that lease") {
  Floor floor;
  floor.start();
  floor.send({job_of(1, "GATED", {1, 1})});
  floor.pump([&] { return floor.worker->busy(); });
  floor.wait_until_begun();
  floor.send({job_of(1, "GATED", {2, 5}), job_of(2, "LICENSE_KEY_V1", {2, 6})});
  CHECK(floor.outcomes(1).at(0).lease.number == 6);  // so the other has arrived as well
  floor.let_go();
  const Got got = floor.outcomes(1).at(0);
  CHECK(got.lease == schema::Lease{2, 5});
  CHECK(got.directory == "1-1");
  CHECK(std::filesystem::exists(daemon::deliverable_directory(floor.data(), order_of(1), got.directory) / "f"));
}

TEST_CASE("a stopping worker ends its programs, flushes what is decided and gives the rest back") {
  Floor floor;
  floor.settings.fulfillment.threads = 1;
  floor.start();
  floor.send({job_of(1, "GATED", {1, 1}), job_of(2, "EXEC", {1, 2}), job_of(3, "LICENSE_KEY_V1", {1, 3})});
  floor.pump([&] { return floor.worker->busy(); });
  floor.wait_until_begun();
  floor.worker->drain();
  floor.send({job_of(4, "LICENSE_KEY_V1", {1, 4})});
  floor.pump([&] { return !floor.worker->busy(); });
  CHECK(floor.worker->goodbye());
  floor.worker.reset();
  floor.receive_goodbye();
  CHECK(floor.goodbye);
  CHECK(std::filesystem::is_empty(floor.data() / "deliverables"));
  CHECK(std::filesystem::is_empty(floor.data() / "work"));
}
