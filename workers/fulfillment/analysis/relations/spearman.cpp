// Ranks around their mean are multiples of a half below 100,000, so that all sums of their products are exact.
#include "workers/fulfillment/analysis/relations/spearman.hpp"

#include <cmath>
#include <cstdint>

#include "workers/fulfillment/analysis/relations/correlation.hpp"
#include "workers/fulfillment/analysis/relations/number_pairs.hpp"
#include "workers/fulfillment/analysis/relations/sampling.hpp"
#include "workers/fulfillment/analysis/statistics/dot_product.hpp"
#include "workers/fulfillment/analysis/statistics/ranks.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t rows_max = 100'000;
constexpr std::size_t budget = 600'000'000;
constexpr std::size_t cost_of_missing = 30;

struct CentredRanks {
  std::vector<double> values;
  double squares = 0;  // the sum of them
};

CentredRanks centred_ranks(std::span<const std::uint32_t> places, std::size_t distinct) {
  CentredRanks ranks{ranks_of_places(places, distinct), 0};
  const double mean = (static_cast<double>(places.size()) + 1) / 2;
  for (double& rank : ranks.values) rank -= mean;
  ranks.squares = dot_product(ranks.values.data(), ranks.values.data(), ranks.values.size());
  return ranks;
}

std::optional<Correlation> spearman(const CentredRanks& x, const CentredRanks& y) {
  const std::size_t n = x.values.size();
  return correlation(dot_product(x.values.data(), y.values.data(), n), x.squares, y.squares, n);
}

std::optional<Correlation> spearman_of_common_rows(const Places& x, const Places& y) {
  std::vector<std::uint32_t> x_places;
  std::vector<std::uint32_t> y_places;
  x_places.reserve(x.places.size());
  y_places.reserve(y.places.size());
  for (std::size_t row = 0; row < x.places.size(); ++row) {
    if (x.places[row] == no_place || y.places[row] == no_place) continue;
    x_places.push_back(x.places[row]);
    y_places.push_back(y.places[row]);
  }
  return spearman(centred_ranks(x_places, x.distinct), centred_ranks(y_places, y.distinct));
}

}  // namespace

std::vector<std::optional<Correlation>> spearman_of_pairs(std::span<const ComparedNumbers> columns) {
  const std::vector<NumberPair> pairs = number_pairs(columns);
  if (pairs.empty()) return {};
  const std::size_t rows = std::min(rows_max, columns.front().values.size());
  const std::size_t size = rows_within(budget, row_cost(pairs, cost_of_missing), rows);
  RankSpace space;
  std::vector<Places> places;
  std::vector<CentredRanks> ranks;  // of complete columns
  for (const ComparedNumbers& column : columns) {
    places.push_back(size == column.values.size() ? places_of(column.values, space)
                                                  : places_of(even_sample(column.values, size), space));
    ranks.push_back(column.is_complete ? centred_ranks(places.back().places, places.back().distinct) : CentredRanks{});
  }
  std::vector<std::optional<Correlation>> result;
  for (const NumberPair& pair : pairs)
    result.push_back(pair.is_complete ? spearman(ranks[pair.first], ranks[pair.second])
                                      : spearman_of_common_rows(places[pair.first], places[pair.second]));
  return result;
}

}  // namespace circuit::analysis
