#include "workers/fulfillment/analysis/relations/group_difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t block_rows = 4'096;

struct GroupSums {
  std::size_t n = 0;
  double centre = 0;
  Compensated<double> first;  // the sums of the deviations from the centre, and of their squares
  Compensated<double> second;

  [[nodiscard]] double mean_deviation() const { return first.total() / static_cast<double>(n); }
};

// Rows that do not count are all in group 0.
template <typename Add>
void for_each_row(std::span<const std::uint32_t> codes, std::span<const double> numbers, std::uint32_t levels,
                  Add add) {
  for (std::size_t row = 0; row < codes.size(); ++row)
    add(codes[row] > levels || std::isnan(numbers[row]) ? 0 : codes[row], numbers[row]);
}

// Counts and means. With compensation, the mean of equal numbers is that number, and they have no deviations at all.
std::vector<GroupSums> centred_groups(std::span<const std::uint32_t> codes, std::span<const double> numbers,
                                      std::uint32_t levels) {
  std::vector<GroupSums> groups(std::size_t{levels} + 1);
  std::vector<Compensated<double>> sums(groups.size());
  for_each_row(codes, numbers, levels, [&](std::uint32_t code, double number) {
    ++groups[code].n;
    sums[code].add(number);
  });
  for (std::size_t code = 0; code < groups.size(); ++code)
    if (groups[code].n > 0) groups[code].centre = sums[code].total() / static_cast<double>(groups[code].n);
  return groups;
}

void add_deviations(std::vector<GroupSums>& groups, std::span<const std::uint32_t> codes,
                    std::span<const double> numbers) {
  std::vector<double> first(groups.size());
  std::vector<double> second(groups.size());
  for_each_row(codes, numbers, static_cast<std::uint32_t>(groups.size() - 1), [&](std::uint32_t code, double number) {
    const double deviation = number - groups[code].centre;
    first[code] += deviation;
    second[code] += deviation * deviation;
  });
  for (std::size_t code = 0; code < groups.size(); ++code) {
    groups[code].first.add(first[code]);
    groups[code].second.add(second[code]);
  }
}

std::vector<GroupSums> group_sums(std::span<const std::uint32_t> codes, std::span<const double> numbers,
                                  std::uint32_t levels) {
  std::vector<GroupSums> groups = centred_groups(codes, numbers, levels);
  for (std::size_t from = 0; from < codes.size(); from += block_rows) {
    const std::size_t size = std::min(block_rows, codes.size() - from);
    add_deviations(groups, codes.subspan(from, size), numbers.subspan(from, size));
  }
  groups.erase(groups.begin());
  std::erase_if(groups, [](const GroupSums& group) { return group.n == 0; });
  return groups;
}

// The sum of squares of the groups' means around the mean of all.
double between_groups(std::span<const GroupSums> groups, double n) {
  // From one group's centre on, so that a large offset of all numbers does not count.
  const auto offset = [&](const GroupSums& group) {
    return (group.centre - groups.front().centre) + group.mean_deviation();
  };
  double mean = 0;
  for (const GroupSums& group : groups) mean += static_cast<double>(group.n) * offset(group) / n;
  double sum = 0;
  for (const GroupSums& group : groups)
    sum += static_cast<double>(group.n) * (offset(group) - mean) * (offset(group) - mean);
  return sum;
}

double within_groups(std::span<const GroupSums> groups) {
  double sum = 0;
  for (const GroupSums& group : groups)
    sum += std::max(0.0, group.second.total() - group.first.total() * group.mean_deviation());
  return sum;
}

}  // namespace

std::optional<GroupDifference> group_difference(std::span<const std::uint32_t> codes, std::span<const double> numbers,
                                                std::uint32_t levels) {
  const std::vector<GroupSums> groups = group_sums(codes, numbers, levels);
  GroupDifference result{.groups = groups.size()};
  for (const GroupSums& group : groups) result.n += group.n;
  if (result.groups < 2 || result.n <= result.groups) return std::nullopt;
  const double between = between_groups(groups, static_cast<double>(result.n));
  const double within = within_groups(groups);
  if (between + within == 0) return std::nullopt;
  const double freedom_between = static_cast<double>(result.groups - 1);
  const double freedom_within = static_cast<double>(result.n - result.groups);
  result.eta_squared = between / (between + within);
  result.f = std::min(between / freedom_between / (within / freedom_within), std::numeric_limits<double>::max());
  result.p = upper_tail_of_f(result.f, freedom_between, freedom_within);
  return result;
}

}  // namespace circuit::analysis
