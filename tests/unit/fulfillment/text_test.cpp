#include <catch2/catch.hpp>
#include <cmath>

#include "schema/document.hpp"
#include "schema/file_name.hpp"
#include "schema/limits.hpp"
#include "tests/unit/fulfillment/order.hpp"
#include "workers/fulfillment/order_json.hpp"
#include "workers/fulfillment/sentence.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

TEST_CASE("a customer's sentence is one printable line") {
  CHECK(printable_line("The file is empty.\nsecret\n", 300) == "The file is empty.");
  CHECK(printable_line("\n \r\n  late start \r\n", 300) == "late start");
  CHECK(printable_line("a\tb\x1b[31mc\x7f", 300) == "a b [31mc");
  CHECK(printable_line("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 300) ==
        "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(printable_line("bad \xff\xc3 bytes \xe2\x82", 300) == "bad ?? bytes ??");
  CHECK(printable_line("next\xc2\x85line", 300) == "next line");
  CHECK(printable_line("", 300).empty());
  CHECK(printable_line(" \n\t", 300).empty());
}

TEST_CASE("a long sentence is cut between characters") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\xc3\xa9";
  text.insert(0, "x");
  const std::string line = printable_line(text, schema::failure_message_bytes_max);
  CHECK(line.size() == schema::failure_message_bytes_max - 1);
  CHECK(schema::is_printable_utf8(line));
}

TEST_CASE("a safe file name is never a path and never hidden") {
  for (const char* name : {"a", "report.html", "A-b_c.9", "x..y", "-"}) CHECK(schema::is_safe_file_name(name));
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a b", "caf\xc3\xa9", "a\n"})
    CHECK_FALSE(schema::is_safe_file_name(name));
  CHECK(schema::is_safe_file_name(std::string(64, 'a')));
  CHECK_FALSE(schema::is_safe_file_name(std::string(65, 'a')));
  CHECK_FALSE(schema::is_safe_file_name(std::string_view("a\0b", 3)));
}

TEST_CASE("the order's JSON has its keys in one order, on one line") {
  Ordered ordered;
  std::string metadata;
  schema::Packer(metadata).map(3).text("b").array(2).integer(-1).boolean(true).text("a").nil().text("q").text("\"\n");
  ordered.request.metadata = metadata;
  CHECK(order_json(ordered.request, "/data/input") ==
        R"({"order_id":")" + schema::order_id_text(order_of(1)) +
            R"(","product_id":"THING_V1","customer_id":"customer_001","amount":5000,"currency":"USD",)"
            R"("created_at":"2026-01-02T03:04:05.000006Z","metadata":{"b":[-1,true],"a":null,"q":"\"\n"},)"
            R"("input_directory":"/data/input"})"
            "\n");
}

TEST_CASE("an order without metadata has an empty object") {
  Ordered ordered;
  CHECK(order_json(ordered.request, "/i").find(R"("metadata":{},)") != std::string::npos);
}

TEST_CASE("what JSON lacks has a stand-in") {
  std::string packed;
  schema::Packer(packed).array(5).binary("\x01\x02").real(std::nan("")).real(0.5).text("\xff").natural(UINT64_MAX);
  schema::Document document;
  REQUIRE_FALSE(document.parse(packed));
  CHECK(json_text(document.root()) == "[\"AQI=\",null,0.5,\"\xef\xbf\xbd\",18446744073709551615]");
}
