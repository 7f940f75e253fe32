#include "workers/fulfillment/analysis/columns/number_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "workers/fulfillment/analysis/columns/column_name.hpp"
#include "workers/fulfillment/analysis/columns/top_texts.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/statistics/histogram.hpp"
#include "workers/fulfillment/analysis/statistics/number_summary.hpp"
#include "workers/fulfillment/analysis/statistics/order.hpp"
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<double> present(std::span<const double> values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) result.push_back(value);
  return result;
}

std::vector<TopValue> top_numbers(std::span<const double> sorted) {
  std::vector<std::pair<std::size_t, double>> top;  // the most frequent first
  const auto is_before = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  for (std::size_t from = 0; from < sorted.size();) {
    std::size_t to = from + 1;
    while (to < sorted.size() && sorted[to] == sorted[from]) ++to;
    const std::pair run{to - from, sorted[from]};
    from = to;
    if (top.size() == top_values_max && !is_before(run, top.back())) continue;
    if (top.size() == top_values_max) top.pop_back();
    top.insert(std::upper_bound(top.begin(), top.end(), run, is_before), run);
  }
  std::vector<TopValue> result;
  for (const auto& [count, value] : top) result.push_back({exact_text(value), count});
  return result;
}

bool is_fraction(double value) { return !std::isnan(value) && value != std::trunc(value); }

}  // namespace

NumberColumn::NumberColumn(const ColumnPlan& plan, TextBudget& budget)
    : plan_(plan), other_mark_(plan.decimal_mark == decimal_point ? decimal_comma : decimal_point), others_(budget) {}

void NumberColumn::add(std::span<const std::string_view> cells, std::size_t first_row,
                       std::span<const std::uint8_t> is_kept) {
  block_.resize(cells.size());
  const std::size_t unusual = fractions_ + dressed_;
  std::size_t fractions = 0;
  std::size_t zeros = 0;
  std::size_t negatives = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    double value = 0;
    bool is_fraction = false;
    if (read_short_number(cells[i], plan_.decimal_mark, value, is_fraction))
      fractions += is_fraction;
    else
      value = read_other(trimmed(cells[i]), first_row + i);
    block_[i] = value;
    zeros += value == 0;
    negatives += value < 0;
  }
  rows_ += cells.size();
  fractions_ += fractions;
  zeros_ += zeros;
  negatives_ += negatives;
  if (fractions_ > 0 && is_whole_) is_whole_ = std::none_of(block_.begin(), block_.end(), is_fraction);
  if (counts_rows_) note_rows(first_row);
  if (plan_.mark_is_assumed && fractions_ + dressed_ > unusual) weigh_mark(cells);
  keep(is_kept);
}

void NumberColumn::add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) {
  others_.add_missing(first_row, rows);
  values_.insert(values_.end(), kept, none);
  rows_ += rows;
  counts_rows_ = false;
}

// Row numbers begin with 0 or 1; what counts from elsewhere is more likely years.
void NumberColumn::note_rows(std::size_t first_row) {
  if (first_row == 0) first_number_ = block_[0];
  counts_rows_ = first_number_ == 0 || first_number_ == 1;
  for (std::size_t i = 0; i < block_.size() && counts_rows_; ++i)
    counts_rows_ = block_[i] == first_number_ + static_cast<double>(first_row + i);
}

// The numbers may show that the mark is the right one; some thousand of them are enough for that.
void NumberColumn::weigh_mark(std::span<const std::string_view> cells) {
  constexpr std::size_t weighed_max = 10'000;
  for (std::size_t i = 0; i < cells.size() && weighed_ < weighed_max; ++i) {
    if (std::isnan(block_[i])) continue;
    for_this_mark_ += !read_number(trimmed(cells[i]), other_mark_).is_number();
    ++weighed_;
  }
}

void NumberColumn::keep(std::span<const std::uint8_t> is_kept) {
  if (is_kept.empty()) {
    values_.insert(values_.end(), block_.begin(), block_.end());
    return;
  }
  streamed_ = merged(streamed_, moments_of(present(block_)));
  for (std::size_t i = 0; i < block_.size(); ++i)
    if (is_kept[i] != 0) values_.push_back(block_[i]);
}

void NumberColumn::thin(std::span<const std::uint8_t> keeps) {
  // From now on the values that are given up count through their moments alone.
  if (!std::exchange(is_sampled_, true)) streamed_ = moments_of(present(values_));
  analysis::thin(values_, keeps);
}

// Not a short number: a long or dressed one, nothing, or something else.
double NumberColumn::read_other(std::string_view cell, std::size_t row) {
  const Number number = read_number(cell, plan_.decimal_mark);
  if (number.is_number() && accept_unit(number.unit)) {
    ++dressed_;
    fractions_ += number.kind == NumberKind::fraction;
    return number.value;
  }
  if (!others_.add(cell, row)) return none;
  codes_ += number.kind == NumberKind::leading_zero || number.kind == NumberKind::too_large;
  for_other_mark_ += !number.is_number() && read_number(cell, other_mark_).is_number();
  return none;
}

