// What the findings about series share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Whether it has steps and its number measures something.
[[nodiscard]] bool is_told(const Analysis& analysis, const TimeSeries& series);

// The steps, without a first or last count of a period that the data do not cover. Not empty unless the series is.
[[nodiscard]] std::span<const TimeSeries::Step> whole_steps(const TimeSeries& series);

// 0 to 1: a change beside the level, full from a fifth of it on. What can be negative, such as a temperature, has no
// level but a range.
[[nodiscard]] double size_of_change(double change, double level, const TimeSeries& series);

// Whether the values of neighbouring periods are much alike: first autocorrelation of 0.8 or more in two dozen steps.
[[nodiscard]] bool moves_slowly(const TimeSeries& series);

// A value of the series, with the unit of its column.
[[nodiscard]] std::string value_text(double value, const TimeSeries& series, const Analysis& analysis);

// " (+24%)", " (3.1 times as much)"; empty where a ratio makes no sense.
[[nodiscard]] std::string ratio_text(double from, double to, const TimeSeries& series);

// The date, and the number if there is one.
[[nodiscard]] std::vector<std::size_t> columns_of(const TimeSeries& series);

}  // namespace circuit::analysis
