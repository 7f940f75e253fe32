#include "broker/relay/zap.hpp"

#include <zmq.h>
#include <algorithm>
#include <array>
#include <cstdint>

namespace circuit::relay {
namespace {

constexpr std::string_view zap_version = "1.0";
constexpr std::size_t key_bytes = 32;

// A request's frames with CURVE; the first one is put before them by our ROUTER, and goes before the answer.
enum Frame : std::size_t { asker, delimiter, version, request_id, domain, address, identity, mechanism, key, frames };

bool is_about_a_key(const std::vector<std::string_view>& request) {
  return request.size() == frames && request[delimiter].empty() && request[version] == zap_version &&
         request[mechanism] == "CURVE" && request[key].size() == key_bytes;
}

std::string z85_of(std::string_view key) {
  std::array<char, key_bytes * 5 / 4 + 1> text;
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  return text.data();
}

// ZMTP metadata (RFC 23): the name's size in one byte, the name, the value's size in four, the value. libzmq takes
// "Identity" from here for the connection's routing id.
std::string routing_id_metadata(std::string_view id) {
  constexpr std::string_view name = "Identity";
  std::string metadata(1, static_cast<char>(name.size()));
  metadata += name;
  metadata.append({0, 0, 0, static_cast<char>(id.size())});
  metadata += id;
  return metadata;
}

std::vector<std::string> answer(const std::vector<std::string_view>& request, std::string_view status,
                                std::string_view text, std::string_view user_id, std::string_view metadata) {
  const std::string_view id = request.size() > request_id ? request[request_id] : std::string_view();
  std::vector<std::string> answer;
  for (const std::string_view frame :
       {request[asker], std::string_view(), zap_version, id, status, text, user_id, metadata})
    answer.emplace_back(frame);
  return answer;
}

}  // namespace

bool may_connect(const config::Upstream& upstream, std::string_view domain) {
  const auto is_stream = [](const std::string& request) { return request == "subscribe"; };
  if (domain == stream_domain) return std::ranges::any_of(upstream.requests, is_stream);
  return domain == orders_domain && !std::ranges::all_of(upstream.requests, is_stream);
}

std::set<std::string> keys_of(const std::vector<config::Upstream>& upstreams, std::string_view domain) {
  std::set<std::string> keys;
  for (const config::Upstream& upstream : upstreams)
    if (may_connect(upstream, domain)) keys.insert(upstream.public_key);
  return keys;
}

ZapAnswer answer_zap(const std::vector<std::string_view>& request, const Upstreams& upstreams,
                     std::string_view routing_id) {
  std::string refused;
  if (is_about_a_key(request)) {
    const std::string key_text = z85_of(request[key]);
    const auto upstream = upstreams.find(key_text);
    if (upstream && may_connect(*upstream, request[domain]))
      return {answer(request, "200", "OK", key_text, routing_id_metadata(routing_id)), {}};
    refused = (upstream ? upstream->name : "a stranger") + " from " + std::string(request[address]) +
              " was refused at " + std::string(request[domain]) + ": " +
              (upstream ? "its entry has no such request" : key_text);
  }
  return {answer(request, "400", "not known here", {}, {}), refused};
}

}  // namespace circuit::relay
