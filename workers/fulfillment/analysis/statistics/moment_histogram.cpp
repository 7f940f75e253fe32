// moment_histogram() of histogram.hpp: bins of the clock and the calendar.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "workers/fulfillment/analysis/statistics/histogram.hpp"

namespace circuit::analysis {
namespace {

using Us = std::int64_t;

constexpr Us second = 1'000'000;
constexpr Us minute = 60 * second;
constexpr Us hour = 60 * minute;
constexpr Us day = 24 * hour;
constexpr double month = 30.436875 * static_cast<double>(day);  // a twelfth of the Gregorian calendar's mean year
constexpr Us far = 9'000 * 365 * day;                           // further from 1970, the calendar is not asked

// Either of equal width, or of calendar months.
struct Step {
  Us us = 0;
  int months = 0;
};

constexpr std::array steps = {
    Step{second},   Step{2 * second}, Step{5 * second}, Step{10 * second}, Step{15 * second}, Step{30 * second},
    Step{minute},   Step{2 * minute}, Step{5 * minute}, Step{10 * minute}, Step{15 * minute}, Step{30 * minute},
    Step{hour},     Step{2 * hour},   Step{3 * hour},   Step{6 * hour},    Step{12 * hour},   Step{day},
    Step{2 * day},  Step{7 * day},    Step{14 * day},   Step{0, 1},        Step{0, 3},        Step{0, 6},
    Step{0, 12},    Step{0, 24},      Step{0, 60},      Step{0, 120},      Step{0, 240},      Step{0, 600},
    Step{0, 1'200}, Step{0, 2'400},   Step{0, 6'000},   Step{0, 12'000},   Step{0, 24'000},
};

Us floor_division(Us a, Us b) { return a / b - (a % b < 0 ? 1 : 0); }

double width_of(Step step) { return step.months > 0 ? step.months * month : static_cast<double>(step.us); }

// The first Monday after the epoch; other steps count from the epoch itself.
Us origin_of(Step step) { return step.us % (7 * day) == 0 ? 4 * day : 0; }

// The number of the step that a moment is in, and the moment at which a step begins.
Us index_of(Step step, Us us) {
  if (step.months == 0) return floor_division(us - origin_of(step), step.us);
  const std::chrono::sys_days days{std::chrono::days{floor_division(us, day)}};
  const std::chrono::year_month_day date{days};
  return floor_division(Us{int{date.year()}} * 12 + unsigned{date.month()} - 1, step.months);
}

Us start_of(Step step, Us index) {
  if (step.months == 0) return index * step.us + origin_of(step);
  const Us months = index * step.months;
  const std::chrono::year year{static_cast<int>(floor_division(months, 12))};
  const std::chrono::month first{static_cast<unsigned>(months - floor_division(months, 12) * 12 + 1)};
  return std::chrono::sys_days{year / first / 1}.time_since_epoch().count() * day;
}

double quartile(std::span<const std::int64_t> sorted, double p) {
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const std::size_t below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(static_cast<double>(sorted[below]), static_cast<double>(sorted[above]),
                   position - static_cast<double>(below));
}

Step step_for(std::span<const std::int64_t> sorted, bool are_days) {
  const double range = std::max(static_cast<double>(sorted.back() - sorted.front()), 1.0);
  const double asked = rule_width(quartile(sorted, 0.75) - quartile(sorted, 0.25), range, sorted.size());
  Step best;
  double least = std::numeric_limits<double>::infinity();
  for (const Step step : steps) {
    if (are_days && step.months == 0 && step.us < day) continue;
    const double bins = static_cast<double>(index_of(step, sorted.back()) - index_of(step, sorted.front()) + 1);
    const double badness = width_badness(width_of(step), asked, bins);
    if (badness < least) {
      least = badness;
      best = step;
    }
  }
  return best;
}

}  // namespace

Distribution moment_histogram(std::span<const std::int64_t> sorted, bool are_days) {
  if (sorted.front() < -far || sorted.back() > far)
    return histogram(std::vector<double>(sorted.begin(), sorted.end()), false);
  const Step step = step_for(sorted, are_days);
  Distribution result;
  auto from = sorted.begin();
  const Us last = index_of(step, sorted.back());
  for (Us index = index_of(step, sorted.front()); index <= last; ++index) {
    const auto to = std::lower_bound(from, sorted.end(), start_of(step, index + 1));
    result.edges.push_back(static_cast<double>(start_of(step, index)));
    result.counts.push_back(static_cast<std::size_t>(to - from));
    from = to;
  }
  result.edges.push_back(static_cast<double>(start_of(step, last + 1)));
  return result;
}

}  // namespace circuit::analysis
