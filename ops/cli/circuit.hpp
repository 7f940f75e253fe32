// The circuit on a data directory, as this program sees it: two request sockets, the stream, and the words for when
// nobody is there.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <zmq.hpp>

#include "broker/client/subscriber.hpp"
#include "ops/cli/client.hpp"

namespace circuit::cli {

// A command line for the person to run, such as "circuit up --data /srv/circuit"; without --data for the default one.
[[nodiscard]] std::string command_on(const std::filesystem::path& data, const std::string& command);

// As the daemons take it: without trailing slashes and the like.
[[nodiscard]] std::filesystem::path data_path(const std::filesystem::path& given);

class Circuit {
 public:
  explicit Circuit(const std::filesystem::path& data);

  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  [[nodiscard]] zmq::context_t& sockets() { return sockets_; }
  [[nodiscard]] RequestClient& orders() { return orders_; }
  [[nodiscard]] RequestClient& control() { return control_; }

  // The reply, or a Failure that says why there is none. Orders go as the upstream of this user, control as operator.
  [[nodiscard]] Json ask_orders(Json request, std::chrono::milliseconds wait = RequestClient::default_wait);
  [[nodiscard]] Json ask_control(Json request, std::chrono::milliseconds wait = RequestClient::default_wait);

  // Whether a broker accepts connections.
  [[nodiscard]] bool is_up() const;
  void require_up() const;

  [[nodiscard]] client::SubscriberOptions stream(std::uint64_t from_seq) const;

 private:
  [[nodiscard]] Json require(RequestClient& client, Json request, std::chrono::milliseconds wait) const;

  const std::filesystem::path data_;
  zmq::context_t sockets_;
  RequestClient orders_;
  RequestClient control_;
};

// A refusal in one line.
[[nodiscard]] std::string refusal_text(const Json& error);

}  // namespace circuit::cli
