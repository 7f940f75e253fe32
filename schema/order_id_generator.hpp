// Issues order ids: UUID version 7 with a counter (RFC 9562 5.7, 6.2 method 1).
//
//   48 bits ms since the epoch | version 7 | 12 bits counter | variant 2 | 62 random bits
//
// Invariants: every id is greater than all before it, also when the clock stands still or steps
// back; to keep that over a restart the owner passes the last id that it stored. Within one
// millisecond the counter rises; when it is full the id's millisecond moves on ahead of the clock.
#pragma once

#include <cstdint>

#include "schema/uuid.hpp"

namespace circuit::schema {

// Not thread-safe: one issuer has one generator.
class OrderIdGenerator {
 public:
  // `last_issued` is the greatest id ever issued, or nil_uuid if there is none.
  // Throws std::invalid_argument for anything else than nil or version 7.
  explicit OrderIdGenerator(Uuid last_issued);

  // The next id. `now_us` is the wall clock in microseconds since the epoch; a time before the
  // epoch counts as the epoch. `random_bits` must come from a cryptographic source, since ids
  // must not be guessable; its upper two bits are not used.
  // Throws std::overflow_error when the 48 bits of time are spent (year 10889).
  [[nodiscard]] Uuid next(std::int64_t now_us, std::uint64_t random_bits);

 private:
  std::int64_t last_ms_;
  std::uint16_t last_counter_;
};

}  // namespace circuit::schema
