#include "workers/fulfillment/analysis/statistics/number_summary.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/statistics/normality.hpp"
#include "workers/fulfillment/analysis/statistics/order.hpp"

namespace circuit::analysis {
namespace {

void add_moments(NumberSummary& summary, const Moments& all) {
  summary.min = all.min;
  summary.max = all.max;
  summary.sum = sum(all);
  summary.mean = mean(all);
  summary.variance = variance(all);
  summary.standard_deviation = standard_deviation(all);
  summary.skewness = skewness(all);
  summary.kurtosis = kurtosis(all);
  summary.normality = normality(all);
}

void add_order(NumberSummary& summary, std::span<const double> sorted) {
  summary.percentile_5 = quantile(sorted, 0.05);
  summary.first_quartile = quantile(sorted, 0.25);
  summary.median = quantile(sorted, 0.5);
  summary.third_quartile = quantile(sorted, 0.75);
  summary.percentile_95 = quantile(sorted, 0.95);
  summary.median_absolute_deviation = median_absolute_deviation(sorted, summary.median);
  summary.tukey = tukey_outliers(sorted, summary.first_quartile, summary.third_quartile);
  summary.robust = robust_outliers(sorted, summary.median, summary.median_absolute_deviation);
  const auto zeros = std::ranges::equal_range(sorted, 0.0);
  summary.zeros = zeros.size();
  summary.negatives = static_cast<std::size_t>(zeros.begin() - sorted.begin());
  summary.order_n = sorted.size();
}

}  // namespace

NumberSummary summarize_numbers(const Moments& all, std::span<const double> sorted) {
  NumberSummary summary;
  add_moments(summary, all);
  add_order(summary, sorted);
  summary.top_tenth_share = top_tenth_share(sorted, sorted.size() == all.n ? all : moments_of(sorted));
  return summary;
}

}  // namespace circuit::analysis
