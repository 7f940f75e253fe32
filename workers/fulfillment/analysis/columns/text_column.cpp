#include "workers/fulfillment/analysis/columns/text_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "workers/fulfillment/analysis/columns/top_texts.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"
#include "workers/fulfillment/analysis/reading/truth.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {

TextColumn::TextColumn(const ColumnPlan& plan, std::size_t distinct_max, TextBudget& budget)
    : plan_(plan), counts_(distinct_max, budget) {}

void TextColumn::add(std::span<const std::string_view> cells, std::size_t first_row,
                     std::span<const std::uint8_t> is_kept) {
  look_up(cells, first_row);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = present_[i];
    std::uint32_t code = missing_code;
    if (!cell.empty()) {
      const std::uint32_t index = counts_.add(cell, hashes_[i]);
      const std::size_t length =
          index == TextCounts::none ? count_code_points(cell) : counts_.entries()[index].code_points;
      code_points_ += length;
      length_min_ = std::min(length_min_, length);
      length_max_ = std::max(length_max_, length);
      code = index == TextCounts::none ? missing_code : index + 1;
    }
    if (has_codes_ && (is_kept.empty() || is_kept[i] != 0)) codes_.push_back(code);
  }
  rows_ += cells.size();
  if (has_codes_ && counts_.entries().size() > category_values_max) {
    has_codes_ = false;
    codes_ = {};
  }
}

// A first pass over the block, so that the second one finds in the cache what it looks for.
void TextColumn::look_up(std::span<const std::string_view> cells, std::size_t first_row) {
  present_.resize(cells.size());
  hashes_.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    present_[i] = trimmed(cells[i]);
    if (is_missing(present_[i])) {
      present_[i] = {};
      ++missing_;
      missing_bands_.add(first_row + i);
    } else {
      hashes_[i] = TextCounts::hash_of(present_[i]);
      counts_.prefetch(hashes_[i]);
    }
  }
}

void TextColumn::add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) {
  missing_ += rows;
  missing_bands_.add(first_row, rows);
  if (has_codes_) codes_.insert(codes_.end(), kept, missing_code);
  rows_ += rows;
}

void TextColumn::thin(std::span<const std::uint8_t> keeps) {
  if (has_codes_) analysis::thin(codes_, keeps);
}

// The sample may have had no values of this column at all, or not the usual ones.
std::optional<ColumnPlan> TextColumn::better_plan() const {
  if (plan_.has_codes || !counts_.is_complete()) return std::nullopt;
  std::vector<CountedCell> cells;
  cells.reserve(counts_.entries().size());
  for (const TextCounts::Entry& entry : counts_.entries()) cells.push_back({entry.text, entry.count});
  const ColumnPlan plan = plan_column(cells);
  return plan.expects == Expectation::text ? std::nullopt : std::optional(plan);
}

Column TextColumn::finish(std::string name) {
  Column column;
  ColumnSummary& summary = column.summary;
  summary.name = std::move(name);
  summary.count = count();
  summary.missing = missing_;
  summary.distinct = counts_.entries().size();
  summary.distinct_is_exact = counts_.is_complete();
  summary.top_values = top_texts(counts_, top_values_max);
  column.missing_bands = missing_bands_;
  judge(summary);
  if (summary.count > 0)
    summary.texts =
        TextSummary{length_min_, length_max_, static_cast<double>(code_points_) / static_cast<double>(summary.count)};
  if (summary.is_category()) keep_labels(column.values);
  return column;
}

void TextColumn::judge(ColumnSummary& summary) const {
  const auto& entries = counts_.entries();
  if (summary.count == 0) {
    summary.type = ColumnType::empty;
    summary.reason = "No row has a value.";
  } else if (summary.distinct == 1 && summary.distinct_is_exact && summary.count > 1) {
    summary.type = ColumnType::constant;
    summary.reason = "All present values are the same.";
  } else if (summary.distinct == 2 && summary.distinct_is_exact && yes_of(entries[0].text, entries[1].text)) {
    summary.type = ColumnType::boolean;
    summary.reason = fmt::format("All present values are {} or {}.", entries[0].text, entries[1].text);
  } else {
    judge_distinct(summary);
  }
}

void TextColumn::judge_distinct(ColumnSummary& summary) const {
  const std::string distinct = readable_text(summary.distinct);
  if (has_codes_ && summary.distinct_is_exact && summary.distinct * 2 <= summary.count) {
    summary.type = ColumnType::category;
    summary.reason = fmt::format("{} different values in {} rows.", distinct, readable_text(summary.count));
    if (are_codes()) summary.reason += " The digits are codes.";
  } else if (are_codes()) {
    summary.type = ColumnType::identifier;
    summary.reason = plan_.has_codes ? "Whole numbers in a column with the name of a code or an identifier."
                                     : "Digits whose leading zeros or length a number would lose: codes.";
  } else if (are_names()) {
    summary.type = ColumnType::identifier;
    summary.reason = summary.distinct_is_exact ? "Short texts, all different."
                                               : fmt::format("Short texts; the first {} are all different.", distinct);
  } else {
    summary.type = ColumnType::text;
    summary.reason = fmt::format("{}{} different texts in {} rows.", summary.distinct_is_exact ? "" : "More than ",
                                 distinct, readable_text(summary.count));
  }
}

// Nearly all are digits, and some of them would not be the same as numbers.
bool TextColumn::are_codes() const {
  std::size_t codes = 0;
  std::size_t digits = 0;
  std::size_t counted = 0;
  for (const TextCounts::Entry& entry : counts_.entries()) {
    const NumberKind kind = read_plain_number(entry.text, decimal_point).kind;
    if (kind == NumberKind::leading_zero || kind == NumberKind::too_large) codes += entry.count;
    if (kind != NumberKind::none) digits += entry.count;
    counted += entry.count;
  }
  return is_most(digits, counted) && (plan_.has_codes || has_codes(codes, counted));
}

// Short, without spaces, and no two that were counted are the same.
bool TextColumn::are_names() const {
  constexpr std::size_t names_min = 5;
  constexpr std::size_t looked_at_max = 100;
  constexpr double length_max = 64;
  const auto& entries = counts_.entries();
  const auto has_space = [](const TextCounts::Entry& entry) { return entry.text.find(' ') != std::string_view::npos; };
  const auto looked_at = static_cast<std::ptrdiff_t>(std::min(entries.size(), looked_at_max));
  return entries.size() >= names_min &&
         static_cast<double>(code_points_) <= length_max * static_cast<double>(count()) &&
         std::none_of(entries.begin(), entries.begin() + looked_at, has_space) &&
         std::all_of(entries.begin(), entries.end(), [](const TextCounts::Entry& entry) { return entry.count == 1; });
}

// Codes follow the frequency of their labels, over the whole file.
void TextColumn::keep_labels(ColumnValues& values) {
  const auto order = counts_.top(counts_.entries().size());
  std::vector<std::uint32_t> code_of(order.size() + 1, missing_code);
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
    code_of[order[rank] + 1] = rank + 1;
    values.labels.push_back(clip(counts_.entries()[order[rank]].text, text_code_points_max));
  }
  for (std::uint32_t& code : codes_) code = code_of[code];
  values.codes = std::move(codes_);
}

}  // namespace circuit::analysis