// Dollars and euros cannot be added up: the plan's unit counts, or the first one that is met.
bool NumberColumn::accept_unit(std::string_view unit) {
  if (unit.empty()) return true;
  if (plan_.unit.empty()) plan_.unit = unit;
  units_.add(unit, 1);
  return unit == plan_.unit;
}

std::optional<ColumnPlan> NumberColumn::better_plan() const {
  const std::size_t values = rows_ - others_.missing();
  if (has_codes(codes_, values)) return ColumnPlan{};
  ColumnPlan plan = plan_;
  if (plan_.mark_is_assumed && for_other_mark_ > for_this_mark_) {
    plan.decimal_mark = other_mark_;
    plan.mark_is_assumed = false;
  }
  if (units_.most_frequent().count > units_.count_of(plan_.unit)) plan.unit = units_.most_frequent().unit;
  if (plan != plan_) return plan;
  if (values == 0 || is_most(count(), values)) return std::nullopt;
  return ColumnPlan{};
}

Column NumberColumn::finish(std::string name) {
  Column column = others_.column(std::move(name), rows_);
  if (column.summary.count > 0) describe(column);
  return column;
}

void NumberColumn::describe(Column& column) {
  ColumnSummary& summary = column.summary;
  std::vector<double> kept = present(values_);
  const Moments moments = is_sampled_ ? streamed_ : moments_of(kept);
  sort_numbers(kept);
  if (kept.empty()) kept.push_back(mean(moments));  // none of the kept rows has one
  summary.distinct = count_distinct(kept);
  const bool has_one_value = moments.min == moments.max;
  summary.distinct_is_exact = !is_sampled_ || has_one_value;
  judge(summary, moments);
  // How often a value occurs in a sample is no figure of the file.
  if (has_one_value)
    summary.top_values = {{exact_text(moments.min), summary.count}};
  else if (!is_sampled_)
    summary.top_values = top_numbers(kept);
  if (summary.type == ColumnType::boolean) return become_boolean(column);
  if (summary.type == ColumnType::identifier) return;
  summary.numbers = summarize(moments, kept);
  summary.distribution = histogram(kept, is_whole_);
  if (summary.is_numeric()) column.values.numbers = std::move(values_);
}

void NumberColumn::judge(ColumnSummary& summary, const Moments& moments) const {
  const bool has_same_values = moments.min == moments.max;
  const bool are_different = summary.distinct_is_exact && summary.distinct == summary.count && summary.count > 2;
  if (has_same_values && summary.count > 1) {
    summary.type = ColumnType::constant;
    summary.reason = "All present values are the same.";
  } else if (counts_rows_ && rows_ > 2) {
    summary.type = ColumnType::identifier;
    summary.reason = "Whole numbers that count the rows.";
  } else if (is_whole_ && plan_.has_codes && negatives_ == 0 && units_.total() == 0) {
    summary.type = ColumnType::identifier;
    summary.reason = "Whole numbers in a column with the name of a code or an identifier.";
  } else if (is_whole_ && are_different && negatives_ == 0 && units_.total() == 0 && may_name_rows(summary.name)) {
    summary.type = ColumnType::identifier;
    summary.reason = "Whole numbers, all different, in a column with the name of an identifier.";
  } else if (is_whole_ && !has_same_values && moments.min == 0 && moments.max == 1) {
    summary.type = ColumnType::boolean;
    summary.reason = "All present values are 0 or 1.";
  } else {
    summary.type = is_whole_ ? ColumnType::integer : ColumnType::real;
    summary.reason =
        fmt::format("{} of {} present values are {}.", readable_text(summary.count),
                    readable_text(summary.count + summary.invalid), is_whole_ ? "whole numbers" : "numbers");
    if (is_whole_ && fractions_ > 0) summary.reason += " Some are written with decimals.";
  }
}

NumberSummary NumberColumn::summarize(const Moments& moments, std::span<const double> sorted) const {
  NumberSummary numbers = summarize_numbers(moments, sorted);
  numbers.zeros = zeros_;
  numbers.negatives = negatives_;
  if (units_.count_of(plan_.unit) == count()) numbers.unit = plan_.unit;
  return numbers;
}

void NumberColumn::become_boolean(Column& column) {
  const std::size_t ones = column.summary.count - zeros_;
  column.summary.top_values = {{"0", zeros_}, {"1", ones}};
  if (ones > zeros_) std::swap(column.summary.top_values[0], column.summary.top_values[1]);
  column.summary.distinct = 2;
  column.summary.distinct_is_exact = true;
  ColumnValues& values = column.values;
  values.labels = {column.summary.top_values[0].text, column.summary.top_values[1].text};
  const std::uint32_t one = ones > zeros_ ? 1 : 2;
  values.codes.reserve(values_.size());
  for (const double value : values_)
    values.codes.push_back(std::isnan(value) ? missing_code : value == 1 ? one : 3 - one);
}

}  // namespace circuit::analysis
