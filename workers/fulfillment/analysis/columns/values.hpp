// The values of one column, one a kept row, so that two columns can be laid side by side. At most one of the three is
// filled: numbers for integer and real columns, codes for categories and booleans, moments for dates.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace circuit::analysis {

inline constexpr std::uint32_t missing_code = 0;
inline constexpr std::int64_t missing_moment = std::numeric_limits<std::int64_t>::min();

struct ColumnValues {
  std::vector<double> numbers;           // NaN where there is none
  std::vector<std::uint32_t> codes;      // code c > 0 is labels[c - 1]; 0 where there is none
  std::vector<std::string> labels;       // clipped; by falling frequency
  std::vector<std::int64_t> moments_us;  // missing_moment where there is none
};

}  // namespace circuit::analysis
