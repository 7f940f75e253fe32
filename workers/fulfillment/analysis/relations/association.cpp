#include "workers/fulfillment/analysis/relations/association.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

// Counts of rows, without the values that never occur together with one of the other column.
struct Table {
  std::vector<std::vector<double>> counts;
  std::vector<double> row_sums;
  std::vector<double> column_sums;
  double n = 0;
};

Table table_of(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second, std::uint32_t levels) {
  const std::size_t side = std::size_t{levels} + 1;
  std::vector<std::size_t> counts(side * side);  // those of rows that do not count are in row or column 0
  for (std::size_t row = 0; row < first.size(); ++row)
    ++counts[(first[row] > levels ? 0 : first[row]) * side + (second[row] > levels ? 0 : second[row])];
  std::vector<double> row_sums(side);
  std::vector<double> column_sums(side);
  for (std::size_t i = 1; i < side; ++i)
    for (std::size_t j = 1; j < side; ++j) {
      row_sums[i] += static_cast<double>(counts[i * side + j]);
      column_sums[j] += static_cast<double>(counts[i * side + j]);
    }
  Table table;
  for (std::size_t i = 1; i < side; ++i) {
    if (row_sums[i] == 0) continue;
    table.counts.emplace_back();
    for (std::size_t j = 1; j < side; ++j)
      if (column_sums[j] > 0) table.counts.back().push_back(static_cast<double>(counts[i * side + j]));
    table.row_sums.push_back(row_sums[i]);
    table.n += row_sums[i];
  }
  std::ranges::copy_if(column_sums, std::back_inserter(table.column_sums), [](double sum) { return sum > 0; });
  return table;
}

void add_chi_squared(Association& result, const Table& table) {
  constexpr double small = 5;
  std::size_t small_cells = 0;
  for (std::size_t i = 0; i < table.row_sums.size(); ++i)
    for (std::size_t j = 0; j < table.column_sums.size(); ++j) {
      const double expected = table.row_sums[i] * table.column_sums[j] / table.n;
      const double difference = table.counts[i][j] - expected;
      result.chi_squared += difference * difference / expected;
      small_cells += expected < small;
    }
  result.has_small_cells = small_cells * 5 > table.row_sums.size() * table.column_sums.size();
}

void add_cramers_v(Association& result, const Table& table) {
  const double rows = static_cast<double>(table.row_sums.size());
  const double columns = static_cast<double>(table.column_sums.size());
  const double phi_squared = result.chi_squared / table.n;
  result.cramers_v_uncorrected = std::min(1.0, std::sqrt(phi_squared / (std::min(rows, columns) - 1)));
  const auto corrected = [&](double levels) { return levels - (levels - 1) * (levels - 1) / (table.n - 1); };
  const double excess = phi_squared - (rows - 1) * (columns - 1) / (table.n - 1);
  const double most = std::min(corrected(rows), corrected(columns)) - 1;
  result.cramers_v = excess > 0 && most > 0 ? std::min(1.0, std::sqrt(excess / most)) : 0;
}

}  // namespace

std::optional<Association> association(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second,
                                       std::uint32_t levels) {
  const Table table = table_of(first, second, levels);
  if (table.row_sums.size() < 2 || table.column_sums.size() < 2 || table.n < 3) return std::nullopt;
  Association result;
  result.n = static_cast<std::size_t>(table.n);
  result.degrees_of_freedom = (table.row_sums.size() - 1) * (table.column_sums.size() - 1);
  add_chi_squared(result, table);
  add_cramers_v(result, table);
  result.p = upper_tail_of_chi_squared(result.chi_squared, static_cast<double>(result.degrees_of_freedom));
  return result;
}

}  // namespace circuit::analysis
