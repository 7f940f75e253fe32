// Some records of a file, laid out by column: a column's cells stand side by side, so that each column is worked on in
// one go.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/reading/record_splitter.hpp"

namespace circuit::analysis {

class CellBlock {
 public:
  explicit CellBlock(std::size_t columns)
      : columns_(columns),
        rows_max_(std::clamp<std::size_t>(cells_max / std::max<std::size_t>(columns, 1), 1, 2048)),
        cells_(columns_ * rows_max_),
        hashes_(rows_max_) {}

  // The cells are good until the block is cleared or its text moves. A cell that a short record does not have is a
  // view of nothing: data() is null. `i` must be below width().
  [[nodiscard]] std::span<const std::string_view> column(std::size_t i) const {
    return {cells_.data() + i * rows_max_, rows_};
  }
  // A hash of each record's bytes, without its line end (XXH3, 64 bits).
  [[nodiscard]] std::span<const std::uint64_t> hashes() const { return {hashes_.data(), rows_}; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  // Columns from here on have no cell in any of the records: a wide table of short records costs what its records do.
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] bool is_full() const { return rows_ == rows_max_; }

  void clear() {
    rows_ = 0;
    width_ = 0;
    arena_.clear();
  }
  // Fills in the record that the next commit() completes. `column` beyond the last is ignored.
  void put(std::size_t column, std::string_view cell) {
    if (column < columns_) cells_[column * rows_max_ + rows_] = cell;
  }
  void commit(std::size_t width, std::uint64_t hash) {
    for (std::size_t i = width; i < width_; ++i) cells_[i * rows_max_ + rows_] = {};
    for (; width_ < std::min(width, columns_); ++width_)
      std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(width_ * rows_max_), rows_, std::string_view{});
    hashes_[rows_++] = hash;
  }
  [[nodiscard]] Arena& arena() { return arena_; }

 private:
  static constexpr std::size_t cells_max = 16 * 1024;
  std::size_t columns_;
  std::size_t rows_max_;
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  std::vector<std::string_view> cells_;
  std::vector<std::uint64_t> hashes_;
  Arena arena_;
};

}  // namespace circuit::analysis
