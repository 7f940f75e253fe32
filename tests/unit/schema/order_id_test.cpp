#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <stdexcept>
#include <string>

#include "schema/order_id.hpp"
#include "tests/unit/schema/hex_uuid.hpp"

using namespace circuit::schema;

namespace {

nlohmann::json vectors(const std::string& name) {
  std::ifstream file(CIRCUIT_SOURCE_DIR "/tests/vectors/typeid/" + name);
  REQUIRE(file.is_open());
  return nlohmann::json::parse(file);
}

const std::string order_text = "ord_01h455vb4pex5vsknk084sn02q";

}  // namespace

TEST_CASE("every valid vector of the TypeID spec reads and writes as it says", "[schema][order_id]") {
  const auto cases = vectors("valid.json");
  REQUIRE(cases.size() >= 9);
  for (const auto& c : cases) {
    INFO(c["name"]);
    const TypeId expected{c["prefix"], hex_uuid(c["uuid"].get<std::string>())};
    const std::string text = c["typeid"];
    CHECK(decode_typeid(text) == expected);
    CHECK(encode_typeid(expected.prefix, expected.uuid) == text);
  }
}

TEST_CASE("every invalid vector of the TypeID spec is refused", "[schema][order_id]") {
  const auto cases = vectors("invalid.json");
  REQUIRE(cases.size() >= 21);
  for (const auto& c : cases) {
    INFO(c["name"]);
    CHECK_FALSE(decode_typeid(c["typeid"].get<std::string>()));
  }
}

TEST_CASE("a prefix of 63 characters is the longest", "[schema][order_id]") {
  const std::string longest(63, 'a');
  CHECK(decode_typeid(encode_typeid(longest, nil_uuid))->prefix == longest);
  CHECK_THROWS_AS(encode_typeid(longest + 'a', nil_uuid), std::invalid_argument);
}

TEST_CASE("a prefix outside the grammar cannot be written", "[schema][order_id]") {
  for (const char* prefix : {"_", "_a", "a_", "A", "a1", "a-b", "é", " a"}) {
    INFO(prefix);
    CHECK_THROWS_AS(encode_typeid(prefix, nil_uuid), std::invalid_argument);
  }
}

TEST_CASE("an order id has 30 characters and gives its uuid back", "[schema][order_id]") {
  const Uuid uuid = hex_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
  CHECK(order_id_text(uuid) == order_text);
  CHECK(parse_order_id(order_text) == uuid);
}

TEST_CASE("an order id is written into a buffer without a terminating zero", "[schema][order_id]") {
  std::array<char, 32> buffer;
  buffer.fill('#');
  write_order_id(nil_uuid, std::span(buffer).first<order_id_bytes>());
  CHECK(std::string(buffer.data(), buffer.size()) == "ord_00000000000000000000000000##");
}

TEST_CASE("each single bit of a uuid survives its order id, and the fast path agrees with the general one",
          "[schema][order_id]") {
  for (std::size_t bit = 0; bit < 128; ++bit) {
    Uuid uuid;
    uuid.bytes[bit / 8] = static_cast<std::uint8_t>(0x80 >> bit % 8);
    INFO(bit);
    CHECK(parse_order_id(order_id_text(uuid)) == uuid);
    CHECK(order_id_text(uuid) == encode_typeid("ord", uuid));
    CHECK(decode_typeid(order_id_text(uuid)) == TypeId{"ord", uuid});
  }
}

TEST_CASE("order ids sort as their uuids do", "[schema][order_id]") {
  std::mt19937_64 random(1);
  Uuid last;
  for (int i = 0; i < 2000; ++i) {
    Uuid uuid;
    for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random());
    CHECK((uuid < last) == (order_id_text(uuid) < order_id_text(last)));
    last = uuid;
  }
}

TEST_CASE("a changed character of an order id is refused or is another order", "[schema][order_id]") {
  const Uuid uuid = *parse_order_id(order_text);
  for (std::size_t at = 0; at < order_text.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text = order_text;
      if (text[at] == static_cast<char>(c)) continue;
      text[at] = static_cast<char>(c);
      const auto other = parse_order_id(text);
      if (other && (*other == uuid || order_id_text(*other) != text)) FAIL(text);
      if (other && at < 4) FAIL(text);
    }
  }
}

TEST_CASE("text that is not exactly one order id is refused", "[schema][order_id]") {
  const std::string suffix = order_text.substr(4);
  for (const std::string& text :
       {std::string(), std::string("ord_"), suffix, "ord" + suffix, order_text + "0", order_text + "\n",
        " " + order_text, order_text.substr(0, 29), "orders_" + suffix, "tok_" + suffix, "ORD_" + suffix,
        "or_" + suffix + "0", std::string("ord_8zzzzzzzzzzzzzzzzzzzzzzzzz"), "ord_" + std::string(26, '\0'),
        "ord_" + std::string(26, '\xff')}) {
    INFO(text);
    CHECK_FALSE(parse_order_id(text));
  }
  CHECK(parse_order_id("ord_7zzzzzzzzzzzzzzzzzzzzzzzzz"));
}
