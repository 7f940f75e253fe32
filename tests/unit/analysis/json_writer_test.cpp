#include "workers/fulfillment/analysis/report/json_writer.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

TEST_CASE("members and elements stand on lines of their own, unless asked otherwise") {
  JsonWriter json;
  json.begin_object();
  json.member("a", std::size_t{1});
  json.key("b");
  json.begin_array(JsonWriter::Layout::one_line);
  json.number(0.5);
  json.begin_object();
  json.member("c", true);
  json.end();
  json.end();
  json.key("d");
  json.begin_array();
  json.end();
  json.end();
  CHECK(json.take() == "{\n  \"a\": 1,\n  \"b\": [0.5, {\"c\": true}],\n  \"d\": []\n}\n");
}
