// A small table made up in a test, and what is found in it: columns are summarized as those of a file are, and
// relations, series and findings come from the same functions.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/analysis/dated.hpp"
#include "workers/fulfillment/analysis/findings/findings.hpp"
#include "workers/fulfillment/analysis/findings/missing_patterns.hpp"
#include "workers/fulfillment/analysis/relations/relate.hpp"
#include "workers/fulfillment/analysis/series/series.hpp"
#include "workers/fulfillment/analysis/statistics/number_summary.hpp"
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {

class Sheet {
 public:
  // NaN is a missing value.
  Sheet& number(std::string name, std::vector<double> numbers, std::string unit = "") {
    ColumnSummary& column = add(std::move(name), numbers.size());
    std::vector<double> sorted;
    std::map<double, std::size_t> counts;
    for (const double value : numbers) {
      if (std::isnan(value)) continue;
      sorted.push_back(value);
      ++counts[value];
    }
    column.count = sorted.size();
    column.missing = numbers.size() - sorted.size();
    column.distinct = counts.size();
    const bool is_whole = std::ranges::all_of(sorted, [](double value) { return value == std::round(value); });
    column.type = is_whole ? ColumnType::integer : ColumnType::real;
    for (const auto& [value, count] : counts) column.top_values.push_back({exact_text(value), count});
    keep_top(column);
    const Moments moments = moments_of(sorted);
    sort_numbers(sorted);
    column.numbers = summarize_numbers(moments, sorted);
    column.numbers->unit = std::move(unit);
    values_.back().numbers = std::move(numbers);
    return *this;
  }

  // An empty text is a missing value.
  Sheet& category(std::string name, const std::vector<std::string>& texts) {
    ColumnSummary& column = add(std::move(name), texts.size());
    column.type = ColumnType::category;
    std::map<std::string, std::size_t> counts;
    for (const std::string& text : texts)
      if (!text.empty()) ++counts[text];
    for (const auto& [text, count] : counts) {
      column.top_values.push_back({text, count});
      column.count += count;
    }
    column.missing = texts.size() - column.count;
    column.distinct = counts.size();
    std::ranges::stable_sort(column.top_values, [](const auto& a, const auto& b) { return a.count > b.count; });
    std::map<std::string, std::uint32_t> codes{{"", missing_code}};
    for (const TopValue& top : column.top_values) {
      values_.back().labels.push_back(top.text);
      codes[top.text] = static_cast<std::uint32_t>(values_.back().labels.size());
    }
    for (const std::string& text : texts) values_.back().codes.push_back(codes.at(text));
    keep_top(column);
    return *this;
  }

  Sheet& date(std::string name, std::vector<std::int64_t> moments_us) {
    Columns columns;
    columns.add_dates(std::move(moments_us));
    add(std::move(name), columns.values.front().moments_us.size());
    columns.columns.front().name = analysis_.columns.back().name;
    analysis_.columns.back() = std::move(columns.columns.front());
    values_.back() = std::move(columns.values.front());
    return *this;
  }

  // Of another type, without values side by side.
  ColumnSummary& other(std::string name, ColumnType type) {
    ColumnSummary& column = add(std::move(name), analysis_.file.rows);
    column.type = type;
    column.count = analysis_.file.rows;
    return column;
  }

  [[nodiscard]] ColumnSummary& column(std::size_t index) { return analysis_.columns.at(index); }
  [[nodiscard]] FileFacts& file() { return analysis_.file; }

  [[nodiscard]] Analysis analyzed() const {
    Analysis analysis = analysis_;
    analysis.file.columns = analysis.columns.size();
    analysis.relations = relate(analysis.columns, values_);
    analysis.series = find_series(analysis.columns, values_);
    analysis.missing_patterns = find_missing_patterns(analysis.columns, values_);
    find_insights(analysis);
    find_quality(analysis);
    return analysis;
  }

 private:
  ColumnSummary& add(std::string name, std::size_t rows) {
    analysis_.file.rows = rows;
    analysis_.file.rows_kept = rows;
    values_.emplace_back();
    ColumnSummary& column = analysis_.columns.emplace_back();
    column.name = std::move(name);
    return column;
  }

  static void keep_top(ColumnSummary& column) {
    constexpr std::size_t top_values_max = 10;
    std::ranges::stable_sort(column.top_values, [](const auto& a, const auto& b) { return a.count > b.count; });
    if (column.top_values.size() > top_values_max) column.top_values.resize(top_values_max);
  }

  Analysis analysis_;
  std::vector<ColumnValues> values_;
};

inline std::vector<Finding> of_kind(const std::vector<Finding>& findings, const std::string& kind) {
  std::vector<Finding> result;
  for (const Finding& finding : findings)
    if (finding.kind == kind) result.push_back(finding);
  return result;
}

}  // namespace circuit::analysis
