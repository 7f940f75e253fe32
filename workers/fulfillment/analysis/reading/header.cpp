#include "workers/fulfillment/analysis/reading/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/reading/moment.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"
#include "workers/fulfillment/analysis/reading/truth.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t name_code_points_max = 200;
constexpr std::size_t records_max = 100;

enum class Kind : std::uint8_t { missing, text, number, date, truth };

Kind kind_of(std::string_view raw) {
  const std::string_view cell = trimmed(raw);
  if (is_missing(cell)) return Kind::missing;
  if (read_number(cell, decimal_point).kind != NumberKind::none ||
      read_number(cell, decimal_comma).kind != NumberKind::none)
    return Kind::number;
  if (read_moment(cell, DayOrder::month_first) || read_moment(cell, DayOrder::day_first)) return Kind::date;
  return is_truth(cell) ? Kind::truth : Kind::text;
}

using Rows = std::span<const std::vector<std::string_view>>;

// What more than half of a column's values are; text if there is no such kind.
Kind usual_kind(Rows rows, std::size_t column) {
  std::array<std::size_t, 5> counts{};
  for (const auto& row : rows)
    if (column < row.size()) ++counts[static_cast<std::size_t>(kind_of(row[column]))];
  counts[static_cast<std::size_t>(Kind::missing)] = 0;
  const std::size_t present = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  if (present == 0) return Kind::missing;
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most * 2 > present ? static_cast<Kind>(most - counts.begin()) : Kind::text;
}

// Beside names; two of them must follow each other.
bool are_years(std::span<const std::string_view> record) {
  std::vector<double> years;
  bool has_name = false;
  for (const std::string_view cell : record) {
    const Number number = read_plain_number(trimmed(cell), decimal_point);
    if (number.is_number()) years.push_back(number.value);
    has_name = has_name || kind_of(cell) == Kind::text;
  }
  if (!has_name || years.size() < 2 || std::min(years.front(), years.back()) < 1800 ||
      std::max(years.front(), years.back()) > 2200)
    return false;
  const double step = years[1] - years[0];
  for (std::size_t i = 1; i < years.size(); ++i)
    if (years[i] - years[i - 1] != step) return false;
  return std::fabs(step) == 1 || (step != 0 && years.size() > 2);
}

bool comes_again(Rows rows, std::size_t column, std::string_view name) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return column < row.size() && row[column] == name; });
}

}  // namespace

bool is_data(std::string_view cell) {
  const Kind kind = kind_of(cell);
  return kind != Kind::missing && kind != Kind::text;
}

HeaderGuess guess_header(const Records& records) {
  const std::vector<std::string_view>& first = records.front();
  const Rows rows = Rows(records).subspan(1, std::min(records.size(), records_max) - 1);
  std::size_t names = 0;
  std::size_t names_above_data = 0;
  std::size_t dates_above_numbers = 0;
  std::size_t data = 0;
  bool is_unique = true;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Kind kind = kind_of(first[i]);
    if (kind == Kind::missing) continue;
    if (kind == Kind::text) {
      ++names;
      names_above_data += usual_kind(rows, i) > Kind::text;
      is_unique = is_unique && !comes_again(rows, i, first[i]);
    } else {
      const bool is_date_above_numbers = kind == Kind::date && usual_kind(rows, i) == Kind::number;
      ++(is_date_above_numbers ? dates_above_numbers : data);
    }
  }
  if (data > 0) return are_years(first) ? HeaderGuess{true, 0.9} : HeaderGuess{false, data > 1 ? 0.98 : 0.85};
  if (dates_above_numbers > 0) return {true, 0.9};
  if (records.size() == 1) return {names > 0, 0.5};
  if (names_above_data > 0) return {true, names_above_data > 1 ? 0.99 : 0.95};
  // All is text: names do not come again below.
  const bool are_names = names > 0 && is_unique;
  return {are_names, are_names ? 0.7 : 0.8};
}

std::vector<std::string> unique_names(std::span<const std::string_view> header, std::size_t columns) {
  std::vector<std::string> names;
  std::unordered_set<std::string> taken;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string_view given = i < header.size() ? trimmed(header[i]) : std::string_view{};
    names.push_back(given.empty() ? fmt::format("column_{}", i + 1) : clip(given, name_code_points_max));
    taken.insert(names.back());
  }
  std::unordered_set<std::string> seen;
  std::unordered_map<std::string, std::size_t> next_suffix;
  for (std::string& name : names) {
    if (seen.insert(name).second) continue;
    std::size_t& suffix = next_suffix.try_emplace(name, 2).first->second;
    std::string candidate;
    do candidate = fmt::format("{}_{}", name, suffix++);
    while (!taken.insert(candidate).second);
    name = candidate;
    seen.insert(name);
  }
  return names;
}

}  // namespace circuit::analysis
