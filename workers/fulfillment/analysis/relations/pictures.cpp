#include "workers/fulfillment/analysis/relations/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "workers/fulfillment/analysis/relations/sampling.hpp"
#include "workers/fulfillment/analysis/statistics/compensated.hpp"
#include "workers/fulfillment/analysis/statistics/order.hpp"
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t quartile_rows_max = 100'000;

// The codes of the largest counts, at most `size`, largest first; of equal counts the smaller code. Code 0 is nothing.
std::vector<std::uint32_t> most_frequent(std::span<const std::size_t> counts, std::size_t size) {
  std::vector<std::uint32_t> codes;
  for (std::uint32_t code = 1; code < counts.size(); ++code)
    if (counts[code] > 0) codes.push_back(code);
  std::ranges::stable_sort(codes, [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  codes.resize(std::min(codes.size(), size));
  return codes;
}

std::vector<std::string> labels_of(std::span<const std::uint32_t> codes, std::span<const std::string> labels) {
  std::vector<std::string> result;
  for (const std::uint32_t code : codes) result.push_back(labels[code - 1]);
  return result;
}

struct GroupTotal {
  std::size_t n = 0;
  Compensated<double> sum;
};

std::vector<GroupTotal> totals_by_code(const ComparedCategory& category, const ComparedNumbers& number) {
  std::vector<GroupTotal> totals(std::size_t{levels_max} + 1);
  for (std::size_t row = 0; row < category.codes.size(); ++row) {
    const std::uint32_t code = category.codes[row];
    if (code > levels_max || std::isnan(number.values[row])) continue;
    ++totals[code].n;
    totals[code].sum.add(number.values[row]);
  }
  return totals;
}

// The numbers of each code, ascending.
std::vector<std::vector<double>> sorted_by_code(const ComparedCategory& category, const ComparedNumbers& number) {
  std::vector<std::vector<double>> sorted(std::size_t{levels_max} + 1);
  const std::size_t rows = category.codes.size();
  const std::size_t size = std::min(rows, quartile_rows_max);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t row = sampled_row(i, rows, size);
    const std::uint32_t code = category.codes[row];
    if (code <= levels_max && !std::isnan(number.values[row])) sorted[code].push_back(number.values[row]);
  }
  SortSpace space;
  for (auto& values : sorted) sort_numbers(values, space);
  return sorted;
}

std::vector<std::size_t> sampled_common_rows(const ComparedNumbers& x, const ComparedNumbers& y) {
  const bool is_complete = x.is_complete && y.is_complete;
  const auto is_common = [&](std::size_t row) { return !std::isnan(x.values[row]) && !std::isnan(y.values[row]); };
  std::size_t common = is_complete ? x.values.size() : 0;
  if (!is_complete)
    for (std::size_t row = 0; row < x.values.size(); ++row) common += is_common(row);
  const std::size_t size = std::min(common, points_max);
  std::vector<std::size_t> rows;
  if (is_complete)
    for (std::size_t i = 0; i < size; ++i) rows.push_back(sampled_row(i, common, size));
  std::size_t seen = 0;
  for (std::size_t row = 0; rows.size() < size; ++row)
    if (is_common(row) && seen++ == sampled_row(rows.size(), common, size)) rows.push_back(row);
  return rows;
}

}  // namespace

std::vector<Point> points_of(const ComparedNumbers& x, const ComparedNumbers& y) {
  std::vector<Point> points;
  for (const std::size_t row : sampled_common_rows(x, y))
    points.push_back({std::ldexp(x.values[row], x.exponent), std::ldexp(y.values[row], y.exponent)});
  return points;
}

std::vector<Group> groups_of(const ComparedCategory& category, const ComparedNumbers& number) {
  const std::vector<GroupTotal> totals = totals_by_code(category, number);
  const std::vector<std::vector<double>> sorted = sorted_by_code(category, number);
  std::vector<std::size_t> counts;
  for (const GroupTotal& total : totals) counts.push_back(total.n);
  std::vector<Group> groups;
  for (const std::uint32_t code : most_frequent(counts, groups_max)) {
    const double mean = totals[code].sum.total() / static_cast<double>(totals[code].n);
    // A group may have none of the sampled rows.
    const std::span<const double> order = sorted[code].empty() ? std::span(&mean, 1) : std::span(sorted[code]);
    const auto scaled_back = [&](double value) { return std::ldexp(value, number.exponent); };
    groups.push_back({category.labels[code - 1], totals[code].n, scaled_back(mean), scaled_back(quantile(order, 0.25)),
                      scaled_back(quantile(order, 0.5)), scaled_back(quantile(order, 0.75))});
  }
  std::ranges::stable_sort(groups, [](const Group& a, const Group& b) { return a.mean > b.mean; });
  return groups;
}

CrossTable cross_table_of(const ComparedCategory& first, const ComparedCategory& second) {
  constexpr std::size_t side = std::size_t{levels_max} + 1;
  std::vector<std::size_t> counts(side * side);
  std::vector<std::size_t> first_counts(side);
  std::vector<std::size_t> second_counts(side);
  std::size_t total = 0;
  for (std::size_t row = 0; row < first.codes.size(); ++row) {
    const std::uint32_t a = first.codes[row];
    const std::uint32_t b = second.codes[row];
    if (a == missing_code || b == missing_code || a > levels_max || b > levels_max) continue;
    ++counts[a * side + b];
    ++first_counts[a];
    ++second_counts[b];
    ++total;
  }
  const auto rows = most_frequent(first_counts, cross_table_side_max);
  const auto columns = most_frequent(second_counts, cross_table_side_max);
  CrossTable table{labels_of(rows, first.labels), labels_of(columns, second.labels), {}, {}, {}, total};
  for (const std::uint32_t column : columns) table.column_totals.push_back(second_counts[column]);
  for (const std::uint32_t row : rows) {
    table.row_totals.push_back(first_counts[row]);
    table.counts.emplace_back();
    for (const std::uint32_t column : columns) table.counts.back().push_back(counts[row * side + column]);
  }
  return table;
}

}  // namespace circuit::analysis
