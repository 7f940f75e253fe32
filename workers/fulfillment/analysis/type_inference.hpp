// Which type a column has, judged by all of its present values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

struct Inference {
  ColumnType type = ColumnType::empty;   // never category: that takes counting
  std::vector<double> numbers;           // every value, if the type is integer or real
  std::vector<std::int64_t> moments_us;  // every value, if the type is date
  // A text column that a few values, or the way its numbers are written, keep from being more: the end
  // of a sentence that says so.
  std::string obstacle;
};

[[nodiscard]] Inference infer_type(std::span<const std::string_view> present);

}  // namespace circuit::analysis
