#include <catch2/catch.hpp>
#include <string>

#include "schema/document.hpp"
#include "schema/packer.hpp"

using namespace circuit::schema;
using namespace std::string_literals;

namespace {
bool accepted(std::string_view bytes) {
  Document document;
  return !document.parse(bytes);
}
}  // namespace

TEST_CASE("a map is read back as it was written") {
  std::string bytes;
  Packer(bytes).map(3).text("a").integer(-5).text("b").array(2).natural(7).text("x").text("c").boolean(true);
  Document document;
  REQUIRE_FALSE(document.parse(bytes));
  const auto root = document.root();
  REQUIRE(root.find("a").integer() == -5);
  REQUIRE(root.find("b").size() == 2);
  REQUIRE(root.find("b").first_child().next().string() == "x");
  REQUIRE(root.find("c").boolean() == true);
  REQUIRE_FALSE(root.find("d"));
}

TEST_CASE("an integer in a signed encoding is the same number") {
  Document document;
  REQUIRE_FALSE(document.parse("\xd1\x13\x88"s));  // int16 5000
  REQUIRE(document.root().natural() == 5000);
}

TEST_CASE("a number above the range of int64 is no integer") {
  Document document;
  REQUIRE_FALSE(document.parse("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s));
  REQUIRE_FALSE(document.root().integer());
}

TEST_CASE("five million nested arrays are refused") {
  REQUIRE_FALSE(accepted(std::string(5'000'000, '\x91') + "\xc0"));
}
TEST_CASE("five bytes that promise four billion elements are refused") {
  REQUIRE_FALSE(accepted("\xdd\xff\xff\xff\xff"s));  // array 32
  REQUIRE_FALSE(accepted("\xdf\xff\xff\xff\xff"s));  // map 32
  REQUIRE_FALSE(accepted("\xdb\xff\xff\xff\xff"s));  // str 32
  REQUIRE_FALSE(accepted("\xc6\xff\xff\xff\xff"s));  // bin 32
}
TEST_CASE("many small arrays are refused by their number of values") {
  std::string bytes;
  Packer packer(bytes);
  packer.array(4000);
  for (int i = 0; i < 4000; ++i) packer.array(1).nil();
  REQUIRE_FALSE(accepted(bytes));
}
TEST_CASE("bytes behind the end are refused") { REQUIRE_FALSE(accepted("\x80\x00"s)); }
TEST_CASE("a message that ends too soon is refused at every length") {
  std::string bytes;
  Packer(bytes).map(2).text("type").text("ping").text("request_id").array(2).natural(1).real(0.5);
  REQUIRE(accepted(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE_FALSE(accepted(bytes.substr(0, size)));
}
TEST_CASE("a key that stands twice is refused, also in a nested map") {
  REQUIRE_FALSE(
      accepted("\x82\xa1"
               "a\x01\xa1"
               "a\x02"s));
  REQUIRE_FALSE(
      accepted("\x81\xa1"
               "m\x82\xa1"
               "a\x01\xa1"
               "a\x02"s));
  REQUIRE(
      accepted("\x82\xa1"
               "a\x01\xa1"
               "b\x02"s));
}
TEST_CASE("keys that are no strings are refused") {
  REQUIRE_FALSE(accepted("\x81\x01\x02"s));
  REQUIRE_FALSE(
      accepted("\x81\x91\xa1"
               "a\x02"s));  // a key that is an array whose last element is a string
  REQUIRE_FALSE(
      accepted("\x81\x81\xa1"
               "a\xa1"
               "b\x02"s));
}
TEST_CASE("extension types and reserved bytes are refused") {
  REQUIRE_FALSE(accepted("\xd4\x01\x00"s));
  REQUIRE_FALSE(accepted("\xc1"s));
}
TEST_CASE("an empty message is refused") { REQUIRE_FALSE(accepted("")); }

TEST_CASE("UTF-8 is told from what only looks like it") {
  REQUIRE(is_utf8("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"));
  REQUIRE_FALSE(is_utf8("\xc0\xaf"));          // overlong
  REQUIRE_FALSE(is_utf8("\xe0\x80\xaf"));      // overlong
  REQUIRE_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  REQUIRE_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond Unicode
  REQUIRE_FALSE(is_utf8("12345678\xff"));
  REQUIRE_FALSE(is_utf8("\xe2\x82"));
}
TEST_CASE("control characters are not printable") {
  REQUIRE(is_printable_utf8("customer \xc3\xa9"));
  REQUIRE_FALSE(is_printable_utf8("a\nb"));
  REQUIRE_FALSE(is_printable_utf8("a\x7f"));
  REQUIRE_FALSE(is_printable_utf8("a\xc2\x85"));  // NEL, a C1 control
  REQUIRE_FALSE(is_printable_utf8("a\0b"s));
}
