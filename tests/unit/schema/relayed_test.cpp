#include "schema/relayed.hpp"

#include <catch2/catch.hpp>

#include "schema/packer.hpp"
#include "schema/replay_request.hpp"
#include "schema/upstream.hpp"

using namespace circuit::schema;

TEST_CASE("what the relay writes on a request comes back as it was") {
  const std::string routing_id("\0\xff\x01id", 5);
  const std::string frame = encode_relayed({routing_id, "shop", "203.0.113.1", true});
  Document document;
  const auto relayed = decode_relayed(document, frame);
  REQUIRE(relayed);
  CHECK(relayed->routing_id == routing_id);
  CHECK(relayed->upstream == "shop");
  CHECK(relayed->address == "203.0.113.1");
  CHECK(relayed->delimiter);
  for (std::size_t size = 0; size < frame.size(); ++size)
    CHECK_FALSE(decode_relayed(document, std::string_view(frame).substr(0, size)));
  CHECK_FALSE(decode_relayed(document, frame + "x"));
}

TEST_CASE("a frame of another shape is none of the relay's") {
  Document document;
  const auto refused = [&](auto pack) {
    std::string bytes;
    Packer packer(bytes);
    pack(packer);
    CHECK_FALSE(decode_relayed(document, bytes));
  };
  refused([](Packer& p) { p.map(0); });
  refused([](Packer& p) { p.array(3).binary("a").text("b").text("c"); });
  refused([](Packer& p) { p.array(5).binary("a").text("b").text("c").boolean(true).nil(); });
  refused([](Packer& p) { p.array(4).natural(1).text("b").text("c").boolean(true); });
  refused([](Packer& p) { p.array(4).binary("a").nil().text("c").boolean(true); });
  refused([](Packer& p) { p.array(4).binary("a").text("b").nil().boolean(true); });
  refused([](Packer& p) { p.array(4).binary("a").text("b").text("c").natural(1); });
}

TEST_CASE("a replay request has a type and a seq, and nothing else is one") {
  Document document;
  std::string good;
  Packer(good).map(3).text("type").text("replay").text("from_seq").natural(7).text("max").natural(2);
  const auto request = decode_replay_request(document, good);
  REQUIRE(request);
  CHECK(request->from_seq == 7);
  CHECK(request->max == 2);
  std::string open;
  Packer(open).map(2).text("type").text("replay").text("from_seq").natural(0);
  REQUIRE(decode_replay_request(document, open));
  CHECK_FALSE(decode_replay_request(document, open)->max);
  std::string other;
  Packer(other).map(2).text("type").text("reply").text("from_seq").natural(1);
  CHECK_FALSE(decode_replay_request(document, other));
  std::string negative;
  Packer(negative).map(2).text("type").text("replay").text("from_seq").integer(-1);
  CHECK_FALSE(decode_replay_request(document, negative));
  for (const std::string_view bytes :
       {std::string_view(""), std::string_view("\xc1"), std::string_view("\x93\x01\x02\x03")})
    CHECK_FALSE(decode_replay_request(document, bytes));
}

TEST_CASE("an upstream on the network is told from one of this machine by its prefix") {
  CHECK(network_upstream("shop") == "curve:shop");
  CHECK(network_name_of("curve:shop") == "shop");
  CHECK_FALSE(network_name_of("local:0"));
  CHECK_FALSE(network_name_of("tcp:127.0.0.1"));
  CHECK_FALSE(is_network_upstream(""));
}
