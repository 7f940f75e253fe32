#include <catch2/catch.hpp>

#include "broker/config/config_error.hpp"
#include "tests/unit/fulfillment/order.hpp"
#include "workers/fulfillment/catalogue.hpp"
#include "workers/fulfillment/data_analysis.hpp"
#include "workers/fulfillment/license_key.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {
constexpr std::size_t mebibyte = 1 << 20;

std::string word_of(const HandlerResult& result) {
  const auto* failure = std::get_if<PermanentFailure>(&result);
  return failure ? failure->word : "";
}
}  // namespace

TEST_CASE("a licence is delivered in the loop and writes nothing") {
  Ordered ordered;
  LicenseKeyHandler handler;
  CHECK(handler.inline_in_loop());
  CHECK(std::holds_alternative<DeliveredLicense>(handler.run(ordered.request)));
  CHECK(std::filesystem::is_empty(ordered.request.output));
}

TEST_CASE("a CSV becomes the three files of the report") {
  Ordered ordered(packed_map({{"csv", "city,visitors\nOslo,3\nRome,5\n"}}));
  DataAnalysisHandler handler(mebibyte);
  CHECK_FALSE(handler.inline_in_loop());
  REQUIRE(std::holds_alternative<DeliveredFiles>(handler.run(ordered.request)));
  CHECK(std::filesystem::file_size(ordered.request.output / "analysis.json") > 0);
  CHECK(std::filesystem::file_size(ordered.request.output / "report.html") > 0);
  CHECK(content_of(ordered.request.output / "summary.txt").find("visitors") != std::string::npos);
}

TEST_CASE("a CSV as MessagePack text is the same as one in bytes") {
  std::string packed;
  schema::Packer(packed).map(1).text("csv").text("a,b\n1,2\n");
  Ordered ordered(packed);
  CHECK(std::holds_alternative<DeliveredFiles>(DataAnalysisHandler(mebibyte).run(ordered.request)));
}

TEST_CASE("an order without a CSV can't be analyzed, now or later") {
  Ordered without_input;
  CHECK(word_of(DataAnalysisHandler(mebibyte).run(without_input.request)) == "csv_missing");
  Ordered other_field(packed_map({{"table", "a,b\n1,2\n"}}));
  CHECK(word_of(DataAnalysisHandler(mebibyte).run(other_field.request)) == "csv_missing");
  std::string number;
  schema::Packer(number).map(1).text("csv").natural(7);
  Ordered no_text(number);
  CHECK(word_of(DataAnalysisHandler(mebibyte).run(no_text.request)) == "csv_not_text");
}

TEST_CASE("what the analysis refuses is a permanent failure, and nothing is written") {
  Ordered empty(packed_map({{"csv", ""}}));
  CHECK(word_of(DataAnalysisHandler(mebibyte).run(empty.request)) == "input_empty");
  CHECK(std::filesystem::is_empty(empty.request.output));
  Ordered large(packed_map({{"csv", "a,b\n1,2\n"}}));
  CHECK(word_of(DataAnalysisHandler(4).run(large.request)) == "input_too_large");
}

TEST_CASE("the catalogue knows the products that are sold") {
  ScratchDirectory data;
  config::Settings settings;
  const Catalogue catalogue(settings, data.path());
  REQUIRE(catalogue.find("LICENSE_KEY_V1"));
  CHECK((*catalogue.find("LICENSE_KEY_V1"))->inline_in_loop());
  REQUIRE(catalogue.find("DATA_ANALYSIS_V1"));
  CHECK_FALSE(catalogue.find("UNKNOWN"));
  settings.products[0].handler = "magic";
  CHECK_THROWS_AS(Catalogue(settings, data.path()), config::ConfigError);
}
