#include "workers/fulfillment/analysis/findings/missing_patterns.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t columns_max = 40;
constexpr std::size_t labels_max = 50;
constexpr std::size_t rows_min = 50;
// About a twentieth of a second.
constexpr std::size_t cells_compared_max = 20'000'000;
constexpr double cramers_v_min = 0.2;
constexpr double p_max = 0.001;

// Of every `stride`-th row: 1 where the value is missing or invalid; empty if the column keeps no values.
std::vector<std::uint8_t> gaps_of(const ColumnValues& values, std::size_t stride) {
  std::vector<std::uint8_t> gaps;
  for (std::size_t i = 0; i < values.numbers.size(); i += stride) gaps.push_back(std::isnan(values.numbers[i]));
  for (std::size_t i = 0; i < values.codes.size(); i += stride) gaps.push_back(values.codes[i] == missing_code);
  for (std::size_t i = 0; i < values.moments_us.size(); i += stride)
    gaps.push_back(values.moments_us[i] == missing_moment);
  return gaps;
}

bool misses_some(const ColumnSummary& column) {
  const std::size_t rows = column.count + column.missing + column.invalid;
  return column.missing * 50 >= rows && column.missing * 50 <= rows * 49;
}

struct Counts {
  std::vector<std::size_t> rows;     // by code
  std::vector<std::size_t> missing;  // of them
  std::size_t all_rows = 0;
  std::size_t all_missing = 0;

  [[nodiscard]] double share(std::size_t code) const {
    return static_cast<double>(missing[code]) / static_cast<double>(rows[code]);
  }
};

Counts count(std::span<const std::uint8_t> gaps, const ColumnValues& category, std::size_t stride) {
  Counts counts;
  counts.rows.resize(category.labels.size() + 1);
  counts.missing.resize(category.labels.size() + 1);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const std::uint32_t code = category.codes[i * stride];
    ++counts.rows[code];
    counts.missing[code] += gaps[i];
  }
  for (std::size_t code = 1; code < counts.rows.size(); ++code) {
    counts.all_rows += counts.rows[code];
    counts.all_missing += counts.missing[code];
  }
  return counts;
}

// Chi-squared test of independence of a table with two columns, missing or not.
void test(MissingPattern& pattern, const Counts& counts) {
  double chi_squared = 0;
  std::size_t groups = 0;
  for (std::size_t code = 1; code < counts.rows.size(); ++code) {
    const auto rows = static_cast<double>(counts.rows[code]);
    if (rows == 0) continue;
    const double excess = static_cast<double>(counts.missing[code]) - rows * pattern.share;
    chi_squared += excess * excess / (rows * pattern.share * (1 - pattern.share));
    ++groups;
  }
  const auto n = static_cast<double>(counts.all_rows);
  const auto freedom = static_cast<double>(groups) - 1;
  if (!(freedom > 0)) return;
  pattern.cramers_v = std::sqrt(std::max(0.0, chi_squared / n - freedom / (n - 1)));
  pattern.p = upper_tail_of_chi_squared(chi_squared, freedom);
}

std::optional<MissingPattern> compare(std::span<const std::uint8_t> gaps, const ColumnValues& category,
                                      std::size_t stride) {
  const Counts counts = count(gaps, category, stride);
  if (counts.all_rows < rows_min || counts.all_missing == 0 || counts.all_missing == counts.all_rows)
    return std::nullopt;
  MissingPattern pattern;
  pattern.share = static_cast<double>(counts.all_missing) / static_cast<double>(counts.all_rows);
  test(pattern, counts);
  const std::size_t group_rows_min = std::max<std::size_t>(10, counts.all_rows / 100);
  std::size_t high = 0;
  std::size_t low = 0;
  for (std::size_t code = 1; code < counts.rows.size(); ++code) {
    if (counts.rows[code] < group_rows_min) continue;
    if (high == 0 || counts.share(code) > counts.share(high)) high = code;
    if (low == 0 || counts.share(code) < counts.share(low)) low = code;
  }
  if (high == low) return std::nullopt;
  pattern.high_label = category.labels[high - 1];
  pattern.high_rows = counts.rows[high];
  pattern.high_missing = counts.missing[high];
  pattern.low_label = category.labels[low - 1];
  pattern.low_rows = counts.rows[low];
  pattern.low_missing = counts.missing[low];
  return pattern;
}

std::vector<std::size_t> first_columns(std::span<const ColumnSummary> columns, auto is_wanted) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < columns.size() && found.size() < columns_max; ++i)
    if (is_wanted(i)) found.push_back(i);
  return found;
}

}  // namespace

std::vector<MissingPattern> find_missing_patterns(std::span<const ColumnSummary> columns,
                                                  std::span<const ColumnValues> values) {
  const auto categories = first_columns(columns, [&](std::size_t i) {
    return columns[i].is_category() && !values[i].codes.empty() && values[i].labels.size() <= labels_max;
  });
  const auto incomplete = first_columns(columns, [&](std::size_t i) { return misses_some(columns[i]); });
  const std::size_t pairs = categories.size() * incomplete.size();
  std::vector<MissingPattern> patterns;
  if (pairs == 0) return patterns;
  const std::size_t rows = values[categories.front()].codes.size();
  const std::size_t stride = rows * pairs / cells_compared_max + 1;
  for (const std::size_t column : incomplete) {
    const std::vector<std::uint8_t> gaps = gaps_of(values[column], stride);
    if (gaps.empty()) continue;
    std::optional<MissingPattern> best;
    for (const std::size_t category : categories) {
      if (category == column) continue;
      auto pattern = compare(gaps, values[category], stride);
      if (!pattern || (best && best->cramers_v >= pattern->cramers_v)) continue;
      pattern->column = column;
      pattern->category = category;
      pattern->p = std::min(1.0, pattern->p * static_cast<double>(pairs));
      best = std::move(pattern);
    }
    if (best && best->cramers_v >= cramers_v_min && best->p < p_max) patterns.push_back(std::move(*best));
  }
  std::ranges::stable_sort(patterns, [](const auto& a, const auto& b) { return a.cramers_v > b.cramers_v; });
  return patterns;
}

}  // namespace circuit::analysis
