// The command line, as a person uses it.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

struct Said {
  int code = 0;
  std::string text;    // on standard output
  std::string errors;  // on standard error
  [[nodiscard]] Json json() const { return Json::parse(text); }
};

// Its daemons are no children of the test: whatever happens, they are asked to end.
class CommandLine {
 public:
  explicit CommandLine(const Circuit& circuit) : directory_(circuit.directory()), data_(circuit.data()) {}
  ~CommandLine() {
    try {
      (void)run({"down"});
    } catch (const std::exception&) {
      // Nothing more can be done from here.
    }
  }

  Said run(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) {
    const std::filesystem::path output = directory_ / ("said-" + std::to_string(++count_));
    const std::filesystem::path errors = output.string() + "-errors";
    arguments.insert(arguments.end(), {"--data", data_.string()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    Process process(program("circuit"), arguments, output, {}, errors);
    const int code = process.wait(seconds(60));
    return {code, read_file(output), read_file(errors)};
  }

 private:
  std::filesystem::path directory_, data_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("the command line sells, delivers, refunds and verifies, and its exit codes say how it went") {
  Circuit circuit("");
  CommandLine cli(circuit);
  CHECK(cli.run({"order", "ord_01h455vb4pex5vsknk084sn02q"}).code == 3);  // nothing is up
  CHECK(cli.run({"submit"}).code == 2);
  REQUIRE(cli.run({"up"}).code == 0);
  CHECK(cli.run({"up"}).code == 0);
  CHECK(cli.run({"status"}).code == 0);

  const std::string csv = CIRCUIT_SOURCE_DIR "/tests/data/us-employment.csv";
  const std::vector<std::string> submit = {
      "submit", "DATA_ANALYSIS_V1", "--customer", "customer_001", "--csv", csv, "--key", "sales", "--wait", "--json"};
  const Said sold = cli.run(submit);
  CAPTURE(sold.errors);
  REQUIRE(sold.code == 0);
  const std::string id = sold.json().at("order_id");
  CHECK(cli.run(submit).json().at("order_id") == id);

  const Said order = cli.run({"order", id, "--json"});
  CHECK(order.code == 0);
  CHECK(order.text.find("\"fulfilled\"") != std::string::npos);
  const Said receipt = cli.run({"receipt", id, "--json"});
  CHECK(receipt.code == 0);
  CHECK(cli.run({"receipt", id, "--json"}).text == receipt.text);

  const std::string token = circuit.order(id).at("delivery_token");
  const std::filesystem::path out = circuit.directory() / "out";
  REQUIRE(cli.run({"deliver", token, "--out", out.string()}).code == 0);
  const Json history = circuit.order(id).at("history");
  for (const Json& file : history.at(2).at("data").at("files"))
    CHECK(sha256_hex(read_file(out / file.at("name").get<std::string>())) == file.at("sha256"));

  CHECK(cli.run({"refund", id, "--reason", "ordered twice"}).code == 0);
  circuit.wait_for(id, "refunded");
  CHECK(cli.run({"refund", id}).code == 1);
  CHECK(cli.run({"deliver", token, "--out", (circuit.directory() / "again").string()}).code == 1);
  CHECK(cli.run({"receipt", id, "--json"}).text == receipt.text);
  circuit.whole_audit();
  CHECK(cli.run({"verify", "--full"}).code == 0);
  CHECK(cli.run({"stats", "--recount"}).code == 0);
  CHECK(cli.run({"attention", "--exit-code"}).code == 0);

  CHECK(cli.run({"down"}).code == 0);
  CHECK(cli.run({"status"}).code == 3);
  CHECK(cli.run({"verify"}).code == 0);
}

TEST_CASE("`circuit up` says what is wrong with a config, and starts nothing") {
  Circuit circuit("[payment]\ntimeout_ms = 1\n");
  CommandLine cli(circuit);
  const Said said = cli.run({"up"}, {"--config", circuit.config_path().string()});
  CAPTURE(said.errors);
  CHECK(said.code == 78);
  CHECK(said.errors.find("payment.timeout_ms") != std::string::npos);
  CHECK(cli.run({"status"}).code == 3);
}
