#include "workers/fulfillment/analysis/column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "workers/fulfillment/analysis/histogram.hpp"
#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/statistics.hpp"
#include "workers/fulfillment/analysis/type_inference.hpp"
#include "workers/fulfillment/analysis/utf8.hpp"
#include "workers/fulfillment/analysis/value_counts.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t value_code_points_max = 200;

void summarize_values(ColumnResult& result, std::span<const std::string_view> cells, std::size_t distinct_max) {
  ColumnSummary& summary = result.summary;
  ValueCounts counts(distinct_max);
  for (const std::string_view cell : cells) counts.add(cell);
  summary.distinct = counts.distinct();
  summary.distinct_is_exact = counts.is_complete();
  for (const auto& entry : counts.top(top_values_max))
    summary.top_values.push_back({clip(entry.value, value_code_points_max), entry.count});
  if (!counts.is_complete())
    result.notes.push_back(fmt::format(
        "Column “{}” has more than {} different values; its most frequent values are counted among the first {} only.",
        summary.name, readable_text(distinct_max), readable_text(distinct_max)));
}

std::vector<TopValue> top_numbers(std::span<const double> sorted) {
  std::vector<std::pair<std::size_t, double>> runs;
  for (auto from = sorted.begin(); from != sorted.end();) {
    const auto to = std::find_if(from, sorted.end(), [&](double value) { return value != *from; });
    runs.emplace_back(static_cast<std::size_t>(to - from), *from);
    from = to;
  }
  const std::size_t size = std::min(runs.size(), top_values_max);
  std::partial_sort(
      runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(size), runs.end(),
      [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::vector<TopValue> top;
  for (std::size_t i = 0; i < size; ++i) top.push_back({exact_text(runs[i].second), runs[i].first});
  return top;
}

void summarize_numbers(ColumnResult& result, const Cells& cells, std::size_t rows, std::vector<double> numbers) {
  ColumnSummary& summary = result.summary;
  std::vector<double> sorted = numbers;
  sort_numbers(sorted);
  summary.distinct = count_distinct(sorted);
  summary.numbers = NumberSummary{.min = sorted.front(),
                                  .max = sorted.back(),
                                  .mean = mean(numbers),
                                  .standard_deviation = sample_standard_deviation(numbers),
                                  .first_quartile = quantile(sorted, 0.25),
                                  .median = quantile(sorted, 0.5),
                                  .third_quartile = quantile(sorted, 0.75)};
  summary.top_values = top_numbers(sorted);
  Histogram histogram = summary.type == ColumnType::integer ? integer_histogram(sorted) : real_histogram(sorted);
  summary.distribution.emplace();
  std::ranges::transform(histogram.edges, std::back_inserter(summary.distribution->edges), exact_text);
  summary.distribution->counts = std::move(histogram.counts);
  if (numbers.size() != rows) result.series.rows = cells.rows();
  result.series.values = std::move(numbers);
}

// Bins of whole days if all values are days; otherwise of seconds.
Distribution date_distribution(std::span<const std::int64_t> moments_us) {
  constexpr std::int64_t second_us = 1'000'000;
  constexpr std::int64_t day_s = 86'400;
  const bool is_days = std::ranges::all_of(moments_us, [](std::int64_t us) { return us % (day_s * second_us) == 0; });
  const std::int64_t unit_s = is_days ? day_s : 1;
  std::vector<double> units;
  units.reserve(moments_us.size());
  for (const std::int64_t us : moments_us) {
    const std::int64_t unit_us = unit_s * second_us;
    units.push_back(static_cast<double>(us / unit_us - (us % unit_us < 0 ? 1 : 0)));
  }
  sort_numbers(units);
  Histogram histogram = integer_histogram(units);
  Distribution distribution;
  for (const double edge : histogram.edges)
    distribution.edges.push_back(date_text(static_cast<std::int64_t>(edge) * unit_s, is_days));
  distribution.counts = std::move(histogram.counts);
  return distribution;
}

void summarize_dates(ColumnResult& result, std::span<const std::string_view> cells,
                     std::span<const std::int64_t> moments_us) {
  const auto spelling = [&](auto moment) {
    return std::string(cells[static_cast<std::size_t>(moment - moments_us.begin())]);
  };
  result.summary.dates =
      DateSummary{spelling(std::ranges::min_element(moments_us)), spelling(std::ranges::max_element(moments_us))};
  result.summary.distribution = date_distribution(moments_us);
}

bool is_category(const ColumnSummary& summary) {
  return summary.distinct_is_exact && summary.distinct <= category_values_max && summary.distinct * 2 <= summary.count;
}

}  // namespace

ColumnResult summarize(const std::string& name, const Cells& cells, std::size_t rows, std::size_t distinct_max) {
  const auto present = cells.present();
  Inference inference = infer_type(present);
  ColumnResult result;
  ColumnSummary& summary = result.summary;
  summary.name = name;
  summary.type = inference.type;
  summary.count = present.size();
  summary.missing = rows - present.size();
  if (summary.type == ColumnType::integer || summary.type == ColumnType::real) {
    summarize_numbers(result, cells, rows, std::move(inference.numbers));
    return result;
  }
  summarize_values(result, present, distinct_max);
  if (summary.type == ColumnType::date) summarize_dates(result, present, inference.moments_us);
  if (summary.type == ColumnType::text && is_category(summary)) summary.type = ColumnType::category;
  if (!inference.obstacle.empty())
    result.notes.push_back(fmt::format("Column “{}” is treated as text: {}", name, inference.obstacle));
  return result;
}

}  // namespace circuit::analysis
