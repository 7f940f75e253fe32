#include "workers/fulfillment/analysis/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "workers/fulfillment/analysis/utf8.hpp"
#include "workers/fulfillment/analysis/value.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t name_code_points_max = 200;

bool is_typed(std::string_view cell) {
  return parse_number(cell) || parse_date(cell) || parse_truth(cell) != Truth::neither;
}

bool is_text(std::string_view cell) { return !is_missing(cell) && !is_typed(cell); }

bool is_run_of_years(std::span<const std::string_view> record) {
  std::vector<double> years;
  bool has_text = false;
  for (const std::string_view raw : record) {
    const auto number = parse_number(trimmed(raw));
    if (number) years.push_back(number->value);
    has_text = has_text || is_text(trimmed(raw));
  }
  if (!has_text || years.size() < 2) return false;
  const double step = years[1] - years[0];
  for (std::size_t i = 1; i < years.size(); ++i)
    if (years[i] - years[i - 1] != step) return false;
  return std::fabs(step) == 1 && years.front() >= 1800 && years.front() <= 2200;
}

bool is_mostly_typed(const Records& records, std::size_t column) {
  std::size_t present = 0;
  std::size_t typed = 0;
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (column >= records[i].size()) continue;
    const std::string_view cell = trimmed(records[i][column]);
    present += !is_missing(cell);
    typed += is_typed(cell);
  }
  return typed * 2 > present;
}

bool comes_again(const Records& records, std::size_t column) {
  return std::any_of(records.begin() + 1, records.end(), [&](const auto& record) {
    return column < record.size() && record[column] == records.front()[column];
  });
}

}  // namespace

bool is_header(const Records& records) {
  const std::vector<std::string_view>& first = records.front();
  std::vector<std::size_t> text_columns;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const std::string_view cell = trimmed(first[i]);
    if (is_typed(cell)) return is_run_of_years(first);
    if (!is_missing(cell)) text_columns.push_back(i);
  }
  const auto stands_above_typed = [&](std::size_t column) { return is_mostly_typed(records, column); };
  if (std::any_of(text_columns.begin(), text_columns.end(), stands_above_typed)) return true;
  const auto repeats = [&](std::size_t column) { return comes_again(records, column); };
  return !text_columns.empty() && std::none_of(text_columns.begin(), text_columns.end(), repeats);
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
