#include "workers/fulfillment/analysis/columns/plan.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/columns/column_name.hpp"
#include "workers/fulfillment/analysis/columns/unit_counts.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"

namespace circuit::analysis {
namespace {

constexpr double type_share_min = 0.9;
constexpr double code_share_max = 0.01;

struct Tally {
  std::size_t cells = 0;       // with a value
  std::size_t others = 0;      // neither numbers nor codes nor dates
  std::size_t with_point = 0;  // numbers, read with a decimal point
  std::size_t with_comma = 0;
  std::size_t wholes = 0;  // plain digits
  std::size_t codes = 0;
  std::size_t compact_days = 0;
  std::size_t month_first = 0;  // dates
  std::size_t day_first = 0;
  std::size_t month_first_descents = 0;
  std::size_t day_first_descents = 0;
  bool marks_differ = false;  // a number that the two marks read differently
  bool has_slash = false;     // a date with slashes
  UnitCounts units;
};

// Dates in one order, as they follow each other.
class Ascent {
 public:
  void add(const Moment& moment, std::size_t& descents) {
    descents += has_last_ && moment.us < last_;
    last_ = moment.us;
    has_last_ = true;
  }

 private:
  std::int64_t last_ = 0;
  bool has_last_ = false;
};

bool is_code(const Number& number) {
  return number.kind == NumberKind::leading_zero || number.kind == NumberKind::too_large;
}

// True if the cell is a number, or a code, in either way of writing.
bool count_number(Tally& tally, const CountedCell& cell) {
  const Number point = read_number(cell.text, decimal_point);
  const Number comma = read_number(cell.text, decimal_comma);
  if (point.is_number()) tally.with_point += cell.count;
  if (comma.is_number()) tally.with_comma += cell.count;
  if (std::all_of(cell.text.begin(), cell.text.end(), is_digit)) tally.wholes += cell.count;
  if (is_code(point) && is_code(comma)) tally.codes += cell.count;
  if (point.is_number() && comma.is_number() && point.value != comma.value) tally.marks_differ = true;
  const Number& read = point.is_number() ? point : comma;
  if (!read.unit.empty()) tally.units.add(read.unit, cell.count);
  return point.kind != NumberKind::none || comma.kind != NumberKind::none;
}

bool count_date(Tally& tally, const CountedCell& cell, Ascent& by_month, Ascent& by_day) {
  const auto month_first = read_moment(cell.text, DayOrder::month_first);
  const auto day_first = read_moment(cell.text, DayOrder::day_first);
  if (month_first) {
    tally.month_first += cell.count;
    by_month.add(*month_first, tally.month_first_descents);
  }
  if (day_first) {
    tally.day_first += cell.count;
    by_day.add(*day_first, tally.day_first_descents);
  }
  const auto& date = month_first ? month_first : day_first;
  if (date) tally.has_slash = tally.has_slash || date->separator == '/';
  return date.has_value();
}

Tally tally_of(std::span<const CountedCell> cells) {
  std::size_t all = 0;
  for (const CountedCell& cell : cells) all += cell.count;
  Tally tally;
  Ascent by_month;
  Ascent by_day;
  for (const CountedCell& cell : cells) {
    if (is_missing_among_values(cell.text)) continue;
    tally.cells += cell.count;
    if (read_compact_day(cell.text)) tally.compact_days += cell.count;
    if (count_number(tally, cell) || count_date(tally, cell, by_month, by_day)) continue;
    tally.others += cell.count;
    // It is text, whatever comes.
    if (!is_most(all - tally.others, all)) break;
  }
  return tally;
}

void settle_order(ColumnPlan& plan, const Tally& tally) {
  if (tally.month_first != tally.day_first) {
    plan.order = tally.month_first > tally.day_first ? DayOrder::month_first : DayOrder::day_first;
  } else if (tally.month_first_descents != tally.day_first_descents) {
    plan.order = tally.month_first_descents < tally.day_first_descents ? DayOrder::month_first : DayOrder::day_first;
  } else {
    // The habit of those who write the separator.
    plan.order = tally.has_slash ? DayOrder::month_first : DayOrder::day_first;
    plan.order_is_assumed = true;
  }
}

ColumnPlan plan_of(const Tally& tally, std::size_t cells) {
  ColumnPlan plan;
  const UnitCounts::Count unit = tally.units.most_frequent();
  const std::size_t foreign = tally.units.total() - unit.count;  // numbers with another one
  if (!is_most(tally.cells - tally.others, tally.cells) || has_codes(tally.codes, tally.cells)) return plan;
  if (cells > 1 && tally.compact_days == tally.cells) {
    plan.expects = Expectation::compact_day;
  } else if (is_most(std::max(tally.with_point, tally.with_comma) - foreign, tally.cells)) {
    plan.expects = Expectation::number;
    plan.decimal_mark = tally.with_comma > tally.with_point ? decimal_comma : decimal_point;
    plan.mark_is_assumed = tally.with_comma == tally.with_point;
    plan.unit = unit.unit;
    plan.is_whole = tally.wholes == tally.cells;
  } else if (is_most(std::max(tally.month_first, tally.day_first), tally.cells)) {
    plan.expects = Expectation::date;
    settle_order(plan, tally);
  }
  return plan;
}

// What the columns that are clear say for the file as a whole.
struct Evidence {
  std::size_t points = 0;
  std::size_t commas = 0;
  std::size_t month_first = 0;
  std::size_t day_first = 0;

