#include "workers/fulfillment/analysis/series/season_p.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "workers/fulfillment/analysis/series/autocorrelation.hpp"
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

// Of `parameters` that leave `rest` of what was `before`, beside a level for each turn.
double f_test(const std::vector<double>& before, const std::vector<double>& rest, double parameters, double turns) {
  const double freedom = (static_cast<double>(rest.size()) - turns - parameters) * effective_share(rest);
  const double left = sum_of_products(rest, rest);
  const double explained = sum_of_products(before, before) - left;
  if (!(freedom >= 1) || !(explained > 0)) return 1;
  if (!(left > 0)) return 0;
  return upper_tail_of_f(explained / parameters / (left / freedom), parameters, freedom);
}

// What is left of the values beside a sine and a cosine whose own levels in each turn are taken out (Frisch and Waugh
// 1933); the values themselves if the two cannot be told apart.
std::vector<double> without_wave(const std::vector<double>& values, const CycleLayout& layout) {
  std::vector<double> sine;
  std::vector<double> cosine;
  for (const std::uint8_t position : layout.position) {
    const double angle = 2 * std::numbers::pi * position / static_cast<double>(layout.counts.size());
    sine.push_back(std::sin(angle));
    cosine.push_back(std::cos(angle));
  }
  take_out(sine, layout.turn, layout.turns);
  take_out(cosine, layout.turn, layout.turns);
  const double ss = sum_of_products(sine, sine);
  const double cc = sum_of_products(cosine, cosine);
  const double sc = sum_of_products(sine, cosine);
  const double determinant = ss * cc - sc * sc;
  if (!(determinant > 1e-9 * ss * cc)) return values;
  const double sv = sum_of_products(sine, values);
  const double cv = sum_of_products(cosine, values);
  std::vector<double> rest = values;
  for (std::size_t i = 0; i < rest.size(); ++i)
    rest[i] -= ((sv * cc - cv * sc) * sine[i] + (cv * ss - sv * sc) * cosine[i]) / determinant;
  return rest;
}

}  // namespace

double season_p(const std::vector<double>& values, const std::vector<double>& rest, const CycleLayout& layout,
                Cycle cycle) {
  const auto turns = static_cast<double>(layout.turns);
  const double of_positions = f_test(values, rest, static_cast<double>(layout.positions_used()) - 1, turns);
  if (cycle == Cycle::day_of_week) return of_positions;
  const double of_wave = f_test(values, without_wave(values, layout), 2, turns);
  return std::min(1.0, 2 * std::min(of_positions, of_wave));
}

}  // namespace circuit::analysis
