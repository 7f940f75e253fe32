// Holds a Book against what a broker says: its orders in pages, and its totals. Both go on meanwhile, so what differs
// is looked at again once the book has caught up; only what still differs at the same version is a difference.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "broker/client/subscriber.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/replay/book.hpp"

namespace circuit::ops {

struct Comparison {
  static constexpr std::size_t differences_max = 1'000;
  std::uint64_t orders = 0;            // compared
  std::uint64_t last_seq = 0;          // up to which the totals were compared
  std::uint64_t difference_count = 0;  // all of them
  std::vector<std::string> differences;
};

// The totals in the form in which get_stats has them.
[[nodiscard]] cli::Json totals_json(const schema::Totals& totals);

// Gets the work under way, how much of it is done, and how much there is (0: unknown).
using ReplayProgress = std::function<void(const char* what, std::uint64_t done, std::uint64_t all)>;

// Reads the stream into the book until it has caught up. Throws cli::Failure when the broker does not answer.
void catch_up(client::Subscriber& subscriber, Book& book, std::uint64_t newest_seq, const ReplayProgress& progress);

// Precondition: the book has caught up, and the subscriber goes on where it ends.
[[nodiscard]] Comparison compare_with_broker(cli::Circuit& circuit, client::Subscriber& subscriber, Book& book,
                                             const ReplayProgress& progress);

}  // namespace circuit::ops
