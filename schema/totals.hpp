// The totals of an installation: counts, revenue, and how long delivery took. Kept in the same transaction as the
// events they count, and a pure function of them: adding every event from the first one gives the same totals
// (`recount`).
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "schema/event.hpp"

namespace circuit::schema {

// Counts of durations in buckets of at most 12.5 % width: exact below 8 µs, then eight buckets for each power of two.
class DurationHistogram {
 public:
  void add(std::int64_t duration_us);
  [[nodiscard]] std::uint64_t count() const;
  // The upper end of the bucket that holds the quantile (0..1), in µs; 0 when nothing was counted.
  [[nodiscard]] std::int64_t quantile_us(double quantile) const;

  bool operator==(const DurationHistogram&) const = default;
  std::vector<std::uint64_t> buckets;
  static constexpr auto members = std::tuple{&DurationHistogram::buckets};
};

struct CurrencyTotals {
  std::string currency;
  std::int64_t gross = 0;     // captured, minor units
  std::int64_t refunded = 0;  // given back
  bool operator==(const CurrencyTotals&) const = default;
  static constexpr auto members =
      std::tuple{&CurrencyTotals::currency, &CurrencyTotals::gross, &CurrencyTotals::refunded};
};

struct Totals {
  std::uint64_t last_seq = 0;               // of the newest event counted
  std::vector<std::uint64_t> event_counts;  // by the number of the event's type
  std::vector<CurrencyTotals> revenue;      // in the order of first use
  DurationHistogram delivery;               // from payment to fulfilment

  void add(const Event& event);
  [[nodiscard]] std::uint64_t count(EventType type) const;

  bool operator==(const Totals&) const = default;
  static constexpr auto members =
      std::tuple{&Totals::last_seq, &Totals::event_counts, &Totals::revenue, &Totals::delivery};
};

// A part of a whole, 0 when the whole is 0.
[[nodiscard]] double rate(std::uint64_t part, std::uint64_t whole);

}  // namespace circuit::schema
