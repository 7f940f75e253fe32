#include "workers/fulfillment/analysis/columns/date_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "workers/fulfillment/analysis/columns/top_texts.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/statistics/histogram.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;

DayOrder other(DayOrder order) { return order == DayOrder::month_first ? DayOrder::day_first : DayOrder::month_first; }

struct Run {
  std::int64_t us = 0;
  std::size_t count = 0;
};

// How often each moment occurs.
std::vector<Run> runs_of(std::span<const std::int64_t> sorted) {
  std::vector<Run> runs;
  for (const std::int64_t us : sorted) {
    if (runs.empty() || runs.back().us != us) runs.push_back({us, 0});
    ++runs.back().count;
  }
  return runs;
}

std::vector<TopValue> top_moments(std::vector<Run> runs, bool are_days) {
  const std::size_t size = std::min(runs.size(), top_values_max);
  std::partial_sort(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(size), runs.end(),
                    [](const Run& a, const Run& b) { return a.count != b.count ? a.count > b.count : a.us < b.us; });
  std::vector<TopValue> top;
  for (std::size_t i = 0; i < size; ++i) top.push_back({moment_text(runs[i].us, are_days), runs[i].count});
  return top;
}

}  // namespace

DateColumn::DateColumn(const ColumnPlan& plan, TextBudget& budget) : plan_(plan), others_(budget) {}

std::optional<Moment> DateColumn::read(std::string_view cell) const {
  return plan_.expects == Expectation::compact_day ? read_compact_day(cell) : read_moment(cell, plan_.order);
}

void DateColumn::add(std::span<const std::string_view> cells, std::size_t first_row,
                     std::span<const std::uint8_t> is_kept) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = trimmed(cells[i]);
    const auto moment = read(cell);
    if (moment)
      note(*moment, cell);
    else
      add_other(cell, first_row + i);
    if (is_kept.empty() || is_kept[i] != 0) moments_us_.push_back(moment ? moment->us : missing_moment);
  }
  rows_ += cells.size();
}

void DateColumn::add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) {
  others_.add_missing(first_row, rows);
  moments_us_.insert(moments_us_.end(), kept, missing_moment);
  rows_ += rows;
}

void DateColumn::note(const Moment& moment, std::string_view cell) {
  const bool is_first = dates_.earliest.empty();
  if (is_first || moment.us < dates_.min_us) {
    dates_.min_us = moment.us;
    dates_.earliest = cell;
  }
  if (is_first || moment.us > dates_.max_us) {
    dates_.max_us = moment.us;
    dates_.latest = cell;
  }
  is_ascending_ = is_ascending_ && (is_first || moment.us >= last_us_);
  last_us_ = moment.us;
  // Midnight everywhere is how a spreadsheet writes a day.
  has_time_ = has_time_ || moment.us % day_us != 0;
  clear_ += moment.order == OrderEvidence::clear;
  ambiguous_ += moment.order == OrderEvidence::ambiguous;
  FormCount& form = forms_[static_cast<std::size_t>(moment.form)];
  if (form.count++ == 0) form.separator = moment.separator;
}

void DateColumn::add_other(std::string_view cell, std::size_t row) {
  if (!others_.add(cell, row)) return;
  in_other_order_ += plan_.expects == Expectation::date && read_moment(cell, other(plan_.order)).has_value();
}

void DateColumn::thin(std::span<const std::uint8_t> keeps) { analysis::thin(moments_us_, keeps); }

std::optional<ColumnPlan> DateColumn::better_plan() const {
  if (in_other_order_ > clear_) {
    ColumnPlan plan = plan_;
    plan.order = other(plan_.order);
    return plan;
  }
  const std::size_t values = rows_ - others_.missing();
  return values == 0 || is_most(count(), values) ? std::nullopt : std::optional(ColumnPlan{});
}

Column DateColumn::finish(std::string name) {
  Column column = others_.column(std::move(name), rows_);
  if (column.summary.count > 0) describe(column);
  return column;
}

void DateColumn::describe(Column& column) {
  ColumnSummary& summary = column.summary;
  const auto form = std::max_element(forms_.begin(), forms_.end(),
                                     [](const FormCount& a, const FormCount& b) { return a.count < b.count; });
  dates_.is_days = !has_time_;
  dates_.is_ascending = is_ascending_;
  dates_.format = format_name(static_cast<DayForm>(form - forms_.begin()), form->separator, plan_.order, has_time_);
  dates_.order_is_assumed = ambiguous_ > 0 && clear_ == 0;
  summary.dates = dates_;
  std::vector<std::int64_t> sorted;
  sorted.reserve(moments_us_.size());
  std::copy_if(moments_us_.begin(), moments_us_.end(), std::back_inserter(sorted),
               [](std::int64_t us) { return us != missing_moment; });
  if (!is_ascending_) std::sort(sorted.begin(), sorted.end());
  const bool has_one_value = dates_.min_us == dates_.max_us;
  std::vector<Run> runs = has_one_value ? std::vector{Run{dates_.min_us, summary.count}} : runs_of(sorted);
  summary.distinct = std::max<std::size_t>(runs.size(), 1);
  summary.distinct_is_exact = has_one_value || moments_us_.size() == rows_;
  if (!sorted.empty()) summary.distribution = moment_histogram(sorted, dates_.is_days);
  // How often a moment occurs in a sample is no figure of the file.
  if (summary.distinct_is_exact) summary.top_values = top_moments(std::move(runs), dates_.is_days);
  if (has_one_value && summary.count > 1) {
    summary.type = ColumnType::constant;
    summary.reason = "All present values are the same date.";
  } else {
    summary.type = ColumnType::date;
    summary.reason = fmt::format("{} of {} present values are dates, {} {}.", readable_text(summary.count),
                                 readable_text(summary.count + summary.invalid),
                                 form->count == summary.count ? "written" : "mostly written", dates_.format);
  }
  column.values.moments_us = std::move(moments_us_);
}

}  // namespace circuit::analysis
