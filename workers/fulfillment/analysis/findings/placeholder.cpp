#include "workers/fulfillment/analysis/findings/placeholder.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double usual[] = {-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, 9999999};
constexpr double far_distances = 15;

std::optional<Placeholder> number_placeholder(const ColumnSummary& column) {
  const NumberSummary& numbers = *column.numbers;
  const double distance = numbers.median_absolute_deviation;
  if (!(distance > 0)) return std::nullopt;
  for (const double value : {numbers.min, numbers.max}) {
    if (std::ranges::count(usual, value) == 0 || std::fabs(value - numbers.median) < far_distances * distance) continue;
    Placeholder placeholder{exact_text(value), 0};
    for (const TopValue& top : column.top_values)
      if (top.text == placeholder.text) placeholder.count = top.count;
    return placeholder;
  }
  return std::nullopt;
}

std::optional<Placeholder> date_placeholder(const ColumnSummary& column) {
  constexpr std::size_t rows_min = 20;
  const auto& top = column.top_values;
  if (top.size() < 2 || column.count < rows_min) return std::nullopt;
  if (top[0].count * 20 < column.count || top[0].count < 10 * top[1].count) return std::nullopt;
  return Placeholder{top[0].text, top[0].count};
}

}  // namespace

std::optional<Placeholder> placeholder_of(const ColumnSummary& column) {
  if (column.is_date()) return date_placeholder(column);
  if (column.is_numeric() && column.numbers) return number_placeholder(column);
  return std::nullopt;
}

}  // namespace circuit::analysis
