// A request and its reply (DESIGN §3.1), one at a time. That a request was refused is an answer; that none came is
// another matter, and both are told apart from what went wrong in this program.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "ops/cli/json.hpp"
#include "schema/document.hpp"

namespace circuit::cli {

struct Answer {
  enum class Outcome : std::uint8_t {
    done,       // `body` is the reply without `ok` and `request_id`
    refused,    // `body` is its error: code, message and perhaps field, retry_after_ms
    nobody,     // nothing listens at the endpoint
    no_answer,  // something does, but no reply came in time: whether the request was carried out is unknown
  };
  Outcome outcome = Outcome::no_answer;
  Json body;
  [[nodiscard]] explicit operator bool() const { return outcome == Outcome::done; }
};

// Whether the same request may be sent twice with the effect of once. Creates may, because of their idempotency key.
[[nodiscard]] bool is_repeatable(std::string_view type);

// Whether somebody accepts connections at an ipc endpoint. True for every other endpoint. Throws Failure when we lack
// the right to connect, or the path is too long for a socket.
[[nodiscard]] bool is_listening(const std::string& endpoint);

class RequestClient {
 public:
  RequestClient(zmq::context_t& context, std::string endpoint);

  // Sends a map with a `type`, as MessagePack; `request_id` is added. Json binaries go as binary. Blocks until the
  // reply is here, but no longer than `wait`. A request that is_repeatable is sent again while it waits.
  [[nodiscard]] Answer ask(Json request, std::chrono::milliseconds wait = default_wait);

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  static constexpr std::chrono::milliseconds default_wait{10'000};

 private:
  [[nodiscard]] std::optional<Answer> read_reply();

  zmq::context_t& context_;
  const std::string endpoint_;
  zmq::socket_t socket_;  // connected at the first request
  std::uint64_t last_request_ = 0;
  schema::Document document_;
};

}  // namespace circuit::cli