  void add(const ColumnPlan& plan, const Tally& tally) {
    if (plan.expects == Expectation::number && !plan.mark_is_assumed)
      ++(plan.decimal_mark == decimal_comma ? commas : points);
    if (plan.expects == Expectation::date && tally.month_first != tally.day_first)
      ++(plan.order == DayOrder::month_first ? month_first : day_first);
  }
};

}  // namespace

bool is_most(std::size_t count, std::size_t values) {
  return values > 0 && static_cast<double>(count) >= type_share_min * static_cast<double>(values);
}

bool has_codes(std::size_t codes, std::size_t values) {
  return static_cast<double>(codes) > code_share_max * static_cast<double>(values);
}

ColumnPlan plan_column(std::span<const CountedCell> cells) { return plan_of(tally_of(cells), cells.size()); }

ColumnPlan with_name(ColumnPlan plan, std::string_view name, std::span<const CountedCell> cells) {
  if (plan.expects != Expectation::number || !plan.is_whole || !is_name_of_codes(name)) return plan;
  std::vector<std::string_view> texts;
  for (const CountedCell& cell : cells)
    if (!is_missing_among_values(cell.text)) texts.push_back(cell.text);
  std::sort(texts.begin(), texts.end());
  const auto distinct = std::unique(texts.begin(), texts.end()) - texts.begin();
  if (static_cast<std::size_t>(distinct) * 2 <= texts.size() && !texts.empty()) plan = {};
  plan.has_codes = true;
  return plan;
}

std::vector<ColumnPlan> plan_columns(const Records& sample, bool has_header, std::size_t columns, char delimiter) {
  std::vector<ColumnPlan> plans;
  std::vector<bool> marks_differ;
  std::vector<CountedCell> cells;
  Evidence evidence;
  for (std::size_t column = 0; column < columns; ++column) {
    cells.clear();
    for (std::size_t i = has_header ? 1 : 0; i < sample.size(); ++i)
      if (column < sample[i].size()) cells.push_back({trimmed(sample[i][column])});
    const Tally tally = tally_of(cells);
    const bool has_name = has_header && column < sample.front().size();
    const std::string_view name = has_name ? trimmed(sample.front()[column]) : std::string_view{};
    plans.push_back(with_name(plan_of(tally, cells.size()), name, cells));
    marks_differ.push_back(tally.marks_differ);
    evidence.add(plans.back(), tally);
  }
  const bool is_comma = evidence.commas > evidence.points;
  const bool is_likely_comma = is_comma || (delimiter == ';' && evidence.points == 0);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    ColumnPlan& plan = plans[i];
    if (plan.mark_is_assumed && (is_comma || (is_likely_comma && marks_differ[i]))) plan.decimal_mark = decimal_comma;
    if (plan.order_is_assumed && evidence.month_first != evidence.day_first)
      plan.order = evidence.month_first > evidence.day_first ? DayOrder::month_first : DayOrder::day_first;
  }
  return plans;
}

}  // namespace circuit::analysis
