#include "ops/cli/draft.hpp"

#include <catch2/catch.hpp>

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "schema/request.hpp"
#include "tests/unit/temporary_directory.hpp"

using namespace circuit;
using cli::Draft;
using cli::Json;

namespace {

Draft draft_of(const std::string& product) {
  Draft draft;
  draft.product = product;
  draft.customer = "customer_001";
  return draft;
}

}  // namespace

TEST_CASE("a draft takes its price from the catalogue, and the broker reads what it becomes") {
  Draft draft = draft_of("DATA_ANALYSIS_V1");
  draft.key = "k1";
  draft.input = {{"csv", std::string("a,b\n1,\xff\n", 8)}};
  draft.metadata = R"({"cart": 7, "ratio": 0.5})";
  draft.client_ip = "203.0.113.7";
  const auto packed = Json::to_msgpack(cli::create_request(draft, {}));
  const std::string bytes(packed.begin(), packed.end());

  schema::Document document;
  const schema::DecodedRequest decoded = schema::decode_request(document, bytes);
  REQUIRE(decoded.request);
  const auto& order = std::get<schema::CreateOrder>(*decoded.request);
  CHECK(order.product_id == "DATA_ANALYSIS_V1");
  CHECK(order.customer_id == "customer_001");
  CHECK(order.idempotency_key == "k1");
  CHECK(order.amount == 5'000);
  CHECK(order.currency == "USD");
  CHECK(order.client_ip == "203.0.113.7");
  CHECK(order.input.find("csv").bytes() == std::string_view("a,b\n1,\xff\n", 8));
  CHECK(order.metadata.find("cart").integer() == 7);
}

TEST_CASE("a price that is given is sent, whatever the catalogue says") {
  Draft draft = draft_of("DATA_ANALYSIS_V1");
  draft.amount = 4;
  CHECK(cli::create_request(draft, {})["amount"] == 4);
}

TEST_CASE("a product that is not in the catalogue needs its price") {
  Draft draft = draft_of("OTHER");
  CHECK_THROWS_AS(cli::create_request(draft, {}), cli::Failure);
  draft.amount = 700;
  CHECK_THROWS_AS(cli::create_request(draft, {}), cli::Failure);
  draft.currency = "EUR";
  CHECK(cli::create_request(draft, {})["currency"] == "EUR");
}

TEST_CASE("every draft without a key gets one of its own") {
  const Draft draft = draft_of("LICENSE_KEY_V1");
  const Json one = cli::create_request(draft, {});
  const Json other = cli::create_request(draft, {});
  CHECK(one["idempotency_key"] != other["idempotency_key"]);
  CHECK_FALSE(one.contains("input"));
  CHECK_FALSE(one.contains("metadata"));
}

TEST_CASE("metadata must be a JSON object, and an input comes once") {
  Draft draft = draft_of("LICENSE_KEY_V1");
  for (const char* wrong : {"{", "[1]", "7", "\"text\""}) {
    draft.metadata = wrong;
    CHECK_THROWS_AS(cli::create_request(draft, {}), cli::Failure);
  }
  draft.metadata.clear();
  draft.input = {{"csv", "a"}, {"csv", "b"}};
  CHECK_THROWS_AS(cli::create_request(draft, {}), cli::Failure);
}

TEST_CASE("an input is NAME=FILE, and the file's name may hold an equals sign") {
  const tests::TemporaryDirectory directory;
  const std::string path = (directory.path() / "a=b.csv").string();
  daemon::write_file_durably(path, "x");
  CHECK(cli::read_input("csv=" + path) == std::pair<std::string, std::string>("csv", "x"));
  CHECK_THROWS_AS(cli::read_input(path.substr(path.find('='))), cli::Failure);
  CHECK_THROWS_AS(cli::read_input("csv"), cli::Failure);
}
