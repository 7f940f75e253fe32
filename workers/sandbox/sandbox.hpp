// The sandbox's loop: takes the operations that have arrived, decides them, commits the ledger once, and only then
// answers, with one message per peer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "schema/document.hpp"
#include "workers/sandbox/bank.hpp"
#include "workers/sandbox/ledger.hpp"

namespace circuit::sandbox {

// No more messages are taken into a batch that has this many operations.
inline constexpr std::size_t batch_operations_max = 4'096;

class Sandbox {
 public:
  // Binds. The ledger must outlive the sandbox.
  Sandbox(zmq::context_t& context, const std::string& endpoint, Ledger& ledger);

  [[nodiscard]] zmq::socket_t& socket() { return socket_; }

  // One batch: what has arrived and what is due. Blocks only for the disk. Returns how many operations arrived; 0 means
  // that there is nothing to do before the socket is readable or next_due() has come.
  std::size_t step(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_due() const { return bank_.next_due(); }

 private:
  struct Replies {
    std::string peer;
    std::string answers;  // encoded, without the array's head
    std::uint32_t count = 0;
  };
  std::size_t take(const zmq::message_t& peer, std::string_view body, TimePoint now);
  void add(std::string_view peer, const Answer& answer);
  void send();

  Ledger& ledger_;
  Bank bank_;
  zmq::socket_t socket_;
  std::vector<Replies> replies_;  // of this batch; few, one per worker
  std::vector<Operation> operations_;
  std::string body_;
  schema::Document document_;
};

}  // namespace circuit::sandbox
