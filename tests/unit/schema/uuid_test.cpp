#include <catch2/catch.hpp>

#include <functional>

#include "schema/uuid.hpp"
#include "tests/unit/schema/hex_uuid.hpp"

using namespace circuit::schema;

TEST_CASE("uuids compare as their bytes in network order", "[schema][uuid]") {
  const Uuid low = hex_uuid("00000000-0000-0000-0000-0000000000ff");
  const Uuid high = hex_uuid("00000000-0000-0000-0000-000000000100");
  const Uuid top = hex_uuid("80000000-0000-0000-0000-000000000000");
  CHECK(low < high);
  CHECK(high < top);
  CHECK(nil_uuid < low);
  CHECK(low == hex_uuid("00000000-0000-0000-0000-0000000000ff"));
}

TEST_CASE("a version 7 uuid gives its time in ms", "[schema][uuid]") {
  // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
  CHECK(uuid_time_ms(hex_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")) == 1'645'557'742'000);
  CHECK(uuid_time_ms(nil_uuid) == 0);
}

TEST_CASE("ids of one millisecond do not share a hash", "[schema][uuid]") {
  const std::hash<Uuid> hash;
  const Uuid one = hex_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
  const Uuid other = hex_uuid("01890a5d-ac96-774b-bcce-b302099a8058");
  CHECK(hash(one) != hash(other));
  CHECK(hash(one) == hash(Uuid{one.bytes}));
}
