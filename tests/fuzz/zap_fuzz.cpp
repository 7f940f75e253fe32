// Any frames as what libzmq asks at a handshake, each behind one byte that says how long it is. Only a request of
// ZAP 1.0 about a key that may connect to the domain is answered 200; its user id is that key, and nobody else has one.
#include <zmq.h>
#include <algorithm>
#include <array>
#include <string>

#include "broker/relay/zap.hpp"
#include "tests/fuzz/frames.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;
using Frames = std::vector<std::string_view>;

namespace {

constexpr std::string_view routing_id = "0123456789abcdef";

// Keys that are easy to meet: 32 times the same character.
std::string key_of(char name) { return std::string(32, name); }

config::Upstream upstream(char name, std::vector<std::string> requests) {
  const std::string key = key_of(name);
  std::array<char, 41> text{};
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  config::Upstream made;
  made.name = std::string(1, name);
  made.public_key = text.data();
  made.requests = std::move(requests);
  return made;
}

const relay::Upstreams& known() {
  static const relay::Upstreams upstreams(
      {upstream('o', {"create_order", "ping"}), upstream('s', {"subscribe"}), upstream('b', {"subscribe", "ping"})});
  return upstreams;
}

// The same decision, in other words.
bool may_come_in(const Frames& frames) {
  if (frames.size() != 9 || !frames[1].empty() || frames[2] != "1.0" || frames[7] != "CURVE") return false;
  const bool orders = frames[8] == key_of('o') || frames[8] == key_of('b');
  const bool stream = frames[8] == key_of('s') || frames[8] == key_of('b');
  return (orders && frames[4] == "orders") || (stream && frames[4] == "stream");
}

void check(const Frames& request) {
  const relay::ZapAnswer answer = relay::answer_zap(request, known(), routing_id);
  const std::vector<std::string>& frames = answer.frames;
  require(frames.size() == 8, "an answer has eight frames");
  require(frames[0] == request[0] && frames[1].empty(), "an answer goes to whoever asked");
  require(frames[2] == "1.0" && !frames[5].empty(), "an answer has a version and a text");
  require(frames[3] == (request.size() > 3 ? request[3] : ""), "an answer has the request's id");
  if (!may_come_in(request)) {
    require(frames[4] == "400", "whoever may not come in is refused");
    require(frames[6].empty() && frames[7].empty(), "who is refused has no user id and no routing id");
    return;
  }
  require(frames[4] == "200" && answer.refused.empty(), "whoever may come in does");
  std::array<std::uint8_t, 32> key{};
  require(frames[6].size() == 40 && zmq_z85_decode(key.data(), frames[6].c_str()), "a user id is a key's text");
  require(std::equal(key.begin(), key.end(), request[8].begin(), request[8].end(),
                     [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }),
          "a user id is the key that was asked about");
  require(frames[7] == std::string("\10Identity\0\0\0\20", 13) + std::string(routing_id),
          "the connection gets our routing id and no other property");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Frames request = fuzz::frames_of(fuzz::view_of(data, size));
  check(request);
  if (!may_come_in(request)) return 0;
  for (std::size_t i = 0; i < request.size(); ++i) {
    Frames other = request;
    other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
    check(other);
    other.insert(other.begin() + static_cast<std::ptrdiff_t>(i), {request[i], request[i]});
    check(other);
  }
  return 0;
}
