#include "workers/fulfillment/analysis/statistics/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"
#include "workers/fulfillment/analysis/statistics/lanes.hpp"
#include "workers/fulfillment/analysis/statistics/scale.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t pairs = 4;
constexpr std::size_t stride = 2 * pairs;

struct Totals {
  Compensated<double> sum;
  double min = 0;
  double max = 0;

  void add(double value) {
    sum.add(value);
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

// `values` must not be empty.
Totals totals_of(std::span<const double> values) {
  Compensated<Pair> sums[pairs];
  Pair low[pairs];
  Pair high[pairs];
  std::fill_n(low, pairs, both(values.front()));
  std::fill_n(high, pairs, both(values.front()));
  std::size_t i = 0;
  for (; i + stride <= values.size(); i += stride)
    for (std::size_t k = 0; k < pairs; ++k) {
      const Pair value = load_pair(&values[i + 2 * k]);
      sums[k].add(value);
      low[k] = value < low[k] ? value : low[k];
      high[k] = value > high[k] ? value : high[k];
    }
  Totals totals{{}, values.front(), values.front()};
  for (; i < values.size(); ++i) totals.add(values[i]);
  for (std::size_t k = 0; k < pairs; ++k)
    for (const int lane : {0, 1}) {
      totals.sum.add({sums[k].sum[lane], sums[k].lost[lane]});
      totals.min = std::min(totals.min, low[k][lane]);
      totals.max = std::max(totals.max, high[k][lane]);
    }
  return totals;
}

// The sums of the first four powers of the deviations from a centre.
template <typename Number>
struct Powers {
  Number first{};
  Number second{};
  Number third{};
  Number fourth{};

  void add(Number deviation) {
    const Number square = deviation * deviation;
    first += deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
};

Powers<double> powers_of_block(std::span<const double> values, double centre) {
  Powers<Pair> sums[pairs];
  std::size_t i = 0;
  for (; i + stride <= values.size(); i += stride)
    for (std::size_t k = 0; k < pairs; ++k) sums[k].add(load_pair(&values[i + 2 * k]) - both(centre));
  Powers<double> total;
  for (; i < values.size(); ++i) total.add(values[i] - centre);
  for (const Powers<Pair>& part : sums)
    for (const int lane : {0, 1}) {
      total.first += part.first[lane];
      total.second += part.second[lane];
      total.third += part.third[lane];
      total.fourth += part.fourth[lane];
    }
  return total;
}

Powers<double> powers_of(std::span<const double> values, double centre) {
  Powers<Compensated<double>> total;
  while (!values.empty()) {
    const std::size_t size = std::min(values.size(), block_values);
    const Powers<double> block = powers_of_block(values.first(size), centre);
    total.first.add(block.first);
    total.second.add(block.second);
    total.third.add(block.third);
    total.fourth.add(block.fourth);
    values = values.subspan(size);
  }
  return {total.first.total(), total.second.total(), total.third.total(), total.fourth.total()};
}

// The quotient of the sum and n to twice the digits of a double: what the first division leaves is divided again. The
// mean of equal values is thereby that value, and they have no deviations at all.
void set_mean(Moments& moments) {
  const double n = static_cast<double>(moments.n);
  const double quotient = moments.sum / n;
  const double rest = (std::fma(-quotient, n, moments.sum) + moments.sum_lost) / n;
  moments.mean = quotient + rest;
  moments.mean_lost = (quotient - moments.mean) + rest;
}

Moments ordinary_moments(std::span<const double> values, const Totals& totals) {
  Moments moments{
      .n = values.size(), .sum = totals.sum.sum, .sum_lost = totals.sum.lost, .min = totals.min, .max = totals.max};
  set_mean(moments);
  const Powers<double> powers = powers_of(values, moments.mean);
  const double n = static_cast<double>(values.size());
  const double shift = powers.first / n;
  const double square = shift * shift;
  moments.m2 = std::max(0.0, powers.second - n * square);
  moments.m3 = powers.third - 3 * shift * powers.second + 2 * n * square * shift;
  moments.m4 = powers.fourth - 4 * shift * powers.third + 6 * square * powers.second - 3 * n * square * square;
  return moments;
}

Moments with_exponent(Moments moments, int exponent) {
  const int change = moments.exponent - exponent;
  if (change == 0) return moments;
  for (double* value : {&moments.sum, &moments.sum_lost, &moments.mean, &moments.mean_lost})
    *value = std::ldexp(*value, change);
  moments.m2 = std::ldexp(moments.m2, 2 * change);
  moments.m3 = std::ldexp(moments.m3, 3 * change);
  moments.m4 = std::ldexp(moments.m4, 4 * change);
  moments.exponent = exponent;
  return moments;
}

// Sets the central moments of `both`, whose count is set, from those of its two parts.
void merge_deviations(Moments& all, const Moments& a, const Moments& b) {
  const double n = static_cast<double>(all.n);
  const double part_a = static_cast<double>(a.n) / n;
  const double part_b = static_cast<double>(b.n) / n;
  const double gap = (b.mean - a.mean) + (b.mean_lost - a.mean_lost);
  const double between = gap * gap * n * part_a * part_b;
  all.m2 = a.m2 + b.m2 + between;
  all.m3 = a.m3 + b.m3 + between * gap * (part_a - part_b) + 3 * gap * (part_a * b.m2 - part_b * a.m2);
  all.m4 = a.m4 + b.m4 + between * gap * gap * (part_a * part_a - part_a * part_b + part_b * part_b) +
           6 * gap * gap * (part_a * part_a * b.m2 + part_b * part_b * a.m2) +
           4 * gap * (part_a * b.m3 - part_b * a.m3);
}

}  // namespace

Moments moments_of(std::span<const double> values) {
  if (values.empty()) return {};
  const Totals totals = totals_of(values);
  const int exponent = scale_exponent(std::max(std::fabs(totals.min), std::fabs(totals.max)));
  Moments moments;
  if (exponent == 0) {
    moments = ordinary_moments(values, totals);
  } else {
    const std::vector<double> near_one = scaled(values, exponent);
    moments = ordinary_moments(near_one, totals_of(near_one));
    moments.exponent = exponent;
    moments.min = totals.min;
    moments.max = totals.max;
  }
  return moments;
}

Moments merged(const Moments& a, const Moments& b) {
  if (a.n == 0) return b;
  if (b.n == 0) return a;
  const int exponent = std::max(a.exponent, b.exponent);
  const Moments left = with_exponent(a, exponent);
  const Moments right = with_exponent(b, exponent);
  Compensated<double> sum{left.sum, left.sum_lost};
  sum.add({right.sum, right.sum_lost});
  Moments all{.n = a.n + b.n,
              .exponent = exponent,
              .sum = sum.sum,
              .sum_lost = sum.lost,
              .min = std::min(a.min, b.min),
              .max = std::max(a.max, b.max)};
  set_mean(all);
  merge_deviations(all, left, right);
  return all;
}

double sum(const Moments& moments) {
  constexpr double largest = std::numeric_limits<double>::max();
  return std::clamp(std::ldexp(moments.sum + moments.sum_lost, moments.exponent), -largest, largest);
}

double mean(const Moments& moments) {
  return std::clamp(std::ldexp(moments.mean, moments.exponent), moments.min, moments.max);
}

std::optional<double> variance(const Moments& moments) {
  if (moments.n < 2) return std::nullopt;
  const double result = std::ldexp(moments.m2 / static_cast<double>(moments.n - 1), 2 * moments.exponent);
  if (!std::isfinite(result) || (result == 0 && moments.m2 > 0)) return std::nullopt;
  return result;
}

std::optional<double> standard_deviation(const Moments& moments) {
  if (moments.n < 2) return std::nullopt;
  const double result = std::ldexp(std::sqrt(moments.m2 / static_cast<double>(moments.n - 1)), moments.exponent);
  if (!std::isfinite(result)) return std::nullopt;
  return result;
}

std::optional<double> plain_skewness(const Moments& moments) {
  if (moments.m2 == 0) return std::nullopt;
  return moments.m3 / moments.m2 * std::sqrt(static_cast<double>(moments.n) / moments.m2);
}

std::optional<double> plain_kurtosis(const Moments& moments) {
  if (moments.m2 == 0) return std::nullopt;
  return moments.m4 / moments.m2 * (static_cast<double>(moments.n) / moments.m2);
}

std::optional<double> skewness(const Moments& moments) {
  const auto plain = plain_skewness(moments);
  if (moments.n < 3 || !plain) return std::nullopt;
  const double n = static_cast<double>(moments.n);
  return std::sqrt(n * (n - 1)) / (n - 2) * *plain;
}

std::optional<double> kurtosis(const Moments& moments) {
  const auto plain = plain_kurtosis(moments);
  if (moments.n < 4 || !plain) return std::nullopt;
  const double n = static_cast<double>(moments.n);
  return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (*plain - 3) + 6);
}

}  // namespace circuit::analysis
