#include "workers/fulfillment/analysis/columns/row_sample.hpp"

#include <numeric>

namespace circuit::analysis {
namespace {

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

bool RowSample::is_kept(std::size_t row) const { return (mixed(row + 1) & mask_) == 0; }

bool RowSample::extend(std::size_t rows) {
  const bool must_thin = kept_ + rows / (mask_ + 1) > rows_max_;
  if (must_thin) thin(rows);
  added_.clear();
  if (is_complete()) {
    kept_ += rows;
  } else {
    added_.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      added_[i] = is_kept(seen_ + i);
      if (added_[i] != 0) kept_rows_.push_back(seen_ + i);
    }
    kept_ = kept_rows_.size();
  }
  seen_ += rows;
  return must_thin;
}

// Until there is room for so many more rows.
void RowSample::thin(std::size_t more_rows) {
  if (is_complete()) {
    kept_rows_.resize(kept_);
    std::iota(kept_rows_.begin(), kept_rows_.end(), std::size_t{0});
  }
  do {
    mask_ = mask_ * 2 + 1;
    keeps_.assign(kept_rows_.size(), 0);
    kept_ = 0;
    for (std::size_t i = 0; i < kept_rows_.size(); ++i) kept_ += keeps_[i] = is_kept(kept_rows_[i]);
  } while (kept_ + more_rows / (mask_ + 1) > rows_max_);
  analysis::thin(kept_rows_, keeps_);
}

}  // namespace circuit::analysis
