// Which rows are kept, for what needs a column's values in order or two columns side by side: all of them, until a file
// has more than fit; then every second one is given up, again and again.
//
// A row is kept by a hash of its number, so that the sample is even over the file, blind to any rhythm in it, and the
// same each time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace circuit::analysis {

class RowSample {
 public:
  // About so many rows are kept at most. At least 1.
  explicit RowSample(std::size_t rows_max) : rows_max_(rows_max) {}

  // Takes in the next `rows` rows. True if rows are given up from now on: then keeps() tells for each of those that
  // were kept before, in their order, whether it stays.
  [[nodiscard]] bool extend(std::size_t rows);
  [[nodiscard]] std::span<const std::uint8_t> keeps() const { return keeps_; }
  // For each of the rows taken in last, whether it is kept; empty: all are.
  [[nodiscard]] std::span<const std::uint8_t> added() const { return added_; }

  [[nodiscard]] std::size_t rows_max() const { return rows_max_; }
  [[nodiscard]] bool is_complete() const { return mask_ == 0; }
  [[nodiscard]] std::size_t kept() const { return kept_; }
  [[nodiscard]] std::size_t seen() const { return seen_; }

 private:
  [[nodiscard]] bool is_kept(std::size_t row) const;
  void thin(std::size_t more_rows);

  std::size_t rows_max_;
  std::uint64_t mask_ = 0;  // of the bits that must be 0 in a row's hash
  std::size_t seen_ = 0;
  std::size_t kept_ = 0;
  std::vector<std::size_t> kept_rows_;  // filled once the sample is not complete
  std::vector<std::uint8_t> keeps_;
  std::vector<std::uint8_t> added_;
};

// Gives up what is not kept.
template <class Value>
void thin(std::vector<Value>& values, std::span<const std::uint8_t> keeps) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (keeps[i] != 0) values[to++] = values[i];
  values.resize(to);
}

}  // namespace circuit::analysis
