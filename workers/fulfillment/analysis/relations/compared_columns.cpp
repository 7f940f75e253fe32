#include "workers/fulfillment/analysis/relations/compared_columns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "workers/fulfillment/analysis/relations/sampling.hpp"
#include "workers/fulfillment/analysis/statistics/scale.hpp"

namespace circuit::analysis {
namespace {

ComparedNumbers number_column(std::size_t index, std::span<const double> values) {
  ComparedNumbers column{.index = index, .values = values};
  double largest = 0;
  for (const double value : values) {
    column.is_complete = column.is_complete & (value == value);
    largest = std::max(largest, std::fabs(value));  // a missing one is not larger
  }
  column.exponent = scale_exponent(largest);
  if (column.exponent != 0) {
    column.owned = scaled(values, column.exponent);
    column.values = column.owned;
  }
  return column;
}

}  // namespace

ComparedNumbers ComparedNumbers::sampled(std::size_t size) const {
  std::vector<double> sample = even_sample(values, size);
  ComparedNumbers result = number_column(index, sample);
  result.exponent += exponent;
  if (result.owned.empty()) {
    result.owned = std::move(sample);
    result.values = result.owned;
  }
  return result;
}

ComparedColumns compared_columns(std::span<const ColumnSummary> columns, std::span<const ColumnValues> values) {
  ComparedColumns compared;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_numeric() && !values[i].numbers.empty()) {
      if (compared.numbers.size() < number_columns_max) {
        compared.numbers.push_back(number_column(i, values[i].numbers));
      } else {
        ++compared.left_out;
      }
    } else if (columns[i].is_category() && !values[i].codes.empty()) {
      if (compared.categories.size() < category_columns_max) {
        compared.categories.push_back({i, values[i].codes, values[i].labels});
      } else {
        ++compared.left_out;
      }
    }
  }
  return compared;
}

}  // namespace circuit::analysis
