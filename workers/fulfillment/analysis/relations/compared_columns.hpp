// The columns that can be compared, made ready for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t number_columns_max = 64;
inline constexpr std::size_t category_columns_max = 32;
inline constexpr std::uint32_t levels_max = 50;  // rows with a rarer value of a category are left out

struct ComparedNumbers {
  std::size_t index = 0;
  std::span<const double> values;  // in units of 2^exponent; NaN where there is none
  int exponent = 0;
  bool is_complete = true;
  std::vector<double> owned;  // what `values` looks at where that is not the customer's column itself

  // An even sample of the rows.
  [[nodiscard]] ComparedNumbers sampled(std::size_t size) const;
};

struct ComparedCategory {
  std::size_t index = 0;
  std::span<const std::uint32_t> codes;
  std::span<const std::string> labels;
};

// Looks at the values that it is made from.
struct ComparedColumns {
  std::vector<ComparedNumbers> numbers;
  std::vector<ComparedCategory> categories;
  std::size_t left_out = 0;  // beyond the limits
};

[[nodiscard]] ComparedColumns compared_columns(std::span<const ColumnSummary> columns,
                                               std::span<const ColumnValues> values);

}  // namespace circuit::analysis
