#include "ops/cli/json.hpp"

#include <catch2/catch.hpp>

#include "schema/packer.hpp"

using namespace circuit;
using cli::Json;

namespace {

Json converted(const std::string& packed) {
  schema::Document document;
  REQUIRE_FALSE(document.parse(packed));
  return cli::json_of(document.root());
}

}  // namespace

TEST_CASE("a reply becomes JSON with its keys in their order") {
  std::string packed;
  schema::Packer(packed)
      .map(5)
      .text("z")
      .natural(18'446'744'073'709'551'615u)
      .text("a")
      .integer(-3)
      .text("r")
      .real(0.5);
  schema::Packer(packed).text("n").nil().text("list").array(2).boolean(true).text("µ");
  CHECK(cli::json_line(converted(packed)) ==
        "{\"z\":18446744073709551615,\"a\":-3,\"r\":0.5,\"n\":null,\"list\":[true,\"µ\"]}\n");
}

TEST_CASE("binary becomes base64url") {
  std::string packed;
  schema::Packer(packed).map(1).text("bytes").binary(std::string_view("\xff\x00\xfe", 3));
  CHECK(converted(packed) == Json{{"bytes", "_wD-"}});
}

TEST_CASE("times become RFC 3339, but not those of a customer's metadata") {
  Json json = {{"created_at", 1'000'001},          {"paid_at", nullptr},          {"ts", 0}, {"amount", 5'000},
               {"history", {{{"ts", 2'000'000}}}}, {"metadata", {{"seen_at", 7}}}};
  cli::times_to_text(json);
  CHECK(json["created_at"] == "1970-01-01T00:00:01.000001Z");
  CHECK(json["paid_at"].is_null());
  CHECK(json["amount"] == 5'000);
  CHECK(json["history"][0]["ts"] == "1970-01-01T00:00:02.000000Z");
  CHECK(json["metadata"]["seen_at"] == 7);
}

TEST_CASE("an event has the same JSON from the stream and from an order's history") {
  schema::Event event{
      .seq = 3, .ts = 5, .type = schema::EventType::order_fulfilled, .version = 3, .status = schema::Status::fulfilled};
  event.data.customer_id = "customer_001";
  event.data.product_id = "DATA_ANALYSIS_V1";
  event.data.delivery_us = 12;
  event.data.deliverable = schema::deliverable_files;
  event.data.directory = "1-1";
  event.data.files = {{"report.html", 7, "ab"}};
  std::string encoded;
  schema::encode_event(encoded, event);
  CHECK(cli::json_line(converted(encoded)) == cli::json_line(cli::json_of(event)));
}

TEST_CASE("text that is not UTF-8 can be printed") {
  CHECK(cli::json_line(Json{{"name", "caf\xe9"}}) == "{\"name\":\"caf\xef\xbf\xbd\"}\n");
}
