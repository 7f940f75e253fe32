#include "tests/integration/network.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>

namespace circuit::integration {

Network::Network(const std::string& more_config) : config_(more_config) {
  config_ +=
      "[relay]\norders = [\"" + orders_ + "\"]\nevents = [\"" + events_ + "\"]\nreplay = [\"" + replay_ + "\"]\n";
  add("shop", "");
  add("books", "requests = [\"subscribe\"]\n");
}

void Network::add(const std::string& name, const std::string& lines) {
  keys_[name] = new_curve_keys();
  config_ += "[[upstream]]\nname = \"" + name + "\"\npublic_key = \"" + keys_[name].public_key + "\"\n" + lines;
  circuit_.set_config(config_);
}

void Network::remove(const std::string& name) {
  const std::size_t begin = config_.find("[[upstream]]\nname = \"" + name + "\"\n");
  if (begin == std::string::npos) throw std::runtime_error("there is no upstream " + name);
  config_.erase(begin, std::min(config_.find("[[upstream]]", begin + 1), config_.size()) - begin);
  circuit_.set_config(config_);
}

void Network::reload() {
  for (const char* name : {"broker", "relay"}) {
    const std::size_t before = circuit_.log(name).size();
    circuit_.signal(name, SIGHUP);
    eventually(std::string(name) + " has read its file again",
               [&] { return circuit_.log(name).find("reloaded", before) != std::string::npos; });
  }
}

std::string Network::config() const { return config_; }

void Network::start() {
  circuit_.start({"broker", "sandbox", "payment", "fulfillment", "auditor", "relay"});
  wait_until_open();
}

void Network::wait_until_open() {
  Client shop = client("shop");
  eventually("a request gets through", [&] { return error_of(shop.ask({{"type", "ping"}})).empty(); });
}

std::string Network::server_key() const {
  std::string secret = read_file(circuit_.data() / "relay" / "relay.key");
  secret.resize(40);
  std::array<char, 41> public_key{};
  if (zmq_curve_public(public_key.data(), secret.c_str()) != 0) throw std::runtime_error("the relay's key is no key");
  return public_key.data();
}

Curve Network::curve(const std::string& name) const { return {server_key(), keys_.at(name)}; }

Client Network::client(const std::string& name, const std::string& routing_id) const {
  return Client(connected(zmq::socket_type::dealer, orders_, curve(name), routing_id));
}

}  // namespace circuit::integration
