// Counts, along the file, where a column has no value: bands of equally many rows, doubled when there are too many.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace circuit::analysis {

class MissingBands {
 public:
  static constexpr std::size_t bands_max = 100;

  // So many rows from `row` on. Rows must come in ascending order.
  void add(std::size_t row, std::size_t rows = 1) {
    const std::size_t end = row + rows;
    while (end > rows_per_band_ * bands_max) widen();
    while (row < end) {
      const std::size_t band = row / rows_per_band_;
      const std::size_t band_end = std::min(end, (band + 1) * rows_per_band_);
      if (band >= counts_.size()) counts_.resize(band + 1);
      counts_[band] += band_end - row;
      row = band_end;
    }
  }

  [[nodiscard]] static std::size_t rows_per_band(std::size_t rows) {
    std::size_t result = 1;
    while (rows > result * bands_max) result *= 2;
    return result;
  }

  // The counts in bands of rows_per_band(rows), for a file of so many rows.
  [[nodiscard]] std::vector<std::size_t> counts(std::size_t rows) const {
    MissingBands copy = *this;
    while (copy.rows_per_band_ < rows_per_band(rows)) copy.widen();
    copy.counts_.resize((rows + copy.rows_per_band_ - 1) / copy.rows_per_band_);
    return copy.counts_;
  }

 private:
  void widen() {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::size_t count = counts_[i];
      counts_[i] = 0;
      counts_[i / 2] += count;
    }
    counts_.resize((counts_.size() + 1) / 2);
    rows_per_band_ *= 2;
  }

  std::size_t rows_per_band_ = 1;
  std::vector<std::size_t> counts_;
};

}  // namespace circuit::analysis
